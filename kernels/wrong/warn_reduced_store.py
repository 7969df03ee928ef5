"""Computed by rblnc, refused by the vendor's compiler: a stored block whose last dimension was reduced to 1."""
from kernels.cases import Case, read, written
from kernels.optional_triton import tl, triton


@triton.jit
def warn_reduced_store(x, o, R: tl.constexpr, C: tl.constexpr):
    xp = tl.make_block_ptr(base=x, shape=(1, R, C), strides=(R * C, C, 1), offsets=(0, 0, 0),
                           block_shape=(1, R, C), order=(2, 1, 0))
    op = tl.make_block_ptr(base=o, shape=(1, R, 1), strides=(R, 1, 1), offsets=(0, 0, 0), block_shape=(1, R, 1),
                           order=(2, 1, 0))
    m = tl.max(tl.load(xp), axis=2, keep_dims=True)  # expect: warn_reduced_store
    tl.store(op, m)  # expect: warn_reduced_store


CASES = [Case("r16c64", (read("x", (1, 16, 64)), written("o", (1, 16, 1))), {"R": 16, "C": 64})]
