"""Windows of a cache: rows are appended, the last ones kept, zeros put behind, in whatever way that becomes transfers."""
import itertools

import numpy as np
import pytest

HEADS, ROWS, NEW, COLUMNS = 8, 12, 3, 16
ALL = ROWS + NEW
WIDE = ALL + 5
WAYS = ((), ("--split=none", ), ("--split=most", ), ("--split=most", "--rounds=4"), ("--engines=3", "--rounds=2"))


def tensor(rows, columns=COLUMNS):
    return f"tensor<{HEADS}x{rows}x{columns}xf32>"


def double(name, value, rows):
    return f"""
  %{name}.empty = tensor.empty() : {tensor(rows)}
  %{name} = linalg.generic {{indexing_maps = [#id, #id], iterator_types = ["parallel", "parallel", "parallel"]}}
    ins(%{value} : {tensor(rows)}) outs(%{name}.empty : {tensor(rows)}) {{
    ^bb0(%x: f32, %y: f32):
      %z = arith.addf %x, %x : f32
      linalg.yield %z : f32
    }} -> {tensor(rows)}"""


def block(rows, name):
    """The place of all heads' rows in an array of its own."""
    return f"at 0 strides [{rows * COLUMNS}, {COLUMNS}, 1] : {tensor(rows)} -> <{HEADS}x{rows}x{COLUMNS}xf32>", \
        f"%{name}: !rbln.array<{HEADS}x{rows}x{COLUMNS}xf32> {{rbln.name = \"{name}\"}}"


def kernel(pad, keeps, twice):
    """`pad`: None, or the value behind the window; `keeps`: the kept rows are also a result; `twice`: the second block of
    the cache goes the same way after the first, which may be the same block."""
    cache = f"<2x{HEADS}x{ROWS}x{COLUMNS}xf32>"
    store_all, all_argument = block(WIDE if pad else ALL, "all")
    store_kept, kept_argument = block(ROWS, "kept")
    body = []
    for number in range(2 if twice else 1):
        size = HEADS * ROWS * COLUMNS
        place = f"at 0 plus(%b{number} : !rbln.index<0, 1>) times [{size}] strides [{ROWS * COLUMNS}, {COLUMNS}, 1]"
        body.append(f"""
  %bi{number} = rbln.load %at at {2 + number} strides [] : <4xi32> -> tensor<i32>
  %b{number} = rbln.to_index %bi{number} : tensor<i32> -> <0, 1>
  %old{number} = rbln.load %cache {place} : {cache} -> {tensor(ROWS)}
  %window{number} = rbln.window_insert %rows into %old{number} at %n axis 1 : {tensor(NEW)} into {tensor(ROWS)}, <0, {ROWS}> -> {tensor(ALL)}
  %kept{number} = rbln.window_slice %window{number} to %end axis 1 : {tensor(ALL)}, <0, {ALL}> -> {tensor(ROWS)}
  rbln.store %kept{number}, %cache {place} : {tensor(ROWS)} -> {cache}""")
    if pad:
        body.append(f"\n  %used = rbln.pad %window0 low 0 axis 1 value {pad} : f32 : {tensor(ALL)} -> {tensor(WIDE)}")
    body.append(double("twofold", "used" if pad else "window0", WIDE if pad else ALL))
    body.append(f"\n  rbln.store %twofold, %all {store_all}")
    if keeps:
        body.append(double("again", "kept0", ROWS) + f"\n  rbln.store %again, %kept {store_kept}")
    arguments = ", ".join([
        f'%new: !rbln.array<{HEADS}x{NEW}x{COLUMNS}xf32> {{rbln.name = "new"}}', '%at: !rbln.array<4xi32> {rbln.name = "at"}',
        f'%cache: !rbln.array{cache} {{rbln.name = "cache"}}', all_argument, *([kept_argument] if keeps else [])])
    return f"""
#id = affine_map<(a, b, c) -> (a, b, c)>
func.func @windows({arguments}) {{
  %ni = rbln.load %at at 0 strides [] : <4xi32> -> tensor<i32>
  %n = rbln.to_index %ni : tensor<i32> -> <0, {ROWS}>
  %ei = rbln.load %at at 1 strides [] : <4xi32> -> tensor<i32>
  %end = rbln.to_index %ei : tensor<i32> -> <0, {ALL}>
  %rows = rbln.load %new at 0 strides [{NEW * COLUMNS}, {COLUMNS}, 1] : <{HEADS}x{NEW}x{COLUMNS}xf32> -> {tensor(NEW)}
{''.join(body)}
  return
}}
"""


def reference(new, at, cache, pad, twice):
    n, end, *blocks = at
    result = cache.copy()
    windows = []
    for b in blocks[:2 if twice else 1]:
        window = np.zeros((HEADS, ALL, COLUMNS), np.float32)
        window[:, :n] = result[b, :, :n]
        window[:, n:n + NEW] = new
        lo = max(0, end - ROWS)
        kept = np.zeros((HEADS, ROWS, COLUMNS), np.float32)
        kept[:, :end - lo] = window[:, lo:end]
        result[b] = kept
        windows.append((window, kept))
    window, kept = windows[0]
    if pad:
        window = np.concatenate([window, np.full((HEADS, WIDE - ALL, COLUMNS), np.float32(pad))], axis=1)
    return result, window + window, kept + kept


@pytest.mark.parametrize("pad, keeps, twice", list(itertools.product((None, "0.0", "-0.0", "1.5"), (False, True), (False, True))))
def test_windows(rblnc, tmp_path, pad, keeps, twice):
    source, bundle = tmp_path / "windows.mlir", tmp_path / "windows.rbln"
    source.write_text(kernel(pad, keeps, twice))
    random = np.random.default_rng(7)
    for way in WAYS:
        rblnc.done("compile", source, "-o", bundle, *way)
        for at in ((0, 3, 0, 1), (ROWS, ALL, 1, 0), (5, 8, 1, 1), (11, 14, 0, 0), (4, 0, 0, 1), (9, 2, 1, 1)):
            data = {"new": random.standard_normal((HEADS, NEW, COLUMNS), np.float32), "at": np.array(at, np.int32),
                    "cache": random.standard_normal((2, HEADS, ROWS, COLUMNS), np.float32)}
            arguments = []
            for name, values in data.items():
                np.save(tmp_path / f"{name}.npy", values)
                arguments += ["--arg", f"{name}={tmp_path / name}.npy"]
            names = ["cache", "all"] + (["kept"] if keeps else [])
            rblnc.done("run", bundle, *arguments, *(x for name in names for x in ("--out", f"{name}={tmp_path / name}.out.npy")))
            expected = reference(data["new"], at, data["cache"], pad, twice)
            for name, values in zip(names, expected):
                found = np.load(tmp_path / f"{name}.out.npy")
                assert found.tobytes() == values.tobytes(), (way, at, name)
