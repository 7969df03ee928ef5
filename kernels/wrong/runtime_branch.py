"""A branch on a run-time argument."""
from kernels.cases import Case, number, updated
from kernels.optional_triton import tl, triton


@triton.jit
def runtime_branch(x, n, R: tl.constexpr, C: tl.constexpr):
    xp = tl.make_block_ptr(base=x, shape=(R, C), strides=(C, 1), offsets=(0, 0), block_shape=(R, C), order=(1, 0))
    v = tl.load(xp)
    if n > 3:  # expect: C003
        v = v * 2.0
        tl.store(xp, v)


CASES = [Case("n4", (updated("x", (16, 64)), number("n", 4, "int32")), {"R": 16, "C": 64})]
