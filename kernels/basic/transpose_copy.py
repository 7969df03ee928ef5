"""A rank-3 transpose, tile by tile."""
import numpy as np

from kernels.cases import EDGES, Case, read, written
from kernels.optional_triton import tl, triton


@triton.jit
def transpose_copy(x, o, B: tl.constexpr, R: tl.constexpr, C: tl.constexpr, BR: tl.constexpr):
    xp = tl.make_block_ptr(base=x, shape=(B, R, C), strides=(R * C, C, 1), offsets=(0, 0, 0),
                           block_shape=(B, BR, C), order=(2, 1, 0))
    op = tl.make_block_ptr(base=o, shape=(B, C, R), strides=(R * C, R, 1), offsets=(0, 0, 0),
                           block_shape=(B, C, BR), order=(2, 1, 0))
    for _ in tl.static_range(0, R // BR):
        tl.store(op, tl.permute(tl.load(xp), (0, 2, 1)))
        xp = tl.advance(xp, (0, BR, 0))
        op = tl.advance(op, (0, 0, BR))


def _case(name, b, r, c, block, dtype="float32"):
    return Case(name, (read("x", (b, r, c), dtype), written("o", (b, c, r), dtype)),
                {"B": b, "R": r, "C": c, "BR": block}, "bits", EDGES)


CASES = [_case("b2r64c64", 2, 64, 64, 64), _case("b1r96c16", 1, 96, 16, 32), _case("i32", 2, 16, 64, 16, "int32")]


def reference(inputs, case):
    return {"o": np.swapaxes(inputs["x"], 1, 2)}
