"""What the functions of device libraries are, in double precision: the C library's functions, and exact integers.

FLOATS: functions of float32 by the names of src/check/LibrarySymbols.def, for one Python float each operand.
INTEGERS: functions whose operands or results are integers; operands and results are signed.
"""
import math

import numpy as np

INF, NAN = math.inf, math.nan


def _guarded(function, *, domain=NAN, overflow=INF):
    """A function of math, with values in the place of its exceptions."""

    def value(*operands):
        try:
            return function(*operands)
        except ValueError:
            return domain
        except OverflowError:
            return overflow if not callable(overflow) else overflow(*operands)

    return value


def _numpy(function):
    def value(*operands):
        with np.errstate(all="ignore"):
            return float(function(*(np.float64(operand) for operand in operands)))

    return value


def _float32(function):
    """A function whose result depends on the format of its operands."""

    def value(*operands):
        with np.errstate(all="ignore"):
            return float(function(*(np.float32(operand) for operand in operands)))

    return value


def inverse_erfc(z):
    """The y with erfc(y) = z, by Newton's method on the logarithm of the smaller tail."""
    if not 0 <= z <= 2:
        return NAN
    if z in (0, 2):
        return INF if z == 0 else -INF
    tail = min(z, 2 - z)
    if tail == 1:
        return 0.0
    y = math.sqrt(-math.log(tail)) if tail < 0.1 else 0.9 * (1 - tail)
    for _ in range(60):
        value = math.erfc(y)
        y += (math.log(value) - math.log(tail)) * value * math.sqrt(math.pi) / 2 * math.exp(y * y)
    return y if z < 1 else -y


def inverse_erf(x):
    """Close to zero by Newton's method on erf, which does not cancel there."""
    if abs(x) > 0.5 or x != x:
        return -inverse_erfc(1 + x) if x < 0 else inverse_erfc(1 - x)
    y = x
    for _ in range(60):
        y -= (math.erf(y) - x) * math.sqrt(math.pi) / 2 * math.exp(y * y)
    return y


def _normal_inverse(p):
    if 0.25 < p < 0.75:
        return math.sqrt(2) * inverse_erf(2 * p - 1)
    return -math.sqrt(2) * inverse_erfc(2 * p)


def _scaled_erfc(x):
    if x < 25:
        return _guarded(lambda v: math.exp(v * v) * math.erfc(v))(x)
    return (1 - 0.5 / x / x + 0.75 / x / x / x / x - 1.875 / x**3 / x**3) / (x * math.sqrt(math.pi))


def _power(x, y):
    try:
        return math.pow(x, y)
    except (OverflowError, ValueError):
        if x < 0 and y != math.floor(y):
            return NAN
        is_odd = y == math.floor(y) and math.fmod(y, 2) != 0
        return -INF if math.copysign(1, x) < 0 and is_odd else INF


def _half_away(x):
    return math.copysign(math.floor(abs(x) + 0.5), x) if math.isfinite(x) and abs(x) < 2**23 else x


def _half_circles(function, exact):
    def value(x):
        if math.isinf(x):
            return NAN
        near = math.fmod(x, 2)
        return exact(x) if math.fmod(2 * near, 1) == 0 and exact(x) is not None else function(math.pi * near)

    return value


def _gamma(x):
    if x == 0:
        return math.copysign(INF, x)
    if -INF < x < -180 and x != math.floor(x):
        return -0.0 if math.floor(x) % 2 else 0.0
    return _guarded(math.gamma)(x)


def _norm(*operands):
    return INF if any(map(math.isinf, operands)) else math.hypot(*operands)


def _over_norm(*operands):
    norm = _norm(*operands)
    return INF if norm == 0 else 1 / norm


def _cube_root(x):
    return _numpy(np.cbrt)(x)


def _sine_of_half_circles(x):
    return math.copysign(0.0, x) if math.fmod(x, 1) == 0 else None


def _cosine_of_half_circles(x):
    return 0.0 if math.fmod(abs(x), 1) == 0.5 else None


def _order(x):
    """-0 is less than +0."""
    return x, math.copysign(1, x)


