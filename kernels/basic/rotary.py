"""Rotary position embedding on the two halves of the last dimension."""
import numpy as np

from kernels.cases import Case, read, written
from kernels.optional_triton import tl, triton


@triton.jit
def rotary(x, cos, sin, o, H: tl.constexpr, L: tl.constexpr, D: tl.constexpr):
    HALF: tl.constexpr = D // 2
    x1p = tl.make_block_ptr(base=x, shape=(H, L, D), strides=(L * D, D, 1), offsets=(0, 0, 0),
                            block_shape=(H, L, HALF), order=(2, 1, 0))
    x2p = tl.make_block_ptr(base=x, shape=(H, L, D), strides=(L * D, D, 1), offsets=(0, 0, HALF),
                            block_shape=(H, L, HALF), order=(2, 1, 0))
    cp = tl.make_block_ptr(base=cos, shape=(1, L, HALF), strides=(L * HALF, HALF, 1), offsets=(0, 0, 0),
                           block_shape=(1, L, HALF), order=(2, 1, 0))
    sp = tl.make_block_ptr(base=sin, shape=(1, L, HALF), strides=(L * HALF, HALF, 1), offsets=(0, 0, 0),
                           block_shape=(1, L, HALF), order=(2, 1, 0))
    o1p = tl.make_block_ptr(base=o, shape=(H, L, D), strides=(L * D, D, 1), offsets=(0, 0, 0),
                            block_shape=(H, L, HALF), order=(2, 1, 0))
    x1 = tl.load(x1p)
    x2 = tl.load(x2p)
    c = tl.load(cp)
    s = tl.load(sp)
    tl.store(o1p, x1 * c - x2 * s)
    tl.store(tl.advance(o1p, (0, 0, HALF)), x2 * c + x1 * s)


def _case(name, heads, length, size):
    table = (1, length, size // 2)
    return Case(name, (read("x", (heads, length, size)), read("cos", table, values="bounded"),
                       read("sin", table, values="bounded"), written("o", (heads, length, size))),
                {"H": heads, "L": length, "D": size})


CASES = [_case("h4l16d128", 4, 16, 128), _case("h2l1d64", 2, 1, 64)]


def reference(inputs, case):
    first, second = np.split(inputs["x"], 2, axis=2)
    turned = (first + 1j * second) * (inputs["cos"] + 1j * inputs["sin"])
    return {"o": np.concatenate([turned.real, turned.imag], axis=2)}
