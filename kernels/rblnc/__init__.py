"""rblnc: Triton kernels for the RBLN NPU without a card. See README.md of the folder above for the parts.

Importing this package needs neither Triton nor PyTorch; what does need them is loaded on first use.
"""
import importlib

__version__ = "0.1.0"

# Where a name that is loaded on first use comes from.
_LAZY = {"ttir": "rblnc.frontend", "TensorSpec": "rblnc.frontend", "align_tensor_last_dim_to_64": "rblnc.host"}


def __getattr__(name):
    if name in _LAZY:
        return getattr(importlib.import_module(_LAZY[name]), name)
    if name in ("language", "libdevice", "triton"):
        return importlib.import_module(f"{__name__}.{name}")
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


__all__ = ["TensorSpec", "__version__", "align_tensor_last_dim_to_64", "ttir"]
