"""The functions of device libraries (tl.extra.libdevice) while a kernel is interpreted.

Triton's own module has no bodies for them, and its interpreter no library to call. They are the emulator's operations here,
by the names that the compiler knows (src/check/LibrarySymbols.def)."""
import contextlib
import functools

from rblnc import _arithmetic, _interpret_builder
from rblnc._rules import RblibError
from triton.runtime import interpreter

# Names of functions, without "__nv_" and the suffix of their type, that are not those of the operation.
_OPERATIONS = {
    "fabs": "absf", "rint": "roundeven", "nearbyint": "roundeven", "scalbn": "ldexp", "fmod": "remf", "fmax": "maxnumf",
    "fmin": "minnumf", "fma_rn": "fma", "fadd_rn": "addf", "fsub_rn": "subf", "fmul_rn": "mulf", "fdiv_rn": "divf",
    "fast_fdivide": "divf", "fsqrt_rn": "sqrt", "frsqrt_rn": "rsqrt", "norm3d": "norm3", "rnorm3d": "rnorm3", "pow": "powf",
    "powi": "fpowi", "fast_exp": "exp", "fast_log": "log", "fast_log2": "log2", "fast_log10": "log10", "fast_sin": "sin",
    "fast_cos": "cos", "fast_tan": "tan", "fast_pow": "powf", "fast_exp10": "exp10"}


def call(builder, library, path, symbol, handles, result, is_pure):
    """What the interpreter's builder has no method for. RblibError for a function that is not one operation."""
    stem = symbol.removeprefix("__nv_").removesuffix("f")
    names = [name for name in (symbol.removeprefix("__nv_"), stem) if name in _OPERATIONS]
    operation = _OPERATIONS[names[0]] if names else stem
    try:
        return _interpret_builder.apply(operation, handles, result.scalar)
    except (_arithmetic.ArithmeticError, KeyError):
        raise RblibError(f"the function {symbol} is not interpreted: run the kernel without TRITON_INTERPRET=1") from None


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
