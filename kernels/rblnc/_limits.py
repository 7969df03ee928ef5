"""Limits of Triton's front end that the NPU does not have, lifted while rblnc traces or interprets a kernel.

This is the only place that changes Triton. The changes are installed once and do nothing except inside `lifted()`, so
kernels for other backends in the same process keep the checks that they rely on.

| limit of the front end                                  | lifted to                                                |
|---------------------------------------------------------|----------------------------------------------------------|
| every dimension of a block is a power of two            | any positive number                                      |
| a block has at most 2^20 elements                       | 2^31 - 1                                                 |
| `tl.arange` over a power of two                         | any range of at least one element                        |
| `tl.dot` of rank 2 or 3 (3.6 reshapes higher ranks)     | any rank: one tt.dot over all leading dimensions         |
| `input_precision` of `tl.dot` that the backend names      | any name: the operands are used as they are, at least as |
|                                                         | exactly as every one of them says                        |
| `tl.dot` of at least 16x16x16 in the 3.2 interpreter    | any size                                                 |
| a 0-d tensor argument is a pointer                      | a scalar argument                                        |
| block pointers are deprecated, says 3.7                 | not said: they are how the NPU addresses memory          |
| operations must satisfy Triton's own verifiers          | not asked: they repeat the limits, and rblnc has its own |

Triton's C++ verifiers repeat the first two limits for every operation and allow tt.dot rank 2 and 3 only. They run in
four places: before each pass; by `verify()` after every reduction and scan; by `verify()` at the end of tracing
(newer releases); and when a module is printed, where a failure does not reject the module but makes MLIR print all of
it in generic form. rblnc therefore takes the text before any pass and reads the generic form as well as the custom one.
"""
import contextlib
import contextvars
import functools

from rblnc._options import Options
from rblnc._release import FrontEnd, interpreted, ir, language, require_known, triton
from rblnc._specialise import CONSTANT, Leaf

MAX_ELEMENTS = 2**31 - 1

_active = contextvars.ContextVar("rblnc_limits_lifted", default=False)


@contextlib.contextmanager
def lifted():
    """The front end takes what the NPU takes. Raises UnknownTriton when the installed release was never tested."""
    _install()
    token = _active.set(True)
    try:
        yield
    finally:
        _active.reset(token)


def install():
    """For kernels that are traced for rblnc by Triton itself. Raises UnknownTriton as `lifted` does."""
    _install()


def is_lifted():
    return _active.get()


@functools.lru_cache(maxsize=1)
def _install():
    release = require_known()
    core = language.core
    if hasattr(core, "validate_block_shape"):  # from 3.2 on; before, shapes keep Triton's limits
        core.validate_block_shape = _any_shape(core.validate_block_shape)
    dot = _any_rank(core.dot)
    core.dot = dot
    language.dot = dot
    if release >= (3, 4):
        from triton.language.semantic import TritonSemantic as semantic
    else:
        semantic = language.semantic
    semantic.arange = _any_range(semantic.arange)
    semantic._str_to_dot_input_precision = _any_precision(semantic._str_to_dot_input_precision)
    for name in ("verify", "verify_with_diagnostics"):  # the second in 3.5 only
        for kind in (ir.OpState, ir.module):
            if name in vars(kind):
                setattr(kind, name, _verified_by_rblnc(getattr(kind, name)))
    if hasattr(core, "warn"):
        core.warn = _without_deprecation(core.warn)
    if release >= (3, 5):
        source = triton.compiler.compiler.ASTSource
        source.make_ir = _traced_for_rblnc(source.make_ir)
    if interpreted():
        builder = triton.runtime.interpreter.interpreter_builder
        builder.codegen_fns["min_dot_size"] = _any_dot_size(builder.codegen_fns["min_dot_size"])


def any_dot_size(lhs, rhs):
    """Smallest M, N and K of a product: a decode step multiplies single rows."""
    return (1, 1, 1)


def _any_dot_size(original):
    return lambda lhs, rhs: any_dot_size(lhs, rhs) if is_lifted() else original(lhs, rhs)


def _any_shape(original):

    def validate_block_shape(shape):
        if not is_lifted():
            return original(shape)
        elements = 1
        for axis, extent in enumerate(shape):
            if not isinstance(extent, int) or isinstance(extent, bool):
                raise TypeError(f"the extent of a block along axis {axis} must be a constexpr int, not {extent!r}")
            if extent < 1:
                raise ValueError(f"the extent of a block along axis {axis} must be positive, not {extent}")
            elements *= extent
        if elements > MAX_ELEMENTS:
            raise ValueError(f"a block of shape {tuple(shape)} has more than {MAX_ELEMENTS} elements")
        return elements

    return validate_block_shape


def _any_range(original):

    # 3.2: arange(start, end, builder); later: TritonSemantic.arange(self, start, end, *, ret_ty=None).
    def arange(*args, **kwargs):
        method = not isinstance(args[0], int)
        start, end = args[1:3] if method else args[:2]
        extent = end - start if isinstance(start, int) and isinstance(end, int) else 1
        if not is_lifted() or extent < 1 or extent & (extent - 1) == 0 or kwargs.get("ret_ty") is not None:
            return original(*args, **kwargs)
        if not -2**31 <= start <= end < 2**31:
            raise ValueError("arange must fit in int32")
        block = language.block_type(language.int32, [extent])
        front_end = FrontEnd(None, args[0]) if method else FrontEnd(args[2], None)
        return language.tensor(front_end.make_range(block, start, end), block)

    return arange


