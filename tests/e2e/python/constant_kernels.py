"""The same operations on a constant and on an argument."""
from rblnc import triton
from rblnc.triton import language as tl

UNARY = ("exp", "exp2", "log", "log2", "sin", "cos", "sqrt", "rsqrt", "erf", "abs", "floor", "ceil")


@triton.jit
def unary(v, OP: tl.constexpr):
    if OP == "exp":
        return tl.exp(v)
    if OP == "exp2":
        return tl.exp2(v)
    if OP == "log":
        return tl.log(v)
    if OP == "log2":
        return tl.log2(v)
    if OP == "sin":
        return tl.sin(v)
    if OP == "cos":
        return tl.cos(v)
    if OP == "sqrt":
        return tl.sqrt(v)
    if OP == "rsqrt":
        return tl.rsqrt(v)
    if OP == "erf":
        return tl.erf(v)
    if OP == "abs":
        return tl.abs(v)
    if OP == "floor":
        return tl.floor(v)
    return tl.ceil(v)


@triton.jit
def others(v, w, o):
    """Arithmetic, comparisons and casts: 16 results, f32 or turned into it."""
    i = tl.arange(0, 4)
    tl.store(o + i, v + w)
    tl.store(o + 4 + i, v - w)
    tl.store(o + 8 + i, v * w)
    tl.store(o + 12 + i, v / w)
    tl.store(o + 16 + i, v % w)
    tl.store(o + 20 + i, tl.fma(v, w, v))
    tl.store(o + 24 + i, tl.maximum(v, w))
    tl.store(o + 28 + i, tl.minimum(v, w, propagate_nan=tl.PropagateNan.ALL))
    tl.store(o + 32 + i, (v < w).to(tl.float32))
    tl.store(o + 36 + i, (v == w).to(tl.float32))
    tl.store(o + 40 + i, v.to(tl.int32).to(tl.float32))
    tl.store(o + 44 + i, v.to(tl.float16).to(tl.float32))
    tl.store(o + 48 + i, v.to(tl.bfloat16).to(tl.float32))
    tl.store(o + 52 + i, tl.clamp(v, w, 4.0))
    tl.store(o + 56 + i, v.to(tl.float16).to(tl.float32) + w)
    tl.store(o + 60 + i, -v)


@triton.jit
def unary_of_constant(o, V: tl.constexpr, OP: tl.constexpr):
    tl.store(o + tl.arange(0, 4), unary(tl.full((4, ), V, tl.float32), OP))


@triton.jit
def unary_of_argument(x, o, OP: tl.constexpr):
    i = tl.arange(0, 4)
    tl.store(o + i, unary(tl.load(x + i), OP))


@triton.jit
def others_of_constants(o, V: tl.constexpr, W: tl.constexpr):
    others(tl.full((4, ), V, tl.float32), tl.full((4, ), W, tl.float32), o)


@triton.jit
def others_of_arguments(x, y, o):
    i = tl.arange(0, 4)
    others(tl.load(x + i), tl.load(y + i), o)


@triton.jit
def integers_of_constants(o, V: tl.constexpr):
    i = tl.arange(0, 4)
    v = tl.full((4, ), V, tl.int32)
    tl.store(o + i, v.to(tl.float32))
    tl.store(o + 4 + i, v.to(tl.bfloat16).to(tl.float32))
    tl.store(o + 8 + i, v.to(tl.float32).to(tl.bfloat16).to(tl.float32))


@triton.jit
def integers_of_arguments(x, o):
    i = tl.arange(0, 4)
    v = tl.load(x + i)
    tl.store(o + i, v.to(tl.float32))
    tl.store(o + 4 + i, v.to(tl.bfloat16).to(tl.float32))
    tl.store(o + 8 + i, v.to(tl.float32).to(tl.bfloat16).to(tl.float32))
