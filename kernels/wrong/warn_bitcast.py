"""Computed by rblnc, refused by the vendor's compiler: the bits of a number read as another type."""
from kernels.cases import Case, read, written
from kernels.optional_triton import tl, triton


@triton.jit
def warn_bitcast(x, o, R: tl.constexpr, C: tl.constexpr):
    xp = tl.make_block_ptr(base=x, shape=(1, R, C), strides=(R * C, C, 1), offsets=(0, 0, 0),
                           block_shape=(1, R, C), order=(2, 1, 0))
    op = tl.make_block_ptr(base=o, shape=(1, R, C), strides=(R * C, C, 1), offsets=(0, 0, 0),
                           block_shape=(1, R, C), order=(2, 1, 0))
    v = tl.load(xp)
    i = v.to(tl.int32, bitcast=True) & 0x7FFFFFFF  # expect: warn_bitcast
    tl.store(op, i.to(tl.float32, bitcast=True))  # expect: warn_bitcast


CASES = [Case("r16c64", (read("x", (1, 16, 64)), written("o", (1, 16, 64))), {"R": 16, "C": 64})]
