"""Every scalar operation of RBLN IR, from Triton's IR to values: over edge values that tell an operation from its neighbours
(unsigned from signed, a maximum that keeps NaN from one that drops it). A row without a case here and without a function of
test_library_functions.py fails."""
import math
import re
import sys
from pathlib import Path

import numpy as np
import pytest

from arrays import from_bf16_bits, to_bf16_bits
from scalar_kernels import conversion, elementwise, reduction

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "kernels"))
from rblnc import native  # noqa: E402

WIDTHS = (8, 16, 32, 64)
FLOATS = ("f16", "bf16", "f32")
STORED = {"f16": np.float16, "bf16": np.uint16, "f32": np.float32, "i1": np.uint8}
STORED |= {f"i{width}": np.dtype(f"i{width // 8}").type for width in WIDTHS}
FLOAT_EDGES = [0.0, -0.0, 1.0, -1.0, math.nan, math.inf, -math.inf, 0.5, 1.5, 2.5, -2.5, 3.5, -0.5, 100.0, -7.0, 6e-5, -6e-8]
COUNT = 1024


def random(seed):
    return np.random.default_rng(seed)


def integers(width, seed):
    """All pairs of the edges of the width between the operands `seed` 0 and 1, then any numbers."""
    edges = np.array([0, 1, 2, 3, 7, -1, -2, -3, -7, 2**(width - 1) - 1, -2**(width - 1), -2**(width - 1) + 1], np.int64)
    pairs = np.tile(edges, len(edges)) if seed == 0 else np.repeat(edges, len(edges))
    rest = random(seed).integers(-2**(width - 1), 2**(width - 1), COUNT - len(pairs), np.int64)
    return np.concatenate([pairs, rest]).astype(STORED[f"i{width}"])


def floats(dtype, seed):
    pairs = np.tile(FLOAT_EDGES, len(FLOAT_EDGES)) if seed == 0 else np.repeat(FLOAT_EDGES, len(FLOAT_EDGES))
    return stored(np.concatenate([pairs, random(seed).normal(size=COUNT - len(pairs)) * 4]).astype(np.float32), dtype)


def stored(values, dtype):
    """float32 in the array's dtype, rounded to nearest even."""
    with np.errstate(over="ignore"):
        return to_bf16_bits(values) if dtype == "bf16" else values.astype(STORED[dtype])


def valued(array, dtype):
    return from_bf16_bits(array) if dtype == "bf16" else array.astype(np.float32)


def run(text, inputs, dtype, count=COUNT):
    output = np.full(count, 77, STORED[dtype])
    native.compile(text).run([(array.ctypes.data, array.nbytes) for array in (*inputs, output)])
    return output


def unsigned(array):
    return array.view(f"u{array.itemsize}")


