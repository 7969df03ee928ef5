"""How a compiled kernel is called: which of the values that a call passes are arguments of the bundle."""
from rblnc._values import constant_key, plain
from rblnc.arguments import ArgumentError, ArgumentTypeError


class Form:
    """The parameters of one compiled kernel: what of them its bundle takes, and the constants that it was compiled for.

    A call passes, in order, all parameters, or those that are not declared tl.constexpr, or only those that the bundle
    takes something of.
    """

    def __init__(self, kernel, signature, special, bound):
        self._kernel = kernel
        self.constants = {} if special is None else special.named_constants()
        if special is None:
            self._kinds = {argument.name: argument.kind for argument in signature}
            self._constants = {}
            count = len(signature)
        else:
            self._kinds = dict(special.signature)
            self._constants = dict(special.constants)
            self._constants.update((special.leaves[position].path, special.leaves[position].value)
                                   for position in bound)
            count = len(special.leaves) - len(bound)
        if count != len(signature):
            raise ArgumentTypeError(f"{kernel}: the bundle takes {len(signature)} arguments, the kernel has {count}")
        self._names = tuple(self._kinds)
        self._taken = tuple(position for position, name in enumerate(self._names)
                            if self._takes((position, ), self._kinds[name]))
        declared = () if special is None else special.declared
        self._passed = tuple(position for position in range(len(self._names)) if position not in declared)
        # No tuple to take apart: what is taken is what is passed.
        self._flat = len(self._taken) == count

    def values(self, args, kwargs):
        """The arguments of the bundle, in its order. Raises ArgumentError for other constants than it was compiled for,
        ArgumentTypeError for arguments that are missing or too many."""
        if not kwargs and self._flat and len(args) == len(self._taken):
            return args
        return self._chosen(self._given(args, kwargs))

    def _given(self, args, kwargs):
        names = self._names
        positions = range(len(args))
        if not kwargs:
            positions = next((form for form in (self._taken, self._passed) if len(form) == len(args)), positions)
        given = {names[position]: value for position, value in zip(positions, args) if position < len(names)}
        if len(args) > len(names) or given.keys() & kwargs.keys() or kwargs.keys() - set(names):
            raise ArgumentTypeError(f"{self._kernel} takes {', '.join(names)}")
        given.update(kwargs)
        missing = [names[position] for position in self._taken if names[position] not in given]
        if missing:
            raise ArgumentTypeError(f"{self._kernel}: missing {', '.join(missing)}")
        return given

    def _chosen(self, given):
        chosen = []
        for position, name in enumerate(self._names):
            if name in given:
                self._choose((position, ), name, self._kinds[name], given[name], chosen)
        return chosen

    def _choose(self, path, name, kind, value, chosen):
        if path in self._constants:
            self._check(name, self._constants[path], value)
        elif isinstance(kind, tuple):
            if not isinstance(value, tuple) or len(value) != len(kind):
                raise ArgumentTypeError(f"argument {name} of {self._kernel} is a tuple of {len(kind)} elements, not "
                                        f"{type(value).__name__ if not isinstance(value, tuple) else len(value)}")
            for index, (inner, element) in enumerate(zip(kind, value)):
                self._choose((*path, index), f"{name}.{index}", inner, element, chosen)
        else:
            chosen.append(value)

    def _check(self, name, compiled, value):
        if value is not compiled and constant_key(plain(value)) != constant_key(compiled):
            raise ArgumentError(f"{self._kernel} was compiled for {name}={compiled}, not {value}: call warmup with the "
                                "new value")

    def _takes(self, path, kind):
        if path in self._constants:
            return False
        if isinstance(kind, tuple):
            return any(self._takes((*path, index), inner) for index, inner in enumerate(kind))
        return True


__all__ = ["Form"]
