"""Random inputs, .npy files and comparisons for the end-to-end tests."""
import zlib

import numpy as np

# Relative precision (distance from 1 to the next number) of the 16-bit types.
EPSILON = {"float16": 2.0 ** -10, "bfloat16": 2.0 ** -7}
SMALLEST_EXPONENT = {"float16": -14, "bfloat16": -126}


def to_bf16_bits(x):
    """float64 or float32 -> the bits of bfloat16 in uint16, rounded to nearest even. NaN stays NaN.

    The value is first brought to float32 with its last bit made sticky, so that a float64 is rounded only once.
    """
    with np.errstate(invalid="ignore", over="ignore"):
        x = np.asarray(x, dtype=np.float64)
        single = x.astype(np.float32)
    bits = single.view(np.uint32).astype(np.int64)
    # Truncate towards zero where the conversion rounded away from it, then let the lost part weigh in the last bit.
    with np.errstate(invalid="ignore"):
        away = np.abs(single.astype(np.float64)) > np.abs(x)
        inexact = np.isfinite(x) & (single.astype(np.float64) != x)
    bits = np.where(away, bits - 1, bits)
    bits = np.where(inexact, bits | 1, bits)
    rounded = (bits + 0x7FFF + ((bits >> 16) & 1)) >> 16
    rounded = np.where(np.isnan(x), (bits >> 16) | 0x40, rounded)
    return rounded.astype(np.uint16)


def from_bf16_bits(bits):
    """The bits of bfloat16 in uint16 -> float32, exactly."""
    return (np.asarray(bits).view(np.uint16).astype(np.uint32) << 16).view(np.float32)


def rounded_to(x, dtype):
    """The values that an array of `dtype` can hold, nearest to x; float64 for floats, the type itself for integers."""
    if dtype == "bfloat16":
        return from_bf16_bits(to_bf16_bits(x)).astype(np.float64)
    with np.errstate(over="ignore"):
        rounded = np.asarray(x).astype(dtype)
    return rounded.astype(np.float64) if rounded.dtype.kind == "f" else rounded


def save(path, values, dtype):
    """NumPy has no bfloat16; it goes through files as raw 16-bit words."""
    np.save(path, to_bf16_bits(values) if dtype == "bfloat16" else np.asarray(values).astype(dtype))


def load(path, dtype):
    array = np.load(path)
    if dtype == "bfloat16":
        assert array.dtype.itemsize == 2, f"{path}: expected 16-bit words, found {array.dtype}"
        return from_bf16_bits(array.view(np.uint16)).astype(np.float64)
    assert array.dtype == np.dtype(dtype), f"{path}: expected {dtype}, found {array.dtype}"
    return array.astype(np.float64) if array.dtype.kind == "f" else array


def _ordinary(rng, array):
    """What the values of an argument mean decides how they are drawn."""
    if array.values == "positive":
        return 0.25 + np.abs(rng.standard_normal(array.shape))
    if array.values == "bounded":
        return rng.uniform(-1.0, 1.0, array.shape)
    if array.values == "mask":
        return rng.integers(0, 2, array.shape)
    if array.values == "causal_mask":
        return np.broadcast_to(np.tri(array.shape[-2], array.shape[-1]), array.shape)
    if array.values == "index":
        return rng.integers(0, 64, array.shape)
    assert array.values == "normal", array.values
    if array.dtype.startswith("int"):
        return rng.integers(-100, 100, array.shape)
    return rng.standard_normal(array.shape)


def _edge(rng, array, values, edge):
    if array.values not in ("normal", "positive") or array.dtype.startswith("int"):
        return values
    if edge == "nan":
        return np.where(rng.random(array.shape) < 0.05, np.nan, values)
    if edge == "inf":
        infinite = np.where(rng.random(array.shape) < 0.5, np.inf, -np.inf)
        return np.where(rng.random(array.shape) < 0.05, infinite, values)
    if array.values == "positive":
        return values
    if edge == "zeros":
        return np.zeros(array.shape)
    if edge == "large":
        # A product of two of these, summed over a few hundred, still is a float16.
        return values * (16.0 if array.dtype == "float16" else 1.0e4)
    if edge == "negative_zero":
        return rng.choice([0.0, -0.0, 1.0, -1.0], array.shape) * np.where(rng.random(array.shape) < 0.5, 1.0, values)
    return values


def draw(case, edge, seed):
    """Name -> values that the argument's type holds exactly. The same for the same case, edge and seed everywhere."""
    rng = np.random.default_rng([seed, zlib.crc32(f"{case.name}/{edge}".encode())])
    inputs = {a.name: rounded_to(_edge(rng, a, _ordinary(rng, a), edge), a.dtype) for a in case.inputs}
    for scalar in case.scalars:
        inputs[scalar.name] = np.dtype(scalar.dtype).type(scalar.value).astype(np.float64).item()
    return inputs


def _spacing(x, dtype):
    """Distance between neighbouring numbers of a 16-bit type at x."""
    _, exponent = np.frexp(x)
    return EPSILON[dtype] * np.exp2(np.maximum(exponent - 1, SMALLEST_EXPONENT[dtype]))


def allowed(expected, dtype, tolerance):
    """The largest difference that the class of tolerance lets pass, for each element."""
    finite = np.where(np.isfinite(expected), expected, 0.0)
    largest = np.max(np.abs(finite), initial=0.0)
    if tolerance in ("bits", "exact"):
        return np.zeros(expected.shape)
    if tolerance == "elementwise":
        return 2.0 * np.spacing(np.abs(finite).astype(np.float32)).astype(np.float64)
    if tolerance == "f32":
        return np.full(expected.shape, 1.0e-5 * largest)
    if tolerance == "half":
        return 0.5 * _spacing(finite, dtype) + 1.0e-5 * largest
    assert tolerance == "half_chain", tolerance
    return np.full(expected.shape, 2.0 * EPSILON[dtype] * largest)


def difference(got, expected, dtype, tolerance):
    """None when got is what was expected, else one line that says where it is not."""
    if got.shape != expected.shape:
        return f"shape {got.shape}, expected {expected.shape}"
    if tolerance in ("bits", "exact") or not dtype.startswith(("float", "bfloat")):
        expected = rounded_to(expected, dtype)
    if not dtype.startswith(("float", "bfloat")):
        wrong = got != expected
    else:
        # Overflow of the result's type is part of what is expected, elements that are not finite compare as they are.
        finite = np.isfinite(rounded_to(expected, dtype))
        with np.errstate(invalid="ignore"):
            close = np.abs(got - expected) <= allowed(expected, dtype, tolerance)
            same = (got == rounded_to(expected, dtype)) | (np.isnan(got) & np.isnan(expected))
        wrong = np.where(finite, ~close, ~same)
        if tolerance == "bits":
            wrong |= ~np.isnan(expected) & (np.signbit(got) != np.signbit(expected))
    if not wrong.any():
        return None
    first = tuple(int(i) for i in np.argwhere(wrong)[0])
    return f"{int(wrong.sum())} of {wrong.size} elements differ, the first at {first}: {got[first]}, " \
           f"expected {expected[first]} ({tolerance})"
