"""Kernels with the operations of flash attention."""
from rblnc import triton
from rblnc.triton import language as tl
from rblnc.triton.language.extra.rbln import libdevice as rblib


@triton.jit
def tile(x, mask, index, m_prev, m, p, s, H: tl.constexpr, G: tl.constexpr, L: tl.constexpr, P: tl.constexpr,
         CAUSAL: tl.constexpr, PREVIOUS: tl.constexpr):
    """m and s are stored once for every column."""
    index_ptr = tl.make_block_ptr(base=index, shape=(1,), strides=(1,), offsets=(0,), block_shape=(1,), order=(0,))
    x_ptr = tl.make_block_ptr(base=x, shape=(1, H, G, L, P), strides=(H * G * L * P, G * L * P, L * P, P, 1),
                              offsets=(0, 0, 0, 0, 0), block_shape=(1, H, G, L, P), order=(4, 3, 2, 1, 0))
    mask_ptr = tl.make_block_ptr(base=mask, shape=(1, 1, 1, L, P), strides=(L * P, L * P, L * P, P, 1),
                                 offsets=(0, 0, 0, 0, 0), block_shape=(1, 1, 1, L, P), order=(4, 3, 2, 1, 0))
    prev_ptr = tl.make_block_ptr(base=m_prev, shape=(1, H, G, L, P), strides=(H * G * L * P, G * L * P, L * P, P, 1),
                                 offsets=(0, 0, 0, 0, 0), block_shape=(1, H, G, L, P), order=(4, 3, 2, 1, 0))
    m_ptr = tl.make_block_ptr(base=m, shape=(1, H, G, L, P), strides=(H * G * L * P, G * L * P, L * P, P, 1),
                              offsets=(0, 0, 0, 0, 0), block_shape=(1, H, G, L, P), order=(4, 3, 2, 1, 0))
    p_ptr = tl.make_block_ptr(base=p, shape=(1, H, G, L, P), strides=(H * G * L * P, G * L * P, L * P, P, 1),
                              offsets=(0, 0, 0, 0, 0), block_shape=(1, H, G, L, P), order=(4, 3, 2, 1, 0))
    s_ptr = tl.make_block_ptr(base=s, shape=(1, H, G, L, P), strides=(H * G * L * P, G * L * P, L * P, P, 1),
                              offsets=(0, 0, 0, 0, 0), block_shape=(1, H, G, L, P), order=(4, 3, 2, 1, 0))
    before = tl.max(tl.load(prev_ptr), axis=4, keep_dims=True)
    first = rblib.to_dynamic_index(index_ptr)
    if CAUSAL:
        if PREVIOUS:
            high, weights, total = rblib.dynamic_flash_attn_tile(tl.load(x_ptr), first, before)
        else:
            high, weights, total = rblib.causal_flash_attn_tile(tl.load(x_ptr), first)
    else:
        if PREVIOUS:
            high, weights, total = rblib.flash_attn_tile(tl.load(x_ptr), tl.load(mask_ptr), before)
        else:
            high, weights, total = rblib.flash_attn_tile(tl.load(x_ptr), tl.load(mask_ptr))
    tl.store(m_ptr, tl.broadcast_to(high, (1, H, G, L, P)))
    tl.store(p_ptr, weights)
    tl.store(s_ptr, tl.broadcast_to(total, (1, H, G, L, P)))


@triton.jit
def recompute(m_prev, m, s_prev, s_cur, o_prev, o_cur, s, o, R: tl.constexpr, D: tl.constexpr):
    """Row statistics come in and go out once for every column."""
    a_ptr = tl.make_block_ptr(base=m_prev, shape=(R, D), strides=(D, 1), offsets=(0, 0), block_shape=(R, D),
                              order=(1, 0))
    b_ptr = tl.make_block_ptr(base=m, shape=(R, D), strides=(D, 1), offsets=(0, 0), block_shape=(R, D),
                              order=(1, 0))
    c_ptr = tl.make_block_ptr(base=s_prev, shape=(R, D), strides=(D, 1), offsets=(0, 0), block_shape=(R, D),
                              order=(1, 0))
    d_ptr = tl.make_block_ptr(base=s_cur, shape=(R, D), strides=(D, 1), offsets=(0, 0), block_shape=(R, D),
                              order=(1, 0))
    e_ptr = tl.make_block_ptr(base=o_prev, shape=(R, D), strides=(D, 1), offsets=(0, 0), block_shape=(R, D),
                              order=(1, 0))
    f_ptr = tl.make_block_ptr(base=o_cur, shape=(R, D), strides=(D, 1), offsets=(0, 0), block_shape=(R, D),
                              order=(1, 0))
    s_ptr = tl.make_block_ptr(base=s, shape=(R, D), strides=(D, 1), offsets=(0, 0), block_shape=(R, D),
                              order=(1, 0))
    o_ptr = tl.make_block_ptr(base=o, shape=(R, D), strides=(D, 1), offsets=(0, 0), block_shape=(R, D),
                              order=(1, 0))
    total, result = rblib.flash_attn_recompute(
        tl.max(tl.load(a_ptr), axis=1, keep_dims=True), tl.max(tl.load(b_ptr), axis=1, keep_dims=True),
        tl.max(tl.load(c_ptr), axis=1, keep_dims=True), tl.max(tl.load(d_ptr), axis=1, keep_dims=True),
        tl.load(e_ptr), tl.load(f_ptr))
    tl.store(s_ptr, tl.broadcast_to(total, (R, D)))
    tl.store(o_ptr, result)
