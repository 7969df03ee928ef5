"""Every function of a device library that src/check/LibrarySymbols.def takes, as tt.extern_elementwise, over edge values and
random ones: floats within one unit in the last place, everything else exactly. A row without a reference fails."""
import math
import re
import sys
from pathlib import Path

import numpy as np
import pytest

from function_references import FLOATS, INTEGERS

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "kernels"))
from rblnc import native  # noqa: E402

TABLE = (ROOT / "src/check/LibrarySymbols.def").read_text()
ROWS = re.findall(r'^RBLNC_LIBRARY_FUNCTION\("(\w+)", "(\w)\((\w+)\)", "([\w.]+)"\)$', TABLE, re.M)
KINDS = {"f": ("f32", np.float32), "i": ("i32", np.int32), "l": ("i64", np.int64)}
FLOAT_EDGES = [0.0, -0.0, math.inf, -math.inf, math.nan, 1.0, -1.0, 0.5, -0.5, 1.5, 2.5, -2.5, 3.5, 0.49999997, 2.0, 3.0,
               1e-45, -1e-45, 1.1754944e-38, 1e-10, -1e-7, 1e-4, 88.72284, 88.72283, -87.4, -103.97, 104.0, 3.4028235e38,
               -3.4028235e38, 8388607.5, 8388609.0, -16777216.0, 2147483648.0, -2147483648.0, 9.3e18, 1.0000001,
               0.99999994, -0.99999994, 1e20, -1e22, 10.05, -9.4, 35.04, -35.5, 0.25, 100.25]
INT_EDGES = [0, 1, -1, 2, 3, -2, 7, 24, 31, 32, 63, 127, -127, 255, 0x7FFFFF, 0x800000, -0x800000, 2**31 - 1, -2**31,
             0x12345678, -0x12345678, 0x76543210]
COUNT = 4096


def kernel(symbol, result, operands):
    """x0, x1, ... through the function to o."""
    names = [f"x{i}" for i in range(len(operands))]
    arguments = [(name, KINDS[kind][0]) for name, kind in zip([*names, "o"], operands + result)]
    lines = [f"%q{name} = tt.make_tensor_ptr %{name}, [%n], [%one], [%zero] {{order = array<i32: 0>}} : "
             f"<tensor<{COUNT}x{kind}>>" for name, kind in arguments]
    lines += [f"%v{name} = tt.load %q{name} : !tt.ptr<tensor<{COUNT}x{kind}>>" for name, kind in arguments[:-1]]
    types = ", ".join(f"tensor<{COUNT}x{kind}>" for _, kind in arguments[:-1])
    lines.append(f'%r = tt.extern_elementwise {", ".join(f"%v{name}" for name in names)} {{libname = "", libpath = "", '
                 f'pure = true, symbol = "{symbol}"}} : ({types}) -> tensor<{COUNT}x{arguments[-1][1]}>')
    lines.append(f"tt.store %qo, %r : !tt.ptr<tensor<{COUNT}x{arguments[-1][1]}>>")
    signature = ", ".join(f'%{name}: !tt.ptr<{kind}> loc("{name}")' for name, kind in arguments)
    return (f"module {{ tt.func public @k({signature}) {{\n%zero = arith.constant 0 : i32\n%one = arith.constant 1 : i64\n"
            f"%n = arith.constant {COUNT} : i64\n" + "\n".join(lines) + "\ntt.return\n}\n}\n")


def values(kind, place):
    """Edge values in another order for every operand, bit patterns at random, and numbers of usual size."""
    random = np.random.default_rng(place + 1)
    if kind == "f":
        edges = np.array(FLOAT_EDGES, np.float32)
        edges = np.tile(edges, len(edges)) if place == 0 else np.repeat(edges, len(edges))
        patterns = random.integers(0, 2**32, 1000, np.uint64).astype(np.uint32).view(np.float32)
        # A NaN that signals would not survive its way through Python.
        patterns[np.isnan(patterns)] = np.nan
        usual = random.normal(size=COUNT - 1000 - len(edges)).astype(np.float32) * 4
        return np.concatenate([edges, patterns, usual])
    array = random.integers(-2**63 if kind == "l" else -2**31, 2**63 if kind == "l" else 2**31, COUNT, np.int64)
    array[1000:2000] = random.integers(-300, 300, 1000)
    edges = np.array(INT_EDGES, np.int64)
    array[:len(edges)**2] = np.tile(edges, len(edges)) if place == 0 else np.repeat(edges, len(edges))
    return array.astype(KINDS[kind][1])


def run(symbol, result, operands):
    inputs = [values(kind, place) for place, kind in enumerate(operands)]
    output = np.zeros(COUNT, KINDS[result][1])
    bundle = native.compile(kernel(symbol, result, operands))
    assert {warning["code"] for warning in bundle.warnings} >= {"RBLN-W030"}
    bundle.run([(array.ctypes.data, array.nbytes) for array in (*inputs, output)])
    return inputs, output


def units_off(got, want):
    """The distance from the exact value in units in the last place of float32; infinite where the kind is another."""
    if math.isnan(want) or math.isnan(got):
        return 0 if math.isnan(want) and math.isnan(got) else math.inf
    with np.errstate(over="ignore"):
        nearest = float(np.float32(want))
    if math.isinf(nearest) or math.isinf(got):
        return 0 if nearest == got else math.inf
    if want == 0:
        return 0 if got == 0 and math.copysign(1, got) == math.copysign(1, want) else math.inf
    return abs(got - want) / 2.0**max(math.frexp(want)[1] - 24, -149)


def symbol_of(name, types):
    """As libdevice spells the function for float32; those of integers and those that name a type have no suffix."""
    plain = "f" not in types or re.search(r"_r[nzdu]$|2|_as_", name)
    return f"__nv_{name}" if plain else f"__nv_{name}f"


def test_the_table_is_read():
    assert len(ROWS) == len(re.findall(r"^RBLNC_LIBRARY_FUNCTION\(", TABLE, re.M)) > 120


@pytest.mark.parametrize("name, result, operands, meaning", ROWS, ids=[row[0] for row in ROWS])
def test_function(name, result, operands, meaning):
    inputs, output = run(symbol_of(name, result + operands), result, operands)
    function = FLOATS[name] if name in FLOATS else INTEGERS[name]
    columns = [column.tolist() for column in inputs]
    wanted = [function(*row) for row in zip(*columns)]
    if result != "f":
        bits = 64 if result == "l" else 32
        wrong = [(row, got, want) for row, got, want in zip(zip(*columns), output.tolist(), wanted)
                 if (got - want) % 2**bits != 0]
        assert not wrong, wrong[:3]
        return
    worst = max(((units_off(got, want), row, got, want)
                 for row, got, want in zip(zip(*columns), output.tolist(), wanted)), key=lambda entry: entry[0])
    assert worst[0] <= 1, worst


@pytest.mark.parametrize("symbol", ["__ocml_tanh_f32", "__ocml_pow_f32", "__triton_hip_fast_tanhf"])
def test_spellings_of_the_other_library(symbol):
    operands = "ff" if "pow" in symbol else "f"
    _, other = run(symbol, "f", operands)
    _, same = run("__nv_powf" if "pow" in symbol else "__nv_tanhf", "f", operands)
    assert other.tobytes() == same.tobytes()
