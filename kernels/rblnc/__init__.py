"""rblnc: Triton kernels for the RBLN NPU without a card. See README.md of the folder above for the parts.

Importing this package needs neither Triton nor PyTorch; what does need them is loaded on first use.
"""
import importlib

__version__ = "0.1.0"

# Where a name that is loaded on first use comes from.
_LAZY = {
    "ttir": "rblnc.frontend", "TensorSpec": "rblnc.frontend", "align_tensor_last_dim_to_64": "rblnc.host",
    "write_rtosa": "rblnc.host", "warmup": "rblnc.runtime", "launch": "rblnc.runtime",
    "CompiledKernel": "rblnc.runtime", "CompileWarning": "rblnc.runtime", "torch_op": "rblnc._torch_op",
    "Bundle": "rblnc.native", "CompileError": "rblnc.native", "Error": "rblnc.native",
    "LibraryNotFound": "rblnc.native", "RunError": "rblnc.native"
}
_MODULES = ("attention", "backend", "language", "libdevice", "native", "runtime", "triton")


def __getattr__(name):
    if name in _LAZY:
        return getattr(importlib.import_module(_LAZY[name]), name)
    if name in _MODULES:
        return importlib.import_module(f"{__name__}.{name}")
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


__all__ = ["__version__", *_LAZY]
