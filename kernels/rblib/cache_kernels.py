"""Kernels with insert, window_insert, window_slice and nn_pad: rank 3, the rows are the second dimension."""
from rblnc import triton
from rblnc.triton import language as tl
from rblnc.triton.language.extra.rbln import libdevice as rblib


@triton.jit
def insert_rows(data, updates, index, o, H: tl.constexpr, P: tl.constexpr, L: tl.constexpr, D: tl.constexpr):
    index_ptr = tl.make_block_ptr(base=index, shape=(1,), strides=(1,), offsets=(0,), block_shape=(1,), order=(0,))
    d_ptr = tl.make_block_ptr(base=data, shape=(H, P, D), strides=(P * D, D, 1), offsets=(0, 0, 0),
                              block_shape=(H, P, D), order=(2, 1, 0))
    u_ptr = tl.make_block_ptr(base=updates, shape=(H, L, D), strides=(L * D, D, 1), offsets=(0, 0, 0),
                              block_shape=(H, L, D), order=(2, 1, 0))
    o_ptr = tl.make_block_ptr(base=o, shape=(H, P, D), strides=(P * D, D, 1), offsets=(0, 0, 0), block_shape=(H, P, D),
                              order=(2, 1, 0))
    tl.store(o_ptr, rblib.insert(tl.load(d_ptr), tl.load(u_ptr), 1, rblib.to_dynamic_index(index_ptr, P)))


@triton.jit
def slide_window(base, new, start, end, extended, window, H: tl.constexpr, W: tl.constexpr, L: tl.constexpr,
                 D: tl.constexpr):
    start_ptr = tl.make_block_ptr(base=start, shape=(1, 1), strides=(1, 1), offsets=(0, 0), block_shape=(1, 1),
                                  order=(1, 0))
    end_ptr = tl.make_block_ptr(base=end, shape=(1, 1), strides=(1, 1), offsets=(0, 0), block_shape=(1, 1),
                                order=(1, 0))
    b_ptr = tl.make_block_ptr(base=base, shape=(H, W, D), strides=(W * D, D, 1), offsets=(0, 0, 0),
                              block_shape=(H, W, D), order=(2, 1, 0))
    n_ptr = tl.make_block_ptr(base=new, shape=(H, L, D), strides=(L * D, D, 1), offsets=(0, 0, 0),
                              block_shape=(H, L, D), order=(2, 1, 0))
    e_ptr = tl.make_block_ptr(base=extended, shape=(H, W + L, D), strides=((W + L) * D, D, 1), offsets=(0, 0, 0),
                              block_shape=(H, W + L, D), order=(2, 1, 0))
    w_ptr = tl.make_block_ptr(base=window, shape=(H, W, D), strides=(W * D, D, 1), offsets=(0, 0, 0),
                              block_shape=(H, W, D), order=(2, 1, 0))
    buf = rblib.window_insert(tl.load(b_ptr), tl.load(n_ptr), 1, rblib.to_dynamic_index(start_ptr))
    tl.store(e_ptr, buf)
    tl.store(w_ptr, rblib.window_slice(buf, rblib.to_dynamic_index(end_ptr), 1, W))


@triton.jit
def pad_rows(x, o, H: tl.constexpr, R: tl.constexpr, D: tl.constexpr, LOW: tl.constexpr, HIGH: tl.constexpr,
             VALUE: tl.constexpr):
    x_ptr = tl.make_block_ptr(base=x, shape=(H, R, D), strides=(R * D, D, 1), offsets=(0, 0, 0), block_shape=(H, R, D),
                              order=(2, 1, 0))
    o_ptr = tl.make_block_ptr(base=o, shape=(H, LOW + R + HIGH, D), strides=((LOW + R + HIGH) * D, D, 1),
                              offsets=(0, 0, 0), block_shape=(H, LOW + R + HIGH, D), order=(2, 1, 0))
    tl.store(o_ptr, rblib.nn_pad(tl.load(x_ptr), VALUE, -2, (LOW, HIGH), "constant"))
