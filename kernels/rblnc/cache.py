"""What rblnc keeps on disk for a user.

    $RBLNC_CACHE_DIR, or $XDG_CACHE_HOME/rblnc/bundles, or ~/.cache/rblnc/bundles

Compilations are kept there by the compiler itself (include/rblnc/driver/Cache.h), in the same entries as those of
`rblnc compile --cache` and `rblnc batch`; this file only says which folder. Beside them lie the kernels of graphs that
PyTorch made (_traced_launch.py), by content. Entries are written aside and moved into place, so that processes can share
the folder without locks. The folder may be deleted at any time. RBLNC_CACHE=0, and Triton's TRITON_ALWAYS_COMPILE=1,
compile anew.
"""
import contextlib
import hashlib
import os
import tempfile
import warnings
from pathlib import Path

SUFFIX = ".rbln"
_ON = ("1", "on", "true", "yes", "y")
_OFF = ("0", "off", "false", "no")


def folder():
    """Where compilations are kept, or None when each is to be made anew."""
    anew = os.environ.get("TRITON_ALWAYS_COMPILE", "").lower() in _ON
    return directory() if enabled() and not anew else None


def directory():
    """The folder of the cache; it need not exist."""
    own = os.environ.get("RBLNC_CACHE_DIR")
    if own:
        return Path(own).expanduser()
    return base() / "bundles"


def base():
    """The folder of everything that rblnc keeps for a user."""
    # A relative XDG_CACHE_HOME is to be ignored, by the specification.
    shared = os.environ.get("XDG_CACHE_HOME", "")
    root = Path(shared) if os.path.isabs(shared) else Path.home() / ".cache"
    return root / "rblnc"


def enabled():
    return os.environ.get("RBLNC_CACHE", "1").lower() not in _OFF


def key(*parts):
    """The name of the entry for what decides it: text or bytes."""
    digest = hashlib.sha256()
    for part in parts:
        data = part if isinstance(part, bytes) else part.encode()
        digest.update(len(data).to_bytes(8, "little"))
        digest.update(data)
    return digest.hexdigest()


def get(name):
    """The bytes of an entry, or None. What cannot be read is not there."""
    if not enabled():
        return None
    try:
        return (directory() / (name + SUFFIX)).read_bytes()
    except OSError:
        return None


def put(name, data):
    """Stores an entry."""
    if not enabled():
        return
    try:
        write_atomically(directory() / (name + SUFFIX), data)
    except OSError as error:
        warn(f"the cache in {directory()} cannot be written ({error.strerror})")


def warn(fault):
    """A cache that cannot be written costs time, not results: a warning says so once."""
    warnings.warn(f"rblnc: {fault}; set RBLNC_CACHE_DIR to a folder that can be written, or RBLNC_CACHE=0", stacklevel=3)


def write_atomically(path, data):
    """Writes a file so that a reader sees all of it or nothing, whoever else writes it at the same time."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(prefix=".", suffix=".tmp", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data if isinstance(data, bytes) else data.encode())
        os.chmod(temporary, 0o666 & ~_umask())
        os.replace(temporary, path)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(temporary)
        raise


def _umask():
    # There is no way to read it without setting it; /proc has it on Linux.
    try:
        with open("/proc/self/status") as status:
            return next(int(line.split()[1], 8) for line in status if line.startswith("Umask:"))
    except (OSError, StopIteration, ValueError):
        return 0o077