def _odd(limit):
    return lambda x: math.copysign(limit, x)


FLOATS = {
    "fabs": abs, "ceil": _numpy(np.ceil), "floor": _numpy(np.floor), "trunc": _numpy(np.trunc), "round": _half_away,
    "rint": _numpy(np.rint), "nearbyint": _numpy(np.rint), "copysign": math.copysign,
    "nextafter": _float32(np.nextafter), "logb": lambda x: -INF if x == 0 else INF if math.isinf(x) else x if x != x
    else float(math.frexp(x)[1] - 1), "fmod": _guarded(math.fmod), "remainder": _guarded(math.remainder),
    "fmax": lambda x, y: y if x != x else x if y != y else max((x, y), key=_order),
    "fmin": lambda x, y: y if x != x else x if y != y else min((x, y), key=_order), "fma": lambda x, y, z: x * y + z, "fadd_rn": lambda x, y: x + y,
    "fsub_rn": lambda x, y: x - y, "fmul_rn": lambda x, y: x * y, "fdiv_rn": _numpy(np.divide),
    "fast_fdivide": _numpy(np.divide), "sqrt": _guarded(math.sqrt), "rsqrt": lambda x: _numpy(np.divide)(
        1, _numpy(np.sqrt)(x)), "cbrt": _cube_root, "rcbrt": lambda x: _numpy(np.divide)(1, _cube_root(x)),
    "hypot": _norm, "rhypot": _over_norm, "norm3d": _norm, "rnorm3d": _over_norm, "exp": _guarded(math.exp),
    "exp2": _numpy(np.exp2), "exp10": lambda x: _power(10, x), "expm1": _guarded(math.expm1), "log": _numpy(np.log),
    "log2": _numpy(np.log2), "log10": _numpy(np.log10), "log1p": _numpy(np.log1p), "pow": _power,
    "sin": _guarded(math.sin), "cos": _guarded(math.cos), "tan": _guarded(math.tan),
    "sinpi": _half_circles(math.sin, _sine_of_half_circles), "cospi": _half_circles(math.cos, _cosine_of_half_circles),
    "asin": _guarded(math.asin), "acos": _guarded(math.acos), "atan": math.atan, "atan2": math.atan2,
    "sinh": _guarded(math.sinh, overflow=_odd(INF)), "cosh": _guarded(math.cosh), "tanh": math.tanh,
    "asinh": math.asinh, "acosh": _guarded(math.acosh), "atanh": _numpy(np.arctanh), "erf": math.erf,
    "erfc": math.erfc, "erfcx": _scaled_erfc, "erfinv": inverse_erf, "erfcinv": inverse_erfc,
    "normcdf": lambda x: 0.5 * math.erfc(-x / math.sqrt(2)), "normcdfinv": _normal_inverse,
    "lgamma": _guarded(math.lgamma, domain=INF), "tgamma": _gamma, "frcp_rn": lambda x: _numpy(np.divide)(1, x),
    "saturate": lambda x: 0.0 if not x > 0 else min(x, 1.0), "fdim": lambda x, y: 0.0 if x <= y else x - y,
}
FLOATS |= {"fma_rn": FLOATS["fma"], "fmaf_rn": FLOATS["fma"], "fsqrt_rn": FLOATS["sqrt"],
           "frsqrt_rn": FLOATS["rsqrt"]}
FLOATS |= {f"fast_{name}": FLOATS[name] for name in ("sin", "cos", "tan", "tanh", "exp", "exp10", "log", "log2",
                                                     "log10", "pow")}


def _unsigned(value, bits=32):
    return value % 2**bits


def _saturated(round_to, low, high):
    def value(x):
        if x != x:
            return 0
        return max(low, min(high, round_to(x) if math.isfinite(x) else (high if x > 0 else low)))

    return value


def _to(bits, signed, round_to):
    return _saturated(round_to, -2**(bits - 1) if signed else 0, 2**(bits - signed) - 1)


