"""What rblnc.testing says when a kernel's test fails, and what it does not take."""
import numpy as np
import pytest
import rblnc
from rblnc import TensorSpec, testing

from sample_kernels import scale

SPEC = TensorSpec((32, 128), "float32")


@pytest.fixture(scope="module")
def run():
    return testing.Device().run(scale, SPEC, SPEC, 2.0, ROWS=32, COLUMNS=128)


def test_the_worst_element_is_told():
    expected = np.zeros((3, 4), np.float32)
    actual = expected.copy()
    actual[0, 1], actual[2, 3] = 0.25, -0.5
    with pytest.raises(AssertionError) as raised:
        testing.assert_close(actual, expected)
    assert str(raised.value) == ("the result differs in 2 of 12 elements; the worst is [2, 3]: -0.5, and 0.0 was expected, off "
                                 "by 0.5, which may be 1e-05 (rtol=1.3e-06, atol=1e-05)")
    actual[1, 1] = np.nan
    with pytest.raises(AssertionError, match=r"3 of 12 elements; the worst is \[1, 1\]: nan, and 0.0 was expected"):
        testing.assert_close(actual, expected)


def test_the_worst_is_by_what_is_allowed():
    with pytest.raises(AssertionError, match=r"the worst is \[1\]"):
        testing.assert_close(np.array([1e6 + 9, 0.5]), np.array([1e6, 0.0]), rtol=1e-5, atol=0)


@pytest.mark.parametrize("actual, expected, said", [
    (np.zeros(3), np.zeros((3, 1)), "has the shape (3,), and (3, 1) was expected"),
    (np.array([2**62 + 1]), np.array([2**62]), "differs in 1 of 1 elements"),
    (np.array([1], np.uint8), np.array([255], np.uint8), "off by 254")])
def test_shapes_and_integers(actual, expected, said):
    with pytest.raises(AssertionError) as raised:
        testing.assert_close(actual, expected)
    assert said in str(raised.value)


def test_tolerances_are_a_pair():
    with pytest.raises(TypeError, match="rtol and atol are given together"):
        testing.assert_close(np.zeros(1), np.zeros(1), rtol=1e-3)


@pytest.mark.parametrize("limits, said", [({}, "gate takes modelled_us, .*; not nothing"), ({"time": 3}, "not time"),
                                          ({"host_seconds": 9}, "not host_seconds"), ({"kernel": 9}, "not kernel")])
def test_limits_that_are_none(run, limits, said):
    with pytest.raises(TypeError, match=said):
        run.gate(**limits)


def test_a_gate_tells_every_figure_and_the_line_that_costs_most(run):
    with pytest.raises(AssertionError) as raised:
        run.gate(modelled_us=1, dram_bytes=10**9, scratchpad_bytes=16387, vector_ops=float("nan"))
    first, *rest = str(raised.value).splitlines()
    assert first == "scale on rbln-ca22 needs more than it may:" and len(rest) == 3
    assert rest[0].startswith("  modelled_us is 1.82803, and may be 1; most of it, 83.6%, at ")
    assert rest[0].endswith("sample_kernels.py:15") and rest[1] == "  scratchpad_bytes is 16388, and may be 16387"
    assert rest[2].startswith("  vector_ops is 4096, and may be nan; most of it, 100.0%, at ")


def test_a_kernel_that_does_not_fit_raises_what_warmup_raises():
    device = testing.Device()
    with pytest.raises(rblnc.CompileError, match="sample_kernels.py:15:.*RBLN-C009"):
        device.run(scale, np.zeros((3, 3), np.float32), np.zeros((32, 128), np.float32), 2.0, ROWS=32, COLUMNS=128)
    with pytest.raises(TypeError, match="typo"):
        device.run(scale, SPEC, SPEC, 2.0, ROWS=32, COLUMNS=128, typo=3)
