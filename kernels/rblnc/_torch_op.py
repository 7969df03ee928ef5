"""Operators of PyTorch that run kernels on the emulator.

What vLLM RBLN's files do by hand (an operator, its shapes for tracing, a wrapper that allocates and launches) from one
function:

    @rblnc.torch_op("rbln_triton_ops::scale", mutates_args=())
    def scale(x: torch.Tensor, factor: float) -> torch.Tensor:
        output = torch.empty_like(x)
        rblnc.launch(scale_kernel, x, output, factor, ROWS=x.shape[0])
        return output

The operator is opaque to torch.compile: a graph holds the call, whatever its backend does with the rest. While PyTorch
traces with fake tensors the same function runs, up to the launch, so shapes cannot disagree.
"""
import functools
from typing import Any
from collections.abc import Callable, Iterable

import torch

from rblnc import _operators, launches


def torch_op(name: str, *, mutates_args: Iterable[str], schema: str | None = None,
             fake: Callable | None = None) -> Callable[[Callable], Any]:
    """Decorates the function of an operator `namespace::name`; torch.ops.namespace.name calls it.

    The function has type annotations (the schema comes from them), allocates what it returns, and launches kernels with
    rblnc.launch or kernel[(1,)](…). mutates_args: names of the tensors that the kernels change, such as a cache; it
    must list all of them, and nothing that is returned may share memory with an argument.

    schema: instead of annotations, e.g. "(Tensor x, Tensor(a!) cache) -> Tensor". fake: another function for shapes.
    Registering a name again replaces the operator, as re-running a notebook's cell does.
    """

    def decorate(function):

        _operators.install()
        _operators.require_declarations(name)
        operator = torch.library.custom_op(name, function, mutates_args=mutates_args, schema=schema)
        operator.register_fake(fake or _without_launches(function))
        return operator

    return decorate


def _without_launches(function):

    @functools.wraps(function)
    def fake(*args, **kwargs):
        with launches.without_launches():
            return function(*args, **kwargs)

    return fake


__all__ = ["torch_op"]
