"""What the backend refuses, as Python exceptions with the compiler's diagnostics."""
import os
import pickle
import subprocess
import sys

import pytest
import torch
import triton

import rblnc
from rblnc.backend.errors import translated
from rblnc.runtime import GridError
from sample_kernels import dynamic_loop, stock_scale

X = torch.zeros(4, 64)


def test_compile_error_carries_diagnostics():
    with pytest.raises(rblnc.CompileError, match=r"sample_kernels\.py:\d+:\d+: error: .*RBLN-C001") as caught:
        dynamic_loop[(1, )](X, X, 4, ROWS=4)
    assert "RBLN-C001" in [diagnostic["code"] for diagnostic in caught.value.diagnostics]
    # Nothing of it was kept: the next launch says the same.
    with pytest.raises(rblnc.CompileError, match="RBLN-C001"):
        dynamic_loop[(1, )](X, X, 4, ROWS=4)


def test_the_front_end_keeps_its_own_errors():

    @triton.jit
    def unknown(x, ROWS: triton.language.constexpr):
        triton.language.no_such_function(x)

    with pytest.raises(Exception, match="no_such_function|has no attribute|defined") as caught:
        unknown[(1, )](X, ROWS=4)
    assert isinstance(caught.value, (triton.compiler.errors.CompilationError, AttributeError, NameError))


@pytest.mark.parametrize("grid", [(2, ), (1, 2), (1, 1, 4), lambda meta: (meta["ROWS"], )])
def test_grid(grid):
    with pytest.raises(GridError, match=r"one program.*grid=\(1,\)"):
        stock_scale[grid](X, torch.empty_like(X), 2.0, ROWS=4, COLUMNS=64)


def test_a_plan_that_does_not_fit_is_out_of_resources():
    error = rblnc.CompileError("kernel.py:3:4: error: too large [RBLN-P001]")
    error.diagnostics, error.status = [{"severity": "error", "code": "RBLN-P001", "message": "too large"}], 1
    found = translated(error)
    assert isinstance(found, triton.runtime.errors.OutOfResources) and isinstance(found, rblnc.CompileError)
    assert str(found) == str(error) and found.diagnostics == error.diagnostics
    copy = pickle.loads(pickle.dumps(found))
    assert str(copy) == str(error) and copy.diagnostics == error.diagnostics
    error.diagnostics.append({"severity": "error", "code": "RBLN-C001", "message": "a rule"})
    assert translated(error) is error


def test_unknown_option():
    with pytest.raises((KeyError, TypeError), match="DEPTH"):
        stock_scale[(1, )](X, X, 2.0, ROWS=4, COLUMNS=64, DEPTH=3)


def test_a_release_without_backends(tmp_path):
    """Faked: only the version is asked."""
    script = ("import triton\ntriton.__version__ = '3.2.0'\nfrom rblnc import backend\n"
              "try:\n    backend.activate()\nexcept backend.BackendUnavailable as error:\n    print(error)")
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, env=environment, check=False)
    assert "3.6 to 3.9" in done.stdout and "pip install" in done.stdout, done.stdout + done.stderr
