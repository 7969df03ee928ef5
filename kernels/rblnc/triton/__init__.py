"""Stock Triton with a `jit` for the NPU. A kernel written for the vendor's compiler only changes its import root:

    from rblnc import triton
    from rblnc.triton import language as tl
    from rblnc.triton.language.extra.rbln import libdevice as rblib

`language` is the installed `triton.language` itself; what this module does not define is Triton's own.
"""
import sys
import types

from rblnc import backend, libdevice
from rblnc._release import language
from rblnc._release import triton as _stock
from rblnc._jit import jit


def __getattr__(name):
    return getattr(_stock, name)


def _mirror():
    """Makes the module names importable that lead to rblib, as they do in the vendor's package."""
    rbln = types.ModuleType(f"{__name__}.language.extra.rbln", "rblib of RBLN.")
    rbln.__path__ = []
    rbln.libdevice = libdevice
    sys.modules[f"{__name__}.language"] = language
    sys.modules[f"{__name__}.language.extra"] = language.extra
    sys.modules[rbln.__name__] = rbln
    sys.modules[f"{rbln.__name__}.libdevice"] = libdevice


_mirror()
if "torch" in sys.modules:
    # Else `jit` sees to it. Operators are watched from here on.
    from rblnc import _operators
    _operators.install()
if backend.available():
    backend.register()

__all__ = ["jit", "language"]
