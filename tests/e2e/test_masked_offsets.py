"""A run-time mask leaves out what lies outside of the array, wherever the block's offset takes it; what it leaves in stops
the run there."""
import numpy as np
import pytest

ROWS, COLUMNS, BLOCK = 4, 10, 16
X = np.arange(ROWS * COLUMNS, dtype=np.float32)

HEAD = """
module {
  tt.func public @k(%x: !tt.ptr<f32> loc("x"), %o: !tt.ptr<f32> loc("o"), %row: ROW loc("row"), %n: i32 loc("n"),
                    %g: i32 loc("g")) {
    %width = arith.constant 10 : ROW
    %zero = arith.constant 0.0 : f32
    %r = arith.muli %row, %width : ROW loc("k.py":2:1)
    %p = tt.addptr %x, %r : !tt.ptr<f32>, ROW loc("k.py":3:1)
    %i = tt.make_range {end = 16 : i32, start = 0 : i32} : tensor<16xi32>
    %ns = tt.splat %n : i32 -> tensor<16xi32>
"""
TAIL = """
    %os = tt.splat %o : !tt.ptr<f32> -> tensor<16x!tt.ptr<f32>>
    %op = tt.addptr %os, %i : tensor<16x!tt.ptr<f32>>, tensor<16xi32>
    tt.store %op, %v : tensor<16x!tt.ptr<f32>>
    tt.return
  }
}
"""
LOAD = """
    %ps = tt.splat %p : !tt.ptr<f32> -> tensor<16x!tt.ptr<f32>>
    %pp = tt.addptr %ps, %at : tensor<16x!tt.ptr<f32>>, tensor<16xi32>
    %zeros = tt.splat %zero : f32 -> tensor<16xf32>
    %v = tt.load %pp, %mask, %zeros : tensor<16x!tt.ptr<f32>> loc("k.py":7:1)
"""
GUARD = """
    %four = arith.constant 4 : i32
    %is = arith.cmpi slt, %g, %four : i32
"""
# How the offsets and the mask are made; the positions that take part, and the offset of each from the row's start.
FORMS = {
    "up to n": ("%at = arith.addi %i, %i0 : tensor<16xi32>\n%mask = arith.cmpi slt, %i, %ns : tensor<16xi32>" + LOAD,
                lambda i, n, g: i < n, lambda i: i),
    "from n": ("%at = arith.addi %i, %i0 : tensor<16xi32>\n%mask = arith.cmpi sge, %i, %ns : tensor<16xi32>" + LOAD,
               lambda i, n, g: i >= n, lambda i: i),
    "backwards": ("%at = arith.subi %i0, %i : tensor<16xi32>\n%mask = arith.cmpi slt, %i, %ns : tensor<16xi32>" + LOAD,
                  lambda i, n, g: i < n, lambda i: -i),
    "every other": ("%at = arith.addi %i, %i : tensor<16xi32>\n%mask = arith.cmpi slt, %i, %ns : tensor<16xi32>" + LOAD,
                    lambda i, n, g: i < n, lambda i: 2 * i),
    "if g < 4": ("%at = arith.addi %i, %i0 : tensor<16xi32>" + GUARD +
                 "%gs = tt.splat %is : i1 -> tensor<16xi1>\n%up = arith.cmpi slt, %i, %ns : tensor<16xi32>\n"
                 "%mask = arith.andi %up, %gs : tensor<16xi1>" + LOAD,
                 lambda i, n, g: (i < n) & (g < 4), lambda i: i),
    "one element if g < 4": (GUARD + '%one = tt.load %p, %is, %zero : !tt.ptr<f32> loc("k.py":7:1)\n'
                             "%v = tt.splat %one : f32 -> tensor<16xf32>",
                             lambda i, n, g: (i >= 0) & (g < 4), lambda i: 0 * i),
}


@pytest.mark.parametrize("width", [32, 64])
@pytest.mark.parametrize("form", FORMS)
def test_elements_that_the_mask_leaves_in(rblnc, tmp_path, form, width):
    text, takes_part, offset = FORMS[form]
    source, bundle, result = tmp_path / "k.ttir", tmp_path / "k.rbln", tmp_path / "o.npy"
    zero = "\n    %i0 = arith.constant dense<0> : tensor<16xi32>\n    "
    source.write_text((HEAD + zero + text + TAIL).replace("ROW", f"i{width}"))
    rblnc.done("compile", source, "--shape", f"x={ROWS}x{COLUMNS}", "-o", bundle)
    i, stopped, passed = np.arange(BLOCK), 0, 0
    for row in (-1, 0, 3, 99):
        for n, g in ((0, 0), (1, 3), (10, 0), (11, 5)):
            places, mask = 10 * row + offset(i), takes_part(i, n, g)
            arguments = ["--arg", f"x={ROWS}x{COLUMNS}xf32=" + ",".join(map(str, X)), "--arg", f"row={row}"]
            arguments += ["--arg", f"n={n}"] * ("%ns" in text) + ["--arg", f"g={g}"] * (GUARD in text)
            process = rblnc("run", bundle, *arguments, "--out", f"o={result}")
            outside = mask & ((places < 0) | (places >= X.size))
            if outside.any():
                assert process.returncode == 1 and "k.py:7:1: error" in process.stderr, (row, n, g, process.stderr)
                assert "'element of x' is " in process.stderr and "must be 0 to 39 [RBLN-R034]" in process.stderr
                stopped += 1
                continue
            assert process.returncode == 0, (row, n, g, process.stderr)
            np.testing.assert_array_equal(np.load(result), np.where(mask, X[np.clip(places, 0, X.size - 1)], 0))
            passed += 1
    assert stopped > 2 and passed > 2
