"""rblib: the operations of RBLN that standard Triton does not have, and the helpers that run on the host.

    from rblnc.triton.language.extra.rbln import libdevice as rblib

Names, argument order and defaults are the vendor's. Inside a `@triton.jit` function they write calls into TTIR
(CONVENTION.md says how); under TRITON_INTERPRET=1 they compute with NumPy.

An index counts rows; it is an int32 scalar, from `to_dynamic_index`, possibly with a constant added.
"""
import functools
import inspect
import struct
import sys
import warnings

from rblnc import _rules
from rblnc._release import language
from rblnc._rules import RblibError
from rblnc._trace import Tracer
from rblnc.host import align_tensor_last_dim_to_64, warmup, write_kernel, write_rtosa

_CONTEXT = ("_builder", "_semantic", "_generator")


def _operation(function):
    """A builtin of both Triton interfaces; `function` gets the tracer or the interpreter as its first argument."""
    signature = inspect.signature(function)
    parameters = list(signature.parameters.values())[1:]
    parameters += [inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=None) for name in _CONTEXT]

    @functools.wraps(function)
    def builtin(*args, _builder=None, _semantic=None, _generator=None, **kwargs):
        args = [_plain(argument) for argument in args]
        kwargs = {name: _plain(argument) for name, argument in kwargs.items()}
        if _generator is not None:
            context = Tracer(_builder, _semantic, _generator)
        else:
            context = _interpreter(function.__name__, [*args, *kwargs.values()])
        try:
            return function(context, *args, **kwargs)
        except RblibError as error:
            raise RblibError(f"rblib.{function.__name__}: {error}") from None

    builtin.__signature__ = signature.replace(parameters=parameters)
    builtin.__triton_builtin__ = True
    return builtin


def _plain(value):
    """Without tl.constexpr and tl.tuple around it."""
    if isinstance(value, language.constexpr):
        return _plain(value.value)
    if isinstance(value, (tuple, list, getattr(language, "tuple", tuple))):
        return tuple(_plain(element) for element in value)
    return value


def _interpreter(name, args):
    if any(isinstance(argument, language.tensor) for argument in args):
        from rblnc._interpret import Interpreter
        return Interpreter()
    raise RblibError(f"rblib.{name} works inside of a @triton.jit function only")


# ---------------------------------------------------------------------------------------------------------------------
# Dynamic indices
# ---------------------------------------------------------------------------------------------------------------------


@_operation
def to_dynamic_index(context, data, max=-1):
    """The integer that `data` points at, as an index.

    data: block pointer to one element of an int32 (or int16) array that the kernel does not write. int64 is read as
    well, with a warning. max: largest value it can have; -1 leaves that to the operations that use the index.
    """
    pointee = context.pointee(data, "data")
    maximum = _rules.to_dynamic_index(pointee, max)
    if pointee.dtype == "int64":
        warnings.warn("rblib.to_dynamic_index: the array is int64; the vendor's compiler takes int32", stacklevel=3)
    return context.call("to_dynamic_index", [data], ["int32"], max=maximum)


@_operation
def partition_skip(context, index):
    """True when the partition that `index` belongs to lies beyond the current token. Used as

        if rblib.partition_skip(index) == False:

    index: exactly what `to_dynamic_index` returned for one element of the last dimension of the array of offsets, a
    cast to int32 at most in between: the operation also looks at the element before it.
    """
    return context.call("partition_skip", [context.index(index, "index")], ["int1"])


# ---------------------------------------------------------------------------------------------------------------------
# Memory
# ---------------------------------------------------------------------------------------------------------------------


@_operation
def dynamic_load(context, ptr, axis=-1, index=None):
    """The block at `ptr`; with an index, only its first `index` rows along `axis` are read and the others are 0."""
    block = context.pointee(ptr, "ptr")
    if index is None:
        return context.call("dynamic_load", [ptr], [block])
    axis = _rules.axis_of(block, axis)
    return context.call("dynamic_load", [ptr, context.index(index, "index")], [block], axis=axis)


@_operation
def dynamic_store(context, ptr, value, axis=-1, index=None):
    """Writes the block at `ptr`; with an index, only its first `index` rows along `axis`. More rows than the block has
    are no error."""
    block = context.pointee(ptr, "ptr")
    _rules.equal(block, context.block(value, "value"), "value")
    if index is None:
        return context.call("dynamic_store", [ptr, value], [])
    axis = _rules.axis_of(block, axis)
    return context.call("dynamic_store", [ptr, value, context.index(index, "index")], [], axis=axis)


# ---------------------------------------------------------------------------------------------------------------------
# Blocks of the cache
# ---------------------------------------------------------------------------------------------------------------------


@_operation
def insert(context, data, updates, axis, index):
    """data with its rows index, index + 1, ... along `axis` replaced by updates; rows past the end are dropped."""
    block = context.block(data, "data")
    axis = _rules.insert(block, context.block(updates, "updates"), axis)
    return context.call("insert", [data, updates, context.index(index, "index")], [block], axis=axis)


