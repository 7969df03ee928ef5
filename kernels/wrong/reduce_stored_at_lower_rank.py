"""A row maximum that is stored at lower rank."""
from kernels.cases import Case, read, written
from kernels.optional_triton import tl, triton


@triton.jit
def reduce_stored_at_lower_rank(x, o, R: tl.constexpr, C: tl.constexpr):
    xp = tl.make_block_ptr(base=x, shape=(R, C), strides=(C, 1), offsets=(0, 0), block_shape=(R, C), order=(1, 0))
    op = tl.make_block_ptr(base=o, shape=(R,), strides=(1,), offsets=(0,), block_shape=(R,), order=(0,))
    v = tl.load(xp)
    m = tl.max(v, axis=1)  # expect: C002
    tl.store(op, m)


CASES = [Case("r64c64", (read("x", (64, 64)), written("o", (64,))), {"R": 64, "C": 64})]
