"""The helpers of the tests are tested themselves: a wrong yardstick passes anything."""
import numpy as np
import pytest

import arrays


def test_bf16_of_every_pattern_is_itself():
    bits = np.arange(0x10000, dtype=np.uint16)
    values = arrays.from_bf16_bits(bits)
    numbers = ~np.isnan(values)
    assert np.array_equal(arrays.to_bf16_bits(values)[numbers], bits[numbers])
    assert np.isnan(arrays.from_bf16_bits(arrays.to_bf16_bits(values[~numbers]))).all()


@pytest.mark.parametrize("value, bits", [
    (1.0, 0x3F80), (-0.0, 0x8000), (np.inf, 0x7F80),
    # Ties go to the even neighbour, anything above goes up, even when float32 cannot hold the difference.
    (1.0 + 2.0 ** -8, 0x3F80), (1.0 + 3 * 2.0 ** -8, 0x3F82),
    (1.0 + 2.0 ** -8 + 2.0 ** -40, 0x3F81), (-1.0 - 3 * 2.0 ** -8 + 2.0 ** -40, 0xBF81),
    # Beyond the largest number.
    (3.5e38, 0x7F80),
])
def test_bf16_rounds_to_nearest_even(value, bits):
    assert arrays.to_bf16_bits([value])[0] == bits


@pytest.mark.parametrize("tolerance, dtype, close, far", [
    ("bits", "float32", 1.0, np.nextafter(np.float32(1), np.float32(2))),
    ("elementwise", "float32", 1.0 + 2.0 ** -22, 1.0 + 2.0 ** -21),
    ("f32", "float32", 1.0 + 0.9e-5, 1.0 + 1.1e-5),
    ("half", "float16", 1.0, 1.0 + 2.0 ** -10),
    ("half_chain", "float16", 1.0 + 2.0 ** -9, 1.0 + 2.0 ** -8),
])
def test_tolerance_classes(tolerance, dtype, close, far):
    expected = np.array([1.0])
    assert arrays.difference(np.array([float(close)]), expected, dtype, tolerance) is None
    assert arrays.difference(np.array([float(far)]), expected, dtype, tolerance)


def test_special_values_compare_as_they_are():
    expected = np.array([np.nan, np.inf, 0.0])
    assert arrays.difference(expected.copy(), expected, "float32", "f32") is None
    assert arrays.difference(np.array([0.0, np.inf, 0.0]), expected, "float32", "f32")
    assert arrays.difference(np.array([np.nan, -np.inf, 0.0]), expected, "float32", "f32")
    assert arrays.difference(np.array([np.nan, np.inf, np.nan]), expected, "float32", "f32")
    assert arrays.difference(np.array([-0.0]), np.array([0.0]), "float32", "exact") is None
    assert arrays.difference(np.array([-0.0]), np.array([0.0]), "float32", "bits")
    # A result that its type cannot hold is expected to be infinite.
    assert arrays.difference(np.array([np.inf]), np.array([1.0e6]), "float16", "half") is None
