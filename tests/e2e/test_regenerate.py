"""The committed .ttir is what Triton prints for the kernels as they are.

RBLNC_TRITON_PYTHON names a Python that has one of the supported Triton releases; several are separated by the path
separator of the platform.
"""
import os
import subprocess

import pytest

from kernels import catalog

BENCH = catalog.KERNELS.parent / "tests" / "bench"
VERSION = "3.6.0"  # that prints the kernels of the benches


def pythons():
    return [p for p in os.environ.get("RBLNC_TRITON_PYTHON", "").split(os.pathsep) if p]


def require_triton():
    if not pythons():
        reason = "RBLNC_TRITON_PYTHON does not name a Python with Triton, so nothing can be printed anew"
        if os.environ.get("CI"):
            pytest.fail(reason, pytrace=False)
        pytest.skip(reason)


def test_committed_text_is_current():
    require_triton()
    for python in pythons():
        process = subprocess.run([python, catalog.KERNELS / "regenerate.py", "--check"], capture_output=True, text=True,
                                 check=False)
        assert process.returncode == 0, process.stdout + process.stderr


def test_committed_text_of_the_benches_is_current():
    require_triton()
    release = "import triton; print(triton.__version__)"
    checked = 0
    for python in pythons():
        if subprocess.run([python, "-c", release], capture_output=True, text=True, check=True).stdout.strip() != VERSION:
            continue
        process = subprocess.run([python, BENCH / "print_ttir.py", "--check"], capture_output=True, text=True, check=False)
        assert process.returncode == 0, process.stdout + process.stderr
        checked += 1
    if not checked:
        pytest.skip(f"RBLNC_TRITON_PYTHON names no Python with Triton {VERSION}")
