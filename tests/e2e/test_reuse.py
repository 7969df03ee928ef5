"""A buffer is written again only when nobody needs what it holds: sums, operands, results of branches and blocks of
caches that somebody else reads later. Values are small integers, so that every order of sums gives the same."""
import sys
from pathlib import Path

import numpy as np
import pytest

import reuse_kernels as ir

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "kernels"))
from rblnc import native  # noqa: E402

T = "64x64xf32"
DTYPES = {"f32": np.float32, "i32": np.int32}


def run(arrays, body, **given):
    """The arrays after a run, by name; what is not given is NaN before."""
    values = {}
    for number, (name, type) in enumerate(arrays.items()):
        *shape, dtype = type.split("x")
        array = np.empty([int(extent) for extent in shape], DTYPES[dtype])
        array[...] = np.nan if dtype == "f32" else 0
        if name in given:
            array[...] = given[name]
        elif name in "xyz":
            array[...] = np.random.default_rng(number).integers(-3, 4, array.shape)
        values[name] = array
    before = {name: array.copy() for name, array in values.items()}
    native.compile(ir.kernel(arrays, body)).run([(array.ctypes.data, array.nbytes) for array in values.values()])
    return before, values


def check(values, **wanted):
    for name, array in wanted.items():
        np.testing.assert_array_equal(values[name], array.astype(np.float32), err_msg=name)
        numbers = ~np.isnan(array)
        np.testing.assert_array_equal(np.signbit(values[name])[numbers], np.signbit(array)[numbers], err_msg=name)


def arrays(*outputs, type=T):
    return dict.fromkeys(("x", "y", *outputs), type)


LOADS = ir.lines(ir.load("a", "x", T), ir.load("b", "y", T))


@pytest.mark.parametrize("is_read", [True, False])
def test_sum_that_is_read_later(is_read):
    body = ir.lines(LOADS, ir.constant("zero", T, 0.0), ir.product("p", "a", "b", "zero", 64, 64, 64),
                    ir.product("s", "b", "b", "p", 64, 64, 64), ir.store("s", "s", T),
                    ir.store("p" if is_read else "a", "p", T))
    before, after = run(arrays("s", "p"), body)
    x, y = before["x"], before["y"]
    check(after, s=x @ y + y @ y, p=x @ y if is_read else x)


def test_sum_that_is_read_by_what_is_no_product():
    body = ir.lines(LOADS, ir.constant("zero", T, 0.0), ir.product("p", "a", "b", "zero", 64, 64, 64),
                    ir.product("s", "b", "b", "p", 64, 64, 64), ir.add("t", T, "s", "p"), ir.store("t", "t", T))
    before, after = run(arrays("t"), body)
    x, y = before["x"], before["y"]
    check(after, t=2 * (x @ y) + y @ y)


def test_sum_of_two_products():
    body = ir.lines(LOADS, ir.constant("zero", T, 0.0), ir.product("p", "a", "b", "zero", 64, 64, 64),
                    ir.product("s", "b", "b", "p", 64, 64, 64), ir.product("t", "a", "a", "p", 64, 64, 64),
                    ir.store("s", "s", T), ir.store("t", "t", T))
    before, after = run(arrays("s", "t"), body)
    x, y = before["x"], before["y"]
    check(after, s=x @ y + y @ y, t=x @ y + x @ x)


STARTS = {"one": 1.5, "zero": 0.0, "negative-zero": -0.0, "tensor": None}


@pytest.mark.parametrize("batch", [None, 1, 3])
@pytest.mark.parametrize("start", STARTS)
def test_start_of_a_product(start, batch):
    shape = "" if batch is None else f"{batch}x"
    a, b, c = f"{shape}8x64xf32", f"{shape}64x64xf32", f"{shape}8x64xf32"
    value = STARTS[start]
    body = ir.lines(ir.load("a", "x", a), ir.load("b", "y", b),
                    ir.load("c", "z", c) if value is None else ir.constant("c", c, value),
                    ir.product("p", "a", "b", "c", 8, 64, 64, batch), ir.store("p", "o", c))
    before, after = run({"x": a, "y": b, "z": c, "o": c}, body)
    check(after, o=before["x"] @ before["y"] + (before["z"] if value is None else np.float32(value)))


def test_operand_that_is_read_later():
    body = ir.lines(LOADS, ir.add("e", T, "a", "b"), ir.store("e", "e", T), ir.store("a", "p", T), ir.store("b", "q", T))
    before, after = run(arrays("e", "p", "q"), body)
    check(after, e=before["x"] + before["y"], p=before["x"], q=before["y"])


