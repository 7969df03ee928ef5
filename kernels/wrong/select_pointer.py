"""Which array is read is decided at run time: an address out of a choice."""
from kernels.cases import Case, number, read, written
from kernels.optional_triton import tl, triton


@triton.jit
def select_pointer(x, y, o, n, C: tl.constexpr):
    offsets = tl.arange(0, C)
    p = tl.where(offsets < n, x + offsets, y + offsets)  # expect: C004
    v = tl.load(p)  # expect: C004
    tl.store(o + offsets, v)


CASES = [Case("c64", (read("x", (64,)), read("y", (64,)), written("o", (64,)), number("n", 32, "int32")), {"C": 64})]