@_operation
def window_insert(context, base, new, axis, index):
    """The first `index` rows of base, all rows of new, then zeros: W + L rows along `axis`."""
    axis, result = _rules.window_insert(context.block(base, "base"), context.block(new, "new"), axis)
    return context.call("window_insert", [base, new, context.index(index, "index")], [result], axis=axis)


@_operation
def window_slice(context, buf, end, axis, size):
    """The last `size` rows of buf before row `end` along `axis`; if there are fewer, zeros follow them.

    The older argument order (buf, size, axis, end) is understood too.
    """
    if isinstance(end, int) and isinstance(size, language.tensor):
        end, size = size, end
    axis, result = _rules.window_slice(context.block(buf, "buf"), axis, size)
    return context.call("window_slice", [buf, context.index(end, "end")], [result], axis=axis, size=size)


@_operation
def nn_pad(context, x, value, axis, widths, mode):
    """x with widths[0] rows of `value` before and widths[1] after it along `axis`; mode is "constant"."""
    axis, low, high, result = _rules.nn_pad(context.block(x, "x"), value, axis, widths, mode)
    bits = struct.unpack("<i", struct.pack("<f", value))[0]
    return context.call("nn_pad", [x], [result], axis=axis, low=low, high=high, value_bits=bits)


# ---------------------------------------------------------------------------------------------------------------------
# Softmax
# ---------------------------------------------------------------------------------------------------------------------


@_operation
def softmax(context, x, axis):
    """exp(x - max) / sum along `axis`."""
    block = context.block(x, "x")
    _rules.floating(block, "x")
    return context.call("softmax", [x], [block], axis=_rules.axis_of(block, axis))


@_operation
def masked_softmax(context, x, mask):
    """Softmax over the last dimension of x where mask > 0, 0 elsewhere. The mask selects; it is never added."""
    block = context.block(x, "x")
    _rules.mask(block, context.block(mask, "mask"))
    return context.call("masked_softmax", [x, mask], [block])


@_operation
def dynamic_masked_softmax(context, x, index):
    """Causal softmax over the last dimension: row i sees columns 0..index + i."""
    block = _rules.scores(context.block(x, "x"))
    return context.call("dynamic_masked_softmax", [x, context.index(index, "index")], [block])


@_operation
def window_softmax(context, x, start, window_size):
    """Softmax over the last dimension: row i stands at column start + i and sees it and the window_size - 1 before."""
    block = _rules.scores(context.block(x, "x"))
    _rules.integer(window_size, "window_size", 1)
    return context.call("window_softmax", [x, context.index(start, "start")], [block], window_size=window_size)


# ---------------------------------------------------------------------------------------------------------------------
# Flash attention
# ---------------------------------------------------------------------------------------------------------------------


@_operation
def flash_attn_tile(context, x, mask, m_prev=None):
    """(m, p, s) of one tile: the running maximum of the rows, exp(x - m) where mask > 0, and the sum of that."""
    block = context.block(x, "x")
    _rules.mask(block, context.block(mask, "mask"))
    return _tile(context, "flash_attn_tile", block, [x, mask], m_prev)


@_operation
def dynamic_flash_attn_tile(context, x, index, m_prev=None):
    """As flash_attn_tile with a causal mask: row i sees columns 0..index + i."""
    block = _rules.scores(context.block(x, "x"))
    return _tile(context, "dynamic_flash_attn_tile", block, [x, context.index(index, "index")], m_prev)


causal_flash_attn_tile = dynamic_flash_attn_tile  # its older name


def _tile(context, op, block, operands, m_prev):
    row = _rules.row(block)
    if m_prev is not None:
        _rules.equal(row, context.block(m_prev, "m_prev"), "m_prev")
        operands = [*operands, m_prev]
    return context.call(op, operands, [row, block, row])


@_operation
def flash_attn_recompute(context, m_prev, m, s_prev, s_cur, o_prev, o_cur):
    """(s, o): sum and output so far brought to the new maximum m, plus those of the current tile."""
    operands = [m_prev, m, s_prev, s_cur, o_prev, o_cur]
    names = ("m_prev", "m", "s_prev", "s_cur", "o_prev", "o_cur")
    blocks = [context.block(operand, name) for operand, name in zip(operands, names)]
    _rules.recompute(*blocks)
    return context.call("flash_attn_recompute", operands, [blocks[1], blocks[4]])


# ---------------------------------------------------------------------------------------------------------------------
# On the host
# ---------------------------------------------------------------------------------------------------------------------


def collect_triton_op_files():
    """The file that calls it. The vendor's compiler runs such files again; rblnc takes kernels from memory."""
    return [sys._getframe(1).f_globals.get("__file__", "")]


__all__ = [
    "align_tensor_last_dim_to_64", "causal_flash_attn_tile", "collect_triton_op_files", "dynamic_flash_attn_tile",
    "dynamic_load", "dynamic_masked_softmax", "dynamic_store", "flash_attn_recompute", "flash_attn_tile", "insert",
    "masked_softmax", "nn_pad", "partition_skip", "softmax", "to_dynamic_index", "warmup", "window_insert",
    "window_slice", "window_softmax", "write_kernel", "write_rtosa"
]
