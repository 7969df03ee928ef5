"""A block of a cache that is loaded, gets new rows and is stored again: only its new rows have to be written, unless it is
stored elsewhere, with other clips, or after something else was stored there."""
import sys
from pathlib import Path

import numpy as np
import pytest

import reuse_kernels as ir

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "kernels"))
from rblnc import native  # noqa: E402

CACHE, BLOCK, ROWS = "64x64xf32", "16x64xf32", "4x64xf32"
ARRAYS = {"cache": CACHE, "rows": ROWS, "other": "1x64xf32", "n": "4xi32"}


def run(body, indices):
    values = {"cache": np.arange(64 * 64, dtype=np.float32).reshape(64, 64),
              "rows": -1 - np.arange(4 * 64, dtype=np.float32).reshape(4, 64), "other": np.full((1, 64), 1e6, np.float32),
              "n": np.array(indices, np.int32)}
    before = {name: array.copy() for name, array in values.items()}
    head = ir.lines(ir.load("rows", "rows", ROWS), ir.load("other", "other", "1x64xf32"), ir.index("i", "n", 0, 16, 4),
                    ir.index("j", "n", 1, 2, 4), ir.index("k", "n", 2, 2, 4))
    native.compile(ir.kernel(ARRAYS, head + "\n" + body)).run([(array.ctypes.data, array.nbytes) for array in values.values()])
    return before, values


def load(row, term=None, more=""):
    plus = f"plus(%{term} : !rbln.index<0, 2>) times [1024]" if term else ""
    return (f"%old = rbln.load %cache_array at {64 * row} {plus} strides [64, 1] {more} : !rbln.array<{CACHE}> -> tensor<{BLOCK}>")


def store(row, term=None, more="", value="all"):
    plus = f"plus(%{term} : !rbln.index<0, 2>) times [1024]" if term else ""
    return (f"rbln.store %{value}, %cache_array at {64 * row} {plus} strides [64, 1] {more} : tensor<{BLOCK}> -> "
            f"!rbln.array<{CACHE}>")


INSERT = f"%all = rbln.insert %rows into %old at %i axis 0 : tensor<{ROWS}> into tensor<{BLOCK}>, !rbln.index<0, 16>"
CLIP = "clips [#rbln.clip<axis = {axis}, lo = {lo}, hi = {hi}>]"


def inserted(block, rows, at):
    block = block.copy()
    count = max(0, min(4, 16 - at))
    block[at:at + count] = rows[:count]
    return block


@pytest.mark.parametrize("at", [0, 3, 12, 13, 15, 16])
@pytest.mark.parametrize("target", [20, 21, 19, 36, 4, 24])
def test_stored_at_the_same_rows_or_others(target, at):
    before, after = run(ir.lines(load(20), INSERT, store(target)), [at, 0, 0, 0])
    wanted = before["cache"].copy()
    wanted[target:target + 16] = inserted(before["cache"][20:36], before["rows"], at)
    np.testing.assert_array_equal(after["cache"], wanted)


@pytest.mark.parametrize("row", [0, 19, 20, 27, 35, 36, 63])
def test_another_store_in_between(row):
    between = ir.store("other", "cache", "1x64xf32", CACHE, 64 * row)
    for at in (0, 7, 12):
        before, after = run(ir.lines(load(20), INSERT, between, store(20)), [at, 0, 0, 0])
        wanted = before["cache"].copy()
        wanted[row] = 1e6
        wanted[20:36] = inserted(before["cache"][20:36], before["rows"], at)
        np.testing.assert_array_equal(after["cache"], wanted)


@pytest.mark.parametrize("terms", ["jj", "jk", "j.", ".j"])
def test_blocks_that_an_index_chooses(terms):
    loaded, stored = (None if term == "." else term for term in terms)
    for j, k in ((0, 0), (1, 1), (1, 2), (2, 0)):
        before, after = run(ir.lines(load(0, loaded), INSERT, store(0, stored)), [5, j, k, 0])
        start, end = (16 * {"j": j, "k": k, None: 0}[term] for term in (loaded, stored))
        wanted = before["cache"].copy()
        wanted[end:end + 16] = inserted(before["cache"][start:start + 16], before["rows"], 5)
        np.testing.assert_array_equal(after["cache"], wanted, err_msg=f"{j} {k}")


CLIPS = [(0, 0, 16), (0, 0, 12), (0, 2, 16), (0, 4, 9), (1, 0, 32), (1, 8, 64)]


@pytest.mark.parametrize("loaded", CLIPS)
@pytest.mark.parametrize("stored", CLIPS)
def test_clips_of_the_load_and_of_the_store(loaded, stored):
    """What a load leaves out is zero, and is stored where the store does not leave it out."""
    def kept(axis, lo, hi):
        places = np.arange(16)[:, None] if axis == 0 else np.arange(64)[None]
        return np.broadcast_to((places >= lo) & (places < hi), (16, 64))

    def clip(axis, lo, hi):
        return "" if (lo, hi) == (0, 16) else CLIP.format(axis=axis, lo=lo, hi=hi)

    for at in (0, 6, 10, 14):
        before, after = run(ir.lines(load(20, more=clip(*loaded)), INSERT, store(20, more=clip(*stored))), [at, 0, 0, 0])
        block = inserted(np.where(kept(*loaded), before["cache"][20:36], 0), before["rows"], at)
        wanted = before["cache"].copy()
        wanted[20:36] = np.where(kept(*stored), block, wanted[20:36])
        np.testing.assert_array_equal(after["cache"], wanted, err_msg=f"{at}")


@pytest.mark.parametrize("order", ["new first", "old first"])
def test_the_block_is_stored_as_it_was_too(order):
    stores = [store(20), store(40, value="old")]
    before, after = run(ir.lines(load(20), INSERT, *(stores if order == "new first" else stores[::-1])), [6, 0, 0, 0])
    wanted = before["cache"].copy()
    wanted[40:56] = before["cache"][20:36]
    wanted[20:36] = inserted(before["cache"][20:36], before["rows"], 6)
    np.testing.assert_array_equal(after["cache"], wanted)