def _any_precision(original):
    """The backend's own list stays as it is: with "tf32" in it Triton would write that where a kernel says nothing."""

    # 3.2: (name, builder); later a method.
    def precision(*args):
        name = args[0] if isinstance(args[0], str) else args[1]
        if not is_lifted():
            return original(*args)
        known = {word.lower(): value for word, value in ir.INPUT_PRECISION.__members__.items()}
        if not isinstance(name, str) or name.lower() not in known:
            raise ValueError(f"input_precision is {name!r}; known are {', '.join(known)}")
        return known[name.lower()]

    return precision


def _any_rank(original):

    @functools.wraps(original)
    def dot(input, other, *args, **kwargs):
        if not is_lifted() or len(input.shape) < 4:
            return original(input, other, *args, **kwargs)
        return _batched_dot(input, other, *args, **kwargs)

    # What is wrapped is none when a function that Triton interprets has left its own in place.
    dot.__triton_builtin__ = True
    return dot


def _batched_dot(input, other, acc=None, input_precision=None, allow_tf32=None, max_num_imprecise_acc=None,
                 out_dtype=language.float32, _builder=None, _semantic=None):
    """The product of the last two dimensions for every index of the leading ones, as one tt.dot of that rank.

    3.6 would merge the leading dimensions by reshapes, which hides from a compiler that the keys of a group of heads
    are one block that is only broadcast.
    """
    input_precision, allow_tf32, out_dtype, acc = (getattr(x, "value", x) if isinstance(x, language.constexpr) else x
                                                   for x in (input_precision, allow_tf32, out_dtype, acc))
    lhs, rhs = (list(map(int, x.type.shape)) for x in (input, other))
    if len(lhs) != len(rhs) or lhs[:-2] != rhs[:-2] or lhs[-1] != rhs[-2]:
        raise ValueError(f"tl.dot of {tuple(lhs)} and {tuple(rhs)}: leading dimensions must be equal, and the last "
                         "dimension of the first must be the last but one of the second")
    if input.dtype != other.dtype:
        raise ValueError(f"tl.dot of {input.dtype} and {other.dtype}: both operands need the same element type")
    element = _dot_element(input.dtype, out_dtype)
    front_end = FrontEnd(_builder, _semantic)
    block = language.block_type(element, lhs[:-1] + rhs[-1:])
    if acc is not None and (list(acc.type.shape) != list(block.shape) or acc.dtype != element):
        raise ValueError(f"tl.dot adds to an accumulator of type {acc.type}, expected {block}")
    start = front_end.zeros(block) if acc is None else acc.handle
    if input_precision is None:
        tf32 = "tf32" in front_end.builder.options.allowed_dot_input_precisions and allow_tf32 in (None, True)
        input_precision = "tf32" if tf32 else "ieee"
    precision = front_end.input_precision(input_precision)
    return language.tensor(front_end.builder.create_dot(input.handle, other.handle, start, precision, 0), block)


def _dot_element(element, out_dtype):
    """The accumulator's type, as stock tl.dot chooses it."""
    if element.is_int():
        if element not in (language.int8, language.uint8):
            raise ValueError(f"tl.dot of {element}: integers of 8 bits only")
        return language.int32
    if element in (language.float32, language.bfloat16):
        return language.float32
    if element == language.float64:
        return language.float64
    return language.float16 if out_dtype == language.float16 else language.float32


def _verified_by_rblnc(original):
    return lambda operation: True if is_lifted() else original(operation)


def _without_deprecation(original):

    def warn(message, *args, **kwargs):
        if not (is_lifted() and "make_block_ptr is deprecated" in str(message)):
            original(message, *args, **kwargs)

    return warn


def _traced_for_rblnc(original):
    """Tracing for rblnc's backend, whoever asks for it: with the limits lifted, and with the shapes of the arguments.

    The backend has put the shape of each argument among its attributes (backend/compiler.py), where they specialise the
    kernel; in the text they belong to the function (CONVENTION.md, Arrays).
    """

    @functools.wraps(original)
    def make_ir(self, target, options, *args, **kwargs):
        if not isinstance(options, Options):
            return original(self, target, options, *args, **kwargs)
        from rblnc import frontend
        attributes, leaves = self.attrs, source_leaves(self)
        self.attrs = {path: [entry for entry in entries if not entry[0].startswith(SHAPE_ATTRIBUTE)]
                      for path, entries in attributes.items()}
        try:
            with lifted():
                module = original(self, target, options, *args, **kwargs)
                frontend.describe_arguments(module, module.get_entry_func_name(), leaves)
                return module
        finally:
            self.attrs = attributes

    return make_ir


# Prefix of the attribute that carries an argument's shape, and its strides where it is not row-major:
# rblib.shape.2x64, rblib.shape.2x64@1x2.
SHAPE_ATTRIBUTE = "rblib.shape."


def source_leaves(source):
    """What Triton's own specialisation left for the run of an ASTSource whose backend is rblnc's: Leaf, in order."""
    return [Leaf(path, name, kind, shape, None, strides)
            for position, (parameter, kinds) in enumerate(source.signature.items())
            for path, name, kind in _flattened((position, ), parameter, kinds) if kind != CONSTANT
            for shape, strides in (_geometry(source.attrs.get(path, ())), )]


def _flattened(path, name, kind):
    if isinstance(kind, tuple):
        for index, element in enumerate(kind):
            yield from _flattened((*path, index), f"{name}.{index}", element)
    else:
        yield path, name, kind


def _geometry(attributes):
    """The recorded shape, and the strides, None for row-major order."""
    for name, _ in attributes:
        if name.startswith(SHAPE_ATTRIBUTE):
            shape, _, strides = name.removeprefix(SHAPE_ATTRIBUTE).partition("@")
            return tuple(map(int, shape.split("x"))), tuple(map(int, strides.split("x"))) if strides else None
    return None, None
