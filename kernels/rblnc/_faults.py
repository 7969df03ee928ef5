"""Faults of the library: what is left to report them with, and how compiling goes on after one.

librblnc.so catches them (rblnc_contain_faults in include/rblnc/rblnc.h), so that a call raises InternalCompileError or
InternalRunError. After a fault of the compiler nothing is known about what compilations of a process share; the next ones
are made by a process of their own.
"""
import contextlib
import os
import pickle
import shlex
import subprocess
import sys
import tempfile
import time
from pathlib import Path

_POLL_SECONDS = 0.05
_ANSWER = "from rblnc._faults import answer; answer()"


def explain_compilation(error, text, target, options):
    """Adds to an InternalCompileError what to do about it, and a folder with the kernel's text and how it was compiled."""
    words = ["rblnc", "compile", "kernel.ttir", f"--target={target}"] if target else ["rblnc", "compile", "kernel.ttir"]
    words += [f"--bind={name}={value}" for name, value in options.pop("bind").items()]
    words += [f"--shape={name}={'x'.join(map(str, shape))}" for name, shape in options.pop("shapes").items()]
    for name, value in options.items():
        if value:
            words.append("--" + name.replace("_", "-") + ("" if value is True else f"={value}"))
    _explain(error, {"kernel.ttir": text, "command.txt": f"{_version()}\n{shlex.join(words)}\n".encode()})


def explain_run(error, bundle, sizes):
    """The same for an InternalRunError, with the bundle. sizes: bytes of each argument."""
    given = "".join(f"{argument.name}: {argument.kind}, {argument.dtype}, {size} bytes\n"
                    for argument, size in zip(bundle.arguments, sizes))
    _explain(error, {"kernel.rbln": bundle.data, "command.txt": f"{_version()}\nrblnc run kernel.rbln\n{given}".encode()})


def _explain(error, files):
    fix = "this is a defect of rblnc, not of the kernel: please report it"
    with contextlib.suppress(OSError):
        folder = Path(tempfile.mkdtemp(prefix="rblnc-reproducer-"))
        for name, data in files.items():
            (folder / name).write_bytes(data)
        fix += f" with the folder {folder}"
    error.args = (f"{error}\n  fix: {fix}", )
    for diagnostic in error.diagnostics[:1]:
        diagnostic["fix"] = fix


def _version():
    from rblnc import native
    return native.version()


def compile_apart(text, options, progress, library_path):
    """native.compile in a process of its own, for a process whose compiler had a fault."""
    from rblnc import native
    if not sys.executable:
        raise native.InternalCompileError("the compiler had a fault in this process, which can compile nothing more, and there "
                                          "is no Python program to do it: start the process anew", status=70)
    environment = dict(os.environ, RBLNC_LIBRARY=library_path, RBLNC_AS_REBEL="0")
    paths = [str(Path(__file__).resolve().parents[1]), environment.get("PYTHONPATH", "")]
    environment["PYTHONPATH"] = os.pathsep.join(filter(None, paths))
    try:
        # Ctrl-C is for this process, which ends the other one.
        child = subprocess.Popen([sys.executable, "-c", _ANSWER], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                 env=environment, start_new_session=True)
    except OSError as error:
        raise native.InternalCompileError("the compiler had a fault in this process, which can compile nothing more, and "
                                          f"{sys.executable} cannot be started to do it ({error.strerror}): start the process "
                                          "anew", status=70) from None
    with child:
        try:
            answered = _attend(child, pickle.dumps((text, options)), progress)
        except BaseException:
            child.kill()
            raise
    try:
        kind, *rest = pickle.loads(answered)
    except Exception:
        raise native.InternalCompileError(f"the process that compiles ended with status {child.returncode} [RBLN-X001]",
                                          status=70) from None
    if kind == "error":
        message, diagnostics, status = rest
        raise (native.InternalCompileError if status == 70 else native.CompileError)(message, diagnostics=diagnostics,
                                                                                    status=status)
    data, warnings, cached, cache_fault = rest
    bundle = native.Bundle.from_bytes(data)
    bundle.warnings, bundle.cached, bundle.cache_fault = warnings, cached, cache_fault
    return bundle


def _attend(child, question, progress):
    from rblnc import native
    begin = time.monotonic()
    while True:
        try:
            return child.communicate(question, timeout=_POLL_SECONDS)[0]
        except subprocess.TimeoutExpired:
            question = None  # it goes on being sent
            if progress is not None and progress("compile", None, time.monotonic() - begin):
                raise native.CompileError("the compilation was interrupted [RBLN-R015]", status=130) from None


def answer():
    """What the other process does: compiles what it reads and writes what comes of it."""
    from rblnc import native
    # What anything prints is no part of the answer.
    out = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    text, options = pickle.load(sys.stdin.buffer)
    try:
        bundle = native.compile(text, **options)
        result = ("bundle", bundle.data, bundle.warnings, bundle.cached, bundle.cache_fault)
    except native.Error as error:
        result = ("error", str(error), error.diagnostics, error.status)
    pickle.dump(result, out)
    out.close()
