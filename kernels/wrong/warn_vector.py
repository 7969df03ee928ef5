"""Computed by rblnc, refused by the vendor's compiler: a parameter vector as a block of rank 1."""
from kernels.cases import Case, read, written
from kernels.optional_triton import tl, triton


@triton.jit
def warn_vector(x, w, o, R: tl.constexpr, C: tl.constexpr):
    xp = tl.make_block_ptr(base=x, shape=(R, C), strides=(C, 1), offsets=(0, 0), block_shape=(R, C), order=(1, 0))
    wp = tl.make_block_ptr(base=w, shape=(C,), strides=(1,), offsets=(0,), block_shape=(C,), order=(0,))  # expect: warn_vector
    op = tl.make_block_ptr(base=o, shape=(R, C), strides=(C, 1), offsets=(0, 0), block_shape=(R, C), order=(1, 0))
    w_row = tl.load(wp)  # expect: warn_vector
    tl.store(op, tl.load(xp) * w_row[None, :])


CASES = [Case("r16c64", (read("x", (16, 64)), read("w", (64,)), written("o", (16, 64))), {"R": 16, "C": 64})]
