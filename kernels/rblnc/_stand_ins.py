"""What an operation of PyTorch makes of its tensors: one that stands for its first argument, new memory, or a value.

A result stands for the first argument where the operation would have returned that argument, or a view of it, if there had
been nothing to do: `to`, `contiguous`, `reshape`, padding. `clone()` and `to(copy=True)` ask for memory of their own.
"""
import torch

from rblnc._storages import tensors_in

# Operations whose result stands for their first argument where it is no view of it.
_CASTS = {"to", "_to_copy", "type_as", "contiguous", "clone", "convert_element_type"}
_RESHAPES = {"reshape", "reshape_as", "flatten", "ravel", "_reshape_copy"}
_PADS = {"pad", "constant_pad_nd"}
# Operations whose result has nothing of their tensor arguments but shapes and types.
ALLOCATIONS = {"empty", "empty_like", "empty_strided", "new_empty", "new_empty_strided", "empty_permuted"}
FILLS = {"zeros_like", "ones_like", "full_like", "rand_like", "randn_like", "randint_like", "new_zeros", "new_ones",
          "new_full"}
# Operations that only hand a new tensor on.
LIFTS = {"lift", "lift_fresh", "lift_fresh_copy"}
# Operators of these namespaces compute on copies as on any tensor.
PYTORCH = {"aten", "prims", "prim"}


class Copy:
    """A tensor that stands for another. origin: the view that it was made of. values: gives the values that belong there
    from what the copy holds. made: when it last agreed with its origin."""

    def __init__(self, tensor, origin, values, made):
        self.tensor = tensor
        self.origin = origin
        self.values = values
        self.made = made


def name_of(func):
    """The name of an operation without its overload's."""
    return getattr(func, "overloadpacket", func).__name__


def stand_in(func, args, kwargs, result):
    """(origin, values) of a Copy where the result stands for the first argument, a tensor; else None."""
    name, origin = name_of(func), args[0]
    if any(stride == 0 and extent != 1 for stride, extent in zip(origin.stride(), origin.shape)):
        return None
    if name in _CASTS:
        return None if _asks_for_a_copy(func, name, args, kwargs, result) else (origin, _same)
    if name in _RESHAPES:
        return origin, _Reshaped(tuple(origin.shape))
    if name in _PADS and _argument(func, args, kwargs, "mode") in (None, "constant"):
        return _unpadded(origin, list(_argument(func, args, kwargs, "pad")))
    return None


def _same(tensor):
    return tensor


class _Reshaped:

    def __init__(self, shape):
        self._shape = shape

    def __call__(self, tensor):
        return tensor.reshape(self._shape)


def _argument(func, args, kwargs, name):
    """The argument of an ATen operation with this name, None when it is left out."""
    for position, argument in enumerate(func._schema.arguments):
        if argument.name == name:
            return args[position] if position < len(args) else kwargs.get(name)
    return None


def _asks_for_a_copy(func, name, args, kwargs, result):
    """clone() and to(copy=True) do. In an operator without a kernel for autograd these come apart first: contiguous()
    of what is not contiguous into clone(), to() into _to_copy()."""
    origin, form = args[0], _argument(func, args, kwargs, "memory_format")
    if name == "clone":
        return form is not torch.contiguous_format or origin.is_contiguous()
    if name == "to":
        return bool(_argument(func, args, kwargs, "copy"))
    return name == "_to_copy" and result.dtype == origin.dtype and result.device == origin.device and form is None


def _unpadded(origin, widths):
    """Of `torch.nn.functional.pad(origin, widths)`: the part of the origin in the result, and how to take it out."""
    steps = []
    for axis, (low, high) in enumerate(zip(widths[0::2], widths[1::2])):
        dimension = origin.dim() - 1 - axis
        kept = origin.shape[dimension] + min(low, 0) + min(high, 0)
        steps.append((dimension, max(low, 0), kept))
        if low < 0 or high < 0:
            origin = origin.narrow(dimension, max(-low, 0), kept)

    def values(tensor):
        for dimension, start, length in steps:
            tensor = tensor.narrow(dimension, start, length)
        return tensor

    return origin, values


def mutated(func, args, kwargs):
    """The tensors that an operation writes to, by its schema."""
    schema = getattr(func, "_schema", None)
    if schema is None or not schema.is_mutable:
        return []
    found = []
    for position, argument in enumerate(schema.arguments):
        if argument.alias_info is not None and argument.alias_info.is_write:
            value = args[position] if position < len(args) else kwargs.get(argument.name)
            found.extend(tensors_in(value))
    return found


__all__ = ["ALLOCATIONS", "FILLS", "LIFTS", "PYTORCH", "Copy", "mutated", "name_of", "stand_in"]
