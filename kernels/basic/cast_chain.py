"""float32 through float16, bfloat16 and int32: every conversion that a kernel may ask for, one output each."""
import numpy as np

from kernels.cases import Case, read, written
from kernels.optional_triton import tl, triton


@triton.jit
def cast_chain(x, half, brain, integer, R: tl.constexpr, C: tl.constexpr):
    xp = tl.make_block_ptr(base=x, shape=(1, R, C), strides=(R * C, C, 1), offsets=(0, 0, 0),
                           block_shape=(1, R, C), order=(2, 1, 0))
    hp = tl.make_block_ptr(base=half, shape=(1, R, C), strides=(R * C, C, 1), offsets=(0, 0, 0),
                           block_shape=(1, R, C), order=(2, 1, 0))
    bp = tl.make_block_ptr(base=brain, shape=(1, R, C), strides=(R * C, C, 1), offsets=(0, 0, 0),
                           block_shape=(1, R, C), order=(2, 1, 0))
    ip = tl.make_block_ptr(base=integer, shape=(1, R, C), strides=(R * C, C, 1), offsets=(0, 0, 0),
                           block_shape=(1, R, C), order=(2, 1, 0))
    v = tl.load(xp)
    tl.store(hp, v.to(tl.float16))
    tl.store(bp, v.to(tl.bfloat16).to(tl.float32))
    i = (v * 16.0).to(tl.int32)
    tl.store(ip, (i * 3 + 1) - (i // 4))


def _case(name, rows, columns):
    shape = (1, rows, columns)
    # `exact` compares after the reference is rounded to the type of the output.
    return Case(name, (read("x", shape), written("half", shape, "float16"), written("brain", shape),
                       written("integer", shape, "int32")), {"R": rows, "C": columns}, "exact")


CASES = [_case("r16c64", 16, 64), _case("r1c128", 1, 128)]


def _round_to_bfloat16(x):
    # frexp gives a fraction in [0.5, 1): 8 significant bits are steps of 1/256; np.rint ties to even.
    fraction, exponent = np.frexp(x)
    return np.ldexp(np.rint(fraction * 256.0) / 256.0, exponent)


def reference(inputs, case):
    x = inputs["x"]
    scaled = np.trunc(x * 16.0)
    # Integer division truncates towards zero.
    return {"half": x, "brain": _round_to_bfloat16(x), "integer": scaled * 3 + 1 - np.trunc(scaled / 4)}
