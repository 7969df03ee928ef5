"""Functions of device libraries that are several operations, for kernels that are interpreted: the same operations in the
same order as the compiled kernel's (src/lower/patterns/Library.cpp)."""
import functools

import numpy as np

from rblnc import _arithmetic

_BITS = {"i1": 1, "i8": 8, "i16": 16, "i32": 32, "i64": 64, "f16": 16, "bf16": 16, "f32": 32}
_LEAST_NORMAL = float(np.finfo(np.float32).tiny)


class Value:
    """An array and the device's name of its element type."""

    def __init__(self, data, kind):
        self.data = data
        self.kind = kind


def _of(number, like):
    return Value(np.array(number).astype(_arithmetic.NUMPY[like.kind]), like.kind)


def _op(operation, kind, *operands):
    """One operation; numbers among the operands have the type of the first value."""
    like = next(operand for operand in operands if isinstance(operand, Value))
    given = [operand if isinstance(operand, Value) else _of(operand, like) for operand in operands]
    return Value(_arithmetic.compute(operation, kind, [(value.data, value.kind) for value in given]), kind)


def _same(operation, *operands):
    """One operation whose result has the type of its operands."""
    return _op(operation, next(operand.kind for operand in operands if isinstance(operand, Value)), *operands)


def _compare(predicate, left, right):
    right = right if isinstance(right, Value) else _of(right, left)
    return Value(_arithmetic.compare(predicate, left.kind, left.data, right.data), "i1")


def _select(condition, left, right):
    return _op("select", left.kind, condition, left, right if isinstance(right, Value) else _of(right, left))


def _resized(kind, value):
    """An integer as one of another width; a narrower one is not negative."""
    have, want = _BITS[value.kind], _BITS[kind]
    return value if have == want else _op("extui" if have < want else "trunci", kind, value)


# ---- Floats ----------------------------------------------------------------------------------------------------------


def _difference(kind, x, y):
    return _select(_compare("ole", x, y), _of(0.0, x), _same("subf", x, y))


def _exponent(kind, x):
    number = _select(_compare("uno", x, x), _of(-2.0**31, x), _same("logb", x))
    return _op("fptosi", kind, number)


def _is_infinite(kind, x):
    return _resized(kind, _compare("oeq", _same("absf", x), np.inf))


def _is_finite(kind, x):
    return _resized(kind, _compare("olt", _same("absf", x), np.inf))


def _is_normal(kind, x):
    magnitude = _same("absf", x)
    is_large = _compare("oge", magnitude, _LEAST_NORMAL)
    return _resized(kind, _same("andi", _compare("olt", magnitude, np.inf), is_large))


def _sign_bit(kind, x):
    return _resized(kind, _compare("slt", _bits("i32", x), 0))


def _bits(kind, x):
    data = np.ascontiguousarray(_arithmetic.rounded(x.data, x.kind)).reshape(np.shape(x.data))
    return Value(data.view(_arithmetic.NUMPY[kind]), kind)


# ---- Between floats and integers -------------------------------------------------------------------------------------


def _converted(rounding, conversion):
    return lambda kind, x: _op(conversion, kind, _same(rounding, x) if rounding else x)


_CONVERSIONS = {f"float2{name}_{suffix}": _converted(rounding, conversion)
                for name, conversion in (("int", "fptosi"), ("ll", "fptosi"), ("uint", "fptoui"), ("ull", "fptoui"))
                for suffix, rounding in (("rn", "roundeven"), ("rz", None), ("rd", "floor"), ("ru", "ceil"))}
_CONVERSIONS |= {"llrint": _converted("roundeven", "fptosi"), "llround": _converted("round", "fptosi"),
                 "int2float_rn": _converted(None, "sitofp"), "ll2float_rn": _converted(None, "sitofp"),
                 "uint2float_rn": _converted(None, "uitofp"), "ull2float_rn": _converted(None, "uitofp")}
_CONVERSIONS |= dict.fromkeys(("float_as_int", "float_as_uint", "int_as_float", "uint_as_float"), _bits)


# ---- Integers --------------------------------------------------------------------------------------------------------


def _counted(operation):
    return lambda kind, x: _resized(kind, _same(operation, x))


def _first_set(kind, x):
    number = _same("addi", _same("cttz", x), 1)
    return _resized(kind, _select(_compare("eq", x, 0), _of(0, x), number))


def _signed_high(kind, x, y):
    """A negative factor counts 2^width too much as an unsigned one."""
    product = _same("mulhui", x, y)
    for factor, other in ((x, y), (y, x)):
        product = _same("subi", product, _select(_compare("slt", factor, 0), other, 0))
    return product


def _product24(shift, kind, x, y):
    low = [_same(shift, _same("shli", value, 8), 8) for value in (x, y)]
    return _same("muli", *low)


def _distance_sum(greater, less, kind, x, y, z):
    return _same("addi", _same("subi", _same(greater, x, y), _same(less, x, y)), z)


def _mean(outer, join, shift, kind, x, y):
    return _same(join, _same(outer, x, y), _same(shift, _same("xori", x, y), 1))


def _chosen_bytes(kind, x, y, selector):
    low, high, selector = (_op("extui", "i64", value) for value in (x, y, selector))
    every = _same("ori", low, _same("shli", high, 32))
    result = _of(0, every)
    for place in range(4):
        digit = _same("andi", _same("shrui", selector, 4 * place), 7)
        byte = _same("andi", _same("shrui", every, _same("muli", digit, 8)), 0xff)
        result = _same("ori", result, _same("shli", byte, 8 * place))
    return _resized(kind, result)


# By the name without "__nv_" and the suffix of the type. Functions of the result's element type and the operands.
COMPOSITIONS = {
    **_CONVERSIONS,
    "frcp_rn": lambda kind, x: _same("divf", 1.0, x),
    "saturate": lambda kind, x: _same("minnumf", _same("maxnumf", x, 0.0), 1.0),
    "fdim": _difference, "ilogb": _exponent, "signbit": _sign_bit, "isnormal": _is_normal,
    "isnan": lambda kind, x: _resized(kind, _compare("uno", x, x)),
    "isinf": _is_infinite, "finite": _is_finite, "isfinite": _is_finite,
    "clz": _counted("ctlz"), "clzll": _counted("ctlz"), "popc": _counted("ctpop"), "popcll": _counted("ctpop"),
    "ffs": _first_set, "ffsll": _first_set, "mulhi": _signed_high, "mul64hi": _signed_high,
    "umulhi": lambda kind, x, y: _same("mulhui", x, y), "umul64hi": lambda kind, x, y: _same("mulhui", x, y),
    "mul24": functools.partial(_product24, "shrsi"), "umul24": functools.partial(_product24, "shrui"),
    "sad": functools.partial(_distance_sum, "maxsi", "minsi"),
    "usad": functools.partial(_distance_sum, "maxui", "minui"),
    "hadd": functools.partial(_mean, "andi", "addi", "shrsi"),
    "uhadd": functools.partial(_mean, "andi", "addi", "shrui"),
    "rhadd": functools.partial(_mean, "ori", "subi", "shrsi"),
    "urhadd": functools.partial(_mean, "ori", "subi", "shrui"), "byte_perm": _chosen_bytes}

__all__ = ["COMPOSITIONS", "Value"]
