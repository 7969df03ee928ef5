"""Masks, paddings and run-time offsets down to the element: every predicate, written either way round, at every place where it
changes; padding whose bits are those of +0 and not; the lowest and highest offset that a block may have."""
import sys
from pathlib import Path

import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "kernels"))
from rblnc import native  # noqa: E402

COUNT = 64
DTYPES = {"f32": np.float32, "f16": np.float16, "bf16": np.uint16, "i32": np.int32, "i8": np.int8, "i1": np.uint8}
HEAD = """module {{ tt.func public @k(%x: !tt.ptr<{dtype}> loc("x"), %o: !tt.ptr<{dtype}> loc("o"), %n: i32 loc("n")) {{
%r = tt.make_range {{start = 0 : i32, end = 64 : i32}} : tensor<64xi32>
%xs = tt.splat %x : !tt.ptr<{dtype}> -> tensor<64x!tt.ptr<{dtype}>>
%xp = tt.addptr %xs, %r : tensor<64x!tt.ptr<{dtype}>>, tensor<64xi32>
%os = tt.splat %o : !tt.ptr<{dtype}> -> tensor<64x!tt.ptr<{dtype}>>
%op = tt.addptr %os, %r : tensor<64x!tt.ptr<{dtype}>>, tensor<64xi32>
"""
TAIL = "\ntt.return\n}\n}\n"
POINTERS = "tensor<64x!tt.ptr<{dtype}>>"


def run(bundle, x, o, n):
    n = np.array([n], np.int32)
    bundle.run([(array.ctypes.data, array.nbytes) for array in (x, o, n)])


def mask(lines, predicate, left, right):
    return f"{lines}\n%m = arith.cmpi {predicate}, %{left}, %{right} : tensor<64xi32>\n"


COMPARE = {"lt": np.less, "le": np.less_equal, "gt": np.greater, "ge": np.greater_equal, "eq": np.equal}
PREDICATES = ["eq", *(sign + order for sign in "su" for order in ("lt", "le", "gt", "ge"))]


@pytest.mark.parametrize("is_reversed", [False, True])
@pytest.mark.parametrize("predicate", PREDICATES)
@pytest.mark.parametrize("factor, offset", [(1, 0), (3, 0), (3, 1), (5, -7), (-1, 40), (-3, 50)])
def test_predicates_with_constants(predicate, factor, offset, is_reversed):
    """factor * i + offset compared with every number around its ends, some of them no multiple of the factor."""
    positions = factor * np.arange(COUNT, dtype=np.int64) + offset
    for bound in (-1, 0, 1, 20, 21, 22, 40):
        numbers = (f"%f = arith.constant dense<{factor}> : tensor<64xi32>\n%c = arith.constant dense<{offset}> : tensor<64xi32>\n"
                   f"%b = arith.constant dense<{bound}> : tensor<64xi32>\n%p = arith.muli %r, %f : tensor<64xi32>\n"
                   "%q = arith.addi %p, %c : tensor<64xi32>")
        sides = ("b", "q") if is_reversed else ("q", "b")
        text = HEAD.format(dtype="f32") + mask(numbers, predicate, *sides) + \
            f"%v = tt.load %xp : {POINTERS.format(dtype='f32')}\ntt.store %op, %v, %m : {POINTERS.format(dtype='f32')}" + TAIL
        try:
            bundle = native.compile(text)
        except native.CompileError as error:
            # What may be negative is no box as an unsigned number, and a store that never happens is an error of its own.
            if predicate[0] == "u":
                continue
            pytest.fail(str(error))
        x, o = np.arange(1, COUNT + 1, dtype=np.float32), np.full(COUNT, -9, np.float32)
        run(bundle, x, o, 0)
        left, right = (np.full(COUNT, bound), positions) if is_reversed else (positions, np.full(COUNT, bound))
        if predicate[0] == "u":
            left, right = left % 2**32, right % 2**32
        np.testing.assert_array_equal(o, np.where(COMPARE[predicate[-2:]](left, right), x, -9), err_msg=f"{bound}")


