"""rblnc: Triton kernels for the RBLN NPU without a card. See README.md of the folder above for the parts.

    ttir(kernel, ...)        the kernel's IR as text            TensorSpec   a shape and a type in place of a tensor
    warmup(kernel, ...)      compiles: a CompiledKernel         launch       compiles and runs
    torch_op(name, ...)      makes a PyTorch operator           triton       Triton with a jit for the NPU
    lint_case(x=...)         arguments to lint a kernel for     testing      a pytest plugin

Importing this package needs neither Triton nor PyTorch; what does need them is loaded on first use.
"""
import importlib
import importlib.util
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rblnc._lint_cases import lint_case as lint_case
    from rblnc._profile import Profile as Profile
    from rblnc._torch_op import torch_op as torch_op
    from rblnc.arguments import ArgumentError as ArgumentError
    from rblnc.arguments import ArgumentTypeError as ArgumentTypeError
    from rblnc.frontend import TensorSpec as TensorSpec
    from rblnc.frontend import ttir as ttir
    from rblnc.host import align_tensor_last_dim_to_64 as align_tensor_last_dim_to_64
    from rblnc.host import write_rtosa as write_rtosa
    from rblnc.native import Bundle as Bundle
    from rblnc.native import CompileError as CompileError
    from rblnc.native import Error as Error
    from rblnc.native import LibraryNotFound as LibraryNotFound
    from rblnc.native import RunError as RunError
    from rblnc.runtime import CompiledKernel as CompiledKernel
    from rblnc.runtime import CompileWarning as CompileWarning
    from rblnc.runtime import launch as launch
    from rblnc.runtime import warmup as warmup

from rblnc import _aliases, _dynamo

__version__ = "0.1.0"

# Where a name that is loaded on first use comes from.
_LAZY = {
    "ttir": "rblnc.frontend", "TensorSpec": "rblnc.frontend", "align_tensor_last_dim_to_64": "rblnc.host",
    "write_rtosa": "rblnc.host", "warmup": "rblnc.runtime", "launch": "rblnc.runtime",
    "CompiledKernel": "rblnc.runtime", "CompileWarning": "rblnc.runtime", "Profile": "rblnc._profile",
    "torch_op": "rblnc._torch_op", "lint_case": "rblnc._lint_cases",
    "ArgumentError": "rblnc.arguments", "ArgumentTypeError": "rblnc.arguments",
    "Bundle": "rblnc.native", "CompileError": "rblnc.native", "Error": "rblnc.native",
    "InternalError": "rblnc.native", "LibraryNotFound": "rblnc.native", "RunError": "rblnc.native"
}
_MODULES = ("attention", "backend", "language", "libdevice", "native", "runtime", "testing", "triton")
# What has to be installed for a name; the others need NumPy only.
_NEEDS = {"ttir": "triton", "TensorSpec": "triton", "attention": "triton", "language": "triton", "libdevice": "triton",
          "triton": "triton", "torch_op": "torch", "testing": "pytest"}


def __getattr__(name):
    if name in _LAZY:
        return getattr(importlib.import_module(_LAZY[name]), name)
    if name in _MODULES:
        return importlib.import_module(f"{__name__}.{name}")
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__():
    """With the names that are loaded on first use, as far as what they need is installed."""
    usable = {name for name in (*_LAZY, *_MODULES)
              if name not in _NEEDS or importlib.util.find_spec(_NEEDS[name]) is not None}
    return sorted({"__version__", "__doc__", "__name__", "__file__", "__path__", "__all__"} | usable)


_aliases.stand_in_if_asked()
_dynamo.register()

__all__ = ["__version__", *_LAZY]
