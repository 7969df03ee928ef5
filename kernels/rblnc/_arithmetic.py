"""The device's operations on NumPy arrays, computed by the emulator: what kernels that are interpreted compute with.

Element types have the device's names. NumPy has no bfloat16: such an array holds the bits, as uint16.
"""
import contextvars
import ctypes
from dataclasses import dataclass

import numpy as np

from rblnc import _library

# As rblnc_dtype numbers them.
NUMPY = {"i1": np.bool_, "i8": np.int8, "i16": np.int16, "i32": np.int32, "i64": np.int64, "f16": np.float16,
         "bf16": np.uint16, "f32": np.float32}
_NUMBERS = {name: number for number, name in enumerate(NUMPY)}
_COMPARISONS = {"eq": 0, "ne": 1, "slt": 2, "sle": 3, "sgt": 4, "sge": 5, "ult": 6, "ule": 7, "ugt": 8, "uge": 9}
_FLOAT_COMPARISONS = {"oeq": 1, "ogt": 2, "oge": 3, "olt": 4, "ole": 5, "one": 6, "ord": 7, "ueq": 8, "ugt": 9,
                      "uge": 10, "ult": 11, "ule": 12, "une": 13, "uno": 14}


@dataclass(frozen=True)
class Settings:
    """What f32 means: itself ("ieee"), or the compute type of a chip ("device")."""
    numerics: str = "ieee"
    target: str = ""

    @property
    def is_device(self):
        return self.numerics == "device"


settings = contextvars.ContextVar("rblnc_arithmetic", default=Settings())


class ArithmeticError(TypeError):
    """There is no such operation on these element types."""


def compute(operation, result, operands, immediate=0):
    """One operation on arrays that broadcast. operands: (array, dtype) each; result: the dtype. Returns an array."""
    arrays = np.broadcast_arrays(*(array for array, _ in operands)) if len(operands) > 1 else [operands[0][0]]
    arrays = [np.ascontiguousarray(array, dtype=NUMPY[dtype]).reshape(array.shape)
              for array, (_, dtype) in zip(arrays, operands)]
    out = np.empty(arrays[0].shape, NUMPY[result])
    given = (_library.Operand * len(arrays))()
    for place, array, (_, dtype) in zip(given, arrays, operands):
        place.data = array.ctypes.data
        place.dtype = _NUMBERS[dtype]
    current = settings.get()
    name, target = operation.encode(), current.target.encode()
    library, diagnostics = _library.load(), ctypes.c_void_p()
    status = library.rblnc_compute(_string(name), immediate, _NUMBERS[result], out.ctypes.data, given, len(arrays),
                                   out.size, _library.NUMERICS.index(current.numerics), _string(target),
                                   ctypes.byref(diagnostics))
    if status != _library.STATUS_DONE:
        text = library.rblnc_diagnostics_text(diagnostics)
        message = ctypes.string_at(text.data, text.size).decode("utf-8", "replace")
        library.rblnc_diagnostics_release(diagnostics)
        if status == _library.STATUS_INTERNAL:
            from rblnc import native
            raise native.InternalRunError(message, status=status)
        raise ArithmeticError(message)
    return out


def _string(text):
    return _library.String(ctypes.cast(ctypes.c_char_p(text), ctypes.c_void_p), len(text))


def compare(predicate, dtype, left, right):
    """predicate: as LLVM writes it, "slt" or "olt"."""
    is_float = dtype in ("f16", "bf16", "f32")
    immediate = (_FLOAT_COMPARISONS if is_float else _COMPARISONS)[predicate]
    return compute("cmpf" if is_float else "cmpi", "i1", [(left, dtype), (right, dtype)], immediate)


def rounded(array, dtype):
    """What memory holds after a copy: under device numerics f32 is rounded."""
    if dtype != "f32" or not settings.get().is_device:
        return array
    return compute("to_compute_type", "f32", [(array, "f32")])


def to_float32(array, dtype):
    """Floats as float32, which holds f16 and bf16 exactly."""
    if dtype == "bf16":
        return (np.asarray(array, np.uint16).astype(np.uint32) << 16).view(np.float32)
    return np.asarray(array).astype(np.float32)


def from_float32(array, dtype):
    """float32 rounded once to a float type, the chip's for f32."""
    if dtype == "f32":
        return rounded(np.asarray(array, np.float32), dtype)
    # Whatever the numerics: a sum that has been kept in float32 is rounded to its own type only.
    token = settings.set(Settings())
    try:
        return compute("truncf", dtype, [(np.asarray(array, np.float32), "f32")])
    finally:
        settings.reset(token)


