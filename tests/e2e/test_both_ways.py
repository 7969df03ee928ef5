"""Kernels that are interpreted compute what the compiled ones compute, bit for bit: each operation on edge values of each
element type, and all kernels of the tree, under both numerics.
"""
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("triton", reason="Triton is not installed")
pytest.importorskip("torch", reason="PyTorch is not installed; Triton's interpreter needs it")

import both_ways  # noqa: E402

FOLDER = Path(__file__).resolve().parent
ROOT = FOLDER.parents[1]


def compiled(numerics, groups, tmp_path):
    """The same table by a process that compiles."""
    path = os.pathsep.join([str(FOLDER), str(ROOT), str(ROOT / "kernels"), os.environ.get("PYTHONPATH", "")])
    environment = {**os.environ, "TRITON_INTERPRET": "0", "PYTHONPATH": path, "RBLNC_CACHE_DIR": str(tmp_path / "cache"),
                   "TRITON_CACHE_DIR": str(tmp_path / "triton")}
    command = [sys.executable, str(FOLDER / "both_ways.py"), str(tmp_path / "table.npz"), numerics,
               *(group.__name__ for group in groups)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=900, check=False)
    assert done.returncode == 0, done.stderr[-4000:]
    return np.load(tmp_path / "table.npz")


@pytest.mark.parametrize("numerics", ["ieee", "device"])
@pytest.mark.parametrize("group", both_ways.GROUPS, ids=lambda group: group.__name__)
def test_bits(group, numerics, tmp_path, monkeypatch):
    monkeypatch.setenv("RBLNC_NUMERICS", numerics)
    expected = compiled(numerics, [group], tmp_path)
    found = both_ways.table(numerics, [group])
    assert sorted(expected.files) == sorted(found) and found
    failures = []
    for name, value in found.items():
        differing = np.argwhere(expected[name] != value)
        if len(differing):
            place = tuple(differing[0])
            failures.append(f"{name}: {len(differing)} of {value.size} elements; first at {place}: "
                            f"{expected[name][place]:#x} compiled, {value[place]:#x} interpreted")
    assert not failures, "\n".join(failures)
