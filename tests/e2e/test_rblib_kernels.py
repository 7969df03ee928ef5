"""Small kernels for what the probes of kernels/rblib do not cover: ranks, axes, types, derived indices, branches.

Data is fresh at every run; a failure prints the RBLNC_TEST_SEED that repeats it.
"""
import os
import secrets

import numpy as np
import pytest

from rblib_calls import Kernel, rows_of
from rblib_run import check, compiled, run
from rblib_text import ELEMENTS, FORMS, row_major

SEED = int(os.environ.get("RBLNC_TEST_SEED", secrets.randbits(32)))
P = 6
# seen[p] of four partitions with P rows: empty, inside of one, at each border, full.
TOKENS = (0, 3, P, P + 1, 2 * P, 3 * P - 1, 3 * P, 4 * P)


def offsets(tokens):
    return np.clip(tokens - P * np.arange(4), 0, P)


@pytest.fixture
def rng():
    print(f"RBLNC_TEST_SEED={SEED}")
    return np.random.default_rng(SEED)


def random_inputs(kernel, rng, **given):
    inputs = {}
    for name, (shape, element) in kernel.arrays.items():
        value = given[name] if name in given else rng.standard_normal(shape)
        # What a 16-bit type holds exactly.
        inputs[name] = np.asarray(value, ELEMENTS[element]).reshape(shape)
        if element in ("f16", "bf16"):
            inputs[name] = np.round(inputs[name] * 16) / 16
    return inputs


def stored(kernel, name, value):
    kernel.store(kernel.block(kernel.array(name, value.shape, value.element)), value)


def loaded(kernel, name, shape, element="f32"):
    return kernel.load(kernel.block(kernel.array(name, shape, element)))


# Every axis of every rank, and the index dtypes


@pytest.mark.parametrize("element", ["f32", "f16", "bf16"])
@pytest.mark.parametrize("index", ["i16", "i32", "i64"])
@pytest.mark.parametrize("shape", [(7, ), (5, 3), (3, 1, 5), (2, 3, 1, 4), (1, 3, 2, 5, 3), (2, 1, 3, 1, 2, 5)],
                         ids=str)