def truncated(x, y):
    """Division that rounds towards zero, exactly."""
    quotient = [abs(a) // abs(b) * (1 if (a < 0) == (b < 0) else -1) for a, b in zip(x.tolist(), y.tolist())]
    return np.array(quotient, object)


INTEGERS = {
    "addi": lambda x, y: x + y, "subi": lambda x, y: x - y, "muli": lambda x, y: x * y,
    "divsi": lambda x, y: truncated(x, y), "remsi": lambda x, y: x.astype(object) - truncated(x, y) * y.astype(object),
    "divui": lambda x, y: unsigned(x) // unsigned(y), "remui": lambda x, y: unsigned(x) % unsigned(y),
    "andi": lambda x, y: x & y, "ori": lambda x, y: x | y, "xori": lambda x, y: x ^ y,
    "shli": lambda x, y: unsigned(x) << unsigned(y), "shrsi": lambda x, y: x >> y,
    "shrui": lambda x, y: unsigned(x) >> unsigned(y),
    "maxsi": np.maximum, "minsi": np.minimum,
    "maxui": lambda x, y: np.maximum(unsigned(x), unsigned(y)), "minui": lambda x, y: np.minimum(unsigned(x), unsigned(y)),
}
DIVIDING = ("divsi", "divui", "remsi", "remui")


def wrapped(values, width):
    """Any integers in the width's two's complement."""
    return np.array([int(value) % 2**width for value in values], f"u{width // 8}").view(STORED[f"i{width}"])


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("name", INTEGERS)
def test_integers(name, width):
    x, y = integers(width, 0), integers(width, 1)
    if name in DIVIDING:
        overflows = (y == 0) | ((x == -2**(width - 1)) & (y == -1) & name.endswith("si"))
        y = np.where(overflows, 5, y).astype(y.dtype)
    if name.startswith("sh"):
        y = (y % width).astype(y.dtype)
    with np.errstate(over="ignore"):
        wanted = wrapped(INTEGERS[name](x, y).tolist(), width)
    output = run(elementwise(f"arith.{name}", [f"i{width}"] * 2, COUNT), (x, y), f"i{width}")
    np.testing.assert_array_equal(output, wanted)


ONE_INTEGER = {
    "absi": abs, "ctlz": lambda bits, width: width - bits.bit_length(), "ctpop": lambda bits, width: bits.bit_count(),
    "cttz": lambda bits, width: (bits & -bits).bit_length() - 1 if bits else width,
}


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("name", ONE_INTEGER)
def test_integer(name, width):
    x = integers(width, 0)
    function = ONE_INTEGER[name]
    wanted = [function(value) if name == "absi" else function(value % 2**width, width) for value in x.tolist()]
    output = run(elementwise(f"math.{name}", [f"i{width}"], COUNT), (x,), f"i{width}")
    np.testing.assert_array_equal(output, wrapped(wanted, width))


@pytest.mark.parametrize("width", (32, 64))
def test_upper_half_of_a_product(width):
    x, y = integers(width, 0), integers(width, 1)
    wanted = wrapped([(a * b) >> width for a, b in zip(unsigned(x).tolist(), unsigned(y).tolist())], width)
    output = run(elementwise("tt.mulhiui", [f"i{width}"] * 2, COUNT), (x, y), f"i{width}")
    np.testing.assert_array_equal(output, wanted)


@pytest.mark.parametrize("width", WIDTHS)
def test_power_of_integers(width):
    x, y = integers(width, 0), (integers(width, 1) & 7).astype(STORED[f"i{width}"])
    output = run(elementwise("math.ipowi", [f"i{width}"] * 2, COUNT), (x, y), f"i{width}")
    np.testing.assert_array_equal(output, wrapped([a**b for a, b in zip(x.tolist(), y.tolist())], width))


COMPARED = {"eq": np.equal, "ne": np.not_equal, "lt": np.less, "le": np.less_equal, "gt": np.greater, "ge": np.greater_equal}


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("predicate", ["eq", "ne", *(sign + name for sign in "su" for name in ("lt", "le", "gt", "ge"))])
def test_comparison_of_integers(predicate, width):
    x, y = integers(width, 0), integers(width, 1)
    output = run(elementwise(f"arith.cmpi {predicate},", [f"i{width}"] * 2, COUNT, "i1"), (x, y), "i1")
    sides = (unsigned(x), unsigned(y)) if predicate[0] == "u" else (x, y)
    np.testing.assert_array_equal(output, COMPARED[predicate[-2:]](*sides))


@pytest.mark.parametrize("dtype", FLOATS)
@pytest.mark.parametrize("predicate", ["ord", "uno", *(order + name for order in "ou" for name in COMPARED)])
def test_comparison_of_floats(predicate, dtype):
    x, y = floats(dtype, 0), floats(dtype, 1)
    output = run(elementwise(f"arith.cmpf {predicate},", [dtype] * 2, COUNT, "i1"), (x, y), "i1")
    a, b = valued(x, dtype), valued(y, dtype)
    unordered = np.isnan(a) | np.isnan(b)
    if predicate in ("ord", "uno"):
        wanted = unordered == (predicate == "uno")
    else:
        wanted = np.where(unordered, predicate[0] == "u", COMPARED[predicate[1:]](a, b))
    np.testing.assert_array_equal(output, wanted)


def extreme(function, keeps_nan):
    """A maximum or minimum, where -0 is less than +0 if NaN is kept."""
    def result(x, y):
        lower = function(np.where(np.signbit(x), -1, 1), np.where(np.signbit(y), -1, 1)) < 0
        values = function(x, y)
        return np.where((x == 0) & (y == 0), np.where(lower, np.float32(-0.0), np.float32(0)), values)
    return result if keeps_nan else lambda x, y: getattr(np, "fmax" if function is np.maximum else "fmin")(x, y)


TWO_FLOATS = {
    "arith.addf": np.add, "arith.subf": np.subtract, "arith.mulf": np.multiply, "arith.divf": np.divide,
    "arith.remf": np.fmod, "arith.maximumf": extreme(np.maximum, True), "arith.minimumf": extreme(np.minimum, True),
    "arith.maxnumf": extreme(np.maximum, False), "arith.minnumf": extreme(np.minimum, False),
    "math.copysign": np.copysign,
}
ONE_FLOAT = {
    "arith.negf": np.negative, "math.absf": np.abs, "math.ceil": np.ceil, "math.floor": np.floor, "math.trunc": np.trunc,
    "math.roundeven": np.rint, "math.round": lambda x: np.copysign(np.floor(np.abs(x) + np.float32(0.5)), x),
    "math.sqrt": np.sqrt,
}


def assert_same_floats(output, wanted, dtype, signs):
    got, want = valued(output, dtype), valued(stored(wanted, dtype), dtype)
    np.testing.assert_array_equal(got, want)
    if signs:
        numbers = ~np.isnan(want)
        np.testing.assert_array_equal(np.signbit(got)[numbers], np.signbit(want)[numbers])


@pytest.mark.parametrize("dtype", FLOATS)
@pytest.mark.parametrize("name", TWO_FLOATS)
def test_floats(name, dtype):
    x, y = floats(dtype, 0), floats(dtype, 1)
    with np.errstate(all="ignore"):
        wanted = TWO_FLOATS[name](valued(x, dtype), valued(y, dtype))
    output = run(elementwise(name, [dtype] * 2, COUNT), (x, y), dtype)
    assert_same_floats(output, wanted, dtype, signs="num" not in name)


@pytest.mark.parametrize("dtype", FLOATS)
@pytest.mark.parametrize("name", ONE_FLOAT)
def test_float(name, dtype):
    x = floats(dtype, 0)
    with np.errstate(all="ignore"):
        wanted = ONE_FLOAT[name](valued(x, dtype))
    output = run(elementwise(name, [dtype], COUNT), (x,), dtype)
    assert_same_floats(output, wanted, dtype, signs=True)


@pytest.mark.parametrize("dtype", ("f16", "bf16"))
def test_every_number_of_16_bits_is_widened(dtype):
    x = np.arange(2**16, dtype=np.uint16).view(STORED[dtype])
    output = run(conversion("arith.extf", dtype, "f32", 2**16), (x,), "f32", 2**16)
    assert_same_floats(output, valued(x, dtype), "f32", signs=True)


@pytest.mark.parametrize("dtype", ("f16", "bf16"))
def test_every_midpoint_of_16_bits_is_narrowed(dtype):
    """Each number, the midpoint to the next one, and the neighbours of the midpoint, of both signs."""
    numbers = valued(np.arange(2**15, dtype=np.uint16).view(STORED[dtype]), dtype)
    numbers = numbers[np.isfinite(numbers)]
    middle = ((numbers[:-1].astype(np.float64) + numbers[1:]) / 2).astype(np.float32)
    last = numbers[-1] + (numbers[-1] - numbers[-2]) / 2  # from here on infinity
    with np.errstate(over="ignore"):
        around = [np.nextafter(middle, np.float32(side)) for side in (-math.inf, math.inf)]
        ends = [last, np.nextafter(last, np.float32(0)), np.nextafter(last, np.float32(math.inf)), math.inf, math.nan]
    x = np.concatenate([numbers, middle, *around, np.array(ends, np.float32)]).astype(np.float32)
    x = np.concatenate([x, -x, np.zeros(-2 * len(x) % 1024, np.float32)])
    output = run(conversion("arith.truncf", "f32", dtype, len(x)), (x,), dtype, len(x))
    assert_same_floats(output, x, dtype, signs=True)


NARROWER = [(a, b) for a in WIDTHS for b in WIDTHS if b < a]


@pytest.mark.parametrize("wide, narrow", NARROWER)
def test_widths_of_integers(wide, narrow):
    x, y = integers(narrow, 0), integers(wide, 0)
    for name, source in (("extsi", x), ("extui", unsigned(x))):
        output = run(conversion(f"arith.{name}", f"i{narrow}", f"i{wide}", COUNT), (x,), f"i{wide}")
        np.testing.assert_array_equal(output, source.astype(STORED[f"i{wide}"]))
    output = run(conversion("arith.trunci", f"i{wide}", f"i{narrow}", COUNT), (y,), f"i{narrow}")
    np.testing.assert_array_equal(output, wrapped(y.tolist(), narrow))


@pytest.mark.parametrize("width, dtype", [(8, "f16"), (8, "bf16"), *((width, "f32") for width in WIDTHS)])
def test_integers_to_floats(width, dtype):
    x = integers(width, 0)
    for name, source in (("sitofp", x), ("uitofp", unsigned(x))):
        output = run(conversion(f"arith.{name}", f"i{width}", dtype, COUNT), (x,), dtype)
        assert_same_floats(output, source.astype(np.float32), dtype, signs=True)


@pytest.mark.parametrize("width, dtype", [(8, "f16"), (8, "bf16"), *((width, "f32") for width in WIDTHS)])
def test_floats_to_integers(width, dtype):
    """Numbers that the integer holds; those beyond the greatest signed one only as unsigned."""
    exponent = random(2).uniform(-1, min(width - 1, 15 if dtype == "f16" else 99), COUNT)
    x = stored((2**exponent * random(3).choice([1, -1], COUNT)).astype(np.float32), dtype)
    value = valued(x, dtype).astype(np.float64)
    x = np.where(value < 2.0**(width - 1), x, 0).astype(x.dtype)
    output = run(conversion("arith.fptosi", dtype, f"i{width}", COUNT), (x,), f"i{width}")
    np.testing.assert_array_equal(output, np.trunc(valued(x, dtype).astype(np.float64)).astype(np.int64))
    exponent = random(4).uniform(-1, width - 0.01, COUNT)
    x = stored((2**exponent).astype(np.float32), dtype)
    x = np.where(valued(x, dtype).astype(np.float64) < 2.0**width, x, 0).astype(x.dtype)
    output = run(conversion("arith.fptoui", dtype, f"i{width}", COUNT), (x,), f"i{width}")
    np.testing.assert_array_equal(unsigned(output), np.trunc(valued(x, dtype).astype(np.float64)).astype(np.uint64))


@pytest.mark.parametrize("source, result", [("f32", "i32"), ("i32", "f32"), ("f16", "i16"), ("bf16", "i16"), ("i16", "bf16"),
                                            ("i16", "f16"), ("f16", "bf16")])
def test_bits(source, result):
    bits = integers(int(re.sub(r"\D", "", source)), 0)
    output = run(conversion("tt.bitcast", source, result, COUNT), (bits.view(STORED[source]),), result)
    np.testing.assert_array_equal(unsigned(output), unsigned(bits))


SELECTED = sorted(set(STORED) - {"i1"})


@pytest.mark.parametrize("dtype", SELECTED)
def test_select(dtype):
    x, y = (floats(dtype, seed) if dtype in FLOATS else integers(int(dtype[1:]), seed) for seed in (0, 1))
    condition = random(5).integers(0, 2, COUNT).astype(np.uint8)
    text = elementwise("arith.select", ["i1", dtype, dtype], COUNT, dtype)
    output = run(text, (condition, x, y), dtype)
    np.testing.assert_array_equal(unsigned(output), unsigned(np.where(condition != 0, x, y)))


def test_constants_and_positions():
    text = elementwise("arith.addi", ["i32"] * 2, COUNT).replace("%xv, %yv", "%here, %five").replace(
        "%r =", f"%here = tt.make_range {{start = 0 : i32, end = {COUNT} : i32}} : tensor<{COUNT}xi32>\n"
        f"%five = arith.constant dense<-5> : tensor<{COUNT}xi32>\n%r =")
    output = run(text, (integers(32, 0), integers(32, 1)), "i32")
    np.testing.assert_array_equal(output, np.arange(COUNT) - 5)


REDUCED = {name: INTEGERS[name] for name in ("addi", "muli", "andi", "ori", "xori", "maxsi", "minsi", "maxui", "minui")}


@pytest.mark.parametrize("width", (8, 32))
@pytest.mark.parametrize("name", REDUCED)
def test_reduction_of_integers(name, width):
    x = random(6).integers(-2**(width - 1), 2**(width - 1), (32, 8)).astype(STORED[f"i{width}"])
    x[0] |= 1
    wanted = x[:, 0]
    with np.errstate(over="ignore"):
        for column in x.T[1:]:
            wanted = wrapped(REDUCED[name](wanted, np.ascontiguousarray(column)).tolist(), width)
    np.testing.assert_array_equal(run(reduction(f"arith.{name}", f"i{width}", x.shape), (x,), f"i{width}", 32), wanted)


@pytest.mark.parametrize("dtype", FLOATS)
@pytest.mark.parametrize("name", [f"arith.{name}" for name in ("addf", "mulf", "maxnumf", "minnumf", "maximumf", "minimumf")])
def test_reduction_of_floats(name, dtype):
    """Small numbers, so that sums and products are exact in any order."""
    numbers = random(7).choice([1.0, -2.0, 0.5, 2.0], (32, 8)).astype(np.float32)
    if name[-3:] == "umf":
        numbers[::5, 3] = math.nan
    x = stored(numbers, dtype)
    wanted = numbers[:, 0]
    for column in numbers.T[1:]:
        wanted = TWO_FLOATS[name](wanted, column)
    output = run(reduction(name, dtype, x.shape), (x,), dtype, 32)
    assert_same_floats(output, wanted.astype(np.float32), dtype, signs=False)


def test_every_row_has_a_case():
    table = (ROOT / "include/rblnc/support/ScalarOps.def").read_text()
    rows = set(re.findall(r'^RBLNC_(?:SCALAR|FLOAT|EXACT|INT)_OP\(\w+, \d, .*?"([\w.]+)"', table, re.M))
    rows |= {f"rbln.{name}" for name in re.findall(r'^RBLNC_RBLN_OP\((\w+)', table, re.M)}
    functions = set(re.findall(r'^RBLNC_LIBRARY_FUNCTION\("\w+", "[^"]*", "([\w.]+)"\)$',
                               (ROOT / "src/check/LibrarySymbols.def").read_text(), re.M))
    here = {f"arith.{name}" for name in (*INTEGERS, "cmpi", "cmpf", "select", "constant", "mului_extended", "extf", "truncf",
                                         "extsi", "extui", "trunci", "sitofp", "uitofp", "fptosi", "fptoui", "bitcast")}
    here |= {f"math.{name}" for name in (*ONE_INTEGER, "ipowi")} | {*TWO_FLOATS, *ONE_FLOAT}
    assert len(rows) > 100 and not rows - here - functions, rows - here - functions
