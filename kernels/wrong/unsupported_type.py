"""Double precision, which the chip does not have."""
from kernels.cases import Case, read, written
from kernels.optional_triton import tl, triton


@triton.jit
def unsupported_type(x, o, R: tl.constexpr, C: tl.constexpr):  # expect: C005
    xp = tl.make_block_ptr(base=x, shape=(R, C), strides=(C, 1), offsets=(0, 0), block_shape=(R, C), order=(1, 0))  # expect: C005
    op = tl.make_block_ptr(base=o, shape=(R, C), strides=(C, 1), offsets=(0, 0), block_shape=(R, C), order=(1, 0))  # expect: C005
    v = tl.load(xp)  # expect: C005
    tl.store(op, v + v)  # expect: C005


CASES = [Case("f64", (read("x", (16, 64), "float64"), written("o", (16, 64), "float64")), {"R": 16, "C": 64})]
