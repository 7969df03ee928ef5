"""Rows that are put into a block of a cache: memory is that of the whole block written back, whatever is left out."""
from dataclasses import dataclass

import numpy as np
import pytest

ROWS = 8


@dataclass(frozen=True)
class Append:
    """keys = insert(load(block, loaded), L new rows, n); store(block, keys, stored); sum = keys + keys.

    `loaded` and `stored` are clips of rows: (lo, lo_scale, hi, hi_scale), in lo + lo_scale n <= row < hi + hi_scale n.
    """
    length: int
    least: int
    most: int
    loaded: tuple = ()
    stored: tuple = ()
    traffic: str = "new rows"  # what is written at most


CASES = {
    "up to the index": Append(1, 0, ROWS, ((0, 0, 0, 1), ), ((0, 0, 1, 1), )),
    "several rows": Append(3, 0, ROWS, ((0, 0, 0, 1), ), ((0, 0, 3, 1), )),
    "some of the rows": Append(3, 0, ROWS, ((0, 0, 0, 1), ), ((0, 0, 2, 1), )),
    "index outside": Append(3, -5, ROWS + 2, (), ()),
    "from some row": Append(2, 0, ROWS, ((2, 0, 0, 1), ), ((2, 0, 2, 1), )),
    "a window": Append(2, 0, ROWS, ((-2, 1, 0, 1), ), ((-2, 1, 2, 1), (0, 0, 6, 0))),
    "half the pace": Append(2, 0, ROWS, (), ((0, 0, 9, -1), (-3, 2, 8, 0))),
    "rows that were not read": Append(1, 0, ROWS, ((0, 0, 0, 1), ), ((0, 0, 3, 1), ), "block"),
    "rows before that were not read": Append(1, 0, ROWS, ((1, 0, 0, 1), ), ((0, 0, 1, 1), ), "block"),
    "rows behind that were not read": Append(2, 0, ROWS, ((0, 0, 5, 0), ), (), "block"),
}


def clips(rows, term):
    texts = [f"#rbln.clip<axis = 1, lo = {lo}, hi = {hi}, term = 0, lo_scale = {a}, hi_scale = {b}>"
             for lo, a, hi, b in rows]
    return f" clips [{', '.join(texts)}] clip_terms(%n : {term})" if rows else ""


def kernel(case):
    index = f"!rbln.index<{case.least}, {case.most}>"
    new, block = f"tensor<2x{case.length}x4xf32>", f"tensor<2x{ROWS}x4xf32>"
    cache = f"<3x2x{ROWS}x4xf32>"
    place = f"at 0 plus(%b : !rbln.index<0, 2>) times [{8 * ROWS}] strides [{4 * ROWS}, 4, 1]"
    return f"""
#id = affine_map<(a, b, c) -> (a, b, c)>
func.func @append(%new: !rbln.array<2x{case.length}x4xf32> {{rbln.name = "new"}},
                  %at: !rbln.array<2xi32> {{rbln.name = "at"}}, %cache: !rbln.array{cache} {{rbln.name = "cache"}},
                  %sum: !rbln.array<2x{ROWS}x4xf32> {{rbln.name = "sum"}}) {{
  %first = rbln.load %at at 0 strides [] : <2xi32> -> tensor<i32>
  %second = rbln.load %at at 1 strides [] : <2xi32> -> tensor<i32>
  %b = rbln.to_index %first : tensor<i32> -> <0, 2>
  %n = rbln.to_index %second : tensor<i32> -> <{case.least}, {case.most}>
  %rows = rbln.load %new at 0 strides [{4 * case.length}, 4, 1] : <2x{case.length}x4xf32> -> {new}
  %old = rbln.load %cache {place}{clips(case.loaded, index)} : {cache} -> {block}
  %all = rbln.insert %rows into %old at %n axis 1 : {new} into {block}, <{case.least}, {case.most}>
  rbln.store %all, %cache {place}{clips(case.stored, index)} : {block} -> {cache}
  %empty = tensor.empty() : {block}
  %twice = linalg.generic {{indexing_maps = [#id, #id], iterator_types = ["parallel", "parallel", "parallel"]}}
    ins(%all : {block}) outs(%empty : {block}) {{
    ^bb0(%x: f32, %y: f32):
      %z = arith.addf %x, %x : f32
      linalg.yield %z : f32
    }} -> {block}
  rbln.store %twice, %sum at 0 strides [{4 * ROWS}, 4, 1] : {block} -> <2x{ROWS}x4xf32>
  return
}}
"""


def inside(rows, n):
    """Which rows lie within the clips."""
    r = np.arange(ROWS)
    return np.logical_and.reduce([(lo + a * n <= r) & (r < hi + b * n) for lo, a, hi, b in rows], initial=True) & \
        np.ones(ROWS, bool)


def reference(case, new, block, n, cache):
    """The cache and the sum."""
    keys = np.where(inside(case.loaded, n)[None, :, None], cache[block], np.float32(0))
    for row in range(case.length):
        if 0 <= n + row < ROWS:
            keys[:, n + row] = new[:, row]
    result = cache.copy()
    result[block] = np.where(inside(case.stored, n)[None, :, None], keys, cache[block])
    return result, keys + keys


@pytest.mark.parametrize("name", CASES)
def test_memory_is_that_of_the_whole_block(rblnc, name, tmp_path):
    case = CASES[name]
    (tmp_path / "append.mlir").write_text(kernel(case))
    random = np.random.default_rng(7)
    bundle = tmp_path / "append.rbln"
    rblnc.done("compile", tmp_path / "append.mlir", "-o", bundle)
    for n in range(case.least, case.most + 1):
        new = random.standard_normal((2, case.length, 4), dtype=np.float32)
        cache = random.standard_normal((3, 2, ROWS, 4), dtype=np.float32)
        block = n % 3
        expected = reference(case, new, block, n, cache)
        np.save(tmp_path / "new.npy", new)
        np.save(tmp_path / "cache.npy", cache)
        process = rblnc.done("run", bundle, "--arg", f"at=2xi32={block},{n}", "--arg", f"new={tmp_path / 'new.npy'}",
                             "--arg", f"cache={tmp_path / 'cache.npy'}", "--out", f"cache={tmp_path / 'c.npy'}",
                             "--out", f"sum={tmp_path / 's.npy'}")
        assert "RBLN-R04" not in process.stderr
        for result, wanted in zip(("c.npy", "s.npy"), expected):
            np.testing.assert_array_equal(np.load(tmp_path / result), wanted, err_msg=f"n = {n}: {result}")


@pytest.mark.parametrize("name", CASES)
def test_only_new_rows_are_written(rblnc, name, tmp_path):
    case = CASES[name]
    (tmp_path / "append.mlir").write_text(kernel(case))
    text = rblnc.done("compile", tmp_path / "append.mlir", "--emit=npu", "-o", "-").stdout
    length = ROWS if case.traffic == "block" else case.length
    cache = next(line.split()[0] for line in text.splitlines() if 'npu.argument "cache"' in line)
    stores = [line for line in text.splitlines() if f"to {cache} <" in line]
    assert [f"[2, {length}, 4]" in line for line in stores] == [True]


def test_an_index_beyond_its_bounds_stops_the_run(rblnc, tmp_path):
    case = CASES["up to the index"]
    (tmp_path / "append.mlir").write_text(kernel(case))
    bundle = tmp_path / "append.rbln"
    rblnc.done("compile", tmp_path / "append.mlir", "-o", bundle)
    process = rblnc("run", bundle, "--arg", f"at=2xi32=0,{ROWS + 1}")
    assert process.returncode == 1 and "RBLN-R034" in process.stderr
