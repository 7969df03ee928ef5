"""Kernels under TRITON_INTERPRET=1: they compute what the compiled kernel computes, operation by operation.

Element-wise operations, reductions and products are those of the device (_interpret_builder, _interpret_reduce), and so
is RBLNC_NUMERICS. Of rblib operations operands become NumPy arrays, `_semantics` computes.

While a kernel runs, block pointers know the array that they point into. They address it as CONVENTION.md says (Arrays),
and a block that leaves its array is an error instead of a read of foreign memory.
"""
import contextlib
import contextvars
import math
import os
import struct
from dataclasses import dataclass, field

import numpy as np

from rblnc import _arithmetic, _interpret_builder, _interpret_library, _interpret_reduce, _options, _semantics
from rblnc._device_arithmetic import COMPUTING, FLOATS, DeviceArithmetic, elements, encoded
from rblnc._interpret_copies import Copies
from rblnc._release import language
from rblnc._rules import Block, RblibError, require
from rblnc._values import is_reinterpreted
from triton.runtime import interpreter
from triton.runtime.interpreter import BlockPointerHandle, TensorHandle

# How partition_skip decides: `boundary` (default) or `naive`, see _semantics.partition_skip.
SKIP_RULE = "RBLNC_PARTITION_SKIP"

_FOREIGN_JIT = "the kernel was decorated with Triton's own jit; use the one of rblnc.triton"
_NUMPY = {"fp16": np.float16, "bf16": np.uint16, "fp32": np.float32, "int1": np.bool_, "int32": np.int32}
_ELEMENTS = (language.int1, language.int32, language.float16, language.bfloat16, language.float32)
_CHIP_OF_TYPE = {"bf16": "rbln-cr03", "dlf16": "rbln-ca22"}
_INDEX_BYTES = {"int16": np.int16, "int32": np.int32, "int64": np.int64}


@dataclass
class _Launch:
    """What one launch has learned of its arrays, by address."""
    shapes: dict = field(default_factory=dict)  # extents of an argument
    partitions: dict = field(default_factory=dict)  # rows of the blocks that an array of indices was used with
    copies: Copies = field(default_factory=Copies)  # of tensors that are not in row-major order


_launch = contextvars.ContextVar("rblnc_launch", default=None)


@contextlib.contextmanager
def launch():
    """The run of one kernel. A kernel that calls another is one run."""
    from rblnc import runtime
    _install()
    # RBLN_COMP_DTYPE asks for the type of a chip that computes in it.
    target = _CHIP_OF_TYPE.get(_options.parse({}).compute_dtype) or _options.default_target()
    settings = _arithmetic.Settings(runtime.default_numerics(), target)
    current = _Launch()
    token, numerics = _launch.set(current), _arithmetic.settings.set(settings)
    try:
        with _interpret_library.installed():
            yield
        current.copies.copy_back()
    finally:
        _launch.reset(token)
        _arithmetic.settings.reset(numerics)


