"""Chips with another line of the scratchpad and other chunks of dot products: right numbers, and messages that quote them."""
import json
import sys
from pathlib import Path

import numpy as np
import pytest

import reuse_kernels as ir

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "kernels"))
from rblnc import _arithmetic  # noqa: E402

KERNEL = """
module {{
  tt.func public @k(%x: !tt.ptr<f32> loc("x"), %o: !tt.ptr<f32> loc("o")) {attributes} {{
    %c1 = arith.constant 1 : i64
    %c8 = arith.constant 8 : i64
    %cn = arith.constant {declared} : i64
    %z = arith.constant 0 : i32
    %xp = tt.make_tensor_ptr %x, [%c8, %cn], [%cn, %c1], [%z, %z] {{order = array<i32: 1, 0>}} : <tensor<8x{block}xf32>>
    %op = tt.make_tensor_ptr %o, [%c8, %cn], [%cn, %c1], [%z, %z] {{order = array<i32: 1, 0>}} : <tensor<8x{block}xf32>>
    %v = tt.load %xp : !tt.ptr<tensor<8x{block}xf32>> loc("v"("k.py":4:9))
    %r = arith.addf %v, %v : tensor<8x{block}xf32>
    tt.store %op, %r : !tt.ptr<tensor<8x{block}xf32>> loc("k.py":9:5)
    tt.return
  }}
}}
"""


@pytest.fixture(scope="module")
def chip(rblnc, tmp_path_factory):
    """The file of a chip with figures of one's own."""
    base = json.loads(rblnc.done("targets", "rbln-ca22", "--json").stdout)
    folder = tmp_path_factory.mktemp("chips")

    def make(**figures):
        own = json.loads(json.dumps(base))
        own["name"] = "mine"
        for key, value in figures.items():
            own["figures"][key]["value"] = value
        path = folder / ("-".join(f"{key}{value}" for key, value in figures.items()) + ".json")
        path.write_text(json.dumps(own))
        return path

    return make


@pytest.mark.parametrize("line, padded", [(32, 96), (64, 128), (128, 128), (48, 96)])
def test_messages_quote_the_line(rblnc, chip, tmp_path, line, padded):
    path = tmp_path / "k.ttir"
    path.write_text(KERNEL.format(declared=80, block=80, attributes=""))
    said = rblnc("check", path, f"--target-file={chip(line_elements=line)}").stderr
    assert f"whose last dimension 80 is no multiple of {line} " in said, said
    assert f"pad the last dimension of 'x' to {padded} before the call" in said, said
    # The vendor's helper has 64 in its name.
    assert ("align_tensor_last_dim_to_64" in said) == (line == 64), said
    path.write_text(KERNEL.format(declared=2 * line, block=2 * line, attributes=""))
    assert "W014" not in rblnc("check", path, f"--target-file={chip(line_elements=line)}").stderr


def test_no_target_goes_by_the_default_chip(rblnc, tmp_path):
    path = tmp_path / "k.ttir"
    path.write_text(KERNEL.format(declared=32, block=32, attributes=""))
    assert "is no multiple of 64 " in rblnc("check", path).stderr


def test_several_chips_are_all_looked_at(rblnc, chip, tmp_path):
    path = tmp_path / "k.ttir"
    path.write_text(KERNEL.format(declared=64, block=64, attributes=""))
    both = [f"--target-file={chip(line_elements=128)}", "--target=rbln-ca25"]
    assert "is no multiple of 128 " in rblnc("check", path, *both).stderr


