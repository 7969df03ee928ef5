"""Computed by rblnc, refused by the vendor's compiler: a product tiled over rows and columns of its result."""
from kernels.cases import Case, read, written
from kernels.optional_triton import tl, triton


@triton.jit
def warn_matmul_tiling(a, b, o, M: tl.constexpr, K: tl.constexpr, N: tl.constexpr, T: tl.constexpr):
    for i in tl.static_range(0, M // T):
        for j in tl.static_range(0, N // T):
            ap = tl.make_block_ptr(base=a, shape=(M, K), strides=(K, 1), offsets=(i * T, 0), block_shape=(T, K),
                                   order=(1, 0))
            bp = tl.make_block_ptr(base=b, shape=(K, N), strides=(N, 1), offsets=(0, j * T), block_shape=(K, T),
                                   order=(1, 0))
            op = tl.make_block_ptr(base=o, shape=(M, N), strides=(N, 1), offsets=(i * T, j * T), block_shape=(T, T),
                                   order=(1, 0))
            r = tl.dot(tl.load(ap), tl.load(bp))  # expect: warn_matmul_tiling
            tl.store(op, r)  # expect: warn_matmul_tiling


CASES = [Case("m128n128", (read("a", (128, 64)), read("b", (64, 128)), written("o", (128, 128))),
              {"M": 128, "K": 64, "N": 128, "T": 64})]