@pytest.mark.parametrize("is_reversed", [False, True])
@pytest.mark.parametrize("predicate", ["eq", "slt", "sle", "sgt", "sge"])
@pytest.mark.parametrize("is_store", [False, True])
def test_predicates_with_arguments(predicate, is_store, is_reversed):
    numbers = "%b = tt.splat %n : i32 -> tensor<64xi32>"
    kind = POINTERS.format(dtype="f32")
    body = f"%v = tt.load %xp : {kind}\ntt.store %op, %v, %m : {kind}" if is_store else \
        f"%other = arith.constant dense<-9.0> : tensor<64xf32>\n%v = tt.load %xp, %m, %other : {kind}\ntt.store %op, %v : {kind}"
    bundle = native.compile(HEAD.format(dtype="f32") + mask(numbers, predicate, *(("b", "r") if is_reversed else ("r", "b"))) + body
                            + TAIL)
    for n in (-2**31, -1, 0, 1, 31, 62, 63, 64, 65, 2**31 - 1):
        x, o = np.arange(1, COUNT + 1, dtype=np.float32), np.full(COUNT, -9, np.float32)
        run(bundle, x, o, n)
        sides = (np.full(COUNT, n), np.arange(COUNT))
        taken = COMPARE[predicate[-2:]](*(sides if is_reversed else sides[::-1]))
        np.testing.assert_array_equal(o, np.where(taken, x, -9), err_msg=f"{n}")


OTHERS = [("f32", "-0.0", 0x80000000), ("f32", "0.0", 0), ("f32", "0xFF800000", 0xff800000), ("f32", "1.5", 0x3fc00000),
          ("f16", "-0.0", 0x8000), ("bf16", "-0.0", 0x8000), ("f16", "1.0", 0x3c00), ("bf16", "1.0", 0x3f80),
          ("i32", "-7", -7), ("i8", "-128", -128), ("i1", "true", 1), ("i1", "false", 0)]


@pytest.mark.parametrize("dtype, other, bits", OTHERS)
def test_what_stands_where_a_load_is_masked(dtype, other, bits):
    kind = POINTERS.format(dtype=dtype)
    text = HEAD.format(dtype=dtype) + mask("%b = tt.splat %n : i32 -> tensor<64xi32>", "slt", "r", "b") + \
        f"%other = arith.constant dense<{other}> : tensor<64x{dtype}>\n%v = tt.load %xp, %m, %other : {kind}\n" \
        f"tt.store %op, %v : {kind}" + TAIL
    bundle = native.compile(text)
    for n in (0, 5, 64):
        x = np.ones(COUNT, np.uint8 if dtype == "i1" else f"u{DTYPES[dtype]().itemsize}").view(DTYPES[dtype])
        o = np.zeros(COUNT, DTYPES[dtype])
        run(bundle, x, o, n)
        wanted = np.where(np.arange(COUNT) < n, 1, bits % 2**(8 * x.itemsize))
        np.testing.assert_array_equal(o.view(f"u{x.itemsize}"), wanted)


BLOCK = """module {{ tt.func public @k(%x: !tt.ptr<f32> loc("x"), %o: !tt.ptr<f32> loc("o"), %n: i32 loc("n")) {{
%f = arith.constant {factor} : i32
%c = arith.constant {constant} : i32
%p = arith.muli %n, %f : i32
%q = arith.addi %p, %c : i32
%zero = arith.constant 0 : i32
%one = arith.constant 1 : i64
%count = arith.constant 64 : i64
%size = arith.constant 16 : i64
%xp = tt.make_tensor_ptr %x, [%count], [%one], [%q] {{order = array<i32: 0>}} : <tensor<16xf32>>
%op = tt.make_tensor_ptr %o, [%size], [%one], [%zero] {{order = array<i32: 0>}} : <tensor<16xf32>>
%v = tt.load %xp : !tt.ptr<tensor<16xf32>>
tt.store %op, %v : !tt.ptr<tensor<16xf32>>
tt.return
}}
}}
"""


@pytest.mark.parametrize("factor, constant", [(1, 0), (1, -5), (1, 7), (3, 0), (3, -5), (3, 2), (16, -16), (16, 0), (-1, 48),
                                              (-3, 10)])
def test_lowest_and_highest_offset_of_a_block(factor, constant):
    bundle = native.compile(BLOCK.format(factor=factor, constant=constant))
    x = np.arange(COUNT, dtype=np.float32)
    legal = [n for n in range(-100, 101) if 0 <= factor * n + constant <= COUNT - 16]
    for n in (min(legal), min(legal) + 1, max(legal) - 1, max(legal)):
        o = np.zeros(16, np.float32)
        if n in legal:
            run(bundle, x, o, n)
            np.testing.assert_array_equal(o, x[factor * n + constant:][:16], err_msg=f"{n}")
    for n in (min(legal) - 1, max(legal) + 1):
        with pytest.raises(native.RunError):
            run(bundle, x, np.zeros(16, np.float32), n)


