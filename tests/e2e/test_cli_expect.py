"""--expect beside torch.testing.assert_close, and how it writes numbers."""
import numpy as np
import pytest

VALUES = [np.nan, np.inf, -np.inf, 0.0, -0.0, 1.0, 1.0 + 1e-6, 1.0 + 1e-3, 1e-6, 3e38]


def test_every_pair_of_values_as_torch_compares_them(workplace, tmp_path):
    torch = pytest.importorskip("torch")
    pairs = [(a, b) for a in VALUES for b in VALUES]
    for got, expected in pairs:
        np.save(tmp_path / "x.npy", np.full(64, got, np.float32))
        np.save(tmp_path / "e.npy", np.full(64, expected, np.float32))
        for options, equal_nan in (((), False), (("--equal-nan",), True)):
            want = 0
            try:
                torch.testing.assert_close(torch.full((64,), got), torch.full((64,), expected), equal_nan=equal_nan)
            except AssertionError:
                want = 3
            process = workplace("run", "k.rbln", "--arg", "x=x.npy", "--expect", "o=e.npy", *options)
            assert process.returncode == want, (got, expected, options, process.stderr)


def test_an_unexpected_nan_names_the_option(workplace, tmp_path):
    np.save(tmp_path / "x.npy", np.full(64, np.nan, np.float32))
    process = workplace("run", "k.rbln", "--arg", "x=x.npy", "--expect", "o=x.npy")
    assert process.returncode == 3 and "nan where nan was expected" in process.stderr and "--equal-nan" in process.stderr
    assert workplace("run", "k.rbln", "--equal-nan").returncode == 2


@pytest.mark.parametrize("got, expected, dtype", [
    (2 ** 62, 2 ** 62 + 1, "i64"), (-2 ** 63, 2 ** 63 - 1, "i64"), (2 ** 53, 2 ** 53 + 1, "i64"), (-5, 5, "i32"),
    (2 ** 31 - 1, 2 ** 31 - 2, "i32"), (-128, 127, "i8"), (12345, 12346, "i16")])
def test_integers_are_written_as_integers(workplace, tmp_path, got, expected, dtype):
    numpy_dtype = f"int{dtype[1:]}"
    np.save(tmp_path / "x.npy", np.full(64, got, numpy_dtype))
    np.save(tmp_path / "e.npy", np.full(64, expected, numpy_dtype))
    bundle = workplace.bundle(dtype)
    process = workplace("run", bundle, "--arg", "x=x.npy", "--expect", "o=e.npy")
    assert process.returncode == 3 and f": {got} where {expected} was expected" in process.stderr
    process = workplace.done("run", bundle, "--arg", "x=x.npy", "--expect", "o=e.npy", "--atol", "2e19")
    assert f"the largest difference is {abs(got - expected)} " in process.stdout
    process = workplace.done("run", bundle, "--arg", "x=x.npy")
    assert f"o: 64x{dtype}: min {got}, max {got}, " in process.stdout


def test_integers_within_a_tolerance(workplace, tmp_path):
    np.save(tmp_path / "x.npy", np.full(64, 100, np.int32))
    bundle = workplace.bundle("i32")
    for expected, options, status in ((110, ("--atol", "10"), 0), (111, ("--atol", "10"), 3), (110, ("--rtol", "0.1"), 0),
                                      (112, ("--rtol", "0.1"), 3), (-100, ("--rtol", "2"), 0)):
        np.save(tmp_path / "e.npy", np.full(64, expected, np.int32))
        assert workplace("run", bundle, "--arg", "x=x.npy", "--expect", "o=e.npy", *options).returncode == status
