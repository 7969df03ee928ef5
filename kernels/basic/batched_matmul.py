"""o[b] = a[b] @ c[b], one block for each operand."""
import numpy as np

from kernels.cases import Case, read, written
from kernels.optional_triton import tl, triton


@triton.jit
def batched_matmul(a, c, o, B: tl.constexpr, M: tl.constexpr, K: tl.constexpr, N: tl.constexpr):
    ap = tl.make_block_ptr(base=a, shape=(B, M, K), strides=(M * K, K, 1), offsets=(0, 0, 0),
                           block_shape=(B, M, K), order=(2, 1, 0))
    cp = tl.make_block_ptr(base=c, shape=(B, K, N), strides=(K * N, N, 1), offsets=(0, 0, 0),
                           block_shape=(B, K, N), order=(2, 1, 0))
    op = tl.make_block_ptr(base=o, shape=(B, M, N), strides=(M * N, N, 1), offsets=(0, 0, 0),
                           block_shape=(B, M, N), order=(2, 1, 0))
    r = tl.dot(tl.load(ap), tl.load(cp), input_precision="ieee")
    tl.store(op, r.to(o.dtype.element_ty))


def _case(name, b, m, k, n, dtype="float32", result="float32", tolerance="f32"):
    return Case(name, (read("a", (b, m, k), dtype), read("c", (b, k, n), dtype), written("o", (b, m, n), result)),
                {"B": b, "M": m, "K": k, "N": n}, tolerance)


CASES = [
    _case("b2m32k64n64", 2, 32, 64, 64),
    _case("b8m1k128n64", 8, 1, 128, 64),
    _case("f16", 2, 16, 64, 64, "float16", "float16", "half"),
    _case("f16_to_f32", 4, 16, 64, 64, "float16"),
    _case("bf16_to_f32", 2, 16, 64, 64, "bfloat16"),
]


def reference(inputs, case):
    return {"o": np.einsum("bmk,bkn->bmn", inputs["a"], inputs["c"])}
