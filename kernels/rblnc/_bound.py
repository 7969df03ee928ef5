"""Scalars that the chip wants as constants, such as strides and extents that a kernel takes at run time.

Such a kernel is compiled once for every combination of their values. Which they are, the compiler says: its refusal
names the arguments that could be bound ("binds" of a diagnostic), and then they are bound to what was passed. The type
stays that of the argument, so arithmetic on it is what it would have been.
"""
from dataclasses import replace

from rblnc._values import constant_key


def compile_bound(compile, leaves):
    """(bundle, positions of the bound leaves). compile: a function of the dictionary to bind, which may raise CompileError.
    leaves: of the specialisation. A scalar without a known value cannot be bound; then the refusal stands."""
    from rblnc import native
    bound = {}
    while True:
        try:
            bundle = compile({name: leaves[position].value for name, position in bound.items()})
            return bundle, frozenset(bound.values())
        except native.CompileError as error:
            wished = {name: position for name, position in wishes(error.diagnostics, leaves).items() if name not in bound}
            if not wished:
                raise
            bound.update(wished)


def needs_values(error):
    """Whether all that a refusal wants is that scalars become constants."""
    errors = [diagnostic for diagnostic in error.diagnostics if diagnostic.get("severity", "error") == "error"]
    return bool(errors) and all(diagnostic.get("binds") for diagnostic in errors)


def wishes(diagnostics, leaves):
    """The scalars that the compiler asks for, by its names for them, with their positions."""
    names = {}
    for position, leaf in enumerate(leaves):
        names.setdefault(f"arg{position}", position)
        names[leaf.name] = position
    found = ((name, names.get(name)) for diagnostic in diagnostics for name in diagnostic.get("binds", ()))
    return {name: position for name, position in found
            if position is not None and isinstance(leaves[position].value, (int, float))}


class Variants:
    """A kernel that Triton compiled, whose bundles are made when the values of a launch are known.

    compile: of the dictionary to bind, makes a bundle. wrap: of a bundle and the leaves that it takes, makes
    what is called with their values.
    """

    def __init__(self, leaves, compile, wrap):
        self._leaves = leaves
        self._compile = compile
        self._wrap = wrap
        self._bound = frozenset()
        self._known = {}

    def launch(self, values):
        found = self._known.get(self._key(values, self._bound))
        if found is None:
            leaves = [replace(leaf, value=None if leaf.type.startswith("*") else value)
                      for leaf, value in zip(self._leaves, values)]
            bundle, self._bound = compile_bound(self._compile, leaves)
            found = self._wrap(bundle, [leaf for position, leaf in enumerate(leaves) if position not in self._bound])
            self._known[self._key(values, self._bound)] = found
        found.launch([value for position, value in enumerate(values) if position not in self._bound])

    def _key(self, values, bound):
        return tuple(constant_key(values[position]) for position in sorted(bound))


__all__ = ["Variants", "compile_bound", "needs_values", "wishes"]
