"""TTIR of a kernel from its Python source: no GPU, no driver, no backend registration."""
import inspect
import math
from dataclasses import dataclass

import numpy as np

from rblnc import _limits
from rblnc._options import Options
from rblnc._release import ir, language, require_known, version
from triton.compiler.compiler import ASTSource
from triton.runtime.jit import JITFunction

# Triton's names of the element types that arrays may have, by NumPy's and PyTorch's names.
ELEMENT_TYPES = {"float32": "fp32", "float16": "fp16", "bfloat16": "bf16", "float64": "fp64", "int64": "i64",
                 "int32": "i32", "int16": "i16", "int8": "i8", "uint8": "u8", "bool": "i1"}


@dataclass(frozen=True)
class TensorSpec:
    """Shape and element type of a tensor argument when there is no tensor: TensorSpec((2, 64), "float32")."""
    shape: tuple
    dtype: str


@dataclass(frozen=True)
class Trace:
    """A kernel as Triton's front end leaves it."""
    text: str
    constants: dict  # the constexprs, and the arguments that are None, by name
    shapes: tuple  # of every other argument, in order; None for a scalar and for a tensor of unknown shape


def ttir(kernel, *args, grid=(1, ), **kwargs):
    """The kernel as Triton's front end leaves it, before any pass, as text.

    kernel: what @triton.jit returned (rblnc's or Triton's own).
    args, kwargs: the kernel's arguments by position or name, constexprs included. Of a tensor (PyTorch, NumPy or a
        TensorSpec) only shape and element type matter; it becomes a pointer, or a scalar if it is 0-d. A Python
        number that is no constexpr becomes a scalar argument.
    grid: must be (1,): one program does all the work on the NPU.

    The shape of the n-th argument of the TTIR is recorded as the attribute `rblib.shape.<n>` (CONVENTION.md, Arrays).
    Raises UnknownTriton for a release that was never tested, TypeError for arguments that do not fit the kernel, and
    Triton's CompilationError for what the front end refuses.
    """
    require_known()
    function = jit_function(kernel)
    extents = grid if isinstance(grid, tuple) else (grid, )
    if any(extent != 1 for extent in extents):
        raise ValueError(f"grid is {grid}; a kernel of the NPU is one program, grid=(1,)")
    return trace(function, args, kwargs).text


def trace(function, args, kwargs):
    """As `ttir`, from what `jit_function` returns, with what else was learned of the arguments."""
    require_known()
    constants, types, shapes = _specialise(function, args, kwargs)
    with _limits.lifted():
        module = _trace(function, constants, types)
        record_shapes(module, _entry_name(function), shapes)
        return Trace(str(module), constants, tuple(shapes))


def jit_function(kernel):
    """Triton's function inside of whatever decorators made of it. TypeError for what is no kernel."""
    inner = kernel
    while not isinstance(inner, JITFunction) and hasattr(inner, "fn"):
        # Autotuner and Heuristics wrap a kernel; InterpretedFunction wraps a plain function.
        inner = inner.fn
    if isinstance(inner, JITFunction):
        return inner
    if inner is not kernel:
        raise TypeError(f"{kernel.__name__} was decorated under TRITON_INTERPRET=1, so it is interpreted and has no "
                        "TTIR: unset the variable before importing Triton")
    raise TypeError(f"{kernel!r} is not a kernel: decorate it with @triton.jit")


def _specialise(function, args, kwargs):
    """Constants by name, Triton's type of every other parameter by name, and their shapes in order (None: a scalar)."""
    try:
        bound = inspect.signature(function.fn).bind(*args, **kwargs)
    except TypeError as error:
        raise TypeError(f"{function.__name__}: {error}") from None
    bound.apply_defaults()
    constants, types, shapes = {}, {}, []
    for parameter in function.params:
        value = bound.arguments[parameter.name]
        if parameter.is_constexpr or value is None:
            constants[parameter.name] = value
            continue
        kind, shape = _described(parameter.name, value)
        types[parameter.name] = kind
        shapes.append(shape)
    return constants, types, shapes


def _described(name, value):
    """Triton's type string of an argument and its shape, None if there is none or it is not known."""
    if _is_bare_type(value):
        return "*" + _element_type(name, getattr(value, "dtype", value)), None
    if hasattr(value, "shape") and hasattr(value, "dtype"):
        element = _element_type(name, value.dtype)
        shape = tuple(int(extent) for extent in value.shape)
        if shape == ():
            # As the Python number that it is passed as: a float is fp32 whatever its tensor was.
            return ("fp32" if "float" in str(value.dtype) else element), None
        return "*" + element, shape
    if isinstance(value, (bool, np.bool_)):
        return "i1", None
    if isinstance(value, (int, np.integer)):
        return ("i32" if -2**31 <= value < 2**31 else "i64" if value < 2**63 else "u64"), None
    if isinstance(value, (float, np.floating)):
        return "fp32", None
    raise TypeError(f"{name} is {value!r}; expected a tensor, a TensorSpec or a number")


def _is_bare_type(value):
    """An element type in place of a tensor, as Triton's own warmup takes it: torch.float32 or MockTensor("fp32")."""
    kind = type(value)
    return kind.__name__ == "MockTensor" or (kind.__module__, kind.__name__) == ("torch", "dtype")


def _element_type(name, dtype):
    text = str(dtype).removeprefix("torch.")
    if text in ELEMENT_TYPES.values():
        return text
    if text not in ELEMENT_TYPES:
        raise TypeError(f"{name} has element type {text}; known are {', '.join(ELEMENT_TYPES)}")
    return ELEMENT_TYPES[text]


def _trace(function, constants, types):
    context = ir.context()
    ir.load_dialects(context)
    codegen = {"min_dot_size": _limits.any_dot_size}
    options = Options()
    if version() >= (3, 3):
        signature = {name: types.get(name, "constexpr") for name in function.arg_names}
        source = ASTSource(function, signature, constexprs=constants)
        leading = (None, options) if version() >= (3, 5) else (options, )
        return source.make_ir(*leading, codegen, {}, context)
    signature = {name: types[name] for name in function.arg_names if name in types}
    return ASTSource(function, signature, constants=constants).make_ir(options, codegen, {}, context)


def record_shapes(module, entry_name, shapes):
    """Writes the shapes of the arguments on the kernel's function; see CONVENTION.md, Arrays."""
    entry = module.get_function(entry_name)
    builder = ir.builder(module.context)
    entry.set_attr("rblib.version", builder.get_int32_attr(1))
    for position, shape in enumerate(shapes):
        # An attribute holds int32.
        if shape is not None and math.prod(shape) < 2**31:
            entry.set_attr(f"rblib.shape.{position}", ir.make_attr(list(shape), module.context))


def _entry_name(function):
    return function.fn.__name__