class Interpreter:
    """What a libdevice function does while a kernel is interpreted; the counterpart of _trace.Tracer."""

    def block(self, value, name):
        require(isinstance(value, language.tensor) and value.type.is_block(), f"{name} must be a block tensor")
        return Block(tuple(int(extent) for extent in value.type.shape), str(value.dtype))

    def pointee(self, value, name):
        pointer = isinstance(value, language.tensor) and isinstance(value.handle, BlockPointerHandle)
        require(pointer, f"{name} must be a block pointer (tl.make_block_ptr)")
        kind = value.type.element_ty
        return Block(tuple(int(extent) for extent in kind.shape), str(kind.element_ty))

    def index(self, value, name):
        if isinstance(value, int) and not isinstance(value, bool):
            return _wrapped(np.array([value], np.int32), "int32")
        scalar = isinstance(value, language.tensor) and not value.type.is_block() and value.type.is_int()
        require(scalar, f"{name} must be a dynamic index (rblib.to_dynamic_index)")
        require(_number(value) >= 0, f"{name} is {_number(value)}; an index counts rows")
        return value

    def call(self, op, operands, results, **constants):
        handler = getattr(self, f"_{op}", None)
        if handler is not None:
            return handler(*operands, **constants)
        if "axis" in constants and op in ("insert", "window_insert", "window_slice"):
            _check_index(op, operands, **constants)
        arguments = [elements(operand) if operand.type.is_block() else _number(operand) for operand in operands]
        if op in COMPUTING:
            constants["arithmetic"] = DeviceArithmetic(FLOATS[results[0].dtype])
        values = getattr(_semantics, op)(*arguments, **constants)
        values = values if isinstance(values, tuple) else (values, )
        wrapped = tuple(_wrapped(encoded(value, result.dtype), result.dtype) for value, result in zip(values, results))
        return wrapped[0] if len(wrapped) == 1 else wrapped

    def _to_dynamic_index(self, data, max):
        value = _element(data.handle)
        top = max if max >= 0 else 2**31 - 1
        require(0 <= value <= top, f"the index is {value}, not in 0..{top}")
        index = _wrapped(np.array([value], np.int32), "int32")
        index.handle.rblnc_origin = (data.handle, max)
        return index

    def _partition_skip(self, index):
        origin = getattr(index.handle, "rblnc_origin", None)
        require(origin is not None, "index must be what rblib.to_dynamic_index returned, not computed from it")
        pointer, extent = origin
        partition = int(pointer.offsets[-1].data.item())
        if partition == 0:
            return _wrapped(np.array([False]), "int1")
        if extent < 0:
            extent = _partitions().get(_address(pointer))
            require(extent is not None, "the size of a partition is unknown: pass it to rblib.to_dynamic_index as max")
        previous = _element(_moved(pointer, -1))
        rule = os.environ.get(SKIP_RULE, "boundary")
        require(rule in ("boundary", "naive"), f"{SKIP_RULE} must be boundary or naive, not {rule}")
        skip = _semantics.partition_skip(_number(index), previous, partition, extent, rule=rule)
        return _wrapped(np.array([skip]), "int1")

    def _dynamic_load(self, pointer, index=None, axis=0):
        pointers, mask = _rows(pointer, index, axis)
        element = pointers.dtype.element_ty
        other = np.zeros(mask.shape, _NUMPY[str(element)])
        data = interpreter._interpreter.load(pointers.data, mask, other, other.dtype)
        data = _arithmetic.rounded(data, FLOATS.get(str(element)))
        return _wrapped(data, str(element))

    def _dynamic_store(self, pointer, value, index=None, axis=0):
        pointers, mask = _rows(pointer, index, axis)
        data = _arithmetic.rounded(value.handle.data, FLOATS.get(str(value.dtype)))
        interpreter._interpreter.store(pointers.data, np.ascontiguousarray(data), mask)

    def _nn_pad(self, x, axis, low, high, value_bits):
        value = np.array([struct.unpack("<f", struct.pack("<i", value_bits))[0]], np.float32)
        value = _arithmetic.from_float32(value, FLOATS[str(x.dtype)])[0]
        return _wrapped(_semantics.nn_pad(x.handle.data, axis=axis, low=low, high=high, value=value), str(x.dtype))


def _rows(pointer, index, axis):
    """Addresses of the block, and which of them are among its first `index` rows along the axis."""
    pointers, mask = pointer.handle.materialize_pointers(())
    if index is not None:
        extent = mask.shape[axis]
        _remember_extent(index, extent)
        shape = [1] * mask.ndim
        shape[axis] = extent
        mask = mask & (np.arange(extent) < _number(index)).reshape(shape)
    return pointers, mask


def _check_index(op, operands, axis, size=None):
    """Indices that come from memory must lie within the block; those with a number added are clipped."""
    index = operands[-1]
    extent = operands[0].handle.data.shape[axis]
    if op == "insert":
        _remember_extent(index, extent)
    clipped = op == "insert" and not hasattr(index.handle, "rblnc_origin")
    require(clipped or _number(index) <= extent, f"the index is {_number(index)}, not in 0..{extent}")


