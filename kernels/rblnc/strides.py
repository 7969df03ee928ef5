"""Tensors that are transposed, sliced or expanded: their strides, copies in row-major order, and memory that arguments
share. For PyTorch CPU tensors and NumPy arrays alike.
"""
import contextlib
import re
import sys

import numpy as np

from rblnc._values import is_reinterpreted, shape_of

# What the text of a kernel says about a tensor (CONVENTION.md, Arrays).
_VERSION = "rblib.version = 1 : i32"
_RECORDED = re.compile(r"rblib\.strides\.\d+ = dense<[^>]*> : tensor<\d+xi32>, ")
_MOST = 1 << 31  # an attribute holds int32
# Steps of the search whether two views share an element; beyond it they are taken to.
_WORK = 1 << 16


def strides_of(value):
    """Strides in elements of a tensor or an array that is not in row-major order; None for one that is, and for what
    has no strides.

    Axes of one element have the stride 0. All are -1 where no kernel can count with them: bytes that are no whole
    elements, numbers beyond int32.
    """
    if is_reinterpreted(value):
        base = value.base
        return strides_of(base) if shape_of(value) == tuple(base.shape) else None
    if isinstance(value, np.ndarray):
        if value.flags.c_contiguous:
            return None
        size = value.itemsize
        whole = all(stride % size == 0 for stride, extent in zip(value.strides, value.shape) if extent > 1)
        strides = [stride // size if whole else -1 for stride in value.strides]
    else:
        is_contiguous = getattr(value, "is_contiguous", None)
        if is_contiguous is None or is_contiguous():
            return None
        strides = [int(stride) for stride in value.stride()]
    if any(abs(stride) >= _MOST for stride, extent in zip(strides, value.shape) if extent > 1):
        strides = [-1] * len(strides)
    return tuple(stride if extent > 1 else 0 for stride, extent in zip(strides, value.shape))


def span(shape, strides):
    """Elements from the first to the last of a tensor with strides that are not negative."""
    return 1 + sum((int(extent) - 1) * stride for extent, stride in zip(shape, strides))


def strides_in(leaves):
    """The strides by position, None when all tensors are in row-major order, and when nothing is known of them."""
    strides = tuple(leaf.strides for leaf in leaves or ())
    return None if strides.count(None) == len(strides) else strides


def recorded(text, leaves):
    """The kernel's text for tensors of these shapes and strides; None when it does not come from rblnc's front end."""
    text = _RECORDED.sub("", text)
    if _VERSION not in text:
        return None
    attributes = ""
    for position, leaf in enumerate(leaves):
        if leaf.strides is None:
            continue
        for name, numbers in (("shape", leaf.shape), ("strides", leaf.strides)):
            if f"rblib.{name}.{position} = " not in text:
                attributes += f"rblib.{name}.{position} = dense<[{', '.join(map(str, numbers))}]> : " \
                              f"tensor<{len(numbers)}xi32>, "
    return text.replace(_VERSION, attributes + _VERSION, 1)


def overlaps_itself(shape, strides):
    """Whether two elements of a tensor are the same memory."""
    reach = 0
    for stride, extent in sorted((abs(stride), extent) for stride, extent in zip(strides, shape) if extent > 1):
        if stride <= reach:
            break
        reach += stride * (extent - 1)
    else:
        return False
    places = np.zeros((), np.int64)
    for stride, extent in zip(strides, shape):
        places = np.add.outer(places, np.arange(extent, dtype=np.int64) * stride)
    return np.unique(places).size != places.size


def copy_of(value):
    """A tensor or array of its own with the same elements, in row-major order."""
    if isinstance(value, np.ndarray):
        return np.array(value, order="C", subok=False)
    torch = sys.modules["torch"]
    with torch.no_grad():
        return torch.empty(value.shape, dtype=value.dtype).copy_(value.detach())


def image_of(value, strides):
    """Memory of its own for a PyTorch tensor, and a view of it that has the tensor's strides and elements."""
    torch = sys.modules["torch"]
    with torch.no_grad():
        memory = torch.zeros(span(value.shape, strides), dtype=value.dtype)
        view = memory.as_strided(value.shape, strides)
        view.copy_(value.detach())
    return memory, view


def copy_into(value, result):
    """Puts what was computed into the caller's tensor."""
    if isinstance(value, np.ndarray):
        np.copyto(value, result)
        return
    torch = sys.modules["torch"]
    with torch.inference_mode() if value.is_inference() else contextlib.nullcontext(), torch.no_grad():
        value.detach().copy_(result)


def memory_of(value):
    """First and last address (exclusive) of the elements of a tensor or array."""
    value = value.base if is_reinterpreted(value) else value
    if isinstance(value, np.ndarray):
        first, size, strides = value.__array_interface__["data"][0], value.itemsize, value.strides
    else:
        first, size = value.data_ptr(), value.element_size()
        if value.is_contiguous():
            return first, first + value.nbytes
        strides = [stride * size for stride in value.stride()]
    steps = [(extent - 1) * stride for extent, stride in zip(value.shape, strides)]
    return first + sum(step for step in steps if step < 0), first + size + sum(step for step in steps if step > 0)


def share_memory(one, other):
    """Whether two tensors or arrays have an element in common."""
    try:
        return np.shares_memory(_bytes(one), _bytes(other), max_work=_WORK)
    except np.exceptions.TooHardError:
        return True


class _Elements:
    """The elements of a tensor for NumPy, whatever their type."""

    def __init__(self, address, size, shape, strides):
        self.__array_interface__ = {"version": 3, "typestr": f"|V{size}", "data": (address, True),
                                    "shape": tuple(shape), "strides": tuple(strides)}


def _bytes(value):
    value = value.base if is_reinterpreted(value) else value
    if isinstance(value, np.ndarray):
        return value
    size = value.element_size()
    return np.asarray(_Elements(value.data_ptr(), size, value.shape, [stride * size for stride in value.stride()]))


def from_dlpack(value):
    """The memory of another library's tensor as a PyTorch tensor, or a NumPy array where there is no PyTorch."""
    if isinstance(value, np.ndarray) or not hasattr(value, "__dlpack__") or hasattr(value, "data_ptr"):
        return value
    torch = sys.modules.get("torch")
    return np.from_dlpack(value) if torch is None else torch.from_dlpack(value)
