"""Random kernels of rblib operations against NumPy, with the emulator's checks for races and uninitialised reads on.

RBLNC_TEST_KERNELS=5000 tests that many, from RBLNC_TEST_SEED on.
"""
import os
import re

import pytest

from rblib_random import RandomKernel
from rblib_run import check, compiled

FIRST = int(os.environ.get("RBLNC_TEST_SEED", 0))
COUNT = int(os.environ.get("RBLNC_TEST_KERNELS", 150))
CHUNK = 25
# Products and sums of products, in another order.
TOLERANCE = 1e-4


@pytest.mark.parametrize("first", range(FIRST, FIRST + COUNT, CHUNK))
@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_results(rblnc, first, tmp_path):
    for seed in range(first, first + CHUNK):
        print("seed", seed)
        random = RandomKernel(seed)
        bundle = compiled(rblnc, random.kernel, tmp_path)
        for number in range(3):
            check(rblnc, random.kernel, random.inputs(number), bundle, TOLERANCE)


@pytest.mark.parametrize("seed", range(FIRST, FIRST + 10))
def test_forms_that_are_printed_are_read(rblnc, seed, tmp_path):
    """RBLN IR and device commands print what they were read from; RBLN IR compiles to the same commands."""
    bundle = compiled(rblnc, RandomKernel(seed).kernel, tmp_path)
    source = tmp_path / "k.ttir"
    for form in ("rbln-ir", "npu"):
        printed, again = tmp_path / f"{form}.mlir", tmp_path / f"{form}.again.mlir"
        rblnc.done("compile", source, f"--emit={form}", "-o", printed)
        again.write_text(rblnc.done("opt", printed).stdout)
        assert rblnc.done("opt", again).stdout == again.read_text()
    rblnc.done("compile", tmp_path / "rbln-ir.mlir", "-o", tmp_path / "from-ir.rbln")
    of_the_input = re.compile(r"^ *(triton_era|input_digest|bytes|digest) .*\n", re.MULTILINE)
    inspected = {of_the_input.sub("", rblnc.done("inspect", path).stdout)
                 for path in (bundle, tmp_path / "from-ir.rbln")}
    assert len(inspected) == 1
    first = bundle.read_bytes()
    rblnc.done("compile", source, "-o", bundle)
    assert bundle.read_bytes() == first
