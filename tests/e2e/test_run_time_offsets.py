"""Masked stores at an offset that is known only when the kernel runs: what is written, and what is refused."""
import itertools

import numpy as np
import pytest

KERNEL = """
module {{
  tt.func public @k(%o: !tt.ptr<f32> loc("o"("k.py":1:1)), %x: !tt.ptr<f32> loc("x"("k.py":1:1)), %t: i32 loc("t"("k.py":1:1))) {{
    %q = arith.constant {factor} : i32
    %zero = arith.constant dense<0> : tensor<4xi32>
    %ten = arith.constant dense<10> : tensor<4xi32>
    %qt = arith.muli %t, %q : i32
    %s = tt.splat %qt : i32 -> tensor<4xi32>
    %r = tt.make_range {{end = 4 : i32, start = 0 : i32}} : tensor<4xi32>
    %off = arith.addi %s, %r : tensor<4xi32>
    %lower = arith.cmpi sge, %off, %zero : tensor<4xi32>
    %upper = arith.cmpi slt, %off, %ten : tensor<4xi32>
    %both = arith.andi %lower, %upper : tensor<4xi1>
    %xs = tt.splat %x : !tt.ptr<f32> -> tensor<4x!tt.ptr<f32>>
    %xp = tt.addptr %xs, %r : tensor<4x!tt.ptr<f32>>, tensor<4xi32>
    %v = tt.load %xp : tensor<4x!tt.ptr<f32>>
    %os = tt.splat %o : !tt.ptr<f32> -> tensor<4x!tt.ptr<f32>>
    %op = tt.addptr %os, %off : tensor<4x!tt.ptr<f32>>, tensor<4xi32>
    tt.store %op, %v, %{mask} : tensor<4x!tt.ptr<f32>>
    tt.return
  }}
}}
"""


@pytest.mark.parametrize("factor,mask", list(itertools.product([1, 3, 4, -1, -4], ["upper", "both"])))
def test_masked_store(rblnc, tmp_path, factor, mask):
    source, bundle, result = tmp_path / "k.ttir", tmp_path / "k.rbln", tmp_path / "o.npy"
    source.write_text(KERNEL.format(factor=factor, mask=mask))
    process = rblnc("compile", source, "--shape", "o=10", "-o", bundle)
    assert process.returncode == 0, process.stderr
    for t in (-12, -4, -3, -2, -1, 0, 1, 2, 3, 4, 5, 12):
        offsets = factor * t + np.arange(4)
        taken = (offsets < 10) & ((offsets >= 0) | (mask == "upper"))
        process = rblnc("run", bundle, "--arg", "o=zeros", "--arg", "x=4xf32=1,2,3,4", "--arg", f"t={t}",
                        "--out", f"o={result}")
        if (offsets[taken] < 0).any():
            assert process.returncode == 1 and "RBLN-R034" in process.stderr, f"t={t}: {process.stderr}"
            continue
        assert process.returncode == 0, f"t={t}: {process.stderr}"
        expected = np.zeros(10, np.float32)
        expected[offsets[taken]] = np.arange(1, 5)[taken]
        np.testing.assert_array_equal(np.load(result), expected, err_msg=f"t={t}")
