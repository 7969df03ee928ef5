"""o = x + y over one rank-3 block."""
from kernels.cases import EDGES, Case, read, written
from kernels.optional_triton import tl, triton


@triton.jit
def vector_add(x, y, o, R: tl.constexpr, C: tl.constexpr):
    xp = tl.make_block_ptr(base=x, shape=(1, R, C), strides=(R * C, C, 1), offsets=(0, 0, 0),
                           block_shape=(1, R, C), order=(2, 1, 0))
    yp = tl.make_block_ptr(base=y, shape=(1, R, C), strides=(R * C, C, 1), offsets=(0, 0, 0),
                           block_shape=(1, R, C), order=(2, 1, 0))
    op = tl.make_block_ptr(base=o, shape=(1, R, C), strides=(R * C, C, 1), offsets=(0, 0, 0),
                           block_shape=(1, R, C), order=(2, 1, 0))
    tl.store(op, tl.load(xp) + tl.load(yp))


def _case(name, rows, columns, dtype="float32", tolerance="elementwise"):
    shape = (1, rows, columns)
    return Case(name, (read("x", shape, dtype), read("y", shape, dtype), written("o", shape, dtype)),
                {"R": rows, "C": columns}, tolerance, EDGES)


CASES = [
    _case("r64c64", 64, 64),
    _case("r1c512", 1, 512),
    _case("r2c32", 2, 32),
    _case("f16", 16, 128, "float16", "half"),
    _case("bf16", 16, 128, "bfloat16", "half"),
]


def reference(inputs, case):
    return {"o": inputs["x"] + inputs["y"]}
