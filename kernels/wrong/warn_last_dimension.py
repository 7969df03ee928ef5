"""Computed by rblnc, refused by the vendor's compiler: a last dimension that is no multiple of 64."""
from kernels.cases import Case, read, written
from kernels.optional_triton import tl, triton


@triton.jit
def warn_last_dimension(x, o, R: tl.constexpr, C: tl.constexpr):
    xp = tl.make_block_ptr(base=x, shape=(1, R, C), strides=(R * C, C, 1), offsets=(0, 0, 0), block_shape=(1, R, C), order=(2, 1, 0))  # expect: warn_last_dimension
    op = tl.make_block_ptr(base=o, shape=(1, R, C), strides=(R * C, C, 1), offsets=(0, 0, 0), block_shape=(1, R, C), order=(2, 1, 0))  # expect: warn_last_dimension
    v = tl.load(xp)  # expect: warn_last_dimension
    tl.store(op, v + v)  # expect: warn_last_dimension


CASES = [Case("c32", (read("x", (1, 16, 32)), written("o", (1, 16, 32))), {"R": 16, "C": 32})]
