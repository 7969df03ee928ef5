"""(tokens, heads * size) to (heads, tokens, size): reshape and permute in one block."""
import numpy as np

from kernels.cases import EDGES, Case, read, written
from kernels.optional_triton import tl, triton


@triton.jit
def reshape_heads(x, o, T: tl.constexpr, H: tl.constexpr, D: tl.constexpr):
    xp = tl.make_block_ptr(base=x, shape=(T, H * D), strides=(H * D, 1), offsets=(0, 0), block_shape=(T, H * D),
                           order=(1, 0))
    op = tl.make_block_ptr(base=o, shape=(H, T, D), strides=(T * D, D, 1), offsets=(0, 0, 0),
                           block_shape=(H, T, D), order=(2, 1, 0))
    tl.store(op, tl.permute(tl.reshape(tl.load(xp), (T, H, D)), (1, 0, 2)))


def _case(name, t, h, d):
    return Case(name, (read("x", (t, h * d)), written("o", (h, t, d))), {"T": t, "H": h, "D": d}, "bits", EDGES)


CASES = [_case("t16h4d64", 16, 4, 64), _case("t1h8d64", 1, 8, 64)]


def reference(inputs, case):
    return {"o": np.stack(np.split(inputs["x"], case.constexprs["H"], axis=1))}
