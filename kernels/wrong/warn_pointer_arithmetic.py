"""Computed by rblnc, refused by the vendor's compiler: a block written as pointer arithmetic."""
from kernels.cases import Case, read, written
from kernels.optional_triton import tl, triton


@triton.jit
def warn_pointer_arithmetic(x, o, R: tl.constexpr, C: tl.constexpr):
    offsets = tl.arange(0, R)[:, None] * C + tl.arange(0, C)[None, :]
    v = tl.load(x + offsets)  # expect: warn_pointer_arithmetic
    tl.store(o + offsets, v + v)  # expect: warn_pointer_arithmetic


CASES = [Case("r16c64", (read("x", (16, 64)), written("o", (16, 64))), {"R": 16, "C": 64})]
