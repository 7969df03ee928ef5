"""What rblib operations compute with while a kernel is interpreted: the device's arithmetic, one rounding an operation."""
import numpy as np

from rblnc import _arithmetic

# The operations of _semantics that compute; the others move.
COMPUTING = ("masked_softmax", "dynamic_masked_softmax", "flash_attn_tile", "dynamic_flash_attn_tile",
              "flash_attn_recompute", "window_softmax", "softmax")
FLOATS = {"fp16": "f16", "bf16": "bf16", "fp32": "f32"}


class DeviceArithmetic:
    """What `_semantics` computes with, on arrays of one float type; bfloat16 as float32 that holds such values."""

    def __init__(self, kind):
        self.kind = kind

    def _compute(self, operation, *operands):
        return self._seen(_arithmetic.compute(operation, self.kind, [(self._held(x), self.kind) for x in operands]))

    def _held(self, x):
        return _arithmetic.from_float32(x, "bf16") if self.kind == "bf16" else x

    def _seen(self, x):
        return _arithmetic.to_float32(x, "bf16") if self.kind == "bf16" else x

    def add(self, a, b):
        return self._compute("addf", a, b)

    def subtract(self, a, b):
        return self._compute("subf", a, b)

    def multiply(self, a, b):
        return self._compute("mulf", a, b)

    def divide(self, a, b):
        return self._compute("divf", a, b)

    def maximum(self, a, b):
        return self._compute("maximumf", a, b)

    def exp(self, a):
        return self._compute("exp", a)

    def greatest(self, x, axis):
        return self._along("maximumf", x, axis)

    def total(self, x, axis):
        return self._along("addf", x, axis)

    def _along(self, operation, x, axis):
        rows = np.moveaxis(self._held(x), axis, -1)
        return np.expand_dims(self._seen(_arithmetic.reduce(operation, rows, self.kind)), axis)


def elements(tensor):
    """The elements, of bfloat16 as float32."""
    data = tensor.handle.data
    return _arithmetic.to_float32(data, "bf16") if str(tensor.dtype) == "bf16" else data


def encoded(values, dtype):
    return _arithmetic.from_float32(values, "bf16") if dtype == "bf16" else values


__all__ = ["COMPUTING", "FLOATS", "DeviceArithmetic", "elements", "encoded"]
