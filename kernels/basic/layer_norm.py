"""Layer normalisation with weight and bias rows; eps stays a run-time argument."""
import numpy as np

from kernels.cases import Case, number, read, written
from kernels.optional_triton import tl, triton


@triton.jit
def layer_norm(x, w, b, o, eps, R: tl.constexpr, C: tl.constexpr):
    xp = tl.make_block_ptr(base=x, shape=(1, R, C), strides=(R * C, C, 1), offsets=(0, 0, 0),
                           block_shape=(1, R, C), order=(2, 1, 0))
    wp = tl.make_block_ptr(base=w, shape=(1, 1, C), strides=(C, C, 1), offsets=(0, 0, 0),
                           block_shape=(1, 1, C), order=(2, 1, 0))
    bp = tl.make_block_ptr(base=b, shape=(1, 1, C), strides=(C, C, 1), offsets=(0, 0, 0),
                           block_shape=(1, 1, C), order=(2, 1, 0))
    op = tl.make_block_ptr(base=o, shape=(1, R, C), strides=(R * C, C, 1), offsets=(0, 0, 0),
                           block_shape=(1, R, C), order=(2, 1, 0))
    v = tl.load(xp)
    mean = tl.sum(v, axis=2, keep_dims=True) / C
    d = v - mean
    var = tl.sum(d * d, axis=2, keep_dims=True) / C
    tl.store(op, d * tl.rsqrt(var + eps) * tl.load(wp) + tl.load(bp))


def _case(name, rows, columns, eps):
    row = (1, 1, columns)
    return Case(name, (read("x", (1, rows, columns)), read("w", row), read("b", row),
                       written("o", (1, rows, columns)), number("eps", eps)), {"R": rows, "C": columns})


CASES = [_case("r32c128", 32, 128, 1e-5), _case("r1c256", 1, 256, 1e-6)]


def reference(inputs, case):
    x = inputs["x"]
    variance = np.var(x, axis=2, keepdims=True)
    normal = (x - np.mean(x, axis=2, keepdims=True)) / np.sqrt(variance + inputs["eps"])
    return {"o": normal * inputs["w"] + inputs["b"]}
