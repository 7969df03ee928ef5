"""Kernels with dynamic_load and dynamic_store."""
from rblnc import triton
from rblnc.triton import language as tl
from rblnc.triton.language.extra.rbln import libdevice as rblib


@triton.jit
def copy_rows(x, count, o, B: tl.constexpr, R: tl.constexpr, C: tl.constexpr, AXIS: tl.constexpr, MORE: tl.constexpr):
    """o[:, :count + MORE] = x[:, :count] and zeros, along AXIS."""
    count_ptr = tl.make_block_ptr(base=count, shape=(1,), strides=(1,), offsets=(0,), block_shape=(1,), order=(0,))
    rows = rblib.to_dynamic_index(count_ptr)
    x_ptr = tl.make_block_ptr(base=x, shape=(B, R, C), strides=(R * C, C, 1), offsets=(0, 0, 0), block_shape=(B, R, C),
                              order=(2, 1, 0))
    o_ptr = tl.make_block_ptr(base=o, shape=(B, R, C), strides=(R * C, C, 1), offsets=(0, 0, 0), block_shape=(B, R, C),
                              order=(2, 1, 0))
    rblib.dynamic_store(o_ptr, rblib.dynamic_load(x_ptr, AXIS, rows), AXIS, rows + MORE)


@triton.jit
def copy_block(x, o, B: tl.constexpr, R: tl.constexpr, C: tl.constexpr):
    """o = x, without an index."""
    x_ptr = tl.make_block_ptr(base=x, shape=(B, R, C), strides=(R * C, C, 1), offsets=(0, 0, 0), block_shape=(B, R, C),
                              order=(2, 1, 0))
    o_ptr = tl.make_block_ptr(base=o, shape=(B, R, C), strides=(R * C, C, 1), offsets=(0, 0, 0), block_shape=(B, R, C),
                              order=(2, 1, 0))
    rblib.dynamic_store(o_ptr, rblib.dynamic_load(x_ptr))


@triton.jit
def foreign_geometry(x, o, block, NB: tl.constexpr, H: tl.constexpr, P: tl.constexpr, D: tl.constexpr):
    """o = x[1, block] where the strides are those of no array, and D is the head size of x and o aligned to 64."""
    block_ptr = tl.make_block_ptr(base=block, shape=(1,), strides=(1,), offsets=(0,), block_shape=(1,), order=(0,))
    number = rblib.to_dynamic_index(block_ptr)
    x_ptr = tl.make_block_ptr(base=x, shape=(2, NB, H, P, D), strides=(2 * NB * H * P * D, NB * H * P * D, P * D, D, 1),
                              offsets=(1, number, 0, 0, 0), block_shape=(1, 1, H, P, D), order=(4, 3, 2, 1, 0))
    o_ptr = tl.make_block_ptr(base=o, shape=(1, 1, H, P, D), strides=(H * P * D, H * P * D, P * D, D, 1),
                              offsets=(0, 0, 0, 0, 0), block_shape=(1, 1, H, P, D), order=(4, 3, 2, 1, 0))
    rblib.dynamic_store(o_ptr, rblib.dynamic_load(x_ptr) + 1.0)
