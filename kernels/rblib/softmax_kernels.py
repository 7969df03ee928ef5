"""Kernels with the softmax operations."""
from rblnc import triton
from rblnc.triton import language as tl
from rblnc.triton.language.extra.rbln import libdevice as rblib


@triton.jit
def softmax_along(x, o, A: tl.constexpr, B: tl.constexpr, C: tl.constexpr, AXIS: tl.constexpr):
    x_ptr = tl.make_block_ptr(base=x, shape=(A, B, C), strides=(B * C, C, 1), offsets=(0, 0, 0), block_shape=(A, B, C),
                              order=(2, 1, 0))
    o_ptr = tl.make_block_ptr(base=o, shape=(A, B, C), strides=(B * C, C, 1), offsets=(0, 0, 0), block_shape=(A, B, C),
                              order=(2, 1, 0))
    tl.store(o_ptr, rblib.softmax(tl.load(x_ptr), AXIS))


@triton.jit
def softmax_masked(x, mask, o, H: tl.constexpr, G: tl.constexpr, L: tl.constexpr, P: tl.constexpr):
    x_ptr = tl.make_block_ptr(base=x, shape=(1, H, G, L, P), strides=(H * G * L * P, G * L * P, L * P, P, 1),
                              offsets=(0, 0, 0, 0, 0), block_shape=(1, H, G, L, P), order=(4, 3, 2, 1, 0))
    m_ptr = tl.make_block_ptr(base=mask, shape=(1, 1, 1, L, P), strides=(L * P, L * P, L * P, P, 1),
                              offsets=(0, 0, 0, 0, 0), block_shape=(1, 1, 1, L, P), order=(4, 3, 2, 1, 0))
    o_ptr = tl.make_block_ptr(base=o, shape=(1, H, G, L, P), strides=(H * G * L * P, G * L * P, L * P, P, 1),
                              offsets=(0, 0, 0, 0, 0), block_shape=(1, H, G, L, P), order=(4, 3, 2, 1, 0))
    tl.store(o_ptr, rblib.masked_softmax(tl.load(x_ptr), tl.load(m_ptr)))


@triton.jit
def softmax_dynamic(x, index, o, H: tl.constexpr, G: tl.constexpr, L: tl.constexpr, P: tl.constexpr, W: tl.constexpr):
    """Causal if W is 0, else over a window of W columns."""
    index_ptr = tl.make_block_ptr(base=index, shape=(1,), strides=(1,), offsets=(0,), block_shape=(1,), order=(0,))
    x_ptr = tl.make_block_ptr(base=x, shape=(1, H, G, L, P), strides=(H * G * L * P, G * L * P, L * P, P, 1),
                              offsets=(0, 0, 0, 0, 0), block_shape=(1, H, G, L, P), order=(4, 3, 2, 1, 0))
    o_ptr = tl.make_block_ptr(base=o, shape=(1, H, G, L, P), strides=(H * G * L * P, G * L * P, L * P, P, 1),
                              offsets=(0, 0, 0, 0, 0), block_shape=(1, H, G, L, P), order=(4, 3, 2, 1, 0))
    first = rblib.to_dynamic_index(index_ptr)
    scores = tl.load(x_ptr)
    if W == 0:
        weights = rblib.dynamic_masked_softmax(scores, first)
    else:
        weights = rblib.window_softmax(scores, first, window_size=W)
    tl.store(o_ptr, weights)
