"""The functions of device libraries (tl.extra.libdevice) while a kernel is interpreted.

Triton's own module has no bodies for them, and its interpreter no library to call. The C library computes them, by their
symbols, as a compiled kernel does."""
import contextlib
import functools

from rblnc import _arithmetic, _interpret_builder
from rblnc._rules import RblibError
from triton.runtime import interpreter


def call(builder, library, path, symbol, handles, result, is_pure):
    """What the interpreter's builder has no method for. RblibError for a function that the compiler does not take either."""
    operation = _arithmetic.library_operation(symbol)
    try:
        if operation is not None:
            # The symbol is computed, whatever it is made of; the name is for what looks for single operations.
            return _interpret_builder.apply(operation, handles, result.scalar, computed_as=symbol)
    except (_arithmetic.ArithmeticError, KeyError):
        pass
    raise RblibError(f"the library function {symbol} is not supported: compute it on the host and load the result")


@contextlib.contextmanager
def installed():
    """Gives Triton's empty functions the bodies of the library for CUDA, which name its symbols, for a time."""
    try:
        from triton.language.extra import libdevice as empty
        from triton.language.extra.cuda import libdevice as named
    except ImportError:
        yield
        return
    semantic = getattr(interpreter, "interpreter_semantic", None)
    context = {"_semantic": semantic} if semantic is not None else {"_builder": interpreter.interpreter_builder}
    before = {name: getattr(empty, name) for name in dir(named)
              if not name.startswith("_") and callable(getattr(empty, name, None)) and callable(getattr(named, name))}
    for name in before:
        setattr(empty, name, functools.partial(getattr(named, name), **context))
    try:
        yield
    finally:
        for name, function in before.items():
            setattr(empty, name, function)
