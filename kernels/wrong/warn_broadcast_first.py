"""Computed by rblnc, slow with the vendor's compiler: a broadcast before the transposition in front of a product."""
from kernels.cases import Case, read, written
from kernels.optional_triton import tl, triton


@triton.jit
def warn_broadcast_first(q, k, o, H: tl.constexpr, L: tl.constexpr, P: tl.constexpr, D: tl.constexpr):
    qp = tl.make_block_ptr(base=q, shape=(H, L, D), strides=(L * D, D, 1), offsets=(0, 0, 0),
                           block_shape=(H, L, D), order=(2, 1, 0))
    kp = tl.make_block_ptr(base=k, shape=(1, P, D), strides=(P * D, D, 1), offsets=(0, 0, 0),
                           block_shape=(1, P, D), order=(2, 1, 0))
    op = tl.make_block_ptr(base=o, shape=(H, L, P), strides=(L * P, P, 1), offsets=(0, 0, 0),
                           block_shape=(H, L, P), order=(2, 1, 0))
    wide = tl.broadcast_to(tl.load(kp), (H, P, D))  # expect: warn_broadcast_first
    turned = tl.permute(wide, (0, 2, 1))  # expect: warn_broadcast_first
    tl.store(op, tl.dot(tl.load(qp), turned))  # expect: warn_broadcast_first


CASES = [Case("h4", (read("q", (4, 16, 64)), read("k", (1, 64, 64)), written("o", (4, 16, 64))),
              {"H": 4, "L": 16, "P": 64, "D": 64})]
