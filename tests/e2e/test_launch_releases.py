"""Kernels of rblnc's own jit compile and run on the emulator with every Triton release, PyTorch or not."""
import os
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SCRIPT = """
import numpy as np
import triton
from rblnc import backend, launch
from sample_kernels import scale, take_rows

x, output = np.ones((24, 64), np.float32), np.zeros((24, 64), np.float32)
scale[(1, )](x, output, 2.0, ROWS=24, COLUMNS=64)
assert (output == 2).all()
take_rows[(1, )](x, np.array([[5]], np.int32), output, ROWS=24)
assert (output[:5] == 1).all() and not output[5:].any()
launch(scale, x, output, 3.0, ROWS=24, COLUMNS=64)
assert (output == 3).all()
assert backend.available() == (not triton.__version__.startswith("3.2."))
print("done")
"""


def pythons():
    return [python for python in os.environ.get("RBLNC_TRITON_PYTHON", "").split(os.pathsep) if python]


@pytest.mark.skipif(not pythons(), reason="RBLNC_TRITON_PYTHON is not set")
def test_launch(tmp_path):
    environment = {name: value for name, value in os.environ.items() if name != "TRITON_INTERPRET"}
    environment |= {"PYTHONPATH": os.pathsep.join(map(str, (ROOT / "kernels", ROOT / "tests/e2e/python"))),
                    "RBLNC_CACHE_DIR": str(tmp_path / "rblnc"), "TRITON_CACHE_DIR": str(tmp_path / "triton")}
    for python in pythons():
        done = subprocess.run([python, "-c", SCRIPT], capture_output=True, text=True, env=environment, check=False)
        assert done.stdout == "done\n", f"{python}: {done.stdout}{done.stderr}"
