"""`torch.compile(model, backend="rbln")`.

The graph runs as it was captured: PyTorch's operations on the host, the kernels of its operators on the emulator. The
backend is registered when PyTorch's registry is loaded, whichever of the two packages is imported first, and by the entry
point of an installed package. Where the vendor's own package is installed the name is left to it.
"""
import importlib.abc
import importlib.util
import sys

from rblnc import _aliases

NAME = "rbln"
_REGISTRY = "torch._dynamo.backends.registry"


class OptionError(TypeError):
    """torch.compile was given options that the backend cannot take."""


def rbln(graph, inputs, *, options=None, mode=None):
    """options: the vendor's dictionary, such as {"mode": ["strict"]}. None of it changes anything: nothing falls back to
    another device here, and a kernel that does not compile is an error always."""
    if options is not None and not isinstance(options, dict):
        raise OptionError(f"options of backend={NAME!r} is {type(options).__name__}; pass a dictionary, such as "
                          "{'mode': ['strict']}")
    return graph.forward


def register():
    """Registers the backend now, or when PyTorch's registry of backends is loaded."""
    if not _aliases.stands_in() and importlib.util.find_spec(_aliases.VENDOR) is not None:
        return
    registry = sys.modules.get(_REGISTRY)
    if registry is not None:
        _add(registry)
    elif not any(isinstance(finder, _Finder) for finder in sys.meta_path):
        sys.meta_path.insert(0, _Finder())


def __getattr__(name):
    """`entry`, of the entry point: the vendor's backend where its package is installed, whichever is found first."""
    if name != "entry":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib.metadata import entry_points
    others = [point for point in entry_points(group="torch_dynamo_backends", name=NAME)
              if not point.value.startswith("rblnc.")]
    return others[0].load() if others else rbln


def _add(registry):
    if NAME not in registry._COMPILER_FNS:
        registry.register_backend(rbln, name=NAME)


class _Finder(importlib.abc.MetaPathFinder):

    def find_spec(self, fullname, path=None, target=None):
        if fullname != _REGISTRY:
            return None
        sys.meta_path.remove(self)
        spec = importlib.util.find_spec(fullname)
        if spec is not None and spec.loader is not None:
            spec.loader = _Loader(spec.loader)
        return spec


class _Loader(importlib.abc.Loader):
    """Loads the registry as it is, then adds to it."""

    def __init__(self, inner):
        self._inner = inner

    def create_module(self, spec):
        return self._inner.create_module(spec)

    def exec_module(self, module):
        module.__spec__.loader = module.__loader__ = self._inner
        self._inner.exec_module(module)
        _add(module)