@pytest.mark.parametrize("line, declared", [(32, 96), (128, 128), (64, 128), (40, 80)])
def test_tensors_are_padded_to_the_line(rblnc, chip, tmp_path, line, declared):
    """The kernel declares rows of whole lines and gets tensors of 70 columns: what is behind them is not touched."""
    shapes = "dense<[8, 70]> : tensor<2xi32>"
    path = tmp_path / "k.ttir"
    path.write_text(KERNEL.format(declared=declared, block=declared,
                                  attributes=f"attributes {{rblib.shape.0 = {shapes}, rblib.shape.1 = {shapes}}}"))
    bundle = tmp_path / "k.rbln"
    rblnc.done("compile", path, f"--target-file={chip(line_elements=line)}", "-o", bundle)
    x = np.random.default_rng(line).normal(size=(8, 70)).astype(np.float32)
    np.save(tmp_path / "x.npy", x)
    rblnc.done("run", bundle, f"--arg=x={tmp_path / 'x.npy'}", f"--out=o={tmp_path / 'o.npy'}")
    np.testing.assert_array_equal(np.load(tmp_path / "o.npy"), x + x)
    # Rows of other lengths than whole lines are no padding.
    other = 2 * line if 2 * line > declared else declared + line
    path.write_text(path.read_text().replace(f"constant {declared} : i64", f"constant {other} : i64")
                    .replace(f"8x{declared}xf32", f"8x{other}xf32"))
    refused = rblnc("compile", path, f"--target-file={chip(line_elements=line)}", "-o", bundle)
    assert refused.returncode == 1 and "[RBLN-C009]" in refused.stderr, refused.stderr


def dot(a, b, c, chunk):
    """c + a b with chunks of that many products."""
    total = c
    for first in range(0, a.shape[1], chunk):
        part = np.zeros_like(c)
        for k in range(first, min(first + chunk, a.shape[1])):
            part = part + a[:, k, None] * b[None, k, :]
        total = _arithmetic.rounded(total + part, "f32")
    return total


@pytest.mark.parametrize("chunk", [1, 32, 48, 64, 128, 300])
@pytest.mark.parametrize("k", [31, 96, 256, 257, 640])
def test_chunks_of_dot_products(rblnc, chip, tmp_path, chunk, k):
    """Also chunks that do not divide what the emulator packs at a time, and products that are cut along the sum."""
    shapes = {"x": (16, k), "y": (k, 16), "s": (16, 16), "o": (16, 16)}
    arrays = {name: "x".join(map(str, [*shape, "f32"])) for name, shape in shapes.items()}
    body = ir.lines(*(ir.load(name + "v", name, arrays[name]) for name in "xys"),
                    ir.product("p", "xv", "yv", "sv", 16, 16, k), ir.store("p", "o", arrays["o"]))
    path = tmp_path / "k.mlir"
    path.write_text(ir.kernel(arrays, body))
    token = _arithmetic.settings.set(_arithmetic.Settings("device", "rbln-ca22"))
    try:
        values = [_arithmetic.rounded(np.random.default_rng(n).normal(size=shapes[name]).astype(np.float32), "f32")
                  for n, name in enumerate("xys")]
        wanted = dot(*values, chunk)
    finally:
        _arithmetic.settings.reset(token)
    given = []
    for name, value in zip("xys", values):
        np.save(tmp_path / f"{name}.npy", value)
        given.append(f"--arg={name}={tmp_path / name}.npy")
    for way in (["--split=none"], ["--split=most", "--rounds=4"]):
        rblnc.done("compile", path, f"--target-file={chip(dot_chunk_elements=chunk)}", *way, "-o", tmp_path / "k.rbln")
        rblnc.done("run", tmp_path / "k.rbln", "--numerics=device", *given, f"--out=o={tmp_path / 'o.npy'}")
        np.testing.assert_array_equal(np.load(tmp_path / "o.npy").view(np.uint32), wanted.view(np.uint32), str(way))


def test_descriptions_without_a_chunk_mean_that_of_the_known_chips(rblnc, chip, tmp_path):
    path = chip(dot_chunk_elements=64)
    own = json.loads(path.read_text())
    del own["figures"]["dot_chunk_elements"]
    (tmp_path / "old.json").write_text(json.dumps(own))
    ttir = tmp_path / "k.ttir"
    ttir.write_text(KERNEL.format(declared=64, block=64, attributes=""))
    for description, bundle in ((path, "a.rbln"), (tmp_path / "old.json", "b.rbln")):
        rblnc.done("compile", ttir, f"--target-file={description}", "-o", tmp_path / bundle)
    assert (tmp_path / "a.rbln").read_bytes() == (tmp_path / "b.rbln").read_bytes()
