"""A kernel written for a grid of many programs: there is one, number 0, and the vendor refuses the question."""
from kernels.cases import Case, updated
from kernels.optional_triton import tl, triton


@triton.jit
def warn_program_id(x, R: tl.constexpr, C: tl.constexpr, B: tl.constexpr):
    i = tl.program_id(0)  # expect: warn_program_id
    xp = tl.make_block_ptr(base=x, shape=(R, C), strides=(C, 1), offsets=(i * B, 0), block_shape=(B, C), order=(1, 0))
    v = tl.load(xp)
    tl.store(xp, v + v)


CASES = [Case("r64c64", (updated("x", (64, 64)),), {"R": 64, "C": 64, "B": 16})]
