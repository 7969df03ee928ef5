"""Products and reductions that the interpreter computes are those of the emulator, bit for bit, also where an extent is no
multiple of what the device takes at once: 64 terms of a product, 16 lanes of a reduction."""
import sys
from pathlib import Path

import numpy as np
import pytest

import reuse_kernels as ir
from arrays import to_bf16_bits

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "kernels"))
from rblnc import _arithmetic, native  # noqa: E402

TARGETS = {"rbln-ca22": "device", "rbln-cr03": "device", None: "ieee"}


@pytest.fixture(params=TARGETS, ids=str)
def numerics(request):
    """The settings of both: what a run is given, and the target that it is compiled for."""
    settings = _arithmetic.Settings(TARGETS[request.param], request.param or "")
    token = _arithmetic.settings.set(settings)
    yield settings
    _arithmetic.settings.reset(token)


def run(text, values, settings):
    bundle = native.compile(text, target=settings.target or None)
    bundle.run([(array.ctypes.data, array.nbytes) for array in values], numerics=settings.numerics)


def numbers(shape, seed, dtype="f32"):
    values = np.random.default_rng(seed).normal(size=shape).astype(np.float32)
    return to_bf16_bits(values) if dtype == "bf16" else values.astype(_arithmetic.NUMPY[dtype])


@pytest.mark.parametrize("batch", [None, 2])
@pytest.mark.parametrize("k", [1, 3, 63, 64, 65, 100, 128, 129, 200])
def test_products(k, batch, numerics):
    outer = [] if batch is None else [batch]
    shapes = {"x": [*outer, 4, k], "y": [*outer, k, 8], "s": [*outer, 4, 8], "o": [*outer, 4, 8]}
    arrays = {name: "x".join(map(str, [*shape, "f32"])) for name, shape in shapes.items()}
    body = ir.lines(*(ir.load(name + "v", name, arrays[name]) for name in "xys"),
                    ir.product("p", "xv", "yv", "sv", 4, 8, k, batch), ir.store("p", "o", arrays["o"]))
    values = [numbers(shapes[name], seed) for seed, name in enumerate("xys")] + [np.zeros(shapes["o"], np.float32)]
    run(ir.kernel(arrays, body), values, numerics)
    wanted = _arithmetic.dot(*values[:3], ("f32", "f32", "f32"))
    np.testing.assert_array_equal(values[3].view(np.uint32), np.asarray(wanted, np.float32).view(np.uint32))


@pytest.mark.parametrize("count", [1, 2, 7, 8, 15, 16, 17, 31, 33, 64, 100])
@pytest.mark.parametrize("operation, dtype", [("addf", "f32"), ("mulf", "f32"), ("addf", "f16"), ("addf", "bf16"),
                                              ("maximumf", "f32"), ("minnumf", "f32"), ("addi", "i32"), ("maxui", "i32")])
def test_reductions(operation, dtype, count, numerics):
    source, result = f"6x{count}x{dtype}", f"6x1x{dtype}"
    reduce = (f"%r = rbln.reduce %v axis 1 : (tensor<{source}>) -> tensor<{result}> {{\n^bb0(%a: {dtype}, %b: {dtype}):\n"
              f"%c = arith.{operation} %a, %b : {dtype}\nrbln.yield %c : {dtype}\n}}")
    body = ir.lines(ir.load("v", "x", source), reduce, ir.store("r", "o", result))
    if dtype == "i32":
        x = np.random.default_rng(count).integers(-2**31, 2**31, (6, count)).astype(np.int32)
    else:
        x = numbers((6, count), count, dtype)
    if dtype == "f32":
        x[0, count // 2] = np.nan
        x[1] = -0.0
    o = np.zeros((6, 1), x.dtype)
    run(ir.kernel({"x": source, "o": result}, body), [x, o], numerics)
    wanted = _arithmetic.reduce(operation, _arithmetic.rounded(x, dtype), dtype)
    wanted = np.asarray(_arithmetic.rounded(wanted, dtype)).astype(x.dtype, copy=False)
    is_nan = np.isnan(wanted) if dtype in ("f32", "f16") else np.zeros(wanted.shape, bool)
    bits = f"u{x.itemsize}"
    np.testing.assert_array_equal(o[:, 0].view(bits)[~is_nan], wanted.view(bits)[~is_nan])
    if is_nan.any():
        assert np.isnan(o[:, 0][is_nan]).all()
