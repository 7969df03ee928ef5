"""Operators that are registered with PyTorch while rblnc is there, by whatever spelling: triton_op, custom_op,
Library.impl, torch.library.impl. Their bodies run in a scope (_origins.py).

All spellings end in two methods of torch.library.Library, which `install` puts a layer around. The vendor's newer files
register an operator that only has a shape, and beside it a function `<operator>_wrapper` that runs the kernel and that the
vendor's compiler replays; such an operator is replaced by its wrapper when it is called.
"""
import functools
import threading

import torch

from rblnc import launches

_KEYS = ("CompositeExplicitAutograd", "CompositeImplicitAutograd", "CompositeExplicitAutogradNonFunctional", "CPU")
_strict: set[str] = set()
_lock = threading.Lock()


def require_declarations(name):
    """The operator must declare every argument that its kernels write."""
    _strict.add(name)


def install():
    """Operators that are registered from now on are watched. Once for all calls."""
    library = torch.library.Library
    with _lock:
        if hasattr(library.impl, "rblnc_inner"):
            return
        library.impl = _around_impl(library.impl)
        if hasattr(library, "_register_torch_dispatch_rule"):
            library._register_torch_dispatch_rule = _around_rule(library._register_torch_dispatch_rule)


def _around_impl(inner):

    @functools.wraps(inner)
    def impl(self, op_name, fn, dispatch_key="", **kwargs):
        key = dispatch_key or self.dispatch_key or "CompositeImplicitAutograd"
        user = _users(fn) if key in _KEYS and not kwargs.get("with_keyset") else None
        if user is not None:
            fn = _watched(fn, user, _qualified(self, op_name))
            _signature.cache_clear()  # the name may have had another schema
        return inner(self, op_name, fn, dispatch_key, **kwargs)

    impl.rblnc_inner = inner
    return impl


def _around_rule(inner):
    """triton_op's body is traced into where tensors are functional."""

    @functools.wraps(inner)
    def register(self, op_name, torch_dispatch_class, fn):
        return inner(self, op_name, torch_dispatch_class, _traced(fn, _qualified(self, op_name)))

    return register


def _qualified(library, op_name):
    name = op_name if isinstance(op_name, str) else op_name._name
    name = name.split("::")[-1].split(".")[0]
    return f"{library.ns}::{name}"


def _watched(fn, user, name):

    @functools.wraps(fn)
    def watched(*args, **kwargs):
        return _run(name, user, fn, args, kwargs)

    return watched


def _traced(fn, name):

    def traced(mode, op, types, args, kwargs):
        # PyTorch's own function calls the body of the operator within the mode.
        user = _users(_rule_of(fn))
        if user is None:
            return fn(mode, op, types, args, kwargs)

        def call(*args, **kwargs):
            return fn(mode, op, types, args, kwargs)

        return _run(name, user, call, args, kwargs or {}, mode)

    return traced


def _run(name, user, body, args, kwargs, mode=None):
    from rblnc._origins import Scope
    labels, mutable = _signature(name)
    arguments = [*zip(labels, args), *kwargs.items()]
    scope = Scope(name, arguments, mutable if name in _strict else None)
    with launches.watched(scope), scope:
        result = body(*args, **kwargs)
        wrapper = None if scope.launched else _wrapper(user, name, scope.returns_unwritten(result))
        if wrapper is not None:
            with mode or _nothing:
                result = wrapper(*args, **kwargs)
    with mode or _nothing:
        scope.finish(result)
    return result


class _Nothing:

    def __enter__(self):
        pass

    def __exit__(self, *error):
        pass


_nothing = _Nothing()


def _wrapper(user, name, unwritten):
    """The function that runs the kernel of an operator that only has a shape, or None."""
    scope = getattr(user, "__globals__", {})
    wrapper = scope.get(name.partition("::")[2] + "_wrapper")
    if wrapper is user or not callable(wrapper) or isinstance(wrapper, torch._library.custom_ops.CustomOpDef):
        return None
    return wrapper if unwritten or "__triton_op_files__" in scope else None


@functools.cache
def _signature(name):
    """The names of an operator's arguments, and those of them that it declares to mutate."""
    space, _, name = name.partition("::")
    packet = getattr(getattr(torch.ops, space), name)
    schema = getattr(packet, packet.overloads()[0])._schema
    names = [argument.name for argument in schema.arguments]
    return names, [argument.name for argument in schema.arguments
                   if argument.alias_info is not None and argument.alias_info.is_write]


def _users(fn):
    """The function that somebody wrote, inside of the layers that PyTorch puts around it; None if it is all PyTorch's."""
    seen, todo = set(), [fn]
    while todo:
        function = todo.pop()
        if id(function) in seen:
            continue
        seen.add(id(function))
        if isinstance(function, torch._library.custom_ops.CustomOpDef):
            todo.append(function._init_fn)
            continue
        if isinstance(function, functools.partial):
            todo.append(function.func)
            continue
        module = getattr(function, "__module__", None) or ""
        if not callable(function) or isinstance(function, type):
            continue
        if module.startswith("rblnc."):
            return None  # the attention operators: they copy back themselves
        if not (module == "torch" or module.startswith(("torch.", "functools", "contextlib"))):
            return function
        for cell in getattr(function, "__closure__", None) or ():
            try:
                todo.append(cell.cell_contents)
            except ValueError:
                pass
    return None


def _rule_of(fn):
    """The rule inside of CustomOpDef.register_torch_dispatch's layer, which looks it up at each call."""
    for cell in getattr(fn, "__closure__", None) or ():
        if isinstance(cell.cell_contents, torch._library.custom_ops.CustomOpDef):
            rules = cell.cell_contents._torch_dispatch_fns
            for rule in rules.values():
                if _users(rule) is not None:
                    return rule
    return fn
