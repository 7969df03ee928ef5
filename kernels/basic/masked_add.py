"""o = x + y where the mask is set and x elsewhere."""
import numpy as np

from kernels.cases import EDGES, Case, read, written
from kernels.optional_triton import tl, triton


@triton.jit
def masked_add(x, y, mask, o, R: tl.constexpr, C: tl.constexpr):
    xp = tl.make_block_ptr(base=x, shape=(1, R, C), strides=(R * C, C, 1), offsets=(0, 0, 0),
                           block_shape=(1, R, C), order=(2, 1, 0))
    yp = tl.make_block_ptr(base=y, shape=(1, R, C), strides=(R * C, C, 1), offsets=(0, 0, 0),
                           block_shape=(1, R, C), order=(2, 1, 0))
    mp = tl.make_block_ptr(base=mask, shape=(1, R, C), strides=(R * C, C, 1), offsets=(0, 0, 0),
                           block_shape=(1, R, C), order=(2, 1, 0))
    op = tl.make_block_ptr(base=o, shape=(1, R, C), strides=(R * C, C, 1), offsets=(0, 0, 0),
                           block_shape=(1, R, C), order=(2, 1, 0))
    v = tl.load(xp)
    tl.store(op, tl.where(tl.load(mp) > 0, v + tl.load(yp), v))


def _case(name, rows, columns, mask):
    shape = (1, rows, columns)
    return Case(name, (read("x", shape), read("y", shape), read("mask", shape, mask, values="mask"),
                       written("o", shape)), {"R": rows, "C": columns}, "elementwise", EDGES)


CASES = [_case("r64c64", 64, 64, "float32"), _case("r1c128", 1, 128, "float32"), _case("i32_mask", 8, 64, "int32")]


def reference(inputs, case):
    chosen = np.where(inputs["mask"] > 0, inputs["y"], 0.0)
    return {"o": inputs["x"] + chosen}
