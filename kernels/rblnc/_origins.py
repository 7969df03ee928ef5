"""Where the tensors of an operator's body come from, so that what a kernel writes reaches the tensor that the user owns.

Wrappers in the vendor's manner cast a cache to float32 and give the copy to the kernel. On the card the cast is no copy:
float32 only carries the device's type, and the cache itself is written. So here: a tensor made by an operation that would
have returned its input if there were nothing to do (`to`, `float`, `contiguous`, `reshape`, padding by
`align_tensor_last_dim_to_64`) stands for that input, and what a kernel writes to it is copied back. `clone()` and
`to(copy=True)` ask for memory of their own and get it.

While the body of an operator runs, a Scope watches its ATen operations and its launches. It copies written values back
before anybody reads the origin again, at the latest when the body ends, and it raises where it cannot know the origin:
writes to a copy must not vanish. It also sees whether memory is returned that nobody wrote.

Tracing by torch.compile runs the same body on functional tensors; the copies back become part of the graph, as mutations
of its inputs.
"""
import itertools

import numpy as np
import torch
from torch.multiprocessing.reductions import StorageWeakRef
from torch.utils._python_dispatch import TorchDispatchMode

from rblnc import launches
from rblnc._values import is_reinterpreted
from rblnc.arguments import ArgumentError

# Operations whose result stands for their first argument where it is no view of it.
_CASTS = {"to", "_to_copy", "type_as", "contiguous", "clone", "convert_element_type"}
_RESHAPES = {"reshape", "reshape_as", "flatten", "ravel", "_reshape_copy"}
_PADS = {"pad", "constant_pad_nd"}
# Operations whose result has nothing of their tensor arguments but shapes and types.
_ALLOCATIONS = {"empty", "empty_like", "empty_strided", "new_empty", "new_empty_strided", "empty_permuted"}
_FILLS = {"zeros_like", "ones_like", "full_like", "rand_like", "randn_like", "randint_like", "new_zeros", "new_ones",
          "new_full"}
# Operations that only hand a new tensor on.
_LIFTS = {"lift", "lift_fresh", "lift_fresh_copy"}
# Operators of these namespaces compute on copies as on any tensor.
_PYTORCH = {"aten", "prims", "prim"}
_OUTSIDE = "a tensor from outside of it"  # for messages, in the place of an argument's name

# Copies that earlier calls made, by storage, as long as it lives: a weak reference to it and the operator's name.
_kept = {}


class Copy:
    """A tensor that stands for another. origin: the view that it was made of. values: gives the values that belong there
    from what the copy holds. made: when it last agreed with its origin."""

    def __init__(self, tensor, origin, values, made):
        self.tensor = tensor
        self.origin = origin
        self.values = values
        self.made = made


