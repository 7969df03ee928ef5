"""One elementwise function of two or three operands per case."""
import numpy as np

from kernels.cases import EDGES, FINITE_EDGES, Case, read, written
from kernels.optional_triton import tl, triton


@triton.jit
def binary_math(x, y, o, F: tl.constexpr, R: tl.constexpr, C: tl.constexpr):
    xp = tl.make_block_ptr(base=x, shape=(1, R, C), strides=(R * C, C, 1), offsets=(0, 0, 0),
                           block_shape=(1, R, C), order=(2, 1, 0))
    yp = tl.make_block_ptr(base=y, shape=(1, R, C), strides=(R * C, C, 1), offsets=(0, 0, 0),
                           block_shape=(1, R, C), order=(2, 1, 0))
    op = tl.make_block_ptr(base=o, shape=(1, R, C), strides=(R * C, C, 1), offsets=(0, 0, 0),
                           block_shape=(1, R, C), order=(2, 1, 0))
    a = tl.load(xp)
    b = tl.load(yp)
    if F == "fdiv":
        r = tl.fdiv(a, b)
    elif F == "div_rn":
        r = tl.div_rn(a, b)
    elif F == "maximum":
        r = tl.maximum(a, b)
    elif F == "minimum":
        r = tl.minimum(a, b)
    elif F == "sub":
        r = a - b
    elif F == "mul":
        r = a * b
    elif F == "fma":
        r = tl.fma(a, b, a)
    elif F == "clamp":
        r = tl.clamp(a, -1.0, 1.0) + b
    else:
        r = tl.where(a < b, a, b * 0.5)
    tl.store(op, r)


def _case(function, tolerance="elementwise", edges=FINITE_EDGES, values="normal"):
    shape = (1, 16, 64)
    return Case(function, (read("x", shape), read("y", shape, values=values), written("o", shape)),
                {"F": function, "R": 16, "C": 64}, tolerance, edges)


CASES = [
    # The divisor stays away from zero: x / 0 has a sign of its own in every implementation of a reference.
    _case("fdiv", edges=("normal", "nan"), values="positive"),
    _case("div_rn", edges=("normal", "nan"), values="positive"),
    # One NaN gives the other operand.
    _case("maximum", "exact", EDGES),
    _case("minimum", "exact", EDGES),
    _case("sub", edges=EDGES),
    _case("mul", edges=EDGES),
    _case("fma", "f32"),
    _case("clamp", "f32"),
    _case("select", edges=EDGES),
]


def reference(inputs, case):
    x, y = inputs["x"], inputs["y"]
    functions = {
        "fdiv": np.divide, "div_rn": np.divide, "maximum": np.fmax, "minimum": np.fmin, "sub": np.subtract,
        "mul": np.multiply, "fma": lambda a, b: a * b + a,
        "clamp": lambda a, b: np.minimum(np.maximum(a, -1.0), 1.0) + b,
        "select": lambda a, b: np.where(np.less(a, b), a, b * 0.5),
    }
    return {"o": functions[case.constexprs["F"]](x, y)}
