"""Rows of any length, which begin at lines in the scratchpads: results are those of NumPy, however the kernel is cut."""
import json

import numpy as np
import pytest

COLUMNS = (1, 2, 5, 63, 64, 65, 80, 96, 160)
WAYS = (("--split=none", ), (), ("--split=most", "--rounds=3"))
ROWS = 12

MAPS = """
#id = affine_map<(i, j) -> (i, j)>
#turned = affine_map<(i, j) -> (j, i)>
#first = affine_map<(i, j) -> (i, 0)>
#a = affine_map<(m, n, k) -> (m, k)>
#b = affine_map<(m, n, k) -> (n, k)>
#c = affine_map<(m, n, k) -> (m, n)>
"""


def generic(result, maps, inputs, shape, body):
    """An element-wise operation on two-dimensional tensors; `inputs` are (value, type)."""
    types = ", ".join(of for _, of in inputs)
    arguments = "".join(f"%p{n}: f32, " for n in range(len(inputs)))
    return f"""
%e{result} = tensor.empty() : {shape}
%{result} = linalg.generic {{indexing_maps = [{maps}, #id], iterator_types = ["parallel", "parallel"]}}
     ins({", ".join(value for value, _ in inputs)} : {types}) outs(%e{result} : {shape}) {{
^bb0({arguments}%out: f32):
  {body}
  linalg.yield %r : f32
}} -> {shape}"""


def kernel(columns, body, out):
    """A kernel with x of (ROWS, columns), an array `out` of some shape, and `body`, which stores to it."""
    extents = "x".join(map(str, out))
    return (f"{MAPS}\nmodule {{ func.func @k(%x: !rbln.array<{ROWS}x{columns}xf32> {{rbln.name = \"x\"}}, "
            f"%y: !rbln.array<{extents}xf32> {{rbln.name = \"y\"}}) {{\n"
            f"%0 = rbln.load %x at 0 strides [{columns}, 1] : <{ROWS}x{columns}xf32> -> tensor<{ROWS}x{columns}xf32>"
            f"{body}\nreturn }} }}\n")


def store(value, shape, array):
    strides = [int(np.prod(shape[d + 1:])) for d in range(len(shape))]
    tensor, of = "x".join(map(str, shape)), "x".join(map(str, array))
    return f"\nrbln.store %{value}, %y at 0 strides {strides} : tensor<{tensor}xf32> -> <{of}xf32>"


def reduction(result, source, columns):
    return f"""
%{result} = rbln.reduce %{source} axis 1 : (tensor<{ROWS}x{columns}xf32>) -> tensor<{ROWS}x1xf32> {{
^bb0(%a: f32, %b: f32):
  %t = arith.addf %a, %b : f32
  rbln.yield %t : f32
}}"""


def elementwise(c):
    t = f"tensor<{ROWS}x{c}xf32>"
    return generic(1, "#id", [("%0", t)], t, "%r = arith.addf %p0, %p0 : f32") + store(1, (ROWS, c), (ROWS, c))


def centred(c):
    """x minus the sum of its row: a reduction and a broadcast of its results."""
    t, s = f"tensor<{ROWS}x{c}xf32>", f"tensor<{ROWS}x1xf32>"
    return (reduction(1, 0, c) + generic(2, "#id, #first", [("%0", t), ("%1", s)], t, "%r = arith.subf %p0, %p1 : f32") +
            store(2, (ROWS, c), (ROWS, c)))


def transposed(c):
    t, turned = f"tensor<{ROWS}x{c}xf32>", f"tensor<{c}x{ROWS}xf32>"
    return (generic(1, "#turned", [("%0", t)], turned, "%r = arith.addf %p0, %p0 : f32") +
            store(1, (c, ROWS), (c, ROWS)))


