"""Computed by rblnc, refused by the vendor's compiler: the high half of an integer product."""
from kernels.cases import Case, read, written
from kernels.optional_triton import tl, triton


@triton.jit
def warn_umulhi(x, o, R: tl.constexpr, C: tl.constexpr):
    xp = tl.make_block_ptr(base=x, shape=(R, C), strides=(C, 1), offsets=(0, 0), block_shape=(R, C), order=(1, 0))
    op = tl.make_block_ptr(base=o, shape=(R, C), strides=(C, 1), offsets=(0, 0), block_shape=(R, C), order=(1, 0))
    v = tl.load(xp)
    r = tl.umulhi(v, v)  # expect: warn_umulhi
    tl.store(op, r)


CASES = [Case("r16c64", (read("x", (16, 64), "int32"), written("o", (16, 64), "int32")), {"R": 16, "C": 64})]