def test_operand_that_a_product_reads_later():
    body = ir.lines(LOADS, ir.scale("e", T, "a", 2), ir.constant("zero", T, 0.0),
                    ir.product("p", "e", "b", "zero", 64, 64, 64), ir.product("s", "a", "b", "p", 64, 64, 64), ir.store("s", "s", T))
    before, after = run(arrays("s"), body)
    check(after, s=3 * (before["x"] @ before["y"]))


def test_operand_in_two_ways():
    """The last reader reads it as it is and transposed."""
    body = ir.lines(LOADS, ir.generic("e", T, [("a", T), ("a", T)], "%res = arith.subf %e0, %e1 : f32", ["d0, d1", "d1, d0"]),
                    ir.store("e", "e", T))
    before, after = run(arrays("e"), body)
    check(after, e=before["x"] - before["x"].T)


def test_rows_and_columns_of_one_operand():
    body = ir.lines(LOADS, ir.generic("e", T, [("a", T), ("a", T)], "%res = arith.subf %e0, %e1 : f32", ["d1, d0", "d1, d0"]),
                    ir.generic("f", T, [("b", T), ("b", T)], "%res = arith.addf %e0, %e1 : f32", ["d1, d0", "d0, d1"]),
                    ir.add("g", T, "e", "f"), ir.store("g", "g", T))
    before, after = run(arrays("g"), body)
    check(after, g=before["y"] + before["y"].T)


def test_two_results_of_one_operand():
    body = ir.lines(LOADS, ir.scale("e", T, "a", 2), ir.scale("f", T, "a", 3), ir.add("g", T, "e", "f"), ir.store("e", "e", T),
                    ir.store("f", "f", T), ir.store("g", "g", T))
    before, after = run(arrays("e", "f", "g"), body)
    x = before["x"]
    check(after, e=2 * x, f=3 * x, g=5 * x)


@pytest.mark.parametrize("reader", ["later", "product", "none"])
def test_reshaped_operand_that_is_read_later(reader):
    flat = "4096xf32"
    body = [LOADS, f"%v = tensor.collapse_shape %a [[0, 1]] : tensor<{T}> into tensor<{flat}>", ir.scale("e", flat, "v", 2),
            f"%w = tensor.expand_shape %e [[0, 1]] output_shape [64, 64] : tensor<{flat}> into tensor<{T}>", ir.store("w", "e", T)]
    if reader == "product":
        body += [ir.constant("zero", T, 0.0), ir.product("p", "a", "b", "zero", 64, 64, 64), ir.store("p", "p", T)]
    else:
        body += [ir.store("a" if reader == "later" else "b", "p", T)]
    before, after = run(arrays("e", "p"), ir.lines(*body))
    x, y = before["x"], before["y"]
    check(after, e=2 * x, p={"later": x, "product": x @ y, "none": y}[reader])


def branch(results, then, otherwise, type=T):
    """`results` of one type; each side is its operations and what it yields."""
    types = ", ".join([f"tensor<{type}>"] * len(results))
    names = ", ".join(f"%{name}" for name in results)
    sides = [f"{operations}\nscf.yield {', '.join(f'%{value}' for value in values)} : {types}" for operations, values in
             (then, otherwise)]
    return f"{names} = scf.if %is -> ({types}) {{\n{sides[0]}\n}} else {{\n{sides[1]}\n}}"


CONDITION = ir.lines(ir.index("i", "n", 0, 8), ir.condition("is", "i", 8))
FIRST = branch(["r"], (ir.scale("r1", T, "a", 2), ["r1"]), ("", ["a"]))


def run_both(outputs, *body):
    """Once with the condition true, and with it false."""
    for index in (0, 3, 8):
        before, after = run({**arrays(*outputs), "n": "2xi32"}, ir.lines(LOADS, CONDITION, *body), n=index)
        yield before["x"], before["y"], after


@pytest.mark.parametrize("is_read", [True, False])
def test_result_of_a_branch_that_is_read_later(is_read):
    second = branch(["s"], (ir.add("s1", T, "r", "b"), ["s1"]), ("", ["r"]))
    seen = set()
    for x, y, after in run_both(["s", "r"], FIRST, second, ir.store("s", "s", T), ir.store("r" if is_read else "b", "r", T)):
        is_first = not np.array_equal(after["s"], x)
        seen.add(is_first)
        check(after, s=2 * x + y if is_first else x, r=(2 * x if is_first else x) if is_read else y)
    assert seen == {True, False}


