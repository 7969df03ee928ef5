"""A launch while PyTorch traces: an operator of the graph, `rblnc::launch`, instead of a run on tensors without memory.

A function that launches kernels, such as the body of a `triton_op`, is traced into by torch.compile. The kernel has to
appear in the graph then, with the tensors that it writes, or the graph would return memory that nobody wrote.
"""
import json
import threading

import torch

from rblnc import cache, native
from rblnc._specialise import Leaf
from rblnc.runtime import CompiledKernel

_kernels: dict = {}
_lock = threading.Lock()


@torch.library.custom_op("rblnc::launch", mutates_args=("written", ))
def _launch(kernel: str, kinds: str, written: list[torch.Tensor], read: list[torch.Tensor], integers: list[int],
            floats: list[float]) -> None:
    """kinds: for each argument of the kernel the list that it is in: w, r, i or f."""
    pools = {"w": iter(written), "r": iter(read), "i": iter(integers), "f": iter(floats)}
    _find(kernel).launch([next(pools[kind]) for kind in kinds])


@_launch.register_fake
def _(kernel, kinds, written, read, integers, floats):
    return None


def launch(compiled, values):
    """Puts the launch into the graph. Numbers are constants of the trace; 0-d tensors stay tensors."""
    kinds = "".join(_kind(argument, value) for argument, value in zip(compiled.signature, values))
    pools = {kind: [value for value, of in zip(values, kinds) if of == kind] for kind in "wrif"}
    _launch(_remember(compiled), kinds, pools["w"], pools["r"], [_signed(int(value)) for value in pools["i"]],
            [float(value) for value in pools["f"]])


def _signed(value):
    """The number of the same 64 bits that an operator's int holds."""
    return value - 2**64 if value >= 2**63 else value


def _kind(argument, value):
    if isinstance(value, torch.Tensor):
        return "w" if argument.kind == "tensor" and argument.direction != "in" else "r"
    return "i" if argument.dtype.startswith("i") else "f"


def _remember(compiled):
    """The name under which a graph finds the kernel again; one that another process loads finds it on disk."""
    name = cache.key(compiled.rbln)
    with _lock:
        if name not in _kernels:
            _kernels[name] = compiled
            if compiled.leaves is not None:
                cache.put(_geometry_of(name), json.dumps([(leaf.name, leaf.type, leaf.shape, leaf.strides)
                                                          for leaf in compiled.leaves]))
            cache.put(name, compiled.rbln)
    return name


def _find(name):
    compiled = _kernels.get(name)
    if compiled is None:
        data = cache.get(name)
        if data is None:
            raise native.Error(f"the kernel {name[:16]} of a compiled graph is neither in this process nor in the "
                               "cache: compile the graph again")
        bundle, known = native.Bundle.from_bytes(data), cache.get(_geometry_of(name))
        compiled = _kernels[name] = CompiledKernel(None, bundle, leaves=None if known is None else _leaves(known))
    return compiled


def _geometry_of(name):
    """The entry that says which tensors a kernel was compiled for."""
    return cache.key(name, "geometry")


def _leaves(text):
    def listed(numbers):
        return None if numbers is None else tuple(numbers)

    return [Leaf((position, ), name, kind, listed(shape), None, listed(strides))
            for position, (name, kind, shape, strides) in enumerate(json.loads(text))]
