"""Other names for modules: `rblnc.triton.X` is Triton's own X, and `rebel` is this package where it is asked to be.

The modules are the same objects under both names, so that every spelling of an import finds them:
`import a.b.c`, `import a.b.c as d`, `from a.b import c`, `from a.b.c import name`.
"""
import importlib
import importlib.abc
import importlib.machinery
import importlib.util
import os
import sys
import types

VENDOR = "rebel"
VARIABLE = "RBLNC_AS_REBEL"
_RBLN = "rblnc.triton.language.extra.rbln"


class _Finder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """`root` and the modules below it are `other` and those below that."""

    def __init__(self, root, other):
        self._root = root
        self._other = other

    def find_spec(self, fullname, path=None, target=None):
        if fullname != self._root and not fullname.startswith(self._root + "."):
            return None
        try:
            module = self._module(fullname)
        except ModuleNotFoundError as error:
            if error.name is None or not self._real(fullname).startswith(error.name):
                raise
            return None
        spec = importlib.machinery.ModuleSpec(fullname, self, is_package=hasattr(module, "__path__"))
        spec.loader_state = module, module.__spec__
        return spec

    def create_module(self, spec):
        return spec.loader_state[0]

    def exec_module(self, module):
        # The import system has given the module this alias's spec; it keeps its own.
        spec = module.__spec__
        if spec is not None and isinstance(spec.loader, _Finder):
            module.__spec__ = spec.loader_state[1]

    def _real(self, fullname):
        return self._other + fullname[len(self._root):]

    def _module(self, fullname):
        if fullname == _RBLN:
            return _rbln()
        if fullname == f"{_RBLN}.libdevice":
            return importlib.import_module("rblnc.libdevice")
        return importlib.import_module(self._real(fullname))


def _rbln():
    """The package that holds rblib."""
    module = sys.modules.get(_RBLN)
    if module is None:
        module = types.ModuleType(_RBLN, "rblib of RBLN.")
        module.__path__ = []
        module.libdevice = importlib.import_module("rblnc.libdevice")
    return module


def _of_vendor(name):
    """An attribute of what stands for the vendor's package."""
    if name == "triton":
        return importlib.import_module("rblnc.triton")
    raise AttributeError(f"{VENDOR}.{name}: rblnc stands in for {VENDOR}, and of that package it has triton only")


def mirror(root, other):
    """Makes `other` and the modules below it importable as `root`."""
    sys.meta_path.insert(0, _Finder(root, other))


def stand_in():
    """Makes `rebel` importable, unless that package is there itself: it is never shadowed. Whether rblnc stands in."""
    module = sys.modules.get(VENDOR)
    if stands_in():
        return True
    if module is not None or importlib.util.find_spec(VENDOR) is not None:
        return False
    # Triton knows a module by its very type.
    module = types.ModuleType(VENDOR, f"rblnc in the place of {VENDOR}.")
    module.__path__ = []
    module.__getattr__ = _of_vendor
    module.__spec__ = importlib.machinery.ModuleSpec(VENDOR, None, is_package=True)
    sys.modules[VENDOR] = module
    mirror(f"{VENDOR}.triton", "rblnc.triton")
    return True


def stands_in():
    """Whether `rebel` is rblnc."""
    return getattr(sys.modules.get(VENDOR), "__getattr__", None) is _of_vendor


def stand_in_if_asked():
    """As RBLNC_AS_REBEL says: 1, or 0, which is as if it were not set."""
    value = os.environ.get(VARIABLE) or "0"
    if value not in ("0", "1"):
        raise ValueError(f"{VARIABLE} is {value!r}; known are 0 and 1")
    if value == "1":
        stand_in()
