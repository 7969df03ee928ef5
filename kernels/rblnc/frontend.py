"""TTIR of a kernel from its Python source: no GPU, no driver, no backend registration."""
import inspect
import math
from dataclasses import dataclass
from typing import Any

from rblnc import _limits
from rblnc._options import Options
from rblnc._release import ir, module_map, require_known, version
from rblnc._specialise import CONSTANT, specialise
from triton.compiler.compiler import ASTSource
from triton.runtime.jit import JITFunction


@dataclass(frozen=True)
class TensorSpec:
    """Shape and element type of a tensor argument when there is no tensor: TensorSpec((2, 64), "float32")."""
    shape: tuple
    dtype: str


def ttir(kernel: Any, *args: Any, grid: Any = (1, ), **kwargs: Any) -> str:
    """The kernel as Triton's front end leaves it, before any pass, as text.

    kernel: what @triton.jit returned (rblnc's or Triton's own).
    args, kwargs: the kernel's arguments by position or name, constexprs included. Of a tensor (PyTorch, NumPy or a
        TensorSpec) only shape and element type matter; it becomes a pointer. A number that is no constexpr becomes a
        scalar argument of the type that Triton gives it (_specialise.py).
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
    return trace(function, specialise(function, bind(function, args, kwargs)))


def trace(function, special):
    """The text of what `jit_function` returns for a specialisation of it."""
    require_known()
    with _limits.lifted():
        module = _trace(function, special)
        describe_arguments(module, function.fn.__name__, special.leaves)
        return str(module)


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


def bind(function, args, kwargs):
    """The values of the kernel's parameters by name, in order, defaults included. TypeError for what does not fit."""
    try:
        bound = inspect.signature(function.fn).bind(*args, **kwargs)
    except TypeError as error:
        raise TypeError(f"{function.__name__}: {error}") from None
    bound.apply_defaults()
    return bound.arguments


def _trace(function, special):
    context = ir.context()
    ir.load_dialects(context)
    codegen = {"min_dot_size": _limits.any_dot_size}
    options = Options()
    if version() >= (3, 3):
        source = ASTSource(function, special.signature, constexprs=special.constants)
        leading = (None, options) if version() >= (3, 5) else (options, )
        return source.make_ir(*leading, codegen, module_map(), context)
    signature = {name: kind for name, kind in special.signature.items() if kind != CONSTANT}
    source = ASTSource(function, signature, constants=special.named_constants())
    maps = (module_map(), ) if version() >= (3, 2) else ()
    return source.make_ir(options, codegen, *maps, context)


def describe_arguments(module, entry_name, leaves):
    """Writes the shapes and strides of the arguments on the kernel's function (CONVENTION.md, Arrays), and names elements of tuples."""
    entry = module.get_function(entry_name)
    builder = ir.builder(module.context)
    entry.set_attr("rblib.version", builder.get_int32_attr(1))
    for position, leaf in enumerate(leaves):
        # An attribute holds int32.
        if leaf.shape is not None and math.prod(leaf.shape) < 2**31:
            entry.set_attr(f"rblib.shape.{position}", ir.make_attr(list(leaf.shape), module.context))
            if leaf.strides is not None:
                entry.set_attr(f"rblib.strides.{position}", ir.make_attr(list(leaf.strides), module.context))
        if len(leaf.path) > 1 and hasattr(builder, "create_name_loc"):
            argument = entry.args(position)
            argument.set_loc(builder.create_name_loc(leaf.name, builder.get_loc()))
