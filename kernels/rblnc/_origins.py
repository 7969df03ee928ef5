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

import torch
from torch.multiprocessing.reductions import StorageWeakRef
from torch.utils._python_dispatch import TorchDispatchMode

from rblnc import launches
from rblnc._stand_ins import ALLOCATIONS, FILLS, LIFTS, PYTORCH, Copy, mutated, name_of, stand_in
from rblnc._storages import Storages, tensor_of, tensors_in
from rblnc.arguments import ArgumentError

_OUTSIDE = "a tensor from outside of it"  # for messages, in the place of an argument's name

# Copies that earlier calls made, by storage, as long as it lives: a weak reference to it and the operator's name.
_kept: dict = {}


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
        storages = Storages()
        self._at, self._overlap = storages.at, storages.overlap
        for label, tensor in _labelled(arguments):
            self._arguments.setdefault(self._at(tensor), label)

    # ---- What the body does with PyTorch ----------------------------------------------------------------------------

    def __torch_dispatch__(self, func, types, args=(), kwargs=None):
        kwargs = kwargs or {}
        if self._copying or getattr(func, "namespace", "") == "rblnc":
            return func(*args, **kwargs)  # before() and after() tell of a launch that goes into a graph
        inputs = list(tensors_in((args, kwargs)))
        for tensor in inputs:
            self._flush_into(self._at(tensor))
        result = func(*args, **kwargs)
        self._note(func, args, kwargs, inputs, result)
        return result

    def _note(self, func, args, kwargs, inputs, result):
        name = name_of(func)
        read = {self._at(tensor) for tensor in inputs}
        written = {self._at(tensor): tensor for tensor in mutated(func, args, kwargs)}
        sources = inputs[:1] if name.endswith("_as") else inputs  # x.type_as(y) does not look into y
        if name in LIFTS:
            self._made |= read
        elif name not in ALLOCATIONS | FILLS:
            self._see(sources)
        garbage = next((self._unwritten[key] for key in map(self._at, sources)
                        if key in self._unwritten and key not in written), None)
        computed = next((self._derived[key] for key in map(self._at, sources) if key in self._derived), name)
        if getattr(func, "namespace", "aten") not in PYTORCH:
            # A kernel in all but name. While PyTorch traces it does not run, and nobody else tells what it writes.
            for tensor in written.values():
                self._wrote(f"in {func._schema.name}", tensor)
        for key, tensor in written.items():
            self._writes.append((tensor, next(self._clock), None))
            self._unwritten.pop(key, None)
            if garbage:
                self._unwritten[key] = garbage
            elif key not in self._arguments and key not in self._copies and self._of_arguments(read - {key}):
                self._derived[key] = computed
        results = [tensor for tensor in tensors_in(result) if self._at(tensor) not in read]
        for tensor in results:
            key = self._at(tensor)
            self._made.add(key)
            if name in ALLOCATIONS:
                self._unwritten[key] = name
            elif name in FILLS:
                continue
            elif garbage:
                self._unwritten[key] = garbage
            elif self._of_arguments(read) and not self._stands_for(func, args, kwargs, tensor):
                self._derived[key] = computed
        if written or results and name not in ALLOCATIONS | FILLS or not list(tensors_in(result)):
            for key in read - written.keys():
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

    def _stands_for(self, func, args, kwargs, result):
        """Whether the result stands for the first argument, which is kept in mind then."""
        origin = args[0] if args else None
        if not isinstance(origin, torch.Tensor) or self._at(origin) in self._derived \
                or not self._of_arguments([self._at(origin)]):
            return False
        found = stand_in(func, args, kwargs, result)
        if found is not None:
            self._copies[self._at(result)] = Copy(result, *found, next(self._clock))
        return found is not None

    # ---- What the body does with kernels -----------------------------------------------------------------------------

    def before(self, kernel, values, written):
        """A kernel is to run on these values, and to write those at the positions `written`."""
        tensors = {position: tensor for position, tensor in enumerate(map(tensor_of, values)) if tensor is not None}
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
        for tensor in (tensor_of(values[position]) for position in written):
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
            if twin is not copy and self._overlap(copy.origin, twin.origin if twin else other):
                raise ArgumentError(f"{self._call(kernel)} writes to a copy of {self._label(copy)}, and another argument "
                                    "of the kernel has the same memory: pass one copy for both")

    def _refuse_stale(self, kernel, copy):
        for view, when, by in self._writes:
            if by is not copy and when > copy.made and self._overlap(copy.origin, view):
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
        returned = {self._at(tensor) for tensor in tensors_in(result)}
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
        for tensor in tensors_in(result):
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
        return any(self._at(tensor) in self._unwritten for tensor in tensors_in(result))

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


def _labelled(arguments):
    for label, value in arguments:
        for tensor in tensors_in(value):
            yield label, tensor


__all__ = ["Scope"]
