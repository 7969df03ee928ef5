"""The committed .ttir is what Triton prints for the kernels as they are.

RBLNC_TRITON_PYTHON names a Python that has one of the supported Triton releases; several are separated by the path
separator of the platform.
"""
import os
import subprocess

import pytest

from kernels import catalog


def pythons():
    return [p for p in os.environ.get("RBLNC_TRITON_PYTHON", "").split(os.pathsep) if p]


def test_committed_text_is_current():
    if not pythons():
        reason = "RBLNC_TRITON_PYTHON does not name a Python with Triton, so nothing can be printed anew"
        if os.environ.get("CI"):
            pytest.fail(reason, pytrace=False)
        pytest.skip(reason)
    for python in pythons():
        process = subprocess.run([python, catalog.KERNELS / "regenerate.py", "--check"], capture_output=True, text=True,
                                 check=False)
        assert process.returncode == 0, process.stdout + process.stderr
