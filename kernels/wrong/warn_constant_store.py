"""Computed by rblnc, refused by the vendor's compiler: a result that no input has a part in."""
from kernels.cases import Case, read, written
from kernels.optional_triton import tl, triton


@triton.jit
def warn_constant_store(x, o, R: tl.constexpr, C: tl.constexpr):
    xp = tl.make_block_ptr(base=x, shape=(1, R, C), strides=(R * C, C, 1), offsets=(0, 0, 0),
                           block_shape=(1, R, C), order=(2, 1, 0))
    op = tl.make_block_ptr(base=o, shape=(1, R, C), strides=(R * C, C, 1), offsets=(0, 0, 0),
                           block_shape=(1, R, C), order=(2, 1, 0))
    v = tl.load(xp)
    tl.store(xp, v + v)
    tl.store(op, tl.zeros((1, R, C), dtype=tl.float32))  # expect: warn_constant_store


CASES = [Case("r16c64", (read("x", (1, 16, 64)), written("o", (1, 16, 64))), {"R": 16, "C": 64})]
