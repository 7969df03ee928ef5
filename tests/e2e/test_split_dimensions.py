"""Kernels whose dimensions run together in ways that are easy to cut wrongly: each element must still be computed."""
import numpy as np
import pytest

HEADER = """
#id = affine_map<(i, j) -> (i, j)>
#row = affine_map<(i, j) -> (0, j)>
#turned = affine_map<(i, j) -> (j, i)>
#a = affine_map<(m, n, k) -> (m, k)>
#b = affine_map<(m, n, k) -> (n, k)>
#c = affine_map<(m, n, k) -> (m, n)>
module { func.func @k(%x: !rbln.array<512x512xf32> {rbln.name = "x"}, %y: !rbln.array<512x512xf32> {rbln.name = "y"}) {
"""
LOAD = "%0 = rbln.load %x at 0 strides [512, 1] : <512x512xf32> -> tensor<512x512xf32>"
STORE = "\nrbln.store %1, %y at 0 strides [512, 1] : tensor<512x512xf32> -> <512x512xf32>\nreturn } }\n"


def sum_of(first, second):
    return LOAD + f"""
%e = tensor.empty() : tensor<512x512xf32>
%1 = linalg.generic {{indexing_maps = [{first}, {second}, #id], iterator_types = ["parallel", "parallel"]}}
     ins(%0, %0 : tensor<512x512xf32>, tensor<512x512xf32>) outs(%e : tensor<512x512xf32>) {{
^bb0(%p: f32, %q: f32, %out: f32):
  %s = arith.addf %p, %q : f32
  linalg.yield %s : f32
}} -> tensor<512x512xf32>"""


PRODUCT = LOAD + """
%z = arith.constant dense<0.0> : tensor<512x512xf32>
%1 = linalg.generic {indexing_maps = [#a, #b, #c], iterator_types = ["parallel", "parallel", "reduction"]}
     ins(%0, %0 : tensor<512x512xf32>, tensor<512x512xf32>) outs(%z : tensor<512x512xf32>) {
^bb0(%p: f32, %q: f32, %out: f32):
  %m = arith.mulf %p, %q : f32
  %s = arith.addf %out, %m : f32
  linalg.yield %s : f32
} -> tensor<512x512xf32>"""


CASES = {
    "x + x.T": (sum_of("#id", "#turned"), lambda x: x + x.T),
    "x @ x.T": (PRODUCT, lambda x: x @ x.T),
    "first row": (sum_of("#id", "#row"), lambda x: x + x[:1]),
}


@pytest.mark.parametrize("split", ("none", "auto", "most"))
@pytest.mark.parametrize("case", CASES)
def test_every_element_is_computed(rblnc, case, split, tmp_path):
    body, expected = CASES[case]
    (tmp_path / "k.mlir").write_text(HEADER + body + STORE)
    x = np.random.default_rng(1).integers(-4, 5, (512, 512)).astype(np.float32)
    np.save(tmp_path / "x.npy", x)
    rblnc.done("compile", tmp_path / "k.mlir", "-o", tmp_path / "k.rbln", f"--split={split}")
    run = rblnc.done("run", tmp_path / "k.rbln", "--arg", f"x={tmp_path}/x.npy", "--out", f"y={tmp_path}/y.npy")
    assert "RBLN-R" not in run.stderr
    np.testing.assert_array_equal(np.load(tmp_path / "y.npy"), expected(x))
