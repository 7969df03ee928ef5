"""What the Python values of a call are, whoever asks: numbers, arrays, tuples. Needs neither Triton nor PyTorch."""
import numpy as np

from rblnc import launches

_PLAIN = frozenset((int, float, bool, type(None)))


def plain(value):
    """A NumPy number, a 0-d array or a 0-d tensor that holds a number as the Python number; in tuples as well."""
    if type(value) in _PLAIN:
        return value
    if isinstance(value, np.generic):
        return value.item()
    if getattr(value, "shape", None) == () and hasattr(value, "item") and _holds_number(value):
        return value.item()
    if type(value).__name__ == "SymInt":
        return int(value)  # an extent while PyTorch traces: a kernel is compiled for one size each
    if is_tuple(value):
        return like(value, [plain(element) for element in value])
    return value


def constant_key(value):
    """Equal for constants that are the same in a kernel: 1, 1.0 and True are not, nor are 0.0 and -0.0."""
    if isinstance(value, float):
        return float, value.hex()
    if isinstance(value, tuple):
        return type(value), tuple(map(constant_key, value))
    return type(value), value


def pick(path, values):
    """The value at a path into nested tuples."""
    for index in path:
        values = values[index]
    return values


def is_tuple(value):
    return isinstance(value, tuple) and not hasattr(value, "dtype")


def like(value, elements):
    """A tuple of the same kind with other elements."""
    return type(value)(*elements) if hasattr(value, "_fields") else tuple(elements)


def is_reinterpreted(value):
    """Whether this is what triton.reinterpret makes of a tensor: the memory of `base`, in elements of `dtype`."""
    return type(value).__name__ == "TensorWrapper"


def shape_of(value):
    """The extents of an array in elements of the type that the kernel sees."""
    shape = tuple(int(extent) for extent in value.shape)
    if not is_reinterpreted(value):
        return shape
    seen, stored = max(1, value.dtype.primitive_bitwidth // 8), value.base.element_size()
    if seen == stored or not shape:
        return shape
    if shape[-1] * stored % seen == 0:
        return shape[:-1] + (shape[-1] * stored // seen, )
    return (value.base.numel() * stored // seen, )


def _holds_number(value):
    """Whether a 0-d array or tensor has a number. Tensors of a trace and meta tensors have none."""
    return not launches.traced((value, )) and getattr(getattr(value, "device", None), "type", "cpu") != "meta"


__all__ = ["constant_key", "is_reinterpreted", "is_tuple", "like", "pick", "plain", "shape_of"]