def bfloat16_bits(value):
    """The nearest bfloat16 of a Python number, rounded once."""
    nearest = np.float32(value)
    if np.isfinite(nearest) and float(nearest) != value:
        # To odd, so that rounding again is as if it had been the only time.
        bits = nearest.view(np.uint32)
        bits = bits - np.uint32(1) if abs(float(nearest)) > abs(value) else bits
        nearest = (bits | np.uint32(1)).view(np.float32)
    return from_float32(np.array([nearest], np.float32), "bf16")


# ---------------------------------------------------------------------------------------------------------------------
# Along an axis
# ---------------------------------------------------------------------------------------------------------------------

LANES = 16
SIMPLE = ("addf", "mulf", "maxnumf", "minnumf", "maximumf", "minimumf", "addi", "muli", "maxsi", "maxui", "minsi", "minui",
          "andi", "ori", "xori")
_SUMS = {"addf": np.add, "mulf": np.multiply}


def reduce(operation, array, dtype):
    """Over the last axis, in the device's order: 16 lanes, joined as a tree; sums and products in f32."""
    if operation in _SUMS:
        with np.errstate(all="ignore"):
            return from_float32(_in_lanes(_SUMS[operation], to_float32(array, dtype)), dtype)
    return _in_lanes(lambda left, right: compute(operation, dtype, [(left, dtype), (right, dtype)]), np.asarray(array))


def _in_lanes(function, array):
    count = array.shape[-1]
    lanes = array[..., :LANES].copy()
    for start in range(LANES, count, LANES):
        part = array[..., start:start + LANES]
        lanes[..., :part.shape[-1]] = function(lanes[..., :part.shape[-1]], part)
    active, width = lanes.shape[-1], LANES // 2
    while width:
        joined = max(0, min(width, active - width))
        if joined:
            lanes[..., :joined] = function(lanes[..., :joined], lanes[..., width:width + joined])
        width //= 2
    return lanes[..., 0]


def reduce_tree(function, arrays):
    """Over the last axis, neighbours first. function: lists of left and of right arrays to a list."""
    while (count := arrays[0].shape[-1]) > 1:
        half = count // 2
        joined = function([array[..., 0:2 * half:2] for array in arrays], [array[..., 1:2 * half:2] for array in arrays])
        if count % 2:
            joined = [np.concatenate([new, old[..., -1:]], axis=-1) for new, old in zip(joined, arrays)]
        arrays = joined
    return [array[..., 0] for array in arrays]


def figure(key):
    """A figure of the chip whose arithmetic is computed with, as an integer."""
    value = ctypes.c_double()
    target, name = settings.get().target.encode(), key.encode()
    if _library.load().rblnc_target_figure(_string(target), _string(name), ctypes.byref(value)) != _library.STATUS_DONE:
        raise ArithmeticError(f"{target.decode()} has no figure {key}")
    return int(value.value)


def library_operation(symbol):
    """The operation of the device that a function of a library is, by its symbol; the symbol itself, which `compute` takes
    too, where it is several. None for a function that is not compiled."""
    info, name = _library.FunctionInfo(ctypes.sizeof(_library.FunctionInfo)), symbol.encode()
    if _library.load().rblnc_library_function(_string(name), ctypes.byref(info)) != _library.STATUS_DONE:
        return None
    return ctypes.string_at(info.operation.data, info.operation.size).decode() or symbol


def dot(left, right, start, dtypes):
    """start + left @ right with k ascending. dtypes: of left, right and start, whose type the result has."""
    kind = dtypes[2]
    if kind == "i32":
        with np.errstate(over="ignore"):
            return start + np.matmul(left.astype(np.int32), right.astype(np.int32))
    a, b, total = (rounded(to_float32(array, dtype), dtype) for array, dtype in zip((left, right, start), dtypes))
    depth = a.shape[-1]
    is_device = settings.get().is_device
    chunk = figure("dot_chunk_elements") if is_device else depth
    with np.errstate(all="ignore"):
        for first in range(0, depth, chunk):
            part = np.zeros_like(total) if is_device else total
            for k in range(first, min(first + chunk, depth)):
                part = part + a[..., :, k, None] * b[..., k, None, :]
            total = rounded(total + part, "f32") if is_device else part
    return from_float32(total, kind)


__all__ = ["NUMPY", "SIMPLE", "ArithmeticError", "Settings", "bfloat16_bits", "compare", "compute", "dot", "figure",
           "from_float32", "library_operation", "reduce", "reduce_tree", "rounded", "settings", "to_float32"]
