"""The softmax family at the columns where visibility ends: masks of 0, -0 and the least number, causal rows, windows of every
length, rows of which nothing is visible, and joining tiles."""
import sys
from pathlib import Path

import numpy as np
import pytest

import reuse_kernels as ir

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "kernels"))
from rblnc import native  # noqa: E402

ROWS, COLUMNS = 8, 64
T = f"1x{ROWS}x{COLUMNS}xf32"
ONE = f"1x{ROWS}x1xf32"


def run(body, arrays, **given):
    shapes = {name: [int(extent) for extent in type.split("x")[:-1]] for name, type in arrays.items()}
    values = {name: np.full(shape, np.nan, np.float32) for name, shape in shapes.items()}
    for name, array in given.items():
        values[name] = np.ascontiguousarray(array, np.int32 if name == "n" else np.float32).reshape(shapes[name])
    native.compile(ir.kernel(arrays, body)).run([(array.ctypes.data, array.nbytes) for array in values.values()])
    return values


def softmax(x, visible):
    """NaN for a row of which nothing is visible."""
    with np.errstate(invalid="ignore"):
        hidden = np.where(visible, x, -np.inf).astype(np.float64)
        weights = np.exp(hidden - hidden.max(-1, keepdims=True))
        return weights / weights.sum(-1, keepdims=True)


def numbers(seed=1):
    return np.random.default_rng(seed).normal(size=(ROWS, COLUMNS)).astype(np.float32)


def check(got, x, visible):
    got, wanted = got.reshape(ROWS, COLUMNS), softmax(x, visible)
    np.testing.assert_allclose(got, wanted, rtol=1e-5, atol=1e-7)
    # What is hidden has no weight at all.
    seen = visible.any(-1)
    np.testing.assert_array_equal(got[seen] == 0, ~np.broadcast_to(visible, got.shape)[seen])


POSITION = np.arange(COLUMNS)
ROW = np.arange(ROWS)[:, None]


@pytest.mark.parametrize("off", [0, 1, 31, 55, 56])
def test_causal(off):
    body = ir.lines(ir.load("a", "x", T), ir.index("i", "n", 0, 56),
                    f"%r = rbln.dynamic_masked_softmax %a at %i : tensor<{T}>, !rbln.index<0, 56>", ir.store("r", "o", T))
    x = numbers()
    check(run(body, {"x": T, "n": "2xi32", "o": T}, x=x, n=[off, 0])["o"], x, POSITION <= off + ROW)


@pytest.mark.parametrize("window", [1, 2, 5, 64])
@pytest.mark.parametrize("start", [0, 1, 20, 56])
def test_window(start, window):
    body = ir.lines(ir.load("a", "x", T), ir.index("i", "n", 0, 56),
                    f"%r = rbln.window_softmax %a at %i window {window} : tensor<{T}>, !rbln.index<0, 56>", ir.store("r", "o", T))
    x = numbers()
    distance = start + ROW - POSITION
    check(run(body, {"x": T, "n": "2xi32", "o": T}, x=x, n=[start, 0])["o"], x, (distance >= 0) & (distance < window))


MASKS = [0.0, -0.0, 1.0, 1e-45, -1e-45, 0.5, -1.0, np.inf, -np.inf, np.nan]


def test_mask_by_its_sign():
    body = ir.lines(ir.load("a", "x", T), ir.load("m", "m", T),
                    f"%r = rbln.masked_softmax %a, %m : tensor<{T}>, tensor<{T}>", ir.store("r", "o", T))
    x = numbers()
    mask = np.resize(np.array(MASKS, np.float32), (ROWS, COLUMNS))
    mask[2] = 0  # nothing of it is visible
    mask[3] = [1] + [-0.0] * (COLUMNS - 1)
    x[3, 1:] = np.nan  # and what is hidden may hold anything
    with np.errstate(invalid="ignore"):
        check(run(body, {"x": T, "m": T, "o": T}, x=x, m=mask)["o"], x, mask > 0)


