"""What a probe declares, and the list of all. Needs neither Triton nor PyTorch, except for loading a kernel."""
import importlib
from dataclasses import dataclass, field
from pathlib import Path
from collections.abc import Callable

FOLDER = Path(__file__).resolve().parent
TTIR = FOLDER / "ttir"
FILES = ("indices", "memory", "cache", "softmax", "flash", "limits")


@dataclass(frozen=True)
class Probe:
    """One kernel with one set of constants. `arguments` are kernels.cases.Array and Scalar in the kernel's order.

    inputs: random generator -> list of input sets by name; outputs start as NaN unless an input set has them.
    reference: input set -> results by name.
    """
    name: str
    kernel: str
    arguments: tuple
    constexprs: dict
    inputs: Callable
    reference: Callable
    file: str = field(default="")

    def load(self):
        """The @triton.jit function; needs Triton."""
        return getattr(importlib.import_module(f"kernels.rblib.{self.file}_kernels"), self.kernel)

    def relative_path(self, version):
        return Path(version) / f"{self.name}.ttir"


def probes():
    """All probes in a fixed order."""
    found = []
    for file in FILES:
        found += importlib.import_module(f"kernels.rblib.{file}").PROBES
    return found