def test_result_of_a_branch_that_is_yielded_twice():
    both = ir.lines(ir.add("s1", T, "r", "b"), ir.scale("t1", T, "r", 3))
    second = branch(["s", "t"], (both, ["s1", "t1"]), ("", ["r", "r"]))
    seen = set()
    for x, y, after in run_both(["s", "t"], FIRST, second, ir.store("s", "s", T), ir.store("t", "t", T)):
        is_first = not np.array_equal(after["s"], x)
        seen.add(is_first)
        check(after, s=2 * x + y if is_first else x, t=6 * x if is_first else x)
    assert seen == {True, False}


@pytest.mark.parametrize("order", [["r", "q"], ["q", "r"]])
def test_results_that_change_places(order):
    """A second branch yields the first one's results the other way round."""
    scaled = ir.lines(ir.scale("r1", T, "a", 2), ir.scale("q1", T, "b", 3))
    first = branch(["r", "q"], (scaled, ["r1", "q1"]), ("", ["a", "b"]))
    otherwise = ir.lines(ir.scale("s1", T, "b", 5), ir.scale("t1", T, "a", 7))
    second = branch(["s", "t"], ("", ["q", "r"]), (otherwise, ["s1", "t1"]))
    then = ir.lines(ir.scale("u1", T, "a", 11), ir.add("v1", T, order[0], order[1]))
    third = branch(["u", "v"], (then, ["u1", "v1"]), ("", order))
    for which in (second, third):
        names = ["s", "t"] if which is second else ["u", "v"]
        seen = set()
        for x, y, after in run_both(names, first, which, *(ir.store(name, name, T) for name in names)):
            one, two = after[names[0]], after[names[1]]
            results = [(3 * y, 2 * x), (5 * y, 7 * x)] if which is second else \
                [(11 * x, 2 * x + 3 * y), (x, y) if order[0] == "r" else (y, x)]
            matches = [i for i, (a, b) in enumerate(results) if np.array_equal(one, a) and np.array_equal(two, b)]
            assert len(matches) == 1
            seen.add(matches[0])
        assert seen == {0, 1}


@pytest.mark.parametrize("is_transposed", [False, True])
def test_results_that_are_yielded_in_another_order(is_transposed):
    """What a branch keeps when it is not taken is what it yields otherwise, transposed or from the other result."""
    maps = ["d1, d0"] if is_transposed else None
    scaled = ir.lines(ir.scale("r1", T, "a", 2), ir.scale("q1", T, "b", 3))
    first = branch(["r", "q"], (scaled, ["r1", "q1"]), ("", ["a", "b"]))
    moved = ir.lines(*(ir.generic(result, T, [(value, T)], "", maps).replace("linalg.yield %res", "linalg.yield %e0")
                       for result, value in (("m", "q"), ("n", "r"))))
    second = branch(["s", "t"], (moved, ["m", "n"]), ("", ["r", "q"]))
    seen = set()
    for x, y, after in run_both(["s", "t"], first, second, ir.store("s", "s", T), ir.store("t", "t", T)):
        is_first = not np.array_equal(after["s"], x)
        seen.add(is_first)
        m, n = (3 * y, 2 * x) if not is_transposed else (3 * y.T, 2 * x.T)
        check(after, s=m if is_first else x, t=n if is_first else y)
    assert seen == {True, False}


C = "16x64xf32"
ROWS = "4x64xf32"
WINDOW = "%w = rbln.window_insert %rows into %old at %i axis 0 : tensor<4x64xf32> into tensor<16x64xf32>, " \
    "!rbln.index<0, 8> -> tensor<20x64xf32>"
INSERT = "%w = rbln.insert %rows into %old at %i axis 0 : tensor<4x64xf32> into tensor<16x64xf32>, !rbln.index<0, 8>"


def cache(body, at=3, other=0, **more):
    """A cache of 16 rows, 4 new rows, two indices, and another block that may be stored over the cache."""
    given = {"cache": "16x64xf32", "rows": ROWS, "other": C, "n": "2xi32", **more}
    values = {name: np.random.default_rng(7 + place).integers(1, 50, (16, 64)) for place, name in enumerate(("cache", "other"))}
    values["rows"] = np.random.default_rng(3).integers(50, 90, (4, 64))
    text = ir.lines(ir.load("rows", "rows", ROWS), ir.load("other", "other", C), ir.index("i", "n", 0, 8),
                    ir.index("j", "n", 1, 8), body)
    return run(given, text, n=[at, other], **values)


