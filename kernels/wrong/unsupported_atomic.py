"""An atomic update of one number."""
from kernels.cases import Case, read, updated
from kernels.optional_triton import tl, triton


@triton.jit
def unsupported_atomic(x, total, C: tl.constexpr):
    xp = tl.make_block_ptr(base=x, shape=(1, C), strides=(C, 1), offsets=(0, 0), block_shape=(1, C), order=(1, 0))
    v = tl.load(xp)
    tl.atomic_add(total, tl.sum(v))  # expect: C003


CASES = [Case("c64", (read("x", (1, 64)), updated("total", (1,))), {"C": 64})]
