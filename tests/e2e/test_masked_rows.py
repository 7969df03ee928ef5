"""Masks of rows and columns: where either leaves nothing of a block, the block may lie anywhere."""
import numpy as np
import pytest

TEXT = """
module {
  tt.func public @k(%x: !tt.ptr<f32> loc("x"), %o: !tt.ptr<f32> loc("o"), %s: i32 loc("s"), %m: i32 loc("m"), %n: i32 loc("n")) {
    %width = arith.constant 8 : i32
    %start = arith.muli %s, %width : i32 loc("k.py":2:1)
    %p = tt.addptr %x, %start : !tt.ptr<f32>, i32
    %i = tt.make_range {end = 4 : i32, start = 0 : i32} : tensor<4xi32>
    %j = tt.make_range {end = 8 : i32, start = 0 : i32} : tensor<8xi32>
    %ms = tt.splat %m : i32 -> tensor<4xi32>
    %ns = tt.splat %n : i32 -> tensor<8xi32>
    %mi = arith.cmpi slt, %i, %ms : tensor<4xi32>
    %mj = arith.cmpi slt, %j, %ns : tensor<8xi32>
    %mi1 = tt.expand_dims %mi {axis = 1 : i32} : tensor<4xi1> -> tensor<4x1xi1>
    %mj1 = tt.expand_dims %mj {axis = 0 : i32} : tensor<8xi1> -> tensor<1x8xi1>
    %mis = tt.broadcast %mi1 : tensor<4x1xi1> -> tensor<4x8xi1>
    %mjs = tt.broadcast %mj1 : tensor<1x8xi1> -> tensor<4x8xi1>
    %mask = arith.andi %mis, %mjs : tensor<4x8xi1>
    %widths = arith.constant dense<8> : tensor<4xi32>
    %rows = arith.muli %i, %widths : tensor<4xi32>
    %rows1 = tt.expand_dims %rows {axis = 1 : i32} : tensor<4xi32> -> tensor<4x1xi32>
    %columns1 = tt.expand_dims %j {axis = 0 : i32} : tensor<8xi32> -> tensor<1x8xi32>
    %rowss = tt.broadcast %rows1 : tensor<4x1xi32> -> tensor<4x8xi32>
    %columnss = tt.broadcast %columns1 : tensor<1x8xi32> -> tensor<4x8xi32>
    %at = arith.addi %rowss, %columnss : tensor<4x8xi32>
    %ps = tt.splat %p : !tt.ptr<f32> -> tensor<4x8x!tt.ptr<f32>>
    %pp = tt.addptr %ps, %at : tensor<4x8x!tt.ptr<f32>>, tensor<4x8xi32>
    %zeros = arith.constant dense<0.0> : tensor<4x8xf32>
    %v = tt.load %pp, %mask, %zeros : tensor<4x8x!tt.ptr<f32>> loc("k.py":7:1)
    %os = tt.splat %o : !tt.ptr<f32> -> tensor<4x8x!tt.ptr<f32>>
    %op = tt.addptr %os, %at : tensor<4x8x!tt.ptr<f32>>, tensor<4x8xi32>
    tt.store %op, %v : tensor<4x8x!tt.ptr<f32>>
    tt.return
  }
}
"""
ROWS = 10


@pytest.fixture
def run(rblnc, tmp_path):
    (tmp_path / "k.ttir").write_text(TEXT)
    np.save(tmp_path / "x.npy", np.arange(1, 8 * ROWS + 1, dtype=np.float32).reshape(ROWS, 8))
    rblnc.done("compile", tmp_path / "k.ttir", "--shape", f"x={ROWS}x8", "-o", tmp_path / "k.rbln")
    return lambda s, m, n: rblnc("run", tmp_path / "k.rbln", "--arg", f"x={tmp_path / 'x.npy'}", "--arg", f"s={s}",
                                 "--arg", f"m={m}", "--arg", f"n={n}", "--out", f"o={tmp_path / 'o.npy'}")


@pytest.mark.parametrize("s,m,n", [(0, 4, 8), (6, 4, 8), (2, 3, 5), (6, 4, 0), (6, 0, 8), (10, 0, 8), (10, 4, 0), (1000, 0, 3),
                                   (1000, 2, 0), (-1, 0, 8), (-1, 4, -3), (-1000000, 0, 0), (-5, -7, 8)])
def test_what_the_masks_leave(run, tmp_path, s, m, n):
    process = run(s, m, n)
    assert process.returncode == 0, process.stderr
    expected = np.zeros((4, 8), np.float32)
    for i in range(min(m, 4)):
        for j in range(min(n, 8)):
            expected[i, j] = 8 * (s + i) + j + 1
    np.testing.assert_array_equal(np.load(tmp_path / "o.npy").reshape(4, 8), expected)


@pytest.mark.parametrize("s,m,n", [(10, 1, 1), (7, 4, 8), (-1, 1, 1), (1000, 4, 8), (268435456, 1, 1)])
def test_outside(run, s, m, n):
    process = run(s, m, n)
    assert process.returncode == 1
    assert "k.py:" in process.stderr and ("RBLN-R034" in process.stderr or "RBLN-R036" in process.stderr)