def inserted(block, rows, at, length):
    result = np.zeros((length, 64), np.float32)
    result[:len(block)] = block
    result[at:at + len(rows)] = rows
    return result


PLACES = [(at, other) for at in (0, 3, 8) for other in (0, 1)]  # the second decides whether a branch is taken
OVERWRITE = "scf.if %is {\n" + ir.store("other", "cache", C) + "\n}"


@pytest.mark.parametrize("store", ["outside", "branch"])
def test_store_between_a_load_and_its_window(store):
    for at, other in PLACES:
        body = ir.lines(ir.load("old", "cache", C), ir.condition("is", "j", 8), OVERWRITE if store == "branch" else
                        ir.store("other", "cache", C), WINDOW, ir.store("w", "o", "20x64xf32"))
        before, after = cache(body, at, other, o="20x64xf32")
        wanted = np.zeros((20, 64), np.float32)
        wanted[:at] = before["cache"][:at]
        wanted[at:at + 4] = before["rows"]
        np.testing.assert_array_equal(after["o"][:at + 4], wanted[:at + 4])


@pytest.mark.parametrize("store", ["outside", "branch", "none"])
def test_store_between_a_load_and_the_store_of_its_block(store):
    for at, other in PLACES:
        between = {"outside": ir.store("other", "cache", C), "branch": OVERWRITE, "none": ""}[store]
        body = ir.lines(ir.load("old", "cache", C), ir.condition("is", "j", 8), between, INSERT, ir.store("w", "cache", C))
        before, after = cache(body, at, other)
        check(after, cache=inserted(before["cache"], before["rows"], at, 16))


@pytest.mark.parametrize("reader", ["store", "sum"])
def test_block_that_is_read_beside_its_insertion(reader):
    body = [ir.load("old", "cache", C), INSERT, ir.store("w", "o", C)]
    body += [ir.store("old", "p", C)] if reader == "store" else [ir.add("p", C, "old", "other"), ir.store("p", "p", C)]
    before, after = cache(ir.lines(*body), o=C, p=C)
    old = before["cache"]
    check(after, o=inserted(old, before["rows"], 3, 16), p=old if reader == "store" else old + before["other"])


@pytest.mark.parametrize("value", [0.0, -0.0, 1.5])
def test_what_is_put_behind_a_window(value):
    """Zeros behind a window are part of what is loaded for it; -0 is no such zero."""
    pad = f"%v = rbln.pad %w low 0 axis 0 value {value} : f32 : tensor<20x64xf32> -> tensor<24x64xf32>"
    body = ir.lines(ir.load("old", "cache", C), WINDOW, pad, ir.store("v", "o", "24x64xf32"))
    before, after = cache(body, o="24x64xf32")
    wanted = np.full((4, 64), value, np.float32)
    np.testing.assert_array_equal(after["o"][:7], np.concatenate([before["cache"][:3], before["rows"]]))
    np.testing.assert_array_equal(after["o"][20:].view(np.uint32), wanted.view(np.uint32))


@pytest.mark.parametrize("low", [0, 2, 8])
@pytest.mark.parametrize("value", [0.0, -0.0, -2.5, "inf"])
def test_padding_of_both_sides(low, value):
    spelled = "0x7F800000" if value == "inf" else value
    pad = f"%v = rbln.pad %old low {low} axis 0 value {spelled} : f32 : tensor<{C}> -> tensor<24x64xf32>"
    body = ir.lines(ir.load("old", "cache", C), pad, ir.store("v", "o", "24x64xf32"))
    before, after = cache(body, o="24x64xf32")
    wanted = np.full((24, 64), value, np.float32)
    wanted[low:low + 16] = before["cache"]
    np.testing.assert_array_equal(after["o"].view(np.uint32), wanted.view(np.uint32))


@pytest.mark.parametrize("value", [None, "-0.0", "0xFF800000", "1.5"])
def test_padding_of_clipped_loads(value):
    clips = "clips [#rbln.clip<axis = 0, lo = 2, hi = 11>]" + (f" padding {value} : f32" if value else "")
    body = ir.lines(ir.load("old", "cache", C, clips), ir.store("old", "o", C))
    before, after = cache(body, o=C)
    wanted = np.full((16, 64), {None: 0.0, "-0.0": -0.0, "0xFF800000": -np.inf, "1.5": 1.5}[value], np.float32)
    wanted[2:11] = before["cache"][2:11]
    np.testing.assert_array_equal(after["o"].view(np.uint32), wanted.view(np.uint32))
