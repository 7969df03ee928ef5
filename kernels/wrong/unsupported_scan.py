"""A running sum along the rows."""
from kernels.cases import Case, updated
from kernels.optional_triton import tl, triton


@triton.jit
def unsupported_scan(x, R: tl.constexpr, C: tl.constexpr):
    xp = tl.make_block_ptr(base=x, shape=(R, C), strides=(C, 1), offsets=(0, 0), block_shape=(R, C), order=(1, 0))
    v = tl.load(xp)
    c = tl.cumsum(v, axis=1)  # expect: C003
    tl.store(xp, c)


CASES = [Case("r16c64", (updated("x", (16, 64)),), {"R": 16, "C": 64})]