@pytest.mark.parametrize("dtype", ["f32", "f16", "i8"])
def test_stores_before_a_run_time_end_leave_the_rest(dtype):
    """Also at an end that is negative: nothing is written then."""
    kind = POINTERS.format(dtype=dtype)
    text = HEAD.format(dtype=dtype) + mask("%b = tt.splat %n : i32 -> tensor<64xi32>", "slt", "r", "b") + \
        f"%v = tt.load %xp : {kind}\ntt.store %op, %v, %m : {kind}" + TAIL
    bundle = native.compile(text)
    for n in (-64, -1, 0, 1, 63, 64, 100):
        x, o = np.arange(1, COUNT + 1).astype(DTYPES[dtype]), np.full(COUNT, 100, DTYPES[dtype])
        run(bundle, x, o, n)
        np.testing.assert_array_equal(o, np.where(np.arange(COUNT) < n, x, 100).astype(DTYPES[dtype]))


SQUARE = """module {{ tt.func public @k(%x: !tt.ptr<f32> loc("x"), %o: !tt.ptr<f32> loc("o"), %n: i32 loc("n")) {{
%r = tt.make_range {{start = 0 : i32, end = 64 : i32}} : tensor<64xi32>
%i = tt.make_range {{start = 0 : i32, end = 16 : i32}} : tensor<16xi32>
%w = arith.constant dense<64> : tensor<16xi32>
%iw = arith.muli %i, %w : tensor<16xi32>
%ic = tt.expand_dims %iw {{axis = 1 : i32}} : tensor<16xi32> -> tensor<16x1xi32>
%ib = tt.broadcast %ic : tensor<16x1xi32> -> tensor<16x64xi32>
%rc = tt.expand_dims %r {{axis = 0 : i32}} : tensor<64xi32> -> tensor<1x64xi32>
%rb = tt.broadcast %rc : tensor<1x64xi32> -> tensor<16x64xi32>
%at = arith.addi %ib, %rb : tensor<16x64xi32>
%b{axis} = tt.splat %n : i32 -> tensor<{extent}xi32>
%s = arith.cmpi slt, %{index}, %b{axis} : tensor<{extent}xi32>
{shape}
%xs = tt.splat %x : !tt.ptr<f32> -> tensor<16x64x!tt.ptr<f32>>
%xp = tt.addptr %xs, %at : tensor<16x64x!tt.ptr<f32>>, tensor<16x64xi32>
%os = tt.splat %o : !tt.ptr<f32> -> tensor<16x64x!tt.ptr<f32>>
%op = tt.addptr %os, %at : tensor<16x64x!tt.ptr<f32>>, tensor<16x64xi32>
%v = tt.load %xp : tensor<16x64x!tt.ptr<f32>>
tt.store %op, %v, %m : tensor<16x64x!tt.ptr<f32>>
tt.return
}}
}}
"""
SHAPES = {
    "rows": (0, 16, "i", "%c = tt.expand_dims %s {axis = 1 : i32} : tensor<16xi1> -> tensor<16x1xi1>\n"
             "%m = tt.broadcast %c : tensor<16x1xi1> -> tensor<16x64xi1>"),
    "columns": (1, 64, "r", "%c = tt.expand_dims %s {axis = 0 : i32} : tensor<64xi1> -> tensor<1x64xi1>\n"
                "%m = tt.broadcast %c : tensor<1x64xi1> -> tensor<16x64xi1>"),
    "transposed rows": (0, 16, "i", "%c = tt.expand_dims %s {axis = 0 : i32} : tensor<16xi1> -> tensor<1x16xi1>\n"
                        "%d = tt.broadcast %c : tensor<1x16xi1> -> tensor<64x16xi1>\n"
                        "%m = tt.trans %d {order = array<i32: 1, 0>} : tensor<64x16xi1> -> tensor<16x64xi1>"),
}


@pytest.mark.parametrize("shape", SHAPES)
def test_masks_of_one_axis_of_two(shape):
    axis, extent, index, lines = SHAPES[shape]
    bundle = native.compile(SQUARE.format(axis=axis, extent=extent, index=index, shape=lines))
    for n in (0, 1, 7, 15, 16, 64):
        x, o = np.arange(1024, dtype=np.float32).reshape(16, 64), np.full((16, 64), -9, np.float32)
        run(bundle, x, o, n)
        taken = np.arange(extent) < n
        np.testing.assert_array_equal(o, np.where(taken[:, None] if axis == 0 else taken[None], x, -9))
