"""One kernel for each kind of operation, and the edge values that every element type has."""
import numpy as np
import torch

import kernels.rblib  # noqa: F401  makes rblnc of this tree importable
from rblnc import triton
from rblnc.triton import language as tl

# As torch has them. NumPy's bits of bfloat16 are made of float32.
FLOATS = (torch.float16, torch.bfloat16, torch.float32)
INTEGERS = (torch.int8, torch.int16, torch.int32, torch.int64)
UNSIGNED = {torch.int8: tl.uint8, torch.int16: tl.uint16, torch.int32: tl.uint32, torch.int64: tl.uint64}
TRITON = {torch.float16: tl.float16, torch.bfloat16: tl.bfloat16, torch.float32: tl.float32, torch.int8: tl.int8,
          torch.int16: tl.int16, torch.int32: tl.int32, torch.int64: tl.int64}
_INF, _NAN = float("inf"), float("nan")
_FLOAT_EDGES = (0.0, -0.0, 1.0, -1.0, 0.5, 2.0, -3.0, 1.5, 2.5, 1e-3, 6e-8, 1e-40, -1e-40, 65504.0, 65519.0, 65520.0,
                3e38, -3e38, 1e10, 88.0, -104.0, 127.5, -128.5, 255.9, 32767.5, 2147483648.0, -2147483649.0, 9.3e18,
                _INF, -_INF, _NAN, 300.1)


