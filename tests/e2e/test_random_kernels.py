"""Random kernels on arrays that they read and write again and again, against NumPy and against themselves: however a
kernel is laid over the engines its results have the same bits, and the emulator finds no race.

RBLNC_TEST_KERNELS=5000 tests that many, from RBLNC_TEST_SEED on.
"""
import os

import numpy as np
import pytest

import rblib_run
from kernel_random import RandomKernel

FIRST = int(os.environ.get("RBLNC_TEST_SEED", 0))
COUNT = int(os.environ.get("RBLNC_TEST_KERNELS", 160))
CHUNK = 20
SPLITS = ("none", "auto", "most")
# Sums and products in another order; floats are whole numbers up to 1000 but for what has been clipped.
TOLERANCE = 1e-4


def results(rblnc, kernel, inputs, split, folder):
    bundle = rblib_run.compiled(rblnc, kernel, folder, f"--split={split}")
    process, values = rblib_run.run(rblnc, kernel, inputs, bundle)
    assert process.returncode == 0, process.stderr
    assert "RBLN-R" not in process.stderr
    return values


@pytest.mark.parametrize("first", range(FIRST, FIRST + COUNT, CHUNK))
def test_results(rblnc, first, tmp_path):
    for seed in range(first, first + CHUNK):
        print("seed", seed)
        kernel = RandomKernel(seed)
        inputs = kernel.inputs(seed)
        expected = kernel.run(inputs)
        found = {split: results(rblnc, kernel, inputs, split, tmp_path) for split in SPLITS}
        for name, value in found["none"].items():
            for split in SPLITS:
                assert found[split][name].tobytes() == value.tobytes(), (seed, split, name)
            if kernel.arrays[name][1] != "f32":
                np.testing.assert_array_equal(value, expected[name], err_msg=f"{seed} {name}")
            else:
                np.testing.assert_allclose(value, expected[name].astype(np.float64), rtol=TOLERANCE, atol=TOLERANCE,
                                           err_msg=f"{seed} {name}")
