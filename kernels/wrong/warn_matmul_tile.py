"""Computed by rblnc, refused by the vendor's compiler: a product whose result has a side of 1024 or more."""
from kernels.cases import Case, read, written
from kernels.optional_triton import tl, triton


@triton.jit
def warn_matmul_tile(a, b, o, M: tl.constexpr, K: tl.constexpr, N: tl.constexpr):
    ap = tl.make_block_ptr(base=a, shape=(M, K), strides=(K, 1), offsets=(0, 0), block_shape=(M, K), order=(1, 0))
    bp = tl.make_block_ptr(base=b, shape=(K, N), strides=(N, 1), offsets=(0, 0), block_shape=(K, N), order=(1, 0))
    op = tl.make_block_ptr(base=o, shape=(M, N), strides=(N, 1), offsets=(0, 0), block_shape=(M, N), order=(1, 0))
    r = tl.dot(tl.load(ap), tl.load(bp))  # expect: warn_matmul_tile
    tl.store(op, r)


CASES = [Case("n1024", (read("a", (16, 64)), read("b", (64, 1024)), written("o", (16, 1024))),
              {"M": 16, "K": 64, "N": 1024})]
