"""Functions that torch.compile leaves out of its graphs.

A plain function that launches a kernel has no place in a graph of PyTorch: torch.compile breaks the graph there and calls
what launches as it is, on real tensors. Where a graph must not break (fullgraph=True) the error names the way into one.
"""
import functools
import sys

REASON = ("a kernel that a plain function launches is no operation of a graph: make the function an operator, with "
          "torch.library.triton_op or rblnc.torch_op, or compile without fullgraph=True")
_DYNAMO = "torch._dynamo.eval_frame"


def outside_of_graphs(function):
    """Decorates a function that torch.compile is neither to trace nor to compile, with all that it calls."""

    @functools.wraps(function)
    def called(*args, **kwargs):
        dynamo = sys.modules.get(_DYNAMO)
        if dynamo is None:
            return function(*args, **kwargs)
        before = dynamo.set_eval_frame(None)
        try:
            return function(*args, **kwargs)
        finally:
            dynamo.set_eval_frame(before)

    # What torch.compiler.disable sets, which would import the compiler; _dynamo.py has it skip this file's frames.
    called._torchdynamo_disable = True
    called._torchdynamo_disable_msg = REASON
    return called


__all__ = ["outside_of_graphs"]
