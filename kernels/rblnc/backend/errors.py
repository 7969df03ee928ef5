"""Errors of the compiler that Triton has a meaning of its own for."""
from rblnc import native
from triton.runtime.errors import OutOfResources


class DoesNotFit(native.CompileError, OutOfResources):
    """The plan does not fit the chip (RBLN-P…). Autotuning passes over such a configuration, as any OutOfResources."""

    def __init__(self, error):
        self.__dict__.update(error.__dict__)
        Exception.__init__(self, *error.args)

    def __str__(self):
        return native.CompileError.__str__(self)

    def __reduce__(self):
        plain = native.CompileError(*self.args)
        plain.__dict__.update(self.__dict__)
        return DoesNotFit, (plain, )


def translated(error):
    """The error itself, or DoesNotFit when all that is wrong is that the kernel does not fit."""
    codes = [diagnostic.get("code") or "" for diagnostic in error.diagnostics
             if diagnostic.get("severity", "error") == "error"]
    return DoesNotFit(error) if codes and all(code.startswith("RBLN-P") for code in codes) else error
