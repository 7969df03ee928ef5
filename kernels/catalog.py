"""Finds the kernel files and the committed text of every case. Needs neither Triton nor a compiler."""
import importlib
from dataclasses import dataclass
from pathlib import Path

from kernels.cases import TRITON_VERSIONS, Case

KERNELS = Path(__file__).resolve().parent
TTIR = KERNELS / "ttir"

# raw: as the front end leaves it, helpers not inlined and block pointers whole.
# opt: after the passes that a GPU backend runs on it, block pointers turned into pointer arithmetic.
FORMS = ("raw", "opt")


def kernel_names(folder):
    """Names of the kernels in `kernels/<folder>`, sorted: one file is one kernel of the same name."""
    return sorted(path.stem for path in (KERNELS / folder).glob("*.py") if not path.stem.startswith("_"))


def load(folder, name):
    """The module of one kernel file."""
    return importlib.import_module(f"kernels.{folder}.{name}")


@dataclass(frozen=True)
class Specialisation:
    """One case of one kernel, as one Triton release prints it."""
    folder: str
    kernel: str
    case: Case
    version: str
    form: str

    @property
    def file_name(self):
        return f"{self.kernel}.{self.case.name}.{self.form}.ttir"

    @property
    def relative_path(self):
        """Under kernels/ttir."""
        parent = Path(self.version) if self.folder == "basic" else Path(self.version) / self.folder
        return parent / self.file_name

    @property
    def path(self):
        return TTIR / self.relative_path

    @property
    def source(self):
        return KERNELS / self.folder / f"{self.kernel}.py"

    def argument_name(self, argument):
        """What the text calls an argument of the kernel. Only releases from 3.5 on print names; before, positions."""
        if tuple(int(part) for part in self.version.split(".")[:2]) >= (3, 5):
            return argument.name
        return f"arg{self.case.arguments.index(argument)}"

    def __str__(self):
        return f"{self.version}-{self.kernel}.{self.case.name}.{self.form}"


def specialisations(folder, versions=TRITON_VERSIONS):
    """Every committed file that there should be, in a fixed order."""
    return [
        Specialisation(folder, kernel, case, version, form)
        for version in versions
        for kernel in kernel_names(folder)
        for case in load(folder, kernel).CASES
        if version in case.versions
        for form in FORMS
    ]
