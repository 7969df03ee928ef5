"""The Python package with every Triton that RBLNC_TRITON_PYTHON names: what it writes, and what it refuses and how."""
import os
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

SCRIPT = Path(__file__).resolve().parent / "rblib_frontend_checks.py"


def pythons():
    named = [p for p in os.environ.get("RBLNC_TRITON_PYTHON", "").split(os.pathsep) if p]
    return named or ([sys.executable] if find_spec("triton") else [])


def test_checks():
    if not pythons():
        pytest.skip("Triton is not installed, and RBLNC_TRITON_PYTHON does not name a Python with it")
    # The checks trace kernels; conftest.py has this process interpret them.
    environment = {name: value for name, value in os.environ.items() if name != "TRITON_INTERPRET"}
    for python in pythons():
        done = subprocess.run([python, SCRIPT], capture_output=True, text=True, env=environment, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
