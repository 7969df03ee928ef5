"""Computed by rblnc, refused by the vendor's compiler: blocks that stick out of their array."""
from kernels.cases import Case, read, written
from kernels.optional_triton import tl, triton


@triton.jit
def warn_boundary_check(x, o, R: tl.constexpr, C: tl.constexpr, B: tl.constexpr):
    xp = tl.make_block_ptr(base=x, shape=(R, C), strides=(C, 1), offsets=(0, 0), block_shape=(B, C), order=(1, 0))
    op = tl.make_block_ptr(base=o, shape=(R, C), strides=(C, 1), offsets=(0, 0), block_shape=(B, C), order=(1, 0))
    v = tl.load(xp, boundary_check=(0,), padding_option="zero")  # expect: warn_boundary_check
    tl.store(op, v + v, boundary_check=(0,))  # expect: warn_boundary_check


CASES = [Case("r13c64", (read("x", (13, 64)), written("o", (13, 64))), {"R": 13, "C": 64, "B": 16})]