class Scope(TorchDispatchMode):
    """One call of the operator `name` with these arguments."""

    supports_higher_order_operators = True

    def __init__(self, name, arguments, mutable=None):
        super().__init__()
        self.name = name
        self.launched = []
        self.warmed = []
        self._mutable = mutable
        self._copying = False
        self._clock = itertools.count(1)
        self._arguments = {}
        self._copies = {}
        self._pending = {}
        self._unwritten = {}
        self._derived = {}
        self._made = set()  # what the body allocated
        self._lost = {}
        self._writes = []
        self._alive = []  # a storage's address must not be given out again while it is a key
        self._places = {}
        for label, tensor in _labelled(arguments):
            self._arguments.setdefault(self._at(tensor), label)
            self._alive.append(tensor)

    def _at(self, tensor):
        """What stands for the memory of a tensor; the same for all tensors that share it, by whatever way they came to:
        a view, NumPy and back, DLPack."""
        key = _key(tensor)
        place = self._places.get(key)
        if place is None:
            place = key
            if isinstance(key, range):
                place = next((known for known in self._places if isinstance(known, range) and key.start in known), key)
            self._places[key] = place
            self._alive.append(tensor)
        return place

    # ---- What the body does with PyTorch ----------------------------------------------------------------------------

    def __torch_dispatch__(self, func, types, args=(), kwargs=None):
        kwargs = kwargs or {}
        if self._copying or getattr(func, "namespace", "") == "rblnc":
            return func(*args, **kwargs)  # before() and after() tell of a launch that goes into a graph
        inputs = list(_tensors((args, kwargs)))
        for tensor in inputs:
            self._flush_into(self._at(tensor))
        result = func(*args, **kwargs)
        self._note(func, args, kwargs, inputs, result)
        return result

    def _note(self, func, args, kwargs, inputs, result):
        name = getattr(func, "overloadpacket", func).__name__
        read = {self._at(tensor) for tensor in inputs}
        mutated = {self._at(tensor): tensor for tensor in _mutated(func, args, kwargs)}
        sources = inputs[:1] if name.endswith("_as") else inputs  # x.type_as(y) does not look into y
        if name in _LIFTS:
            self._made |= read
        elif name not in _ALLOCATIONS | _FILLS:
            self._see(sources)
        garbage = next((self._unwritten[key] for key in map(self._at, sources)
                        if key in self._unwritten and key not in mutated), None)
        computed = next((self._derived[key] for key in map(self._at, sources) if key in self._derived), name)
        if getattr(func, "namespace", "aten") not in _PYTORCH:
            # A kernel in all but name. While PyTorch traces it does not run, and nobody else tells what it writes.
            for tensor in mutated.values():
                self._wrote(f"in {func._schema.name}", tensor)
        for key, tensor in mutated.items():
            self._writes.append((tensor, next(self._clock), None))
            self._unwritten.pop(key, None)
            if garbage:
                self._unwritten[key] = garbage
            elif key not in self._arguments and key not in self._copies and self._of_arguments(read - {key}):
                self._derived[key] = computed
        results = [tensor for tensor in _tensors(result) if self._at(tensor) not in read]
        self._alive += results
        for tensor in results:
            key = self._at(tensor)
            self._made.add(key)
            if name in _ALLOCATIONS:
                self._unwritten[key] = name
            elif name in _FILLS:
                continue
            elif garbage:
                self._unwritten[key] = garbage
            elif self._of_arguments(read) and not self._stands_for(func, name, args, kwargs, tensor):
                self._derived[key] = computed
        if mutated or results and name not in _ALLOCATIONS | _FILLS or not list(_tensors(result)):
            for key in read - mutated.keys():
                self._lost.pop(key, None)  # not a view: it reads

    def _see(self, tensors):
        """What the body has neither been given nor made, such as a global cache, is an argument that it takes by itself."""
        for tensor in tensors:
            key = self._at(tensor)
            if key not in self._made and key not in self._arguments and not self._is_kept(key):
                self._arguments[key] = _OUTSIDE

    def _of_arguments(self, keys):
        """Whether some of these hold values of the operator's arguments."""
        return any(key in self._arguments or key in self._copies or key in self._derived for key in keys)

    def _stands_for(self, func, name, args, kwargs, result):
        """Whether the result stands for the first argument, which is kept in mind then."""
        origin = args[0] if args else None
        if not isinstance(origin, torch.Tensor) or not self._of_arguments([self._at(origin)]):
            return False
        if self._at(origin) in self._derived or any(stride == 0 and extent != 1
                                                for stride, extent in zip(origin.stride(), origin.shape)):
            return False
        if name in _CASTS:
            if _asks_for_a_copy(func, name, args, kwargs, result):
                return False
            values = _same
        elif name in _RESHAPES:
            values = _Reshaped(tuple(origin.shape))
        elif name in _PADS and _argument(func, args, kwargs, "mode") in (None, "constant"):
            origin, values = _unpadded(origin, list(_argument(func, args, kwargs, "pad")))
        else:
            return False
        self._copies[self._at(result)] = Copy(result, origin, values, next(self._clock))
        return True

    # ---- What the body does with kernels -----------------------------------------------------------------------------

    def before(self, kernel, values, written):
        """A kernel is to run on these values, and to write those at the positions `written`."""
        tensors = {position: tensor for position, tensor in enumerate(map(_tensor, values)) if tensor is not None}
        for tensor in tensors.values():
            self._flush_into(self._at(tensor))
        for tensor in tensors.values():
            copy = self._copies.get(self._at(tensor))
            if copy is not None:
                self._refuse_stale(kernel, copy)
        for position in written:
            copy = self._copies.get(self._at(tensors[position])) if position in tensors else None
            if copy is not None:
                self._refuse_twin(kernel, copy, tensors.values())

    def after(self, kernel, values, written):
        """The kernel has run."""
        self.launched.append(kernel)
        for tensor in (_tensor(values[position]) for position in written):
            if tensor is not None:
                self._wrote(kernel, tensor)
        self._check_declared(kernel)

    def _wrote(self, kernel, tensor):
        key = self._at(tensor)
        self._unwritten.pop(key, None)
        copy = self._copies.get(key)
        now = next(self._clock)
        self._writes.append((copy.origin if copy else tensor, now, copy))
        if copy:
            copy.made = now
            self._pending[key] = copy
        elif key in self._derived:
            self._lost[key] = (f"{self._call(kernel)} writes to a tensor that `{self._derived[key]}` computed from "
                               f"arguments of {self.name}, and nobody reads it afterwards: what it writes would be lost. "
                               "Pass the argument itself, or a cast, a view or a padding of it, or copy the values to "
                               "where they belong")
        elif key not in self._arguments:
            self._refuse_kept(kernel, key)

    def _refuse_twin(self, kernel, copy, tensors):
        for other in tensors:
            twin = self._copies.get(self._at(other))
            if twin is not copy and _overlap(copy.origin, twin.origin if twin else other):
                raise ArgumentError(f"{self._call(kernel)} writes to a copy of {self._label(copy)}, and another argument "
                                    "of the kernel has the same memory: pass one copy for both")

    def _refuse_stale(self, kernel, copy):
        for view, when, by in self._writes:
            if by is not copy and when > copy.made and _overlap(copy.origin, view):
                raise ArgumentError(f"{self._call(kernel)} takes a copy of {self._label(copy)} that was made before "
                                    "those values were last written: make one copy for all kernels, or a new one "
                                    "for each")

    def _refuse_kept(self, kernel, key):
        if self._is_kept(key):
            raise ArgumentError(f"{self._call(kernel)} writes to a copy that an earlier call of {_kept[key][1]} made of "
                                "its argument; where it belongs now cannot be known: make the copy in each call")

    @staticmethod
    def _is_kept(key):
        return key in _kept and not _kept[key][0].expired()

    def _check_declared(self, kernel):
        """rblnc's own operators declare what they change; a graph may rely on it."""
        if self._mutable is None:
            return
        for view, _, _ in self._writes:
            label = self._arguments.get(self._at(view))
            if label is not None and label != _OUTSIDE and label not in self._mutable:
                raise ArgumentError(f"{self._call(kernel)} writes to {label}, which the operator does not declare: "
                                    f"write mutates_args=({', '.join(map(repr, [*self._mutable, label]))},)")

    # ---- Copying back ------------------------------------------------------------------------------------------------

    def _flush_into(self, key):
        """Whatever is to be written to this storage is written now: somebody is about to use it."""
        for mine, copy in list(self._pending.items()):
            if self._at(copy.origin) == key:
                self._flush(mine)

    def _flush(self, key):
        copy = self._pending.pop(key, None)
        if copy is None:
            return
        self._flush_into(key)
        # An inference tensor may only be written to in that mode; a leaf that wants a gradient only without it.
        self._copying = True
        try:
            with torch.inference_mode() if copy.origin.is_inference() else torch.no_grad():
                copy.origin.copy_(copy.values(copy.tensor))
        finally:
            self._copying = False
        now = copy.made = next(self._clock)
        target = self._at(copy.origin)
        outer = self._copies.get(target)
        self._writes.append((outer.origin if outer else copy.origin, now, outer or copy))
        if outer is not None:
            outer.made = next(self._clock)
            self._pending[target] = outer

    def finish(self, result):
        """The body has ended with this result. Call it while the scope watches no more."""
        returned = {self._at(tensor) for tensor in _tensors(result)}
        while self._pending:
            key = next(iter(self._pending))
            if key in returned:
                del self._pending[key]  # it is an output, not a stand-in
            else:
                self._flush(key)
        for key, message in self._lost.items():
            if key not in returned:
                raise ArgumentError(message)
        self._keep()
        if launches.scope() is not None:
            launches.scope().inherit(self)
        for tensor in _tensors(result):
            if self._at(tensor) in self._unwritten and tensor.numel() != 0:
                raise ArgumentError(f"{self.name} returns memory that nobody wrote" + self._why())
        if self.warmed and not self.launched:
            raise ArgumentError(f"{self.name} returns without the results of its kernel" + self._why())

    def inherit(self, inner):
        """An operator that was called from here has ended; it may have written to what it was given."""
        self.launched += inner.launched
        for view, _, _ in inner._writes:
            if inner._at(view) in inner._arguments:
                self._wrote(f"in {inner.name}", view)

    def _keep(self):
        for key in [key for key, (reference, _) in _kept.items() if reference.expired()]:
            del _kept[key]
        for key, copy in self._copies.items():
            if not launches.traced([copy.tensor]):
                _kept[key] = (StorageWeakRef(copy.tensor.untyped_storage()), self.name)

    def returns_unwritten(self, result):
        return any(self._at(tensor) in self._unwritten for tensor in _tensors(result))

    def _why(self):
        if self.warmed and not self.launched:
            return (f": it warms {self.warmed[0].name} up and never runs it. Add rblib.write_rtosa(compiled, params), or "
                    "rblib.write_kernel(compiled)")
        if not self.launched:
            return (": it runs no kernel, and there is no function "
                    f"{self.name.partition('::')[2]}_wrapper beside it that does")
        return ": none of its kernels writes that tensor"

    def _call(self, kernel):
        return f"{self.name}: the kernel {kernel}"

    def _label(self, copy):
        label = self._arguments.get(self._at(copy.origin))
        return _OUTSIDE if label == _OUTSIDE else f"the argument {label}" if label else "an argument"


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


