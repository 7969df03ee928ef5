"""RBLN-P001: following its advice makes the same kernel compile."""
import re

import pytest

HEAD = """module {{
  tt.func public @big(%x: !tt.ptr<{t}>, %y: !tt.ptr<{t}>) {{
    %m = arith.constant {rows} : i64
    %one = arith.constant 1 : i64
    %n = arith.constant {n} : i64
    %c0 = arith.constant 0 : i32
    %xp = tt.make_tensor_ptr %x, [%m, %n], [%n, %one], [%c0, %c0] {{order = array<i32: 1, 0>}} : <tensor<{rows}x{n}x{t}>>
    %yp = tt.make_tensor_ptr %y, [%m, %one], [%one, %one], [%c0, %c0] {{order = array<i32: 1, 0>}} : <tensor<{rows}x1x{t}>>
    %v = tt.load %xp : !tt.ptr<tensor<{rows}x{n}x{t}>> loc("v"("k.py":2:9))
"""
TAIL = """
    %w = "tt.reduce"(%u) <{{axis = 1 : i32}}> ({{
    ^bb0(%a: {t}, %b: {t}):
      %s = {op} %a, %b : {t}
      tt.reduce.return %s : {t}
    }}) : (tensor<{rows}x{n}x{t}>) -> tensor<{rows}x{t}> loc("w"("k.py":3:9))
    %r = tt.expand_dims %w {{axis = 1 : i32}} : tensor<{rows}x{t}> -> tensor<{rows}x1x{t}>
    tt.store %yp, %r : !tt.ptr<tensor<{rows}x1x{t}>>
    tt.return
  }}
}}
"""
MIDDLE = {
    "maximum": ("f32", "arith.maximumf", "    %u = arith.addf %v, %v : tensor<{rows}x{n}x{t}>"),
    "sum_of_squares": ("f16", "arith.addf", "    %u = arith.mulf %v, %v : tensor<{rows}x{n}x{t}>"),
}


def kernel(name, rows, n):
    t, op, middle = MIDDLE[name]
    return (HEAD + middle + TAIL).format(t=t, op=op, rows=rows, n=n)


@pytest.mark.parametrize("name, rows, n", [("maximum", 1, 2**33), ("sum_of_squares", 2, 2**34)])
def test_the_block_that_is_named_fits(rblnc, tmp_path, name, rows, n):
    (tmp_path / "k.ttir").write_text(kernel(name, rows, n))
    process = rblnc("compile", tmp_path / "k.ttir", "-o", tmp_path / "k.rbln")
    assert process.returncode == 1 and "[RBLN-P001]" in process.stderr
    factor, elements = map(int, re.search(r"it fits with blocks of 1/(\d+) of the elements, which are (\d+)", process.stderr).groups())
    assert elements < rows * n and n % factor == 0
    (tmp_path / "k.ttir").write_text(kernel(name, rows, n // factor))
    rblnc.done("compile", tmp_path / "k.ttir", "-o", tmp_path / "k.rbln")
