"""o = a @ b^T with b stored row by row, as the weights of a linear layer are."""
import numpy as np

from kernels.cases import Case, read, written
from kernels.optional_triton import tl, triton


@triton.jit
def matmul_transposed(a, b, o, M: tl.constexpr, N: tl.constexpr, K: tl.constexpr):
    ap = tl.make_block_ptr(base=a, shape=(M, K), strides=(K, 1), offsets=(0, 0), block_shape=(M, K), order=(1, 0))
    bp = tl.make_block_ptr(base=b, shape=(N, K), strides=(K, 1), offsets=(0, 0), block_shape=(N, K), order=(1, 0))
    op = tl.make_block_ptr(base=o, shape=(M, N), strides=(N, 1), offsets=(0, 0), block_shape=(M, N), order=(1, 0))
    r = tl.dot(tl.load(ap), tl.trans(tl.load(bp)))
    tl.store(op, r.to(o.dtype.element_ty))


def _case(name, m, n, k, dtype="float32", result="float32", tolerance="f32"):
    return Case(name, (read("a", (m, k), dtype), read("b", (n, k), dtype), written("o", (m, n), result)),
                {"M": m, "N": n, "K": k}, tolerance)


CASES = [
    _case("m64n64k64", 64, 64, 64),
    _case("m1n128k256", 1, 128, 256),
    _case("f16_to_f32", 16, 64, 128, "float16"),
]


def reference(inputs, case):
    return {"o": np.einsum("mk,nk->mn", inputs["a"], inputs["b"])}
