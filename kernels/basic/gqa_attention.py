"""Attention with grouped queries at rank 5, the layout that vLLM's kernels use."""
import numpy as np

from kernels.cases import Case, number, read, softmax, written
from kernels.optional_triton import tl, triton


@triton.jit
def gqa_attention(q, k, v, o, scale, H: tl.constexpr, G: tl.constexpr, L: tl.constexpr, P: tl.constexpr,
                  D: tl.constexpr):
    qp = tl.make_block_ptr(base=q, shape=(1, H, G, L, D), strides=(H * G * L * D, G * L * D, L * D, D, 1),
                           offsets=(0, 0, 0, 0, 0), block_shape=(1, H, G, L, D), order=(4, 3, 2, 1, 0))
    kp = tl.make_block_ptr(base=k, shape=(1, H, 1, P, D), strides=(H * P * D, P * D, P * D, D, 1),
                           offsets=(0, 0, 0, 0, 0), block_shape=(1, H, 1, P, D), order=(4, 3, 2, 1, 0))
    vp = tl.make_block_ptr(base=v, shape=(1, H, 1, P, D), strides=(H * P * D, P * D, P * D, D, 1),
                           offsets=(0, 0, 0, 0, 0), block_shape=(1, H, 1, P, D), order=(4, 3, 2, 1, 0))
    op = tl.make_block_ptr(base=o, shape=(1, H, G, L, D), strides=(H * G * L * D, G * L * D, L * D, D, 1),
                           offsets=(0, 0, 0, 0, 0), block_shape=(1, H, G, L, D), order=(4, 3, 2, 1, 0))
    kt = tl.broadcast_to(tl.permute(tl.load(kp), (0, 1, 2, 4, 3)), (1, H, G, D, P))
    s = tl.dot(tl.load(qp), kt) * scale
    e = tl.exp(s - tl.max(s, axis=4, keep_dims=True))
    p = e / tl.sum(e, axis=4, keep_dims=True)
    tl.store(op, tl.dot(p, tl.broadcast_to(tl.load(vp), (1, H, G, P, D))))


def _case(name, h, g, l, p, d, scale):
    query, key = (1, h, g, l, d), (1, h, 1, p, d)
    return Case(name, (read("q", query), read("k", key), read("v", key), written("o", query),
                       number("scale", scale)), {"H": h, "G": g, "L": l, "P": p, "D": d},
                edges=("normal", "zeros", "negative_zero"), versions=("3.6.0",))


CASES = [_case("h2g4l16p64", 2, 4, 16, 64, 64, 0.125), _case("h4g1l1p128", 4, 1, 1, 128, 64, 0.125)]


def reference(inputs, case):
    groups = inputs["q"].shape[2]
    key, value = (np.repeat(inputs[name], groups, axis=2) for name in ("k", "v"))
    scores = np.einsum("bhgld,bhgpd->bhglp", inputs["q"], key) * inputs["scale"]
    return {"o": np.einsum("bhglp,bhgpd->bhgld", softmax(scores, axis=4), value)}
