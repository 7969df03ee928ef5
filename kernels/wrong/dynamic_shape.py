"""An array whose extent and strides are arguments."""
from kernels.cases import Case, number, read, written
from kernels.optional_triton import tl, triton


@triton.jit
def dynamic_shape(x, o, n, R: tl.constexpr, C: tl.constexpr):
    xp = tl.make_block_ptr(base=x, shape=(R, n), strides=(n, 1), offsets=(0, 0), block_shape=(R, C), order=(1, 0))  # expect: C008
    op = tl.make_block_ptr(base=o, shape=(R, C), strides=(C, 1), offsets=(0, 0), block_shape=(R, C), order=(1, 0))
    v = tl.load(xp, boundary_check=(1,), padding_option="zero")  # expect: C008
    tl.store(op, v)


CASES = [Case("n100", (read("x", (16, 100)), written("o", (16, 128)), number("n", 100, "int32")),
              {"R": 16, "C": 128})]
