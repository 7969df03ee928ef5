"""Products whose batch one operand is broadcast over."""
import numpy as np
import pytest

SHAPES = [((3, 16, 32), (1, 32, 24)), ((1, 16, 32), (3, 32, 24)), ((2, 1, 16, 32), (1, 5, 32, 24))]


def pointer(name, shape):
    """A dense block pointer to the whole array, as text."""
    strides = [int(np.prod(shape[d + 1:])) for d in range(len(shape))]
    lines = [f"%{name}s{d} = arith.constant {n} : i64" for d, n in enumerate(shape)]
    lines += [f"%{name}t{d} = arith.constant {n} : i64" for d, n in enumerate(strides)]
    lists = ["[" + ", ".join(f"%{name}{kind}{d}" for d in range(len(shape))) + "]" for kind in "st"]
    order = ", ".join(str(d) for d in reversed(range(len(shape))))
    block = "tensor<" + "x".join(map(str, shape)) + "xf32>"
    lines.append(f"%{name}p = tt.make_tensor_ptr %{name}, {lists[0]}, {lists[1]}, [{', '.join(['%z'] * len(shape))}] "
                 f"{{order = array<i32: {order}>}} : <{block}>")
    return "\n".join(lines), block


@pytest.mark.parametrize("left,right", SHAPES, ids=str)
def test_broadcast_dot(rblnc, tmp_path, left, right):
    batch = tuple(np.broadcast_shapes(left[:-2], right[:-2]))
    shapes = {"a": left, "b": right, "c": batch + (left[-2], right[-1])}
    wide = {"a": batch + left[-2:], "b": batch + right[-2:]}
    text, blocks = zip(*(pointer(name, shape) for name, shape in shapes.items()))
    full = {name: "tensor<" + "x".join(map(str, shape)) + "xf32>" for name, shape in wide.items()}
    source = f"""
module {{
  tt.func public @k(%a: !tt.ptr<f32> loc("a"("k.py":1:1)), %b: !tt.ptr<f32> loc("b"("k.py":1:1)), %c: !tt.ptr<f32> loc("c"("k.py":1:1))) {{
    %z = arith.constant 0 : i32
    {"".join(part + chr(10) for part in text)}
    %av = tt.load %ap : !tt.ptr<{blocks[0]}>
    %bv = tt.load %bp : !tt.ptr<{blocks[1]}>
    %aw = tt.broadcast %av : {blocks[0]} -> {full["a"]}
    %bw = tt.broadcast %bv : {blocks[1]} -> {full["b"]}
    %start = arith.constant dense<0.5> : {blocks[2]}
    %d = tt.dot %aw, %bw, %start : {full["a"]} * {full["b"]} -> {blocks[2]}
    tt.store %cp, %d : !tt.ptr<{blocks[2]}>
    tt.return
  }}
}}
"""
    (tmp_path / "k.ttir").write_text(source)
    process = rblnc("compile", tmp_path / "k.ttir", "-o", tmp_path / "k.rbln")
    assert process.returncode == 0, process.stderr
    random = np.random.default_rng(len(batch))
    data = {name: random.standard_normal(shapes[name]).astype(np.float32) for name in "ab"}
    for name, array in data.items():
        np.save(tmp_path / f"{name}.npy", array)
    process = rblnc("run", tmp_path / "k.rbln", "--arg", f"a={tmp_path / 'a.npy'}", "--arg", f"b={tmp_path / 'b.npy'}",
                    "--out", f"c={tmp_path / 'c.npy'}")
    assert process.returncode == 0, process.stderr
    expected = data["a"].astype(np.float64) @ data["b"].astype(np.float64) + 0.5
    np.testing.assert_allclose(np.load(tmp_path / "c.npy"), expected, rtol=0, atol=1e-5 * np.abs(expected).max())
