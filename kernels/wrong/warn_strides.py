"""Computed by rblnc, wrong with the vendor's compiler: strides that are not those of the shape, to read a transpose.

After the passes of a GPU backend the shape is gone, so only the raw form can be told from a plain one.
"""
from kernels.cases import Case, read, written
from kernels.optional_triton import tl, triton


@triton.jit
def warn_strides(x, o, R: tl.constexpr, C: tl.constexpr):
    xp = tl.make_block_ptr(base=x, shape=(C, R), strides=(1, C), offsets=(0, 0), block_shape=(C, R), order=(0, 1))  # expect: warn_strides
    op = tl.make_block_ptr(base=o, shape=(C, R), strides=(R, 1), offsets=(0, 0), block_shape=(C, R), order=(1, 0))
    v = tl.load(xp)  # expect: warn_strides
    tl.store(op, v)


CASES = [Case("r64c64", (read("x", (64, 64)), written("o", (64, 64))), {"R": 64, "C": 64})]
