"""A gather: the addresses come out of memory."""
from kernels.cases import Case, read, written
from kernels.optional_triton import tl, triton


@triton.jit
def unsupported_pointer(x, index, o, N: tl.constexpr, C: tl.constexpr):
    ip = tl.make_block_ptr(base=index, shape=(C,), strides=(1,), offsets=(0,), block_shape=(C,), order=(0,))
    op = tl.make_block_ptr(base=o, shape=(C,), strides=(1,), offsets=(0,), block_shape=(C,), order=(0,))
    i = tl.load(ip)
    v = tl.load(x + i)  # expect: C004
    tl.store(op, v)


CASES = [Case("n256c64", (read("x", (256,)), read("index", (64,), "int32", values="index"), written("o", (64,))),
              {"N": 256, "C": 64})]
