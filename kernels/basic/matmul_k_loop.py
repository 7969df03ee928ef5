"""A product tiled over rows and over the contracted dimension, both loops static."""
import numpy as np

from kernels.cases import Case, read, written
from kernels.optional_triton import tl, triton


@triton.jit
def matmul_k_loop(a, b, o, M: tl.constexpr, K: tl.constexpr, N: tl.constexpr, TM: tl.constexpr, TK: tl.constexpr):
    for i in tl.static_range(0, M // TM):
        ap = tl.make_block_ptr(base=a, shape=(M, K), strides=(K, 1), offsets=(i * TM, 0), block_shape=(TM, TK),
                               order=(1, 0))
        bp = tl.make_block_ptr(base=b, shape=(K, N), strides=(N, 1), offsets=(0, 0), block_shape=(TK, N),
                               order=(1, 0))
        op = tl.make_block_ptr(base=o, shape=(M, N), strides=(N, 1), offsets=(i * TM, 0), block_shape=(TM, N),
                               order=(1, 0))
        acc = tl.zeros((TM, N), dtype=tl.float32)
        for _ in tl.static_range(0, K // TK):
            acc += tl.dot(tl.load(ap), tl.load(bp))
            ap = tl.advance(ap, (0, TK))
            bp = tl.advance(bp, (TK, 0))
        tl.store(op, acc.to(o.dtype.element_ty))


def _case(name, m, k, n, tm, tk, dtype="float32", result="float32", tolerance="f32"):
    return Case(name, (read("a", (m, k), dtype), read("b", (k, n), dtype), written("o", (m, n), result)),
                {"M": m, "K": k, "N": n, "TM": tm, "TK": tk}, tolerance)


CASES = [
    _case("m32k256n64", 32, 256, 64, 32, 64),
    # Three row tiles and three steps: arrays need not be powers of two, only blocks.
    _case("m48k192n128", 48, 192, 128, 16, 64),
    _case("f16_to_f32", 16, 128, 64, 16, 64, "float16"),
    _case("f16", 16, 128, 64, 16, 64, "float16", "float16", "half"),
]


def reference(inputs, case):
    return {"o": np.tensordot(inputs["a"], inputs["b"], axes=1)}
