"""A row sum that is worked with at lower rank before it is broadcast."""
from kernels.cases import Case, read, written
from kernels.optional_triton import tl, triton


@triton.jit
def reduce_without_keep_dims(x, o, R: tl.constexpr, C: tl.constexpr):
    xp = tl.make_block_ptr(base=x, shape=(R, C), strides=(C, 1), offsets=(0, 0), block_shape=(R, C), order=(1, 0))
    op = tl.make_block_ptr(base=o, shape=(R, C), strides=(C, 1), offsets=(0, 0), block_shape=(R, C), order=(1, 0))
    v = tl.load(xp)
    s = tl.sum(v, axis=1)  # expect: C002
    r = 1.0 / (s + 4.0)
    tl.store(op, v * r[:, None])


CASES = [Case("r16c64", (read("x", (16, 64)), written("o", (16, 64))), {"R": 16, "C": 64})]
