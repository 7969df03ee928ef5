"""Whose memory is whose: which tensors and arrays share it, and which elements of it they have in common."""
import numpy as np
import torch

from rblnc import launches
from rblnc._values import is_reinterpreted


class Storages:
    """The memory that was met. It stays alive as long as this does: an address must not be given out again while it is a
    key."""

    def __init__(self):
        self._places = {}
        self._alive = []

    def at(self, tensor):
        """What stands for the memory of a tensor; the same for all tensors that share it, by whatever way they came to:
        a view, NumPy and back, DLPack."""
        key = key_of(tensor)
        place = self._places.get(key)
        if place is None:
            place = key
            if isinstance(key, range):
                place = next((known for known in self._places if isinstance(known, range) and key.start in known), key)
            self._places[key] = place
            self._alive.append(tensor)
        return place

    def overlap(self, one, other):
        """Whether two tensors have an element in common. Views of one memory may lie between each other."""
        if self.at(one) != self.at(other):
            return False
        return one is other or np.shares_memory(np.asarray(_Outline(one)), np.asarray(_Outline(other)))


def key_of(tensor):
    """What tensors of one storage have in common: its addresses, or where it has no memory, itself."""
    try:
        storage = tensor.untyped_storage()
        address = 0 if launches.traced([tensor]) else storage.data_ptr()
        return range(address, address + storage.nbytes()) if address else storage._cdata
    except (NotImplementedError, RuntimeError):
        return "object", id(tensor)


class _Outline:
    """The place of a tensor's elements as an array that is never read: in the host's memory, or where there is none, in a
    storage that starts at some address."""

    def __init__(self, tensor):
        size, key = tensor.element_size(), key_of(tensor)
        start = key.start if isinstance(key, range) else 1 << 40
        self.__array_interface__ = {
            "version": 3, "typestr": "|i1", "data": (start + int(tensor.storage_offset()) * size, True),
            "shape": (*map(int, tensor.shape), size), "strides": (*(int(stride) * size for stride in tensor.stride()), 1)
        }


def tensor_of(value):
    """The tensor of a kernel's argument; of a NumPy array or a reinterpreted tensor one whose memory it is, if any."""
    tensor = base_of(value)
    return _over(value) if tensor is None and isinstance(value, np.ndarray) else tensor


def base_of(value):
    """The tensor of a kernel's argument, also where that is an array of it; None where PyTorch does not own the memory."""
    while isinstance(value, np.ndarray) or is_reinterpreted(value):
        value = value.base
    return value if isinstance(value, torch.Tensor) else None


def _over(array):
    """A tensor over the memory of an array, which may have come by DLPack; None where PyTorch cannot write to it."""
    if not array.size or not array.flags.writeable:
        return None
    first = array.__array_interface__["data"][0]
    steps = [(extent - 1) * stride for extent, stride in zip(array.shape, array.strides)]
    first, last = first + sum(min(0, step) for step in steps), first + sum(max(0, step) for step in steps)
    return torch.from_numpy(np.asarray(_Bytes(first, last - first + array.itemsize, array)))


class _Bytes:

    def __init__(self, address, size, owner):
        self._owner = owner
        self.__array_interface__ = {"version": 3, "typestr": "|u1", "data": (address, False), "shape": (size, )}


def tensors_in(value):
    """The tensors in lists, tuples and dictionaries."""
    if isinstance(value, torch.Tensor):
        yield value
    elif isinstance(value, (list, tuple)):
        for element in value:
            yield from tensors_in(element)
    elif isinstance(value, dict):
        for element in value.values():
            yield from tensors_in(element)


__all__ = ["Storages", "base_of", "key_of", "tensor_of", "tensors_in"]
