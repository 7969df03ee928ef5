"""Attention of one new token per head over a filled cache, partition by partition."""
import numpy as np

from kernels.cases import Case, number, read, softmax, written
from kernels.optional_triton import tl, triton


@triton.jit
def decode_attention(q, k, v, o, scale, H: tl.constexpr, S: tl.constexpr, D: tl.constexpr, P: tl.constexpr):
    qp = tl.make_block_ptr(base=q, shape=(H, 1, D), strides=(D, D, 1), offsets=(0, 0, 0), block_shape=(H, 1, D),
                           order=(2, 1, 0))
    op = tl.make_block_ptr(base=o, shape=(H, 1, D), strides=(D, D, 1), offsets=(0, 0, 0), block_shape=(H, 1, D),
                           order=(2, 1, 0))
    query = tl.load(qp) * scale
    m = tl.full((H, 1, 1), float("-inf"), dtype=tl.float32)
    l = tl.zeros((H, 1, 1), dtype=tl.float32)
    acc = tl.zeros((H, 1, D), dtype=tl.float32)
    for i in tl.static_range(0, S // P):
        # Offsets from the loop index instead of tl.advance: both must come to the same.
        kp = tl.make_block_ptr(base=k, shape=(H, S, D), strides=(S * D, D, 1), offsets=(0, i * P, 0),
                               block_shape=(H, P, D), order=(2, 1, 0))
        vp = tl.make_block_ptr(base=v, shape=(H, S, D), strides=(S * D, D, 1), offsets=(0, i * P, 0),
                               block_shape=(H, P, D), order=(2, 1, 0))
        s = tl.dot(query, tl.trans(tl.load(kp), 0, 2, 1))
        m_new = tl.maximum(m, tl.max(s, axis=2, keep_dims=True))
        p = tl.exp(s - m_new)
        a = tl.exp(m - m_new)
        l = l * a + tl.sum(p, axis=2, keep_dims=True)
        acc = acc * a + tl.dot(p, tl.load(vp))
        m = m_new
    tl.store(op, acc / l)


def _case(name, h, s, d, p, scale):
    return Case(name, (read("q", (h, 1, d)), read("k", (h, s, d)), read("v", (h, s, d)), written("o", (h, 1, d)),
                       number("scale", scale)), {"H": h, "S": s, "D": d, "P": p},
                edges=("normal", "zeros", "negative_zero"))


CASES = [_case("h8s256", 8, 256, 64, 128, 0.125), _case("h2s384", 2, 384, 128, 128, 0.0884)]


def reference(inputs, case):
    scores = np.einsum("hqd,hsd->hqs", inputs["q"], inputs["k"]) * inputs["scale"]
    return {"o": np.einsum("hqs,hsd->hqd", softmax(scores, axis=2), inputs["v"])}
