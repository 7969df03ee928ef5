"""A scatter whose offsets are a product of two ranges: no block of an array has such addresses."""
from kernels.cases import Case, updated
from kernels.optional_triton import tl, triton


@triton.jit
def unsupported_scatter(x, C: tl.constexpr):
    i = tl.arange(0, C)
    p = x + i * i  # expect: C004
    v = tl.load(p)  # expect: C004
    tl.store(p, v + v)  # expect: C004


CASES = [Case("c64", (updated("x", (64 * 64,)),), {"C": 64})]
