"""What a call refuses, and that each message says what to do."""
import os
import subprocess
import sys

import numpy as np
import pytest
import torch

import rblnc
from rblnc import host
from rblnc.arguments import ArgumentError, ArgumentTypeError
from rblnc.runtime import GridError
from sample_kernels import dynamic_loop, scale, stock_scale, take_rows


@pytest.fixture(scope="module")
def compiled():
    x = torch.zeros(24, 64)
    return scale.warmup(x, x, 2.0, 24, 64)


X = torch.zeros(24, 64)
READ_ONLY = np.zeros((24, 64), np.float32)
READ_ONLY.flags.writeable = False


@pytest.mark.parametrize("arguments, error, says", [
    ((X[0], X, 1.0), ArgumentError, "x of .*has rank 1.*rank 2.*reshape"),
    ((X[:12], X, 1.0), ArgumentError, r"x of .*shape \(12, 64\).*\(24, 64\): call warmup"),
    ((X.double(), X, 1.0), ArgumentTypeError, r"x of .*float64.*float32: pass \.to\(torch\.float32\)"),
    ((np.zeros((24, 64)), X, 1.0), ArgumentTypeError, r"\.astype\(np\.float32\)"),
    ((X, READ_ONLY, 1.0), ArgumentError, "read-only"),
    ((X.to_sparse(), X, 1.0), ArgumentError, r"pass \.to_dense\(\)"),
    ((X.to("meta"), X, 1.0), ArgumentError, r"device meta.*\.cpu\(\)"),
    (([1.0], X, 1.0), ArgumentTypeError, "must be a PyTorch CPU tensor or a NumPy array of float32, not list"),
    ((X, X, "one"), ArgumentTypeError, "scalar of type f32, not str"),
    ((X, X, X), ArgumentTypeError, "is a scalar"),
    ((X, X), ArgumentTypeError, "missing factor"),
    ((X, X, 1.0, 12, 64), ArgumentError, "compiled for ROWS=24, not 12: call warmup"),
    ((X, X, 1.0, 24, 64, 1), ArgumentTypeError, "takes x, output, factor, ROWS, COLUMNS"),
], ids=lambda value: None)
def test_arguments(compiled, arguments, error, says):
    with pytest.raises(error, match=says):
        compiled(*arguments)


@pytest.mark.parametrize("call", [scale.warmup, scale[(1, )], stock_scale[(1, )]], ids=["warmup", "launch", "stock"])
def test_a_tensor_of_another_rank_than_the_kernel_means(call):
    """A kernel is compiled for what it gets; that it leaves it is said at the kernel's line."""
    with pytest.raises(rblnc.CompileError, match=r"sample_kernels\.py:\d+.*'x', which has shape \(64\).*RBLN-C009"):
        call(X[0], X, 1.5, 24, 64)


def test_a_tensor_that_is_too_small_for_the_kernel():
    """Compiled from the element types alone."""
    with pytest.raises(ArgumentError, match=r"x of .*rank 1, shape \(64,\); .*shape \(24, 64\).*pass a tensor"):
        scale.warmup(torch.float32, torch.float32, 1.0, 24, 64)(X[0], X, 1.0)


def test_index_out_of_range_names_the_line():
    count = torch.tensor([[17]], dtype=torch.int32)
    with pytest.raises(rblnc.RunError, match=r"sample_kernels\.py:\d+.*RBLN-R"):
        take_rows[(1, )](torch.zeros(16, 64), count, torch.zeros(16, 64), ROWS=16)


def test_grid(compiled):
    for launch in (compiled.__getitem__, lambda grid: scale[grid](X, X, 1.0, ROWS=24, COLUMNS=64),
                   lambda grid: scale.warmup(X, X, 1.0, 24, 64, grid=grid)):
        with pytest.raises(GridError, match=r"grid=\(1,\)"):
            launch((2, ))


def test_compile_error_carries_diagnostics():
    with pytest.raises(rblnc.CompileError, match=r"sample_kernels\.py:\d+:\d+: error: .*RBLN-C001") as caught:
        rblnc.warmup(dynamic_loop, torch.zeros(4, 64), torch.zeros(4, 64), 4, ROWS=4)
    assert "RBLN-C001" in [diagnostic["code"] for diagnostic in caught.value.diagnostics]
    assert caught.value.status == 1


@pytest.mark.parametrize("options", [{"host_layout": "a:b"}, {"host_layout": [-1]}, {"compute_dtype": "fp8"}])
def test_options_that_mean_nothing(options):
    with pytest.raises(ValueError, match=next(iter(options))):
        scale.warmup(X, X, 1.0, 24, 64, **options)


@pytest.mark.parametrize("positions", [[0, 0], "0:2"], ids=["twice", "beyond"])
def test_host_layout_of_positions_that_the_kernel_does_not_have(positions):
    with pytest.raises(rblnc.CompileError, match="RBLN-I014"):
        scale.warmup(torch.zeros(24, 64), torch.zeros(24, 64), 1.0, 24, 64, host_layout=positions)


def test_unknown_argument_of_the_kernel():
    with pytest.raises(TypeError, match="scale"):
        scale.warmup(X, X, 1.0, ROWS=24, COLUMNS=64, DEPTH=2)


def test_missing_library_says_how_to_get_one(tmp_path):
    script = ("import rblnc\ntry:\n    rblnc.native.compile('module {}')\n"
              "except rblnc.LibraryNotFound as error:\n    print('found', error)")
    environment = {**os.environ, "RBLNC_LIBRARY": str(tmp_path / "nowhere.so"),
                   "PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, env=environment, check=False,
                          cwd=tmp_path)
    assert done.stdout.startswith("found") and "RBLNC_LIBRARY" in done.stdout, done.stdout + done.stderr


@pytest.mark.parametrize("variable, says", [
    ("RBLNC_PARTITION_SKIP", "'sometimes'; known are boundary and naive"),
    ("RBLNC_STRICT", "'sometimes'; known are 0 and 1"),
    ("RBLNC_NUMERICS", "'sometimes'; known are ieee, device"),
])
def test_a_variable_that_means_nothing(monkeypatch, variable, says):
    monkeypatch.setenv(variable, "sometimes")
    with pytest.raises(ValueError, match=says):
        rblnc.launch(scale, X, torch.empty_like(X), 3.0, 24, 64)


def test_artifacts_that_cannot_be_written_name_the_variable(compiled, monkeypatch):
    monkeypatch.setenv("RBLNC_OUTPUT_DIR", "/proc/rblnc")
    with pytest.raises(OSError, match="/proc/rblnc.*RBLNC_OUTPUT_DIR"):
        host.write_rtosa(compiled)
