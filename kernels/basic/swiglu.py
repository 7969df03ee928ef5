"""SwiGLU: the gate through SiLU, times the other branch."""
import numpy as np

from kernels.cases import Case, read, written
from kernels.optional_triton import tl, triton


@triton.jit
def swiglu(gate, up, o, R: tl.constexpr, C: tl.constexpr):
    gp = tl.make_block_ptr(base=gate, shape=(1, R, C), strides=(R * C, C, 1), offsets=(0, 0, 0),
                           block_shape=(1, R, C), order=(2, 1, 0))
    up_ = tl.make_block_ptr(base=up, shape=(1, R, C), strides=(R * C, C, 1), offsets=(0, 0, 0),
                            block_shape=(1, R, C), order=(2, 1, 0))
    op = tl.make_block_ptr(base=o, shape=(1, R, C), strides=(R * C, C, 1), offsets=(0, 0, 0),
                           block_shape=(1, R, C), order=(2, 1, 0))
    g = tl.load(gp).to(tl.float32)
    u = tl.load(up_).to(tl.float32)
    tl.store(op, (g * tl.sigmoid(g) * u).to(o.dtype.element_ty))


def _case(name, rows, columns, dtype="float32", tolerance="f32"):
    shape = (1, rows, columns)
    return Case(name, (read("gate", shape, dtype), read("up", shape, dtype), written("o", shape, dtype)),
                {"R": rows, "C": columns}, tolerance)


CASES = [
    _case("r32c128", 32, 128),
    _case("r1c64", 1, 64),
    _case("f16", 16, 64, "float16", "half"),
]


def reference(inputs, case):
    gate = inputs["gate"]
    # sigmoid(g) = exp(-log(1 + exp(-g))): finite for every g.
    return {"o": gate * np.exp(-np.logaddexp(0.0, -gate)) * inputs["up"]}
