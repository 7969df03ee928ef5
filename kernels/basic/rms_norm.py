"""Root-mean-square normalisation; the statistics are float32 whatever the element type."""
import numpy as np

from kernels.cases import Case, number, read, written
from kernels.optional_triton import tl, triton


@triton.jit
def rms_norm(x, w, o, eps, R: tl.constexpr, C: tl.constexpr):
    xp = tl.make_block_ptr(base=x, shape=(1, R, C), strides=(R * C, C, 1), offsets=(0, 0, 0),
                           block_shape=(1, R, C), order=(2, 1, 0))
    wp = tl.make_block_ptr(base=w, shape=(1, 1, C), strides=(C, C, 1), offsets=(0, 0, 0),
                           block_shape=(1, 1, C), order=(2, 1, 0))
    op = tl.make_block_ptr(base=o, shape=(1, R, C), strides=(R * C, C, 1), offsets=(0, 0, 0),
                           block_shape=(1, R, C), order=(2, 1, 0))
    v = tl.load(xp).to(tl.float32)
    mean_square = tl.sum(v * v, axis=2, keep_dims=True) / C
    n = v / tl.sqrt(mean_square + eps)
    tl.store(op, (n * tl.load(wp).to(tl.float32)).to(o.dtype.element_ty))


def _case(name, rows, columns, eps, dtype="float32", tolerance="f32"):
    shape = (1, rows, columns)
    return Case(name, (read("x", shape, dtype), read("w", (1, 1, columns), dtype), written("o", shape, dtype),
                       number("eps", eps)), {"R": rows, "C": columns}, tolerance)


CASES = [
    _case("r32c128", 32, 128, 1e-6),
    _case("r2c512", 2, 512, 1e-3),
    _case("f16", 16, 64, 1e-5, "float16", "half"),
]


def reference(inputs, case):
    x = inputs["x"]
    power = np.einsum("brc,brc->br", x, x)[..., None] / x.shape[2]
    return {"o": x * inputs["w"] * (power + inputs["eps"]) ** -0.5}