def test_rows_along_every_axis(rblnc, rng, tmp_path, shape, index, element):
    kernel = Kernel()
    kernel.array("i", (2, ), index)
    off, most = kernel.index("i", 1), min(shape)
    for axis, extent in enumerate(shape):
        x = kernel.block(kernel.array(f"x{axis}", shape, element))
        data = kernel.dynamic_load(x, axis, off)
        new = loaded(kernel, f"n{axis}", [1 if d == axis else e for d, e in enumerate(shape)], element)
        stored(kernel, f"oi{axis}", kernel.insert(data, new, axis, off))
        grown = kernel.window_insert(data, new, axis, off)
        stored(kernel, f"ow{axis}", grown)
        stored(kernel, f"os{axis}", kernel.window_slice(grown, kernel.plus(off, 1), axis, (extent + 1) // 2))
        stored(kernel, f"op{axis}", kernel.pad(data, axis, axis, 2, -1.5))
        stored(kernel, f"om{axis}", kernel.softmax(data, axis))
        kernel.dynamic_store(kernel.block(kernel.array(f"od{axis}", shape, element)), data, axis, kernel.plus(off, -1))
    bundle = compiled(rblnc, kernel, tmp_path)
    for value in {0, most // 2, most}:
        inputs = random_inputs(kernel, rng, i=[0, value])
        for axis in range(len(shape)):  # rows that are not loaded must not be read
            np.moveaxis(inputs[f"x{axis}"], axis, 0)[value:] = np.nan
        check(rblnc, kernel, inputs, bundle)


@pytest.mark.parametrize("added", [-7, -1, 2, 9])
def test_derived_indices_are_clipped(rblnc, rng, tmp_path, added):
    kernel = Kernel()
    kernel.array("i", (1, 1), "i32")
    off = kernel.plus(kernel.index("i", 0, 0), added)
    x, new = loaded(kernel, "x", (5, 6)), loaded(kernel, "n", (2, 6))
    stored(kernel, "o0", kernel.insert(x, new, 0, off))
    stored(kernel, "o1", kernel.dynamic_load(kernel.block("x"), 1, off))
    stored(kernel, "o2", kernel.dynamic_masked_softmax(x, off))
    stored(kernel, "o3", kernel.window_softmax(x, off, 3))
    for n, part in enumerate(kernel.tile(x, off)):
        stored(kernel, f"o{4 + n}", part)
    kernel.dynamic_store(kernel.block(kernel.array("o7", (5, 6))), x, 0, off)
    bundle = compiled(rblnc, kernel, tmp_path)
    for value in (0, 1, 4):
        check(rblnc, kernel, random_inputs(kernel, rng, i=value), bundle)


def test_slice_size_beyond_the_index_type(rblnc, rng, tmp_path):
    kernel = Kernel()
    kernel.array("i", (1, ), "i16")
    stored(kernel, "o", kernel.window_slice(loaded(kernel, "x", (40000, )), kernel.index("i", 0), 0, 40000))
    bundle = compiled(rblnc, kernel, tmp_path)
    for value in (0, 7, 32767):
        check(rblnc, kernel, random_inputs(kernel, rng, i=value), bundle)


# Chains


@pytest.mark.parametrize("record", [True, False], ids=["recorded", "bare"])
def test_chain_to_a_product(rblnc, rng, tmp_path, record):
    kernel = Kernel(record)
    kernel.array("i", (3, ), "i32")
    off = kernel.index("i", 2)
    cache = kernel.block(kernel.array("o0", (3, 5, 4)))
    block = kernel.insert(kernel.dynamic_load(cache, 1, off), loaded(kernel, "new", (3, 2, 4)), 1, off)
    kernel.dynamic_store(cache, block, 1, kernel.plus(off, 2))
    keys = kernel.trans(kernel.reshape(block, (3, 1, 5, 4)), (0, 1, 3, 2))
    query = kernel.broadcast(loaded(kernel, "q", (3, 1, 7, 4)), (3, 2, 7, 4))
    scores = kernel.dot(query, kernel.broadcast(keys, (3, 2, 4, 5)))
    m, p, s = kernel.tile(scores, off)
    values = kernel.broadcast(kernel.reshape(block, (3, 1, 5, 4)), (3, 2, 5, 4))
    m2, p2, s2 = kernel.tile(scores, kernel.plus(off, 3), m)
    total, out = kernel.recompute(m, m2, s, s2, kernel.dot(p, values), kernel.dot(p2, values))
    stored(kernel, "o1", out)
    stored(kernel, "o2", total)
    stored(kernel, "o3", kernel.load(cache))
    bundle = compiled(rblnc, kernel, tmp_path)
    for value in (0, 2, 3, 4, 5):
        check(rblnc, kernel, random_inputs(kernel, rng, i=[9, -9, value]), bundle)


@pytest.mark.parametrize("element", ["f32", "f16", "bf16"])
def test_rows_of_which_nothing_is_visible(rblnc, rng, tmp_path, element):
    kernel = Kernel()
    kernel.array("i", (1, ), "i32")
    off = kernel.index("i", 0)
    x, mask = loaded(kernel, "x", (2, 5, 9), element), loaded(kernel, "mask", (1, 5, 9), element)
    stored(kernel, "o0", kernel.masked_softmax(x, mask))
    parts = [*kernel.tile(x, mask), *kernel.tile(x, kernel.plus(off, -4))]
    starts = (((2, 5, 1), -np.inf), ((2, 5, 1), 0), ((2, 5, 9), 0))
    m, s, o = (kernel.full(shape, value, element) for shape, value in starts)
    parts += kernel.recompute(m, parts[0], s, parts[2], o, parts[1])
    parts += kernel.recompute(m, parts[3], s, parts[5], o, parts[4])
    parts += kernel.tile(x, mask, parts[3])
    for n, part in enumerate(parts):
        stored(kernel, f"o{n + 1}", part)
    bundle = compiled(rblnc, kernel, tmp_path)
    for value in (0, 3):
        visible = rng.integers(0, 2, (1, 5, 9)) * [[0], [1], [1], [0], [1]]
        inputs = random_inputs(kernel, rng, i=value, mask=visible)
        # What is masked may be anything.
        inputs["x"] = np.where(visible > 0, inputs["x"], rng.choice([np.nan, np.inf, -np.inf, 1.0], visible.shape))
        if value == 0:
            inputs["x"] = random_inputs(kernel, rng)["x"]
        check(rblnc, kernel, inputs, bundle)


# Branches


class Branches(Kernel):
    """Two values, a and b, that branches on partitions 1, 2 and 3 change."""

    def __init__(self):
        super().__init__()
        self.array("seen", (1, 4), "i32")
        self.a, self.b = loaded(self, "xa", (P, P)), loaded(self, "xb", (P, P))

    def condition_of(self, p, form="== False", naive=False):
        return self.condition(self.skip(self.index("seen", 0, p, max=P), P, naive), form)

    def change(self, p, then, otherwise=None):
        a, b = self.a, self.b
        self.a, self.b = self.branch(self.condition_of(p), [a, b], lambda: then(a, b),
                                     lambda: otherwise(a, b) if otherwise else (a, b))


def transposed_in_place(kernel):
    for p in (1, 2, 3):
        kernel.change(p, lambda a, b: (kernel.trans(a, (1, 0)), kernel.binary("addf", a, b)))


def swapped(kernel):
    for p in (1, 2, 3):
        kernel.change(p, lambda a, b: (b, kernel.binary("subf", a, b)))


def swapped_and_transposed(kernel):
    for p in (1, 2, 3):
        kernel.change(p, lambda a, b: (kernel.trans(b, (1, 0)), kernel.reshape(a, (P, P))))


def only_yields(kernel):
    kernel.change(1, lambda a, b: (b, a))
    kernel.change(2, lambda a, b: (kernel.reshape(b, (P, P)), b))


def one_value_twice(kernel):
    kernel.change(1, lambda a, b: (kernel.softmax(a, 0), ) * 2)
    kernel.change(2, lambda a, b: (a, a), lambda a, b: (b, b))


def constants(kernel):
    full = kernel.full((P, P), 2.5)
    kernel.change(1, lambda a, b: (full, a), lambda a, b: (b, full))
    kernel.change(2, lambda a, b: (kernel.full((P, P), -1), b))


def both_blocks(kernel):
    kernel.change(2, lambda a, b: (kernel.binary("addf", a, b), a),
                  lambda a, b: (kernel.trans(a, (1, 0)), kernel.binary("mulf", a, b)))
    kernel.change(1, lambda a, b: (a, b), lambda a, b: (kernel.softmax(b, 1), a))


def kept_values_inside_and_outside(kernel):
    a, b = kernel.a, kernel.b
    kernel.change(1, lambda x, y: (kernel.binary("mulf", x, b), y))
    kernel.change(2, lambda x, y: (kernel.binary("addf", x, a), kernel.binary("subf", kernel.a, y)))
    kernel.b = kernel.binary("addf", kernel.b, a)


def indices_inside(kernel):
    off = kernel.index("seen", 0, 1)
    kernel.change(2, lambda a, b: (kernel.dynamic_load(kernel.block("xa"), 0, kernel.index("seen", 0, 3)),
                                   kernel.insert(b, a, 1, kernel.plus(off, -2))))
    kernel.change(3, lambda a, b: (kernel.insert(a, b, 0, off), b))


def inserts_into_kept_values(kernel):
    off = kernel.index("seen", 0, 2)
    rows = kernel.load(kernel.block("xb", (2, P), (1, 0)))
    kernel.change(1, lambda a, b: (kernel.insert(a, rows, 0, off), b))
    kernel.change(2, lambda a, b: (kernel.insert(a, kernel.reshape(rows, (P, 2)), 1, kernel.plus(off, 1)), a))


def partition_zero(kernel):
    kernel.change(0, lambda a, b: (kernel.binary("addf", a, b), a))


def stores(kernel):
    """Stores in both blocks, loads of the same arrays before, between and after."""
    for name in ("o2", "o3"):
        kernel.array(name, (P, P))
    first, second = kernel.block("o2"), kernel.block("o3")
    condition = kernel.condition_of(1)
    kernel.store(second, kernel.b)

    def then():
        kernel.store(first, kernel.binary("addf", kernel.a, kernel.load(second)))
        kernel.store(second, kernel.a)

    def otherwise():
        kernel.dynamic_store(first, kernel.softmax(kernel.load(second), 1), 0, kernel.index("seen", 0, 0))

    kernel.branch(condition, [], then, otherwise)
    between = kernel.load(first)
    kernel.branch(kernel.condition_of(2, "== True"), [],
                  lambda: kernel.store(second, kernel.binary("mulf", between, between)))
    kernel.a = kernel.binary("addf", kernel.load(second), between)


BRANCHES = [transposed_in_place, swapped, swapped_and_transposed, only_yields, one_value_twice, constants, both_blocks,
            kept_values_inside_and_outside, indices_inside, inserts_into_kept_values, partition_zero, stores]


@pytest.mark.parametrize("write", BRANCHES, ids=lambda write: write.__name__)
def test_branches(rblnc, rng, tmp_path, write):
    kernel = Branches()
    write(kernel)
    stored(kernel, "o0", kernel.a)
    stored(kernel, "o1", kernel.b)
    bundle = compiled(rblnc, kernel, tmp_path)
    for tokens in TOKENS:
        check(rblnc, kernel, random_inputs(kernel, rng, seen=offsets(tokens)), bundle)


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("naive", [False, True], ids=["boundary", "naive"])
def test_conditions(rblnc, rng, tmp_path, form, naive):
    kernel = Branches()
    a, b = kernel.a, kernel.b
    for p in range(4):
        condition = kernel.condition_of(p, form, naive)
        a, = kernel.branch(condition, [a], lambda a=a: [kernel.binary("addf", a, b)],
                           lambda a=a: [kernel.binary("mulf", a, b)])
    stored(kernel, "o", a)
    bundle = compiled(rblnc, kernel, tmp_path, *(["--naive-partition-skip"] if naive else []))
    for tokens in TOKENS:
        check(rblnc, kernel, random_inputs(kernel, rng, seen=offsets(tokens)), bundle)


# Recorded shapes


@pytest.mark.parametrize("real, declared, block, offsets_of_block", [
    ((2, 3, 80), (2, 3, 128), (2, 3, 128), (0, 0, 0)), ((4, 5, 80), (4, 5, 128), (1, 2, 128), (2, 3, 0)),
    ((2, 3, 80), (2, 3, 128), (2, 3, 64), (0, 0, 64)), ((2, 3, 80), (2, 3, 80), (2, 3, 80), (0, 0, 0)),
    ((2, 8, 64), (2, 4, 64), (2, 4, 64), (0, 0, 0)), ((3, 1), (3, 64), (3, 64), (0, 0)),
    ((80, ), (128, ), (128, ), (0, ))], ids=str)
def test_arrays_of_another_geometry(rblnc, rng, tmp_path, real, declared, block, offsets_of_block):
    """Strides of no array, columns brought to 64: loads see zeros behind the array, stores leave it alone."""
    inside = tuple(slice(at, min(at + extent, end)) for at, extent, end in zip(offsets_of_block, block, real))
    for axis, extent in enumerate(block):
        kernel = Kernel()
        kernel.array("i", (1, ), "i32")
        off = kernel.index("i", 0)
        strides = [*(7 * step for step in row_major(declared)[:-1]), 1]
        x, o = (kernel.block(kernel.array(name, real), block, offsets_of_block, declared, strides) for name in "xo")
        value = kernel.binary("addf", kernel.dynamic_load(x, axis, off), kernel.full(block, 1))
        kernel.dynamic_store(o, value, axis, kernel.plus(off, 1))
        bundle = compiled(rblnc, kernel, tmp_path)
        for rows in (0, 1, extent):
            inputs = random_inputs(kernel, rng, i=rows)
            seen = inputs["x"][inside].copy()
            rows_of(seen, axis)[rows:] = 0
            expected = inputs["o"].copy()
            rows_of(expected[inside], axis)[:rows + 1] = rows_of(seen + 1, axis)[:rows + 1]
            process, results = run(rblnc, kernel, inputs, bundle)
            assert process.returncode == 0, process.stderr
            np.testing.assert_array_equal(results["o"], expected)


# Memories


@pytest.mark.parametrize("rows, space", [(256, "scratchpad"), (4096, "shared"), (17000, "dram")])
def test_blocks_larger_than_the_scratchpad(rblnc, rng, tmp_path, rows, space):
    kernel = Kernel()
    kernel.array("i", (1, ), "i32")
    off = kernel.index("i", 0)
    x = kernel.dynamic_load(kernel.block(kernel.array("x", (rows, 512))), 0, off)
    x = kernel.insert(x, loaded(kernel, "n", (3, 512)), 0, off)
    stored(kernel, "o", kernel.softmax(x, 1))
    stored(kernel, "ot", kernel.trans(x, (1, 0)))
    bundle = compiled(rblnc, kernel, tmp_path)
    plan = rblnc.done("compile", tmp_path / "k.ttir", "--emit=npu", "-o", "-").stdout
    assert f'" {space} ' in plan
    for value in (0, rows // 2, rows):
        check(rblnc, kernel, random_inputs(kernel, rng, i=value), bundle)
