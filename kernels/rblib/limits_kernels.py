"""Kernels that Triton's own front end refuses."""
from rblnc import triton
from rblnc.triton import language as tl


@triton.jit
def product(a, b, o, scale, A: tl.constexpr, B: tl.constexpr, C: tl.constexpr, M: tl.constexpr, K: tl.constexpr,
            N: tl.constexpr, RANK: tl.constexpr):
    """o = a b scale for rank 4 or 5, no extent a power of two; scale is a 0-d tensor on the host."""
    if RANK == 4:
        a_ptr = tl.make_block_ptr(base=a, shape=(B, C, M, K), strides=(C * M * K, M * K, K, 1), offsets=(0, 0, 0, 0),
                                  block_shape=(B, C, M, K), order=(3, 2, 1, 0))
        b_ptr = tl.make_block_ptr(base=b, shape=(B, C, K, N), strides=(C * K * N, K * N, N, 1), offsets=(0, 0, 0, 0),
                                  block_shape=(B, C, K, N), order=(3, 2, 1, 0))
        o_ptr = tl.make_block_ptr(base=o, shape=(B, C, M, N), strides=(C * M * N, M * N, N, 1), offsets=(0, 0, 0, 0),
                                  block_shape=(B, C, M, N), order=(3, 2, 1, 0))
    else:
        a_ptr = tl.make_block_ptr(base=a, shape=(A, B, C, M, K), strides=(B * C * M * K, C * M * K, M * K, K, 1),
                                  offsets=(0, 0, 0, 0, 0), block_shape=(A, B, C, M, K), order=(4, 3, 2, 1, 0))
        b_ptr = tl.make_block_ptr(base=b, shape=(A, B, C, K, N), strides=(B * C * K * N, C * K * N, K * N, N, 1),
                                  offsets=(0, 0, 0, 0, 0), block_shape=(A, B, C, K, N), order=(4, 3, 2, 1, 0))
        o_ptr = tl.make_block_ptr(base=o, shape=(A, B, C, M, N), strides=(B * C * M * N, C * M * N, M * N, N, 1),
                                  offsets=(0, 0, 0, 0, 0), block_shape=(A, B, C, M, N), order=(4, 3, 2, 1, 0))
    tl.static_assert(len(a_ptr.type.element_ty.shape) == RANK)
    tl.store(o_ptr, tl.dot(tl.load(a_ptr), tl.load(b_ptr)) * scale)


@triton.jit
def accumulate(a, b, o, A: tl.constexpr, B: tl.constexpr, M: tl.constexpr, K: tl.constexpr, N: tl.constexpr,
               T: tl.constexpr):
    """o = a b, T columns of a at a time, added up by tl.dot itself."""
    total = tl.zeros([A, B, M, N], dtype=tl.float32)
    for k in tl.static_range(0, K, T):
        a_ptr = tl.make_block_ptr(base=a, shape=(A, B, M, K), strides=(B * M * K, M * K, K, 1), offsets=(0, 0, 0, k),
                                  block_shape=(A, B, M, T), order=(3, 2, 1, 0))
        b_ptr = tl.make_block_ptr(base=b, shape=(A, B, K, N), strides=(B * K * N, K * N, N, 1), offsets=(0, 0, k, 0),
                                  block_shape=(A, B, T, N), order=(3, 2, 1, 0))
        total = tl.dot(tl.load(a_ptr), tl.load(b_ptr), total)
    o_ptr = tl.make_block_ptr(base=o, shape=(A, B, M, N), strides=(B * M * N, M * N, N, 1), offsets=(0, 0, 0, 0),
                              block_shape=(A, B, M, N), order=(3, 2, 1, 0))
    tl.store(o_ptr, total)


@triton.jit
def row_sums(x, o, A: tl.constexpr, R: tl.constexpr, C: tl.constexpr):
    """x minus the largest and over the sum of its row: reductions over extents that are no power of two."""
    x_ptr = tl.make_block_ptr(base=x, shape=(A, R, C), strides=(R * C, C, 1), offsets=(0, 0, 0), block_shape=(A, R, C),
                              order=(2, 1, 0))
    o_ptr = tl.make_block_ptr(base=o, shape=(A, R, C), strides=(R * C, C, 1), offsets=(0, 0, 0), block_shape=(A, R, C),
                              order=(2, 1, 0))
    v = tl.load(x_ptr)
    e = tl.exp(v - tl.max(v, axis=2, keep_dims=True))
    tl.store(o_ptr, e / tl.sum(e, axis=2, keep_dims=True))
