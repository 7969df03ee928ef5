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
_RULES = "torch._dynamo.trace_rules"


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
    """Registers the backend, and what is not to be traced, now or when PyTorch's modules for them are loaded."""
    wished = {_RULES: _skip}
    if _aliases.stands_in() or importlib.util.find_spec(_aliases.VENDOR) is None:
        wished[_REGISTRY] = _add
    later = {name: action for name, action in wished.items() if name not in sys.modules}
    for name in wished.keys() - later.keys():
        wished[name](sys.modules[name])
    finder = next((finder for finder in sys.meta_path if isinstance(finder, _Finder)), None)
    if finder is None and later:
        finder = _Finder()
        sys.meta_path.insert(0, finder)
    if finder is not None:
        finder.actions.update(later)


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


def _skip(rules):
    """The frames of functions that stay outside of graphs are not compiled by themselves either."""
    if hasattr(rules, "add"):
        rules.add("rblnc._eager")


class _Finder(importlib.abc.MetaPathFinder):

    def __init__(self):
        self.actions = {}

    def find_spec(self, fullname, path=None, target=None):
        action = self.actions.pop(fullname, None)
        if action is None:
            return None
        if not self.actions:
            sys.meta_path.remove(self)
        spec = importlib.util.find_spec(fullname)
        if spec is not None and spec.loader is not None:
            spec.loader = _Loader(spec.loader, action)
        return spec


class _Loader(importlib.abc.Loader):
    """Loads a module as it is, then adds to it."""

    def __init__(self, inner, action):
        self._inner = inner
        self._action = action

    def create_module(self, spec):
        return self._inner.create_module(spec)

    def exec_module(self, module):
        module.__spec__.loader = module.__loader__ = self._inner
        self._inner.exec_module(module)
        self._action(module)
