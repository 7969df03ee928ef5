"""Stock Triton with a `jit` for the NPU. A kernel written for the vendor's compiler only changes its import root:

    from rblnc import triton
    from rblnc.triton import language as tl
    from rblnc.triton.language.extra.rbln import libdevice as rblib

`language` is the installed `triton.language` itself, and so is every other module below this one; what this module does
not define is Triton's own.
"""
import importlib
import sys

from rblnc import _aliases, backend
from rblnc._release import language
from rblnc._release import triton as _stock
from rblnc._jit import jit


def __getattr__(name):
    return getattr(_stock, name)


_aliases.mirror(__name__, "triton")
# An import makes it an attribute of the module above, where `tl.extra.rbln` finds it.
importlib.import_module(f"{__name__}.language.extra.rbln.libdevice")
if "torch" in sys.modules:
    # Else `jit` sees to it. Operators are watched from here on.
    from rblnc import _operators
    _operators.install()
if backend.available():
    backend.register()

__all__ = ["jit", "language"]
