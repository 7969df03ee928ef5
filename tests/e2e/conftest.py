"""Shared by the end-to-end tests: the compiler under test and how to call it."""
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(Path(__file__).resolve().parent)]

from cli_kernel import Workplace  # noqa: E402

# These compile and run what the others interpret; they need a process of their own.
collect_ignore = ["python"]

# Where Triton is installed, kernels are interpreted (test_interpreter.py). It is read when a kernel file is imported,
# and the tests of the compiler import the same files.
os.environ["TRITON_INTERPRET"] = "1"

# A single kernel takes well under a second; a hang must not hold up the whole run.
TIMEOUT_SECONDS = 120


class Compiler:
    """The rblnc binary. Every call returns the finished process, whatever its exit code."""

    def __init__(self, binary):
        self.binary = binary

    def __call__(self, *arguments):
        return subprocess.run([self.binary, *map(str, arguments)], capture_output=True, text=True,
                              timeout=TIMEOUT_SECONDS, check=False)

    def run(self, *arguments, **options):
        """A call with other options of subprocess.run than the usual ones, such as `cwd` or `stdout`."""
        usual = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
        return subprocess.run([self.binary, *map(str, arguments)], timeout=TIMEOUT_SECONDS, check=False,
                              **{**usual, **options})

    def done(self, *arguments):
        """A call that has to succeed."""
        process = self(*arguments)
        command = " ".join(["rblnc", *map(str, arguments)])
        assert process.returncode == 0, f"{command}\nexit code {process.returncode}\n{process.stderr}"
        return process


@pytest.fixture
def workplace(rblnc, tmp_path):
    return Workplace(rblnc, tmp_path)


@pytest.fixture(scope="session")
def rblnc():
    binary = os.environ.get("RBLNC")
    if not binary:
        pytest.fail("set RBLNC to the path of the rblnc binary, e.g. RBLNC=build/release/bin/rblnc", pytrace=False)
    path = Path(binary).resolve()
    if not os.access(path, os.X_OK):
        pytest.fail(f"RBLNC={binary} is not an executable file", pytrace=False)
    return Compiler(str(path))
