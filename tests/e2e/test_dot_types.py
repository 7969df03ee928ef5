"""tt.dot of every pair of operand types and every accumulator that Triton's verifier takes: right, or refused.

Floats are summed in float32 and rounded once; integers wrap in the accumulator's type."""
import numpy as np
import pytest
from arrays import from_bf16_bits, to_bf16_bits

M, K, N = 5, 48, 7
FLOATS, INTEGERS = ("f16", "bf16", "f32"), ("i1", "i8", "i16", "i32", "i64")
NUMPY = {"f16": np.float16, "bf16": np.uint16, "f32": np.float32, "i1": np.bool_, "i8": np.int8, "i16": np.int16,
         "i32": np.int32, "i64": np.int64}
WIDTH = {"i1": 1, "i8": 8, "i16": 16, "i32": 32, "i64": 64, "f16": 16, "bf16": 16, "f32": 32}

COMBINATIONS = [(a, b, c) for kinds in (FLOATS, INTEGERS) for a in kinds for b in kinds if WIDTH[a] == WIDTH[b]
                for c in kinds]
# Their sums need more than the 32 bits in which the device sums.
REFUSED = {("i16", "i16", "i64"), ("i32", "i32", "i64"), ("i64", "i64", "i64")}

KERNEL = """module {{
  tt.func public @product(%x: !tt.ptr<{a}> loc("x"), %y: !tt.ptr<{b}> loc("y"), %s: !tt.ptr<{c}> loc("s"), %o: !tt.ptr<{c}> loc("o")) {{
    %m = arith.constant {M} : i64
    %k = arith.constant {K} : i64
    %n = arith.constant {N} : i64
    %one = arith.constant 1 : i64
    %z = arith.constant 0 : i32
    %px = tt.make_tensor_ptr %x, [%m, %k], [%k, %one], [%z, %z] {{order = array<i32: 1, 0>}} : <tensor<{M}x{K}x{a}>>
    %py = tt.make_tensor_ptr %y, [%k, %n], [%n, %one], [%z, %z] {{order = array<i32: 1, 0>}} : <tensor<{K}x{N}x{b}>>
    %ps = tt.make_tensor_ptr %s, [%m, %n], [%n, %one], [%z, %z] {{order = array<i32: 1, 0>}} : <tensor<{M}x{N}x{c}>>
    %po = tt.make_tensor_ptr %o, [%m, %n], [%n, %one], [%z, %z] {{order = array<i32: 1, 0>}} : <tensor<{M}x{N}x{c}>>
    %vx = tt.load %px : !tt.ptr<tensor<{M}x{K}x{a}>>
    %vy = tt.load %py : !tt.ptr<tensor<{K}x{N}x{b}>>
    %vs = {start}
    %r = tt.dot %vx, %vy, %vs : tensor<{M}x{K}x{a}> * tensor<{K}x{N}x{b}> -> tensor<{M}x{N}x{c}>
    tt.store %po, %r : !tt.ptr<tensor<{M}x{N}x{c}>>
    tt.return
  }}
}}
"""
LOADED = "tt.load %ps : !tt.ptr<tensor<{M}x{N}x{c}>>"
CONSTANT = "arith.constant dense<{value}> : tensor<{M}x{N}x{c}>"


def random_array(rng, dtype, shape):
    """The array as it is passed, and its values as float64 or Python's integers."""
    if dtype in FLOATS:
        values = rng.standard_normal(shape)
        if dtype == "bf16":
            held = to_bf16_bits(values)
            return held, from_bf16_bits(held).astype(np.float64)
        held = values.astype(NUMPY[dtype])
        return held, held.astype(np.float64)
    info = (0, 1) if dtype == "i1" else (np.iinfo(NUMPY[dtype]).min, np.iinfo(NUMPY[dtype]).max)
    held = rng.integers(info[0], info[1], size=shape, endpoint=True).astype(NUMPY[dtype])
    return held, held.astype(object) + 0


def wrapped(values, dtype):
    """Integers of any size in the width of the type."""
    bits = WIDTH[dtype]
    low = np.vectorize(lambda value: int(value) & ((1 << bits) - 1), otypes=[object])(values)
    if dtype == "i1":
        return low.astype(np.int64)
    return np.vectorize(lambda value: value - (1 << bits) if value >> (bits - 1) else value,
                        otypes=[object])(low).astype(np.int64)


@pytest.mark.parametrize("start", ["loaded", "zero", "constant"])
@pytest.mark.parametrize("a, b, c", COMBINATIONS, ids=map("-".join, COMBINATIONS))
def test_product(rblnc, tmp_path, a, b, c, start):
    rng = np.random.default_rng(sum(map(ord, a + b + c + start)))
    names = {"a": a, "b": b, "c": c, "M": M, "K": K, "N": N}
    value = {"zero": ("0.0", "0", "false"), "constant": ("1.5", "1", "true")}.get(start, [""] * 3)
    value = value[0 if c in FLOATS else 2 if c == "i1" else 1]
    text = (LOADED if start == "loaded" else CONSTANT).format(value=value, **names)
    (tmp_path / "k.ttir").write_text(KERNEL.format(start=text, **names))
    process = rblnc("compile", tmp_path / "k.ttir", "-o", tmp_path / "k.rbln")
    if (a, b, c) in REFUSED:
        assert process.returncode == 1 and "does not accumulate in i64" in process.stderr, process.stderr
        return
    assert process.returncode == 0, process.stderr
    held, values = {}, {}
    for name, dtype, shape in (("x", a, (M, K)), ("y", b, (K, N)), ("s", c, (M, N))):
        held[name], values[name] = random_array(rng, dtype, shape)
        np.save(tmp_path / f"{name}.npy", held[name])
    arguments = [f"--arg={name}={tmp_path / name}.npy" for name in (("x", "y", "s") if start == "loaded" else ("x", "y"))]
    rblnc.done("run", tmp_path / "k.rbln", *arguments, "--out", f"o={tmp_path / 'o.npy'}")
    got = np.load(tmp_path / "o.npy")
    begin = values["s"] if start == "loaded" else {"zero": 0, "constant": 1.5 if c in FLOATS else 1}[start]
    if c in INTEGERS:
        want = wrapped(values["x"].dot(values["y"]) + begin, c)
        np.testing.assert_array_equal(got.astype(np.int64) & (1 if c == "i1" else -1), want)
        return
    exact = values["x"] @ values["y"] + begin
    got = from_bf16_bits(got.view(np.uint16)).astype(np.float64) if c == "bf16" else got.astype(np.float64)
    # Half a unit of the accumulator's type at the result, and float32's sums of the terms' magnitudes.
    half_unit = {"f16": 2.0**-11, "bf16": 2.0**-8, "f32": 2.0**-24}[c]
    terms = np.abs(values["x"]) @ np.abs(values["y"]) + np.abs(begin)
    assert (np.abs(got - exact) <= half_unit * np.abs(exact) * 1.001 + (K + 1) * 2.0**-24 * terms).all()
