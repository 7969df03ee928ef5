"""o = a @ b, one block for each operand: cutting it into tiles is the compiler's task."""
from kernels.optional_triton import tl, triton


@triton.jit
def matmul(a, b, o, M: tl.constexpr, K: tl.constexpr, N: tl.constexpr):
    ap = tl.make_block_ptr(base=a, shape=(M, K), strides=(K, 1), offsets=(0, 0), block_shape=(M, K), order=(1, 0))
    bp = tl.make_block_ptr(base=b, shape=(K, N), strides=(N, 1), offsets=(0, 0), block_shape=(K, N), order=(1, 0))
    op = tl.make_block_ptr(base=o, shape=(M, N), strides=(N, 1), offsets=(0, 0), block_shape=(M, N), order=(1, 0))
    tl.store(op, tl.dot(tl.load(ap), tl.load(bp)).to(o.dtype.element_ty))