def _mutated(func, args, kwargs):
    schema = getattr(func, "_schema", None)
    if schema is None or not schema.is_mutable:
        return []
    found = []
    for position, argument in enumerate(schema.arguments):
        if argument.alias_info is not None and argument.alias_info.is_write:
            value = args[position] if position < len(args) else kwargs.get(argument.name)
            found.extend(_tensors(value))
    return found


def _tensors(value):
    if isinstance(value, torch.Tensor):
        yield value
    elif isinstance(value, (list, tuple)):
        for element in value:
            yield from _tensors(element)
    elif isinstance(value, dict):
        for element in value.values():
            yield from _tensors(element)


def _labelled(arguments):
    for label, value in arguments:
        for tensor in _tensors(value):
            yield label, tensor


def _tensor(value):
    """The tensor of a kernel's argument; of a NumPy array or a reinterpreted tensor the one whose memory it is, if any."""
    while isinstance(value, np.ndarray) or is_reinterpreted(value):
        value = value.base
    return value if isinstance(value, torch.Tensor) else None


def _key(tensor):
    """What tensors of one storage have in common: its addresses, or where it has no memory, itself."""
    try:
        storage = tensor.untyped_storage()
        address = 0 if launches.traced([tensor]) else storage.data_ptr()
        return range(address, address + storage.nbytes()) if address else storage._cdata
    except (NotImplementedError, RuntimeError):
        return "object", id(tensor)


def _overlap(one, other):
    """Whether two tensors have an element in common. Views of one storage may lie between each other."""
    if _key(one) != _key(other):
        return False
    if one is other:
        return True
    return np.shares_memory(np.asarray(_Outline(one)), np.asarray(_Outline(other)))


class _Outline:
    """The place of a tensor in its storage as an array that starts at some address and is never read."""

    def __init__(self, tensor):
        size = tensor.element_size()
        self.__array_interface__ = {
            "version": 3, "typestr": "|i1", "data": ((1 << 40) + int(tensor.storage_offset()) * size, True),
            "shape": (*map(int, tensor.shape), size), "strides": (*(int(stride) * size for stride in tensor.stride()), 1)
        }
