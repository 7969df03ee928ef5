"""A fused multiply-add in bfloat16 is rounded once, also when the addend only decides a tie of the product."""
import numpy as np

KERNEL = """
module {
  tt.func public @k(%x: !tt.ptr<bf16> loc("x"("k.py":1:1)), %o: !tt.ptr<bf16> loc("o"("k.py":1:1))) {
    %r = tt.make_range {end = 4 : i32, start = 0 : i32} : tensor<4xi32>
    %xs = tt.splat %x : !tt.ptr<bf16> -> tensor<4x!tt.ptr<bf16>>
    %xp = tt.addptr %xs, %r : tensor<4x!tt.ptr<bf16>>, tensor<4xi32>
    %v = tt.load %xp : tensor<4x!tt.ptr<bf16>>
    %a = arith.constant dense<7.0> : tensor<4xbf16>
    %b = arith.constant dense<37.0> : tensor<4xbf16>
    %f = math.fma %a, %b, %v : tensor<4xbf16>
    %os = tt.splat %o : !tt.ptr<bf16> -> tensor<4x!tt.ptr<bf16>>
    %op = tt.addptr %os, %r : tensor<4x!tt.ptr<bf16>>, tensor<4xi32>
    tt.store %op, %f : tensor<4x!tt.ptr<bf16>>
    tt.return
  }
}
"""


def test_tie_of_the_product(rblnc, tmp_path):
    (tmp_path / "k.ttir").write_text(KERNEL)
    rblnc.done("compile", tmp_path / "k.ttir", "-o", tmp_path / "k.rbln")
    # 7 * 37 = 259 lies halfway between 258 and 260; the neighbour with an even significand is 260.
    rblnc.done("run", tmp_path / "k.rbln", "--arg", "x=4xbf16=-8.6e-19,8.6e-19,0,-1", "--out", f"o={tmp_path / 'o.npy'}")
    bits = np.load(tmp_path / "o.npy").view(np.uint16).astype(np.uint32) << 16
    np.testing.assert_array_equal(bits.view(np.float32), [258, 260, 260, 258])
