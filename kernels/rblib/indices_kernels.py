"""Kernels with dynamic indices alone."""
from rblnc import triton
from rblnc.triton import language as tl
from rblnc.triton.language.extra.rbln import libdevice as rblib


@triton.jit
def gather_block(x, table, o, R: tl.constexpr, C: tl.constexpr, N: tl.constexpr, DIM: tl.constexpr):
    """o = x[table[n]] for the last n; the table has rank 1 or 2."""
    if DIM == 1:
        index_ptr = tl.make_block_ptr(base=table, shape=(N,), strides=(1,), offsets=(N - 1,), block_shape=(1,),
                                      order=(0,))
    else:
        index_ptr = tl.make_block_ptr(base=table, shape=(1, N), strides=(N, 1), offsets=(0, N - 1), block_shape=(1, 1),
                                      order=(1, 0))
    block = rblib.to_dynamic_index(index_ptr)
    x_ptr = tl.make_block_ptr(base=x, shape=(4, R, C), strides=(R * C, C, 1), offsets=(block, 0, 0),
                              block_shape=(1, R, C), order=(2, 1, 0))
    o_ptr = tl.make_block_ptr(base=o, shape=(1, R, C), strides=(R * C, C, 1), offsets=(0, 0, 0), block_shape=(1, R, C),
                              order=(2, 1, 0))
    tl.store(o_ptr, tl.load(x_ptr) + 1.0)


@triton.jit
def skip_partitions(x, offsets, o, NP: tl.constexpr, P: tl.constexpr, C: tl.constexpr, ROW: tl.constexpr,
                    MAX: tl.constexpr):
    """The sum of the partitions of x that are not skipped, each with its rows behind the offset left out."""
    total = tl.zeros([P, C], dtype=tl.float32)
    for p in tl.static_range(0, NP, 1):
        offset_ptr = tl.make_block_ptr(base=offsets, shape=(2, NP), strides=(NP, 1), offsets=(ROW, p),
                                       block_shape=(1, 1), order=(1, 0))
        offset = rblib.to_dynamic_index(offset_ptr, MAX)
        offset = offset.cast(tl.int32)
        if rblib.partition_skip(offset) == False:  # noqa: E712
            x_ptr = tl.make_block_ptr(base=x, shape=(NP * P, C), strides=(C, 1), offsets=(p * P, 0), block_shape=(P, C),
                                      order=(1, 0))
            # One row more than there are: the current partition shows even when it is empty.
            total = total + rblib.dynamic_load(x_ptr, 0, offset + 1)
            if MAX < 0:
                total = total + 0.0 * rblib.dynamic_load(x_ptr, 0, offset)
    o_ptr = tl.make_block_ptr(base=o, shape=(P, C), strides=(C, 1), offsets=(0, 0), block_shape=(P, C), order=(1, 0))
    tl.store(o_ptr, total)
