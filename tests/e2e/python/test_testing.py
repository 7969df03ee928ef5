"""rblnc.testing, the plugin of pytest: kernels in a user's own tests."""
import os
import subprocess
import sys

import numpy as np
import pytest
import torch
from rblnc import TensorSpec, testing

from conftest import ROOT
from sample_kernels import add_tiles, scale

SPEC = TensorSpec((32, 128), "float32")
# A user's file of tests; what is true of each is in its name.
FILE = f"""
import sys
sys.path.insert(0, {str(ROOT / "tests/e2e/python")!r})
import torch
from rblnc import TensorSpec
from sample_kernels import scale
from warning_kernel import power


def run(device):
    x, out = torch.randn(32, 128), torch.empty(32, 128)
    return x, out, device.run(scale, x, out, 2.0, ROWS=32, COLUMNS=128)


def test_passes(rblnc_device):
    x, out, done = run(rblnc_device)
    done.expect(out, x * 2)
    done.gate(modelled_us=100, dram_bytes=32772, scratchpad_bytes=16388)


def test_differs(rblnc_device):
    x, out, done = run(rblnc_device)
    done.expect(out, x * 3)


def test_is_slow(rblnc_device):
    run(rblnc_device)[2].gate(modelled_us=0.5, dram_bytes=100)


def test_warns(rblnc_device):
    rblnc_device.compile(power, TensorSpec((16, 64), "float32"), TensorSpec((16, 64), "float32"))


def test_target(rblnc_device):
    assert run(rblnc_device)[2].compiled.target == "rbln-ca25"
"""


def pytest_run(folder, *words, **variables):
    path = [] if os.environ.get("RBLNC_INSTALLED") == "1" else [str(ROOT / "kernels")]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([*path, str(folder), os.environ.get("PYTHONPATH", "")]),
                   **variables}
    return subprocess.run([sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "rblnc.testing", *words],
                          capture_output=True, text=True, check=False, cwd=folder, env=environment)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    from lint_cases import HEAD, KERNEL
    folder = tmp_path_factory.mktemp("users")
    (folder / "warning_kernel.py").write_text(HEAD + KERNEL)
    (folder / "test_users.py").write_text(FILE)
    return folder


def test_a_users_file(folder):
    done = pytest_run(folder)
    assert done.returncode == 1 and "3 failed, 2 passed" in done.stdout, done.stdout
    for name in ("differs", "is_slow", "target"):
        assert f"FAILED test_users.py::test_{name}" in done.stdout
    assert "scale: the result differs in 4096 of 4096 elements; the worst is [" in done.stdout
    assert "modelled_us is 1.82803, and may be 0.5; most of it, 83.6%, at" in done.stdout
    assert "dram_bytes is 32772, and may be 100; most of it, 100.0%, at" in done.stdout
    assert "sample_kernels.py:15" in done.stdout and "testing.py:" not in done.stdout


def test_its_options(folder):
    done = pytest_run(folder, "--rblnc-strict", "--rblnc-target=rbln-ca25", "-k", "warns or target")
    assert "1 failed, 1 passed" in done.stdout and "power: the compiler warns" in done.stdout, done.stdout
    assert "warning_kernel.py:" in done.stdout and "RBLN-W007" in done.stdout


def test_nothing_is_imported_until_a_test_asks(tmp_path):
    (tmp_path / "test_plain.py").write_text("import sys\n\n\ndef test_plain():\n"
                                            "    assert not {'numpy', 'torch', 'triton'} & set(sys.modules)\n"
                                            "    assert 'rblnc.testing' in sys.modules\n")
    done = pytest_run(tmp_path, PYTEST_DISABLE_PLUGIN_AUTOLOAD="1")
    assert done.returncode == 0, done.stdout


@pytest.mark.filterwarnings("ignore::rblnc.CompileWarning")
def test_specs_are_filled():
    device = testing.Device()
    run = device.run(scale, SPEC, SPEC, 2.0, ROWS=32, COLUMNS=128)
    run.expect("output", run.arguments["x"] * 2)
    again = device.run(scale, SPEC, SPEC, 2.0, ROWS=32, COLUMNS=128)
    assert np.array_equal(again.arguments["x"], run.arguments["x"])
    other = device.run(scale, SPEC, SPEC, 2.0, ROWS=32, COLUMNS=128, seed=7)
    assert not np.array_equal(other.arguments["x"], run.arguments["x"])
    half = TensorSpec((16, 64), "bfloat16")
    run = device.run(add_tiles, half, half, half, 16, 64, 8)
    x, y = run.arguments["x"], run.arguments["y"]
    assert x.dtype == torch.bfloat16 and not torch.equal(x, y)
    run.expect("output", x.double() + y.double())


def test_a_kernel_meets_its_own_figures():
    run = testing.Device().run(scale, SPEC, SPEC, 2.0, ROWS=32, COLUMNS=128)
    numbers = {name: value for name, value in run.profile.figures.items()
               if isinstance(value, (int, float)) and name != "host_seconds"}
    run.gate(**numbers)
    run.gate(scratchpad_bytes=numbers["peak_scratchpad_bytes"], modelled_us=numbers["modelled_seconds"] * 1e6)


DTYPES = ("float64", "float32", "float16", "bfloat16", "int64", "int8", "uint8", "bool")


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("shape", [(), (0, ), (7, ), (3, 5)])
def test_close_is_what_torch_calls_close(dtype, shape):
    """On random pairs that differ by about the tolerance, and by nothing at all."""
    generator = torch.Generator().manual_seed(len(dtype) + len(shape))
    kind = getattr(torch, dtype)
    relative, absolute = testing.TOLERANCES.get(dtype, (0, 0))
    verdicts = set()
    for step in range(40):
        base = torch.randn(shape, generator=generator, dtype=torch.float64) * 3
        noise = (step % 4) * 0.6 * (absolute + relative * base.abs()) * torch.randint(0, 2, shape, generator=generator)
        expected, actual = base.to(kind), (base + noise).to(kind)
        verdicts.add(torch_says(actual, expected))
        assert says(actual, expected) == torch_says(actual, expected), (actual, expected)
    assert verdicts == {True} if not relative or shape == (0, ) else verdicts


@pytest.mark.parametrize("equal_nan", [False, True])
@pytest.mark.parametrize("first", [0.0, -0.0, 1.0, float("inf"), -float("inf"), float("nan")])
@pytest.mark.parametrize("second", [0.0, 1.0, float("inf"), -float("inf"), float("nan")])
def test_edges_are_those_of_torch(first, second, equal_nan):
    pair = torch.tensor([first, 1.0]), torch.tensor([second, 1.0])
    for tolerances in ({}, {"rtol": 1.0, "atol": 2.0}, {"rtol": 0.0, "atol": 0.0}):
        assert says(*pair, equal_nan=equal_nan, **tolerances) == torch_says(*pair, equal_nan=equal_nan, **tolerances)


def says(*pair, **options):
    return _passes(testing.assert_close, *pair, **options)


def torch_says(*pair, **options):
    return _passes(torch.testing.assert_close, *pair, **options)


def _passes(function, *pair, **options):
    try:
        function(*pair, **options)
    except AssertionError:
        return False
    return True