def _remember_extent(index, extent):
    """The rows of the block that an index counts: what partition_skip takes for P when to_dynamic_index got no max."""
    origin = getattr(index.handle, "rblnc_origin", None)
    if origin is None:
        return
    require(_number(index) <= extent, f"the index is {_number(index)}, not in 0..{extent}")
    _partitions()[_address(origin[0])] = extent


def _partitions():
    current = _launch.get()
    if current is None:
        raise RblibError(_FOREIGN_JIT)
    return current.partitions


def _wrapped(data, dtype):
    element = {str(kind): kind for kind in _ELEMENTS}[dtype]
    data = np.asarray(data).astype(_NUMPY[dtype], copy=False)
    scalar = dtype.startswith("int")
    kind = element if scalar else language.block_type(element, list(data.shape))
    return language.tensor(TensorHandle(data, element), kind)


def _number(value):
    return int(value.handle.data.item())


# ---------------------------------------------------------------------------------------------------------------------
# Block pointers
# ---------------------------------------------------------------------------------------------------------------------


class ArrayPointerHandle(BlockPointerHandle):
    """A block pointer into an argument whose extents are known."""

    def __init__(self, base, array, shape, strides, offsets, block_shape, order):
        super().__init__(base, shape, strides, offsets, block_shape, order)
        self.array = array
        # The attribute's name in 3.2 and in 3.6.
        self.tensor_shape = self.block_shape = block_shape
        declared = [int(extent.data.item()) for extent in shape]
        self.extents, self.steps = geometry(array, declared, [int(stride.data.item()) for stride in strides])
        line = _arithmetic.figure("line_elements")
        self.may_pad = declared[-1] > self.extents[-1] and declared[-1] == -(-self.extents[-1] // line) * line

    def materialize_pointers(self, boundary_check):
        element = self.base.get_element_ty()
        size = max(1, element.primitive_bitwidth // 8)
        rank = len(self.block_shape)
        elements = np.zeros(self.block_shape, dtype=np.int64)
        mask = np.ones(self.block_shape, dtype=bool)
        for axis, extent in enumerate(self.extents):
            start = int(self.offsets[axis].data.item())
            along = start + np.arange(self.block_shape[axis])
            inside = (along >= 0) & (along < extent)
            if not inside.all():
                padding = axis == rank - 1 and self.may_pad and start >= 0
                require(axis in boundary_check or padding,
                        f"a block of shape {tuple(self.block_shape)} covers {start}..{along[-1]} along axis {axis} of an "
                        f"array with {extent}")
            shape = [1] * rank
            shape[axis] = -1
            elements += (along * self.steps[axis]).reshape(shape)
            mask &= inside.reshape(shape)
        used = elements[mask]
        total = math.prod(self.array)
        require(used.size == 0 or (used.min() >= 0 and used.max() < total),
                f"a block of shape {tuple(self.block_shape)} with strides {tuple(self.steps)} leaves its array of "
                f"{total} elements")
        addresses = self.base.data.item() + size * np.where(mask, elements, 0)
        return TensorHandle(addresses.astype(np.uint64), self.base.dtype.scalar), mask

    def moved(self, offsets):
        handle = ArrayPointerHandle.__new__(ArrayPointerHandle)
        handle.__dict__.update(self.__dict__, offsets=offsets)
        return handle


def _refuse_strided(base):
    current = _launch.get()
    if current is not None:
        current.copies.refuse_pointers(base)


def geometry(array, shape, strides):
    """Extents and strides in elements by which a block pointer of this shape and strides addresses an array."""
    if len(array) != len(shape) or tuple(array) == tuple(shape) and _row_major(shape, strides):
        return shape, strides
    if _row_major(shape, strides) and math.prod(shape) == math.prod(array):
        return shape, strides
    ordered = strides[-1] == 1 and all(outer >= inner for outer, inner in zip(strides, strides[1:]))
    return (list(array), _row_major_strides(array)) if ordered else (shape, strides)


def _row_major(shape, strides):
    """The stride of an axis with one element does not matter."""
    return all(extent == 1 or stride == expected
               for extent, stride, expected in zip(shape, strides, _row_major_strides(shape)))


def _row_major_strides(shape):
    return [math.prod(shape[axis + 1:]) for axis in range(len(shape))]


def _address(pointer):
    return int(pointer.base.data.item())


def _moved(pointer, step):
    """The pointer, `step` elements further along its last axis."""
    offsets = [offset.clone() for offset in pointer.offsets]
    offsets[-1].data = offsets[-1].data + step
    return pointer.moved(offsets)


def _element(pointer):
    """The single integer that a block pointer points at."""
    require(isinstance(pointer, ArrayPointerHandle), _FOREIGN_JIT)
    addresses, mask = pointer.materialize_pointers(())
    kind = _INDEX_BYTES[str(addresses.dtype.element_ty)]
    return int(interpreter._interpreter.load(addresses.data, mask, np.zeros(mask.shape, kind), np.dtype(kind)).item())


_installed = False


def _install():
    """Makes block pointers know their arrays. Without effect outside of `launch`."""
    global _installed
    if _installed:
        return
    _installed = True
    builder = interpreter.InterpreterBuilder
    builder.create_extern_elementwise = _interpret_library.call
    convert, make, advance = interpreter._implicit_cvt, builder.create_make_block_ptr, builder.create_advance

    def active():
        return _launch.get() is not None

    def implicit_convert(argument):
        current = _launch.get()
        # Numbers have the types that a compiled kernel gives them.
        if current is not None and isinstance(argument, (bool, np.bool_)):
            return language.tensor(TensorHandle(np.array([argument], np.bool_), language.int1), language.int1)
        if current is not None and isinstance(argument, float):
            return language.tensor(TensorHandle(np.array([argument], np.float32), language.float32), language.float32)
        if current is not None and is_reinterpreted(argument):
            require(argument.base.is_contiguous(), f"a reinterpreted argument of shape {tuple(argument.base.shape)} is not "
                    "contiguous: call .contiguous()")
        elif current is not None and hasattr(argument, "is_contiguous"):
            argument = current.copies.row_major(argument)
        value = convert(argument)
        if current is not None and hasattr(argument, "data_ptr"):
            current.shapes[argument.data_ptr()] = tuple(argument.shape)
        return value

    def make_block_pointer(self, base, shape, strides, offsets, block_shape, order):
        current = _launch.get()
        array = current.shapes.get(int(base.data.item())) if current is not None and base.data.size == 1 else None
        if array is None:
            _refuse_strided(base)
            return make(self, base, shape, strides, offsets, block_shape, order)
        if current.copies.has_own_strides(base, shape, strides):
            strides = [TensorHandle(np.array([stride], np.int64), language.int64) for stride in _row_major_strides(array)]
        return ArrayPointerHandle(base, array, shape, strides, [o.clone() for o in offsets], block_shape, order)

    def advanced(self, pointer, offsets):
        if not isinstance(pointer, ArrayPointerHandle):
            return advance(self, pointer, offsets)
        moved = [TensorHandle(old.data + step.data, old.dtype) for old, step in zip(pointer.offsets, offsets)]
        return pointer.moved(moved)

    def pointers_refuse_strided(name):
        inner = getattr(builder, name, None)
        if inner is None:
            return

        def refusing(self, base, *args, **kwargs):
            _refuse_strided(base)
            return inner(self, base, *args, **kwargs)

        setattr(builder, name, refusing)

    pointers_refuse_strided("create_addptr")
    pointers_refuse_strided("create_make_tensor_descriptor")
    interpreter._implicit_cvt = implicit_convert
    builder.create_make_block_ptr = make_block_pointer
    builder.create_advance = advanced
    _interpret_builder.install(builder, active)
    _interpret_reduce.install(active)


__all__ = ["SKIP_RULE", "Interpreter", "geometry", "launch"]