def flattened(c):
    """x as one row, and the sums of its rows: both layouts of x are wanted."""
    n = ROWS * c
    return (f"\n%1 = tensor.collapse_shape %0 [[0, 1]] : tensor<{ROWS}x{c}xf32> into tensor<{n}xf32>" +
            store(1, (n, ), (n + ROWS, )) + reduction(2, 0, c) +
            f"\nrbln.store %2, %y at {n} strides [1, 0] : tensor<{ROWS}x1xf32> -> <{n + ROWS}xf32>")


def regrouped(c):
    """x as rows of another length, doubled."""
    half = f"tensor<{ROWS // 2}x{2 * c}xf32>"
    return (f"\n%1 = tensor.collapse_shape %0 [[0, 1]] : tensor<{ROWS}x{c}xf32> into tensor<{ROWS * c}xf32>"
            f"\n%2 = tensor.expand_shape %1 [[0, 1]] output_shape [{ROWS // 2}, {2 * c}] : tensor<{ROWS * c}xf32> into "
            f"{half}" + generic(3, "#id", [("%2", half)], half, "%r = arith.addf %p0, %p0 : f32") +
            store(3, (ROWS // 2, 2 * c), (ROWS // 2, 2 * c)))


def product(c):
    return f"""
%z = arith.constant dense<0.0> : tensor<{ROWS}x{ROWS}xf32>
%1 = linalg.generic {{indexing_maps = [#a, #b, #c], iterator_types = ["parallel", "parallel", "reduction"]}}
     ins(%0, %0 : tensor<{ROWS}x{c}xf32>, tensor<{ROWS}x{c}xf32>) outs(%z : tensor<{ROWS}x{ROWS}xf32>) {{
^bb0(%p: f32, %q: f32, %out: f32):
  %m = arith.mulf %p, %q : f32
  %s = arith.addf %out, %m : f32
  linalg.yield %s : f32
}} -> tensor<{ROWS}x{ROWS}xf32>""" + store(1, (ROWS, ROWS), (ROWS, ROWS))


CASES = {
    "elementwise": (elementwise, lambda c: (ROWS, c), lambda x: x + x),
    "centred": (centred, lambda c: (ROWS, c), lambda x: x - x.sum(1, keepdims=True)),
    "transposed": (transposed, lambda c: (c, ROWS), lambda x: (x + x).T),
    "flattened": (flattened, lambda c: (ROWS * c + ROWS, ), lambda x: np.concatenate([x.reshape(-1), x.sum(1)])),
    "regrouped": (regrouped, lambda c: (ROWS // 2, 2 * c), lambda x: (x + x).reshape(ROWS // 2, -1)),
    "product": (product, lambda c: (ROWS, ROWS), lambda x: x @ x.T),
}


def run(rblnc, folder, arguments, out, options, way):
    """The result of a compiled kernel, with what the run counted."""
    rblnc.done("compile", folder / "k.mlir", "-o", folder / "k.rbln", *way)
    given = []
    for name, value in arguments.items():
        np.save(folder / f"{name}.npy", value)
        given += ["--arg", f"{name}={folder / name}.npy"]
    process = rblnc.done("run", folder / "k.rbln", *given, "--out", f"{out}={folder / out}-out.npy",
                         f"--stats={folder / 'stats.json'}", *options)
    assert "RBLN-R" not in process.stderr
    return np.load(folder / f"{out}-out.npy"), json.loads((folder / "stats.json").read_text())


def numbers(*shape):
    """Small integers: sums of them are exact in any order."""
    return np.random.default_rng(7).integers(-4, 5, shape).astype(np.float32)


@pytest.mark.parametrize("way", WAYS, ids=" ".join)
@pytest.mark.parametrize("columns", COLUMNS)
@pytest.mark.parametrize("case", CASES)
def test_rows_of_any_length(rblnc, case, columns, way, tmp_path):
    body, shape, expected = CASES[case]
    (tmp_path / "k.mlir").write_text(kernel(columns, body(columns), shape(columns)))
    x = numbers(ROWS, columns)
    y, _ = run(rblnc, tmp_path, {"x": x}, "y", (), way)
    np.testing.assert_array_equal(y, expected(x))


def test_layout_changes_are_counted(rblnc, tmp_path):
    """x is read as rows at lines and as one row: one transfer of all its elements; rows of whole lines need none."""
    for columns, changes in ((80, 1), (64, 0), (1, 0)):
        (tmp_path / "k.mlir").write_text(kernel(columns, flattened(columns), (ROWS * columns + ROWS, )))
        _, stats = run(rblnc, tmp_path, {"x": numbers(ROWS, columns)}, "y", (), ("--split=none", ))
        assert stats["layout_changes"] == changes
        assert stats["layout_change_bytes"] == changes * ROWS * columns * 4
    listing = rblnc.done("run", tmp_path / "k.rbln", "--stats").stdout
    assert "layout        0 changes, 0 B" in listing


def test_a_layout_change_is_named(rblnc, tmp_path):
    """In the commands, and still after they went through their text."""
    (tmp_path / "k.mlir").write_text(kernel(80, flattened(80), (ROWS * 80 + ROWS, )))
    rblnc.done("compile", tmp_path / "k.mlir", "--split=none", "--emit=npu", "-o", tmp_path / "commands.mlir")
    rblnc.done("compile", tmp_path / "commands.mlir", "-o", tmp_path / "k.rbln")
    assert rblnc.done("inspect", tmp_path / "k.rbln").stdout.count(" layout_change") == 1
    stats = rblnc.done("run", tmp_path / "k.rbln", "--stats").stdout
    assert "layout        1 changes, 3.75 KiB" in stats


@pytest.mark.parametrize("way", WAYS, ids=" ".join)
@pytest.mark.parametrize("columns", COLUMNS)
def test_rows_put_into_a_cache(rblnc, columns, way, tmp_path):
    row, block = f"tensor<2x3x{columns}xf32>", f"tensor<2x8x{columns}xf32>"
    (tmp_path / "k.mlir").write_text(f"""
func.func @k(%new: !rbln.array<2x3x{columns}xf32> {{rbln.name = "new"}}, %at: !rbln.array<1xi32> {{rbln.name = "at"}},
             %cache: !rbln.array<2x8x{columns}xf32> {{rbln.name = "cache"}}) {{
  %first = rbln.load %at at 0 strides [] : <1xi32> -> tensor<i32>
  %n = rbln.to_index %first : tensor<i32> -> <0, 5>
  %rows = rbln.load %new at 0 strides [{3 * columns}, {columns}, 1] : <2x3x{columns}xf32> -> {row}
  %old = rbln.load %cache at 0 strides [{8 * columns}, {columns}, 1] : <2x8x{columns}xf32> -> {block}
  %all = rbln.insert %rows into %old at %n axis 1 : {row} into {block}, <0, 5>
  %e = tensor.empty() : {block}
  %twice = linalg.generic {{indexing_maps = [affine_map<(i, j, k) -> (i, j, k)>, affine_map<(i, j, k) -> (i, j, k)>],
                           iterator_types = ["parallel", "parallel", "parallel"]}}
    ins(%all : {block}) outs(%e : {block}) {{
    ^bb0(%x: f32, %y: f32):
      %z = arith.addf %x, %x : f32
      linalg.yield %z : f32
    }} -> {block}
  rbln.store %twice, %cache at 0 strides [{8 * columns}, {columns}, 1] : {block} -> <2x8x{columns}xf32>
  return
}}
""")
    new, cache = numbers(2, 3, columns), numbers(2, 8, columns)
    result, _ = run(rblnc, tmp_path, {"new": new, "cache": cache, "at": np.array([4], np.int32)}, "cache", (), way)
    cache[:, 4:7] = new
    np.testing.assert_array_equal(result, cache + cache)
