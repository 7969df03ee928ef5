"""x += alpha * y: one argument is read and written."""
from kernels.cases import Case, number, read, updated
from kernels.optional_triton import tl, triton


@triton.jit
def inplace_add(x, y, alpha, R: tl.constexpr, C: tl.constexpr, BR: tl.constexpr):
    for i in tl.static_range(0, R // BR):
        xp = tl.make_block_ptr(base=x, shape=(1, R, C), strides=(R * C, C, 1), offsets=(0, i * BR, 0),
                               block_shape=(1, BR, C), order=(2, 1, 0))
        yp = tl.make_block_ptr(base=y, shape=(1, R, C), strides=(R * C, C, 1), offsets=(0, i * BR, 0),
                               block_shape=(1, BR, C), order=(2, 1, 0))
        tl.store(xp, tl.load(xp) + alpha * tl.load(yp))


def _case(name, rows, columns, block, alpha):
    shape = (1, rows, columns)
    return Case(name, (updated("x", shape), read("y", shape), number("alpha", alpha)),
                {"R": rows, "C": columns, "BR": block})


CASES = [_case("r32c64", 32, 64, 32, 0.5), _case("r48c64", 48, 64, 16, -3.25)]


def reference(inputs, case):
    return {"x": inputs["x"] + inputs["alpha"] * inputs["y"]}
