"""A while loop on a run-time condition."""
from kernels.cases import Case, number, updated
from kernels.optional_triton import tl, triton


@triton.jit
def dynamic_while(x, n, R: tl.constexpr, C: tl.constexpr):
    xp = tl.make_block_ptr(base=x, shape=(R, C), strides=(C, 1), offsets=(0, 0), block_shape=(R, C), order=(1, 0))
    acc = tl.load(xp)
    i = 0
    while i < n:  # expect: C001
        acc = acc * 0.5 + 1.0
        i += 2
    tl.store(xp, acc)


CASES = [Case("n3", (updated("x", (16, 64)), number("n", 3, "int32")), {"R": 16, "C": 64})]