def _bytes(x, y, selector):
    pool = (_unsigned(y) << 32 | _unsigned(x)).to_bytes(8, "little")
    return int.from_bytes(bytes(pool[selector >> 4 * i & 7] for i in range(4)), "little")


def _low24(value, signed):
    low = value % 2**24
    return low - 2**24 if signed and low >= 2**23 else low


def _bits(x):
    return int(np.float32(x).view(np.int32))


def _number(bits):
    return float(np.int64(_unsigned(bits)).astype(np.uint32).view(np.float32))


def _reversed(width):
    return lambda x: int(f"{_unsigned(x, width):0{width}b}"[::-1], 2)


INTEGERS = {
    "ilogb": lambda x: -2**31 if x == 0 or x != x else 2**31 - 1 if math.isinf(x) else math.frexp(x)[1] - 1,
    "isnan": lambda x: int(x != x), "isinf": lambda x: int(math.isinf(x)), "finite": lambda x: int(math.isfinite(x)),
    "isfinite": lambda x: int(math.isfinite(x)), "isnormal": lambda x: int(math.isfinite(x) and abs(x) >= 2.0**-126),
    "signbit": lambda x: int(math.copysign(1, x) < 0), "llrint": _to(64, True, round),
    "llround": _to(64, True, lambda x: int(_half_away(x))), "int2float_rn": float, "ll2float_rn": float,
    "uint2float_rn": lambda x: float(_unsigned(x)), "ull2float_rn": lambda x: float(_unsigned(x, 64)),
    "float_as_int": _bits, "float_as_uint": _bits, "int_as_float": _number, "uint_as_float": _number,
    "ldexp": _guarded(math.ldexp, overflow=lambda x, n: math.copysign(INF, x)), "powi": _power, "abs": abs, "iabs": abs,
    "llabs": abs, "max": max, "min": min, "llmax": max, "llmin": min,
    "umax": lambda x, y: max(_unsigned(x), _unsigned(y)), "umin": lambda x, y: min(_unsigned(x), _unsigned(y)),
    "ullmax": lambda x, y: max(_unsigned(x, 64), _unsigned(y, 64)),
    "ullmin": lambda x, y: min(_unsigned(x, 64), _unsigned(y, 64)), "clz": lambda x: 32 - _unsigned(x).bit_length(),
    "clzll": lambda x: 64 - _unsigned(x, 64).bit_length(), "popc": lambda x: bin(_unsigned(x)).count("1"),
    "popcll": lambda x: bin(_unsigned(x, 64)).count("1"), "ffs": lambda x: (x & -x).bit_length(),
    "ffsll": lambda x: (x & -x).bit_length(), "brev": _reversed(32), "brevll": _reversed(64),
    "mulhi": lambda x, y: x * y >> 32, "mul64hi": lambda x, y: x * y >> 64,
    "umulhi": lambda x, y: _unsigned(x) * _unsigned(y) >> 32,
    "umul64hi": lambda x, y: _unsigned(x, 64) * _unsigned(y, 64) >> 64,
    "mul24": lambda x, y: _low24(x, True) * _low24(y, True), "umul24": lambda x, y: _low24(x, False) * _low24(y, False),
    "sad": lambda x, y, z: abs(x - y) + z, "usad": lambda x, y, z: abs(_unsigned(x) - _unsigned(y)) + z,
    "hadd": lambda x, y: x + y >> 1, "uhadd": lambda x, y: _unsigned(x) + _unsigned(y) >> 1,
    "rhadd": lambda x, y: x + y + 1 >> 1, "urhadd": lambda x, y: _unsigned(x) + _unsigned(y) + 1 >> 1,
    "byte_perm": _bytes,
}
INTEGERS |= {"scalbn": INTEGERS["ldexp"], "pown": INTEGERS["powi"]}
for _kind, _width, _signed in (("int", 32, True), ("ll", 64, True), ("uint", 32, False), ("ull", 64, False)):
    for _mode, _round in (("rn", round), ("rz", math.trunc), ("rd", math.floor), ("ru", math.ceil)):
        INTEGERS[f"float2{_kind}_{_mode}"] = _to(_width, _signed, _round)
