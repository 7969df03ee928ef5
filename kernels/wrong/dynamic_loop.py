"""A loop that is left in the program although its bounds are constants."""
from kernels.cases import Case, read, written
from kernels.optional_triton import tl, triton


@triton.jit
def dynamic_loop(x, o, R: tl.constexpr, C: tl.constexpr):
    xp = tl.make_block_ptr(base=x, shape=(R, C), strides=(C, 1), offsets=(0, 0), block_shape=(R, 64), order=(1, 0))
    op = tl.make_block_ptr(base=o, shape=(R, 64), strides=(64, 1), offsets=(0, 0), block_shape=(R, 64), order=(1, 0))
    acc = tl.zeros((R, 64), dtype=tl.float32)
    for _ in tl.range(0, C // 64):  # expect: C001
        acc += tl.load(xp)
        xp = tl.advance(xp, (0, 64))
    tl.store(op, acc)


CASES = [Case("constant_bounds", (read("x", (16, 256)), written("o", (16, 64))), {"R": 16, "C": 256})]
