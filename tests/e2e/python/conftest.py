"""Shared by the tests of the Python package: kernels are compiled and run on the emulator, in this process.

The other end-to-end tests interpret kernels, which a process decides once for all when it imports Triton; so these run
by themselves: pytest --confcutdir=tests/e2e/python tests/e2e/python.
"""
import os
import sys
import tempfile
from pathlib import Path

FOLDER = Path(__file__).resolve().parent
ROOT = FOLDER.parents[2]
# An installed rblnc is tested where there is one (RBLNC_INSTALLED=1), this tree's otherwise.
sys.path[:0] = [str(FOLDER), str(FOLDER.parent), str(ROOT)]
if os.environ.get("RBLNC_INSTALLED") != "1":
    sys.path.insert(0, str(ROOT / "kernels"))

os.environ["TRITON_INTERPRET"] = "0"
for variable in ("RBLNC_TARGET", "RBLNC_STRICT", "RBLNC_PARTITION_SKIP", "RBLNC_NUMERICS", "RBLNC_CACHE",
                 "RBLN_TARGET_SOC", "RBLN_FORCE_NPU_NAME"):
    os.environ.pop(variable, None)
_caches = tempfile.TemporaryDirectory(prefix="rblnc-test-")
os.environ["RBLNC_CACHE_DIR"] = f"{_caches.name}/bundles"
os.environ["RBLNC_OUTPUT_DIR"] = f"{_caches.name}/artifacts"
os.environ["TRITON_CACHE_DIR"] = f"{_caches.name}/triton"
os.environ["TORCHINDUCTOR_CACHE_DIR"] = f"{_caches.name}/inductor"


def pytest_configure(config):
    """A run that is there for a release of Triton must not quietly test another one."""
    import triton
    expected = os.environ.get("RBLNC_EXPECTED_TRITON", triton.__version__)
    if triton.__version__ != expected:
        raise RuntimeError(f"Triton {expected} is to be tested, but {triton.__version__} is imported")