def edges(dtype, count=32):
    """`count` values: edges first, then seeded random ones."""
    generator = np.random.default_rng(5)
    if dtype in FLOATS:
        numbers = np.concatenate([np.array(_FLOAT_EDGES), generator.normal(0, 4, max(0, count - len(_FLOAT_EDGES)))])
        return torch.tensor(numbers[:count], dtype=torch.float64).to(dtype)
    info = torch.iinfo(dtype)
    numbers = [0, 1, -1, 2, -2, 3, 7, info.bits - 1, info.bits, info.bits + 1, info.min, info.min + 1, info.max,
               info.max - 1, info.max // 2 + 1, -info.bits]
    numbers += generator.integers(-100, 100, max(0, count - len(numbers))).tolist()
    return torch.tensor(numbers[:count], dtype=dtype)


def pairs(dtype):
    """Every edge with every other."""
    values = edges(dtype)
    return values.repeat_interleave(len(values)), values.repeat(len(values))


@triton.jit
def float_binary(x, y, o, f, N: tl.constexpr):
    i = tl.arange(0, N)
    a, b = tl.load(x + i), tl.load(y + i)
    tl.store(o + i, a + b)
    tl.store(o + N + i, a - b)
    tl.store(o + 2 * N + i, a * b)
    tl.store(o + 3 * N + i, a / b)
    tl.store(o + 4 * N + i, a % b)
    tl.store(o + 5 * N + i, tl.maximum(a, b).to(a.dtype))
    tl.store(o + 6 * N + i, tl.minimum(a, b).to(a.dtype))
    tl.store(o + 7 * N + i, tl.maximum(a, b, propagate_nan=tl.PropagateNan.ALL).to(a.dtype))
    tl.store(o + 8 * N + i, tl.minimum(a, b, propagate_nan=tl.PropagateNan.ALL).to(a.dtype))
    tl.store(o + 9 * N + i, tl.fma(a, b, a))
    tl.store(o + 10 * N + i, tl.where(a < b, a, b))
    tl.store(o + 11 * N + i, tl.clamp(a, -b, b).to(a.dtype))
    tl.store(o + 12 * N + i, a * 0.1 + b)
    tl.store(f + i, a < b)
    tl.store(f + N + i, a <= b)
    tl.store(f + 2 * N + i, a > b)
    tl.store(f + 3 * N + i, a >= b)
    tl.store(f + 4 * N + i, a == b)
    tl.store(f + 5 * N + i, a != b)


@triton.jit
def float_unary(x, o, N: tl.constexpr):
    i = tl.arange(0, N)
    v = tl.load(x + i)
    tl.store(o + i, -v)
    tl.store(o + N + i, tl.abs(v))
    w = v.to(tl.float32)
    tl.store(o + 2 * N + i, tl.exp(w).to(v.dtype))
    tl.store(o + 3 * N + i, tl.exp2(w).to(v.dtype))
    tl.store(o + 4 * N + i, tl.log(w).to(v.dtype))
    tl.store(o + 5 * N + i, tl.log2(w).to(v.dtype))
    tl.store(o + 6 * N + i, tl.sin(w).to(v.dtype))
    tl.store(o + 7 * N + i, tl.cos(w).to(v.dtype))
    tl.store(o + 8 * N + i, tl.sqrt(w).to(v.dtype))
    tl.store(o + 9 * N + i, tl.rsqrt(w).to(v.dtype))
    tl.store(o + 10 * N + i, tl.erf(w).to(v.dtype))
    tl.store(o + 11 * N + i, tl.floor(w).to(v.dtype))
    tl.store(o + 12 * N + i, tl.ceil(w).to(v.dtype))
    tl.store(o + 13 * N + i, tl.sigmoid(w).to(v.dtype))


@triton.jit
def integer_binary(x, y, o, f, N: tl.constexpr, KIND: tl.constexpr):
    i = tl.arange(0, N)
    a, b = tl.load(x + i).to(KIND, bitcast=True), tl.load(y + i).to(KIND, bitcast=True)
    back = x.dtype.element_ty
    tl.store(o + i, (a + b).to(back, bitcast=True))
    tl.store(o + N + i, (a - b).to(back, bitcast=True))
    tl.store(o + 2 * N + i, (a * b).to(back, bitcast=True))
    tl.store(o + 3 * N + i, (a // b).to(back, bitcast=True))
    tl.store(o + 4 * N + i, (a % b).to(back, bitcast=True))
    tl.store(o + 5 * N + i, (a & b).to(back, bitcast=True))
    tl.store(o + 6 * N + i, (a | b).to(back, bitcast=True))
    tl.store(o + 7 * N + i, (a ^ b).to(back, bitcast=True))
    tl.store(o + 8 * N + i, (a << b).to(back, bitcast=True))
    tl.store(o + 9 * N + i, (a >> b).to(back, bitcast=True))
    tl.store(o + 10 * N + i, tl.maximum(a, b).to(back, bitcast=True))
    tl.store(o + 11 * N + i, tl.minimum(a, b).to(back, bitcast=True))
    tl.store(o + 12 * N + i, (~a).to(back, bitcast=True))
    tl.store(o + 13 * N + i, tl.abs(a).to(back, bitcast=True))
    tl.store(f + i, a < b)
    tl.store(f + N + i, a >= b)
    tl.store(f + 2 * N + i, a == b)


@triton.jit
def high_product(x, y, o, N: tl.constexpr, KIND: tl.constexpr):
    i = tl.arange(0, N)
    a, b = tl.load(x + i).to(KIND, bitcast=True), tl.load(y + i).to(KIND, bitcast=True)
    tl.store(o + i, tl.umulhi(a, b).to(x.dtype.element_ty, bitcast=True))


@triton.jit
def cast(x, o, N: tl.constexpr, FROM: tl.constexpr, TO: tl.constexpr):
    i = tl.arange(0, N)
    v = tl.load(x + i).to(FROM, bitcast=True).to(TO)
    tl.store(o + i, v.to(o.dtype.element_ty, bitcast=True))


@triton.jit
def cast_bool(x, o, p, N: tl.constexpr):
    i = tl.arange(0, N)
    v = tl.load(x + i).to(tl.int1)
    tl.store(p + i, v)
    tl.store(o + i, v.to(o.dtype.element_ty))


@triton.jit
def product_of(a, b):
    return a * b


@triton.jit
def sum_of(a, b):
    return a + b


@triton.jit
def larger_of(a, i, b, j):
    takes = (a > b) | ((a == b) & (i < j))
    return tl.where(takes, a, b), tl.where(takes, i, j)


@triton.jit
def later_of(a, b):
    return tl.where((a < b) and (b < 2), b, a)


@triton.jit
def reduce_rows(x, o, k, R: tl.constexpr, C: tl.constexpr):
    r, c = tl.arange(0, R), tl.arange(0, C)
    v = tl.load(x + r[:, None] * C + c[None, :])
    kind = o.dtype.element_ty
    at = r[:, None]
    tl.store(o + at, tl.sum(v, 1, keep_dims=True).to(kind))
    tl.store(o + R + at, tl.max(v, 1, keep_dims=True).to(kind))
    tl.store(o + 2 * R + at, tl.min(v, 1, keep_dims=True).to(kind))
    tl.store(o + 3 * R + at, tl.reduce(v, 1, product_of, keep_dims=True).to(kind))
    tl.store(o + 4 * R + at, tl.reduce(v, 1, sum_of, keep_dims=True).to(kind))
    tl.store(k + at, tl.argmax(v, 1, keep_dims=True))
    tl.store(k + R + at, tl.argmin(v, 1, keep_dims=True))
    columns = tl.zeros((R, C), tl.int32) + c[None, :]
    best, where = tl.reduce((v, columns), 1, larger_of, keep_dims=True)
    tl.store(o + 5 * R + at, best.to(kind))
    tl.store(k + 2 * R + at, where)
    tl.store(o + 6 * R + at, tl.reduce(v, 1, later_of, keep_dims=True).to(kind))
    tl.store(o + 7 * R + tl.zeros((1, 1), tl.int32), tl.sum(tl.sum(v, 0, keep_dims=True), 1, keep_dims=True).to(kind))


@triton.jit
def xor_rows(x, o, R: tl.constexpr, C: tl.constexpr):
    r, c = tl.arange(0, R), tl.arange(0, C)
    v = tl.load(x + r[:, None] * C + c[None, :])
    tl.store(o + r[:, None], tl.xor_sum(v, 1, keep_dims=True))


@triton.jit
def product(a, b, o, M: tl.constexpr, N: tl.constexpr, K: tl.constexpr, OUT: tl.constexpr):
    m, n, k = tl.arange(0, M), tl.arange(0, N), tl.arange(0, K)
    left, right = tl.load(a + m[:, None] * K + k[None, :]), tl.load(b + k[:, None] * N + n[None, :])
    at = o + m[:, None] * N + n[None, :]
    start = tl.load(at)
    tl.store(at, tl.dot(left, right, out_dtype=OUT))
    tl.store(at + M * N, tl.dot(left, right, start, out_dtype=OUT))


@triton.jit
def padded(x, o, N: tl.constexpr, SHORT: tl.constexpr):
    source = tl.make_block_ptr(base=x, shape=(SHORT, ), strides=(1, ), offsets=(0, ), block_shape=(N, ), order=(0, ))
    i = tl.arange(0, N)
    tl.store(o + i, tl.load(source, boundary_check=(0, ), padding_option="nan"))
    tl.store(o + N + i, tl.load(source, boundary_check=(0, ), padding_option="zero"))
    tl.store(o + 2 * N + i, tl.load(x + i, mask=i < SHORT, other=0.1))
    tl.store(o + 3 * N + i, tl.full((N, ), 0.7, x.dtype.element_ty))


@triton.jit
def scaled(x, o, factor, flag, N: tl.constexpr):
    i = tl.arange(0, N)
    tl.store(o + i, tl.load(x + i).to(tl.float32) * factor * factor)


@triton.jit
def bits(x, o, N: tl.constexpr, KIND: tl.constexpr):
    i = tl.arange(0, N)
    v = tl.load(x + i)
    tl.store(o + i, v.to(KIND, bitcast=True))
    tl.store(o + N + i, (v * 1.5).to(v.dtype).to(KIND, bitcast=True))
