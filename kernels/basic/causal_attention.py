"""Prefill attention with a mask of zeros and ones read from memory."""
import numpy as np

from kernels.cases import Case, number, read, softmax, written
from kernels.optional_triton import tl, triton


@triton.jit
def causal_attention(q, k, v, mask, o, scale, H: tl.constexpr, L: tl.constexpr, D: tl.constexpr):
    qp = tl.make_block_ptr(base=q, shape=(H, L, D), strides=(L * D, D, 1), offsets=(0, 0, 0),
                           block_shape=(H, L, D), order=(2, 1, 0))
    kp = tl.make_block_ptr(base=k, shape=(H, L, D), strides=(L * D, D, 1), offsets=(0, 0, 0),
                           block_shape=(H, L, D), order=(2, 1, 0))
    vp = tl.make_block_ptr(base=v, shape=(H, L, D), strides=(L * D, D, 1), offsets=(0, 0, 0),
                           block_shape=(H, L, D), order=(2, 1, 0))
    mp = tl.make_block_ptr(base=mask, shape=(1, L, L), strides=(L * L, L, 1), offsets=(0, 0, 0),
                           block_shape=(1, L, L), order=(2, 1, 0))
    op = tl.make_block_ptr(base=o, shape=(H, L, D), strides=(L * D, D, 1), offsets=(0, 0, 0),
                           block_shape=(H, L, D), order=(2, 1, 0))
    s = tl.dot(tl.load(qp), tl.permute(tl.load(kp), (0, 2, 1))) * scale
    s = tl.where(tl.load(mp) > 0.0, s, float("-inf"))
    e = tl.exp(s - tl.max(s, axis=2, keep_dims=True))
    p = e / tl.sum(e, axis=2, keep_dims=True)
    tl.store(op, tl.dot(p, tl.load(vp)))


def _case(name, h, l, d, scale):
    shape = (h, l, d)
    return Case(name, (read("q", shape), read("k", shape), read("v", shape),
                       read("mask", (1, l, l), values="causal_mask"), written("o", shape), number("scale", scale)),
                {"H": h, "L": l, "D": d}, edges=("normal", "zeros", "negative_zero"))


CASES = [_case("h2l64", 2, 64, 64, 0.125), _case("h4l16", 4, 16, 128, 0.0884)]


def reference(inputs, case):
    scores = np.einsum("hld,hsd->hls", inputs["q"], inputs["k"]) * inputs["scale"]
    visible = np.broadcast_to(inputs["mask"] > 0.0, scores.shape)
    return {"o": softmax(np.where(visible, scores, -np.inf), axis=2) @ inputs["v"]}
