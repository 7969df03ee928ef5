"""The functions of device libraries (tl.extra.libdevice) while a kernel is interpreted.

Triton's own module has no bodies for them, and its interpreter no library to call. They are the emulator's operations here,
by the names that the compiler knows (src/check/LibrarySymbols.def), and compositions of them (_interpret_compositions)."""
import contextlib
import functools

from rblnc import _arithmetic, _interpret_builder
from rblnc._interpret_compositions import COMPOSITIONS, Value
from rblnc._rules import RblibError
from triton.runtime import interpreter

# Names of functions, without "__nv_" and the suffix of their type, that are not those of the operation.
_OPERATIONS = {
    "fabs": "absf", "rint": "roundeven", "nearbyint": "roundeven", "scalbn": "ldexp", "fmod": "remf", "fmax": "maxnumf",
    "fmin": "minnumf", "fma_rn": "fma", "fmaf_rn": "fma", "fadd_rn": "addf", "fsub_rn": "subf", "fmul_rn": "mulf",
    "fdiv_rn": "divf", "fast_fdivide": "divf", "fsqrt_rn": "sqrt", "frsqrt_rn": "rsqrt", "norm3d": "norm3",
    "rnorm3d": "rnorm3", "pow": "powf", "powi": "fpowi", "pown": "fpowi", "fast_exp": "exp", "fast_log": "log",
    "fast_log2": "log2", "fast_log10": "log10", "fast_sin": "sin", "fast_cos": "cos", "fast_tan": "tan",
    "fast_tanh": "tanh", "fast_pow": "powf", "fast_exp10": "exp10", "abs": "absi", "iabs": "absi", "llabs": "absi",
    "max": "maxsi", "min": "minsi", "llmax": "maxsi", "llmin": "minsi", "umax": "maxui", "umin": "minui",
    "ullmax": "maxui", "ullmin": "minui", "brev": "bitreverse", "brevll": "bitreverse"}


def call(builder, library, path, symbol, handles, result, is_pure):
    """What the interpreter's builder has no method for. RblibError for a function that the compiler does not take either."""
    name = symbol.removeprefix("__nv_")
    name = next((known for known in (name, name.removesuffix("f")) if known in _OPERATIONS or known in COMPOSITIONS),
                name.removesuffix("f"))
    try:
        if name in COMPOSITIONS:
            return _composed(name, handles, result.scalar)
        return _interpret_builder.apply(_OPERATIONS.get(name, name), handles, result.scalar)
    except (_arithmetic.ArithmeticError, KeyError):
        raise RblibError(f"the library function {symbol} is not supported: compute it on the host and load the "
                         "result") from None


def _composed(name, handles, dtype):
    operands = [Value(*_interpret_builder.values(handle)) for handle in handles]
    computed = COMPOSITIONS[name](_interpret_builder.KINDS[str(dtype)], *operands)
    result = _interpret_builder.wrapped(computed.data, dtype)
    if (record := _interpret_builder.recorded.get()) is not None:
        record.append((name, handles, result))
    return result


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