@pytest.mark.parametrize("form", ["mask", "causal"])
def test_tiles_that_are_joined(form):
    """Two tiles of an online softmax, the first of which some rows do not see at all, are the softmax of both."""
    types = f"tensor<{ONE}>, tensor<{T}>, tensor<{ONE}>"
    if form == "mask":
        tiles = [f"%m, %p, %q = rbln.flash_attn_tile %a, %v : tensor<{T}>, tensor<{T}> -> {types}",
                 f"%m1, %p1, %q1 = rbln.flash_attn_tile %b, %w after %m : tensor<{T}>, tensor<{T}>, tensor<{ONE}> -> {types}"]
        loads = [ir.load("v", "v", T), ir.load("w", "w", T)]
    else:
        tiles = [f"%m, %p, %q = rbln.dynamic_flash_attn_tile %a at %i : tensor<{T}>, !rbln.index<0, 63> -> {types}",
                 f"%m1, %p1, %q1 = rbln.dynamic_flash_attn_tile %b at %j after %m : tensor<{T}>, !rbln.index<0, 63>, "
                 f"tensor<{ONE}> -> {types}"]
        loads = [ir.index("i", "n", 0, 63), ir.index("j", "n", 1, 63)]
    join = f"%t, %s = rbln.flash_attn_recompute %m, %m1, %q, %q1, %p, %p1 : tensor<{ONE}>, tensor<{T}>"
    body = ir.lines(ir.load("a", "x", T), ir.load("b", "y", T), *loads, *tiles, join, ir.store("p", "p", T), ir.store("q", "q", ONE),
                    ir.store("p1", "r", T), ir.store("m1", "m", ONE), ir.store("t", "t", ONE), ir.store("s", "s", T))
    arrays = {"x": T, "y": T, **({"v": T, "w": T} if form == "mask" else {"n": "2xi32"}), "p": T, "q": ONE, "r": T, "m": ONE,
              "t": ONE, "s": T}
    x, y = numbers(1), numbers(2)
    seen = [POSITION <= 60 - 8 * ROW, POSITION >= ROW] if form == "mask" else [POSITION <= 5 + ROW, POSITION <= 3 + ROW]
    if form == "mask":
        seen[0][2] = False
        given = {"v": np.where(seen[0], 1, -0.0), "w": np.where(seen[1], 1e-45, 0)}
    else:
        given = {"n": [5, 3]}
    got = run(body, arrays, x=x, y=y, **given)
    first = np.where(seen[0], x, -np.inf).astype(np.float64)
    second = np.where(seen[1], y, -np.inf).astype(np.float64)
    before = first.max(-1, keepdims=True)
    most = np.maximum(before, second.max(-1, keepdims=True))
    with np.errstate(invalid="ignore"):
        p = np.where(np.isinf(first), 0, np.exp(first - before))
    r = np.exp(second - most)
    close = {"rtol": 1e-5, "atol": 1e-7}
    np.testing.assert_allclose(got["p"].reshape(ROWS, COLUMNS), p, **close)
    np.testing.assert_allclose(got["q"].reshape(ROWS, 1), p.sum(-1, keepdims=True), **close)
    np.testing.assert_allclose(got["r"].reshape(ROWS, COLUMNS), r, **close)
    np.testing.assert_array_equal(got["m"].reshape(ROWS, 1), most.astype(np.float32))
    # The sums of both tiles, to the maximum of both, and the first tile's products brought to it and added.
    moved = np.where(np.isinf(before), 0, np.exp(before - most))
    total = p.sum(-1, keepdims=True) * moved + r.sum(-1, keepdims=True)
    np.testing.assert_allclose(got["t"].reshape(ROWS, 1), total, **close)
    np.testing.assert_allclose(got["s"].reshape(ROWS, COLUMNS), p * moved + r, **close)
