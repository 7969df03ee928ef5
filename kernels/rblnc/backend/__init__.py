"""rblnc as a backend of an unmodified Triton, 3.6 or later: kernels compile with rblnc and run on its emulator.

Where rblnc is installed Triton finds it by itself, as one more backend, for GPUTarget("rblnc", "rbln-ca22", 1), and uses
it for launches where no GPU is active. `activate()` makes it the active one wherever it is; importing
`rblnc.triton` registers it in a checkout, too.
"""
import contextlib
import threading

NAME = "rblnc"
# Releases whose backends can be added from outside. 3.2 looks only into its own folder, and its compiled kernels ask for
# properties of a GPU; there, kernels of rblnc.triton run without Triton's launcher.
RELEASES = ((3, 6), (3, 7), (3, 8), (3, 9))


class BackendUnavailable(RuntimeError):
    """The installed Triton cannot be given a backend."""


def available():
    """Whether the installed Triton takes the backend."""
    from rblnc._release import version
    return version() in RELEASES


def register():
    """Makes Triton know the backend. Raises BackendUnavailable, or UnknownTriton for a release never tested."""
    from rblnc import _limits
    from rblnc._release import require_known, triton
    require_known()
    if not available():
        raise BackendUnavailable(f"Triton {triton.__version__} cannot be given a backend; rblnc's works with "
                                 f"{' to '.join('.'.join(map(str, release)) for release in (RELEASES[0], RELEASES[-1]))}: pip install "
                                 "'triton==3.6.0'. Kernels decorated by rblnc.triton.jit run here all the same")
    from triton.backends import Backend, backends
    if NAME not in backends:
        from rblnc.backend.compiler import RblncBackend
        from rblnc.backend.driver import RblncDriver
        backends[NAME] = Backend(compiler=RblncBackend, driver=RblncDriver)
    _limits.install()


def activate(target=None):
    """Launches of every @triton.jit kernel go to the emulator from now on. target: the chip, e.g. "rbln-ca25"."""
    register()
    from triton.runtime import driver
    driver.set_active(_driver(target))


def deactivate():
    """Back to the driver that Triton chooses itself."""
    from triton.runtime import driver
    driver.reset_active()


def is_active():
    """Whether launches go to the emulator. False when Triton has no driver at all."""
    from triton.runtime import driver
    try:
        return type(driver.active).__name__ == "RblncDriver"
    except RuntimeError:
        return False


_lock = threading.RLock()


@contextlib.contextmanager
def active():
    """Inside of the block launches go to the emulator; for rblnc's own kernels where a GPU is the active device."""
    if is_active():
        yield
        return
    from triton.runtime import driver
    register()
    with _lock:
        outer = driver._active
        driver.set_active(_driver(None))
        try:
            yield
        finally:
            driver._active = outer


def _driver(target):
    from rblnc.backend.driver import RblncDriver
    return RblncDriver(target)


__all__ = ["BackendUnavailable", "activate", "active", "available", "deactivate", "is_active", "register"]
