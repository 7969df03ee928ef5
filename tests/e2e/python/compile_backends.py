"""Backends of torch.compile that the tests go through."""
import shutil
import sysconfig
from pathlib import Path

import pytest

# Inductor writes C++ and builds it with the host's compiler against Python's headers.
_BUILDS = shutil.which("g++") is not None and (Path(sysconfig.get_path("include")) / "Python.h").exists()
AVAILABLE = ["eager", "aot_eager"] + ["inductor"] * _BUILDS
ALL = ["eager", "aot_eager",
       pytest.param("inductor", marks=pytest.mark.skipif(not _BUILDS, reason="there is no g++, or no Python.h"))]
