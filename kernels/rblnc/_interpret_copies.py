"""Tensors that are not in row-major order, while a kernel is interpreted.

The kernel gets a copy in row-major order, and what it writes is copied back, as it is compiled. Whether pointer arithmetic
counts with a tensor's strides or in row-major order is a question of the whole kernel, which only the compiler answers:
here only block pointers may go into such a tensor.
"""
import sys

import numpy as np

from rblnc import strides as memory
from rblnc._rules import require


class Copies:
    """The copies that one launch has made of its tensors."""

    def __init__(self):
        self._copies = []  # the tensor, its copy, and what the copy held at first

    def row_major(self, tensor):
        """The tensor, or a copy in row-major order of one with other strides."""
        if tensor.is_contiguous() and not (tensor.is_neg() or tensor.is_conj()):
            return tensor
        own = memory.copy_of(tensor)
        self._copies.append((tensor, own, own.clone()))
        return own

    def has_own_strides(self, base, shape, strides):
        """Whether a block pointer into a copy has the strides of the tensor: it counts elements by their indices then."""
        tensor = self._tensor_at(base)
        if tensor is None or list(tensor.shape) != list(map(_number, shape)):
            return False
        return all(extent == 1 or _number(stride) == own
                   for extent, stride, own in zip(tensor.shape, strides, tensor.stride()))

    def refuse_pointers(self, base):
        """Raises RblibError where these pointers go into a copy."""
        tensor = self._tensor_at(base)
        if tensor is not None:
            require(False, f"pointers go into an argument of shape {tuple(tensor.shape)} with strides {tensor.stride()}; "
                    "under TRITON_INTERPRET=1 only block pointers do: call .contiguous()")

    def copy_back(self):
        """Puts what the kernel has written into the tensors."""
        bits = sys.modules["torch"].uint8 if self._copies else None
        for tensor, own, before in self._copies:
            if own.view(bits).equal(before.view(bits)):
                continue
            require(not memory.overlaps_itself(tensor.shape, tensor.stride()),
                    f"the kernel writes an argument whose elements are the same memory (shape {tuple(tensor.shape)}, "
                    f"strides {tensor.stride()}): pass a tensor of its own (torch.empty, .clone()) and copy from it what "
                    "is wanted")
            memory.copy_into(tensor, own)

    def _tensor_at(self, pointers):
        if not self._copies:
            return None
        address = int(np.asarray(pointers.data).flat[0])
        return next((tensor for tensor, own, _ in self._copies if 0 <= address - own.data_ptr() < own.nbytes), None)


def _number(handle):
    return int(handle.data.item())


__all__ = ["Copies"]
