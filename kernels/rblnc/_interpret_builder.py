"""The element-wise operations of Triton's interpreter, computed as the device computes them.

Triton's interpreter calls NumPy: it has no bfloat16, rounds functions as the C library does, and leaves division by zero,
shifts by the width, conversions out of range and NaN to it. While a kernel of rblnc runs, the emulator's own operations
take the place of all of them. What the device has no type for (float64, float8) stays Triton's.
"""
import contextvars
import functools

import numpy as np

from rblnc import _arithmetic
from rblnc._release import ir, language
from triton.runtime.interpreter import TensorHandle

# Triton's names of the element types that the device has.
KINDS = {"int1": "i1", "int8": "i8", "uint8": "i8", "int16": "i16", "uint16": "i16", "int32": "i32", "uint32": "i32",
         "int64": "i64", "uint64": "i64", "fp16": "f16", "bf16": "bf16", "fp32": "f32"}
_UNSIGNED = {"uint8": np.uint8, "uint16": np.uint16, "uint32": np.uint32, "uint64": np.uint64}
_WIDTHS = {"i1": 1, "i8": 8, "i16": 16, "i32": 32, "i64": 64, "f16": 16, "bf16": 16, "f32": 32}
_NAN_BITS = np.uint16(0x7fc0)  # of bfloat16

_BINARY = {
    "fadd": "addf", "fsub": "subf", "fmul": "mulf", "fdiv": "divf", "precise_divf": "divf", "frem": "remf",
    "minimumf": "minimumf", "minnumf": "minnumf", "maximumf": "maximumf", "maxnumf": "maxnumf",
    "add": "addi", "sub": "subi", "mul": "muli", "sdiv": "divsi", "udiv": "divui", "srem": "remsi", "urem": "remui",
    "shl": "shli", "ashr": "shrsi", "lshr": "shrui", "and": "andi", "or": "ori", "xor": "xori", "minsi": "minsi",
    "minui": "minui", "maxsi": "maxsi", "maxui": "maxui", "umulhi": "mulhui"}
_UNARY = {"fabs": "absf", "iabs": "absi", "cos": "cos", "sin": "sin", "exp": "exp", "exp2": "exp2", "log": "log",
          "log2": "log2", "floor": "floor", "ceil": "ceil", "sqrt": "sqrt", "precise_sqrt": "sqrt", "rsqrt": "rsqrt",
          "erf": "erf"}
_COMPARISONS = {f"icmp{name}": name.lower() for name in ("EQ", "NE", "SLT", "SLE", "SGT", "SGE", "ULT", "ULE", "UGT",
                                                         "UGE")}
_COMPARISONS |= {f"fcmp{name}": name.lower() for name in ("OEQ", "OGT", "OGE", "OLT", "OLE", "ONE", "UEQ", "UGT", "UGE",
                                                          "ULT", "ULE", "UNE")}

# What operations a function that combines elements consists of: a list of (operation, operands, result) while it is asked.
recorded = contextvars.ContextVar("rblnc_recorded", default=None)


def kind_of(handle):
    """The device's name of a handle's element type, or None: a pointer, or a type that the device has not."""
    return KINDS.get(str(getattr(handle.dtype, "scalar", handle.dtype))) if isinstance(handle, TensorHandle) else None


def wrapped(data, dtype):
    """A handle of a result, with the NumPy type that the interpreter keeps the Triton type in."""
    unsigned = _UNSIGNED.get(str(dtype))
    return TensorHandle(data.view(unsigned) if unsigned else data, dtype)


def values(handle):
    """The array and the element type, for _arithmetic."""
    kind = kind_of(handle)
    data = np.asarray(handle.data)
    wanted = np.dtype(_arithmetic.NUMPY[kind])
    if data.dtype != wanted:
        same = data.dtype.itemsize == wanted.itemsize and kind != "i1"
        data = np.ascontiguousarray(data).view(wanted).reshape(data.shape) if same else data.astype(wanted)
    return data, kind


def apply(operation, handles, dtype, computed_as=None):
    """One operation on handles; dtype: Triton's type of the result's elements. computed_as: its other name in the library."""
    operands = [values(handle) for handle in handles]
    result = wrapped(_arithmetic.compute(computed_as or operation, KINDS[str(dtype)], operands), dtype)
    if (record := recorded.get()) is not None:
        record.append((operation, handles, result))
    return result


def _elementwise(operation):

    def function(builder, *handles):
        return apply(operation, handles, handles[-1].dtype.scalar)

    return function


def _comparison(predicate):

    def function(builder, left, right):
        (a, kind), (b, _) = values(left), values(right)
        if (record := recorded.get()) is not None:
            record.append(("compare", (left, right), None))
        return TensorHandle(_arithmetic.compare(predicate, kind, a, b), language.int1)

    return function


def _cast(operation):

    def function(builder, source, target):
        return apply(operation, [source], target.scalar)

    return function


def _between_floats(builder, source, target, rounding=None):
    """Between the 16-bit types through f32, as the compiler does."""
    have, want = kind_of(source), KINDS[str(target.scalar)]
    if have == want:
        return source
    if have != "f32":
        source = apply("extf", [source], language.float32)
    return source if want == "f32" else apply("truncf", [source], target.scalar)


def _between_integers(builder, source, target, signed):
    have, want = _WIDTHS[kind_of(source)], _WIDTHS[KINDS[str(target.scalar)]]
    if have == want:
        return wrapped(values(source)[0], target.scalar)
    return apply("trunci" if have > want else "extsi" if signed else "extui", [source], target.scalar)


def _bitcast(builder, source, target):
    data, kind = values(source)
    want = KINDS[str(target.scalar)]
    data = np.ascontiguousarray(_arithmetic.rounded(data, kind)).reshape(data.shape)
    return wrapped(data.view(_arithmetic.NUMPY[want]), target.scalar)


def _clamp(builder, value, low, high, propagate_nan):
    names = ("maximumf", "minimumf") if propagate_nan == ir.PROPAGATE_NAN.ALL else ("maxnumf", "minnumf")
    raised = apply(names[0], [value, low], value.dtype.scalar)
    return apply(names[1], [raised, high], value.dtype.scalar)


def _dot(builder, a, b, start, *_):
    operands = [values(handle) for handle in (a, b, start)]
    dtypes = [kind for _, kind in operands]
    return wrapped(_arithmetic.dot(*(data for data, _ in operands), dtypes), start.dtype.scalar)


def _is_known(handles):
    return all(kind_of(handle) for handle in handles if isinstance(handle, TensorHandle))


def _is_cast(source, target, *rest):
    narrows_otherwise = any(mode is not None and mode != ir.ROUNDING_MODE.RTNE for mode in rest[:1]
                            if not isinstance(mode, bool))
    return kind_of(source) and str(target.scalar) in KINDS and not narrows_otherwise


def _same_width(source, target):
    return _is_cast(source, target) and _WIDTHS[kind_of(source)] == _WIDTHS[KINDS[str(target.scalar)]]


def _is_dot(a, b, start, *_):
    return _is_known((a, b, start)) and kind_of(start) in ("f16", "bf16", "f32", "i32")


def _overrides():
    """Name of the builder's method: the function, and whether it takes these arguments."""
    table = {f"create_{name}": (_elementwise(operation), lambda *handles: _is_known(handles))
             for name, operation in {**_BINARY, **_UNARY, "fma": "fma", "select": "select"}.items()}
    table |= {f"create_{name}": (_comparison(predicate), lambda *handles: _is_known(handles))
              for name, predicate in _COMPARISONS.items()}
    casts = {"si_to_fp": "sitofp", "ui_to_fp": "uitofp", "fp_to_si": "fptosi", "fp_to_ui": "fptoui"}
    table |= {f"create_{name}": (_cast(operation), _is_cast) for name, operation in casts.items()}
    table |= {f"create_{name}": (_between_floats, _is_cast) for name in ("fp_ext", "fp_trunc", "fp_to_fp")}
    table["create_int_cast"] = (_between_integers, _is_cast)
    table["create_bitcast"] = (_bitcast, _same_width)
    table["create_clampf"] = (_clamp, lambda value, low, high, _: _is_known((value, low, high)))
    table["create_dot"] = (_dot, _is_dot)
    return table


def _loaded(builder, original, pointers, mask, other, *rest):
    result = original(builder, pointers, mask, other, *rest)
    return TensorHandle(_in_memory(result), result.dtype) if kind_of(result) else result


def _stored(builder, original, pointers, value, mask, *rest):
    if kind_of(value):
        value = TensorHandle(_in_memory(value), value.dtype)
    return original(builder, pointers, value, mask, *rest)


def _in_memory(handle):
    """Rounded as a copy rounds; any byte but 0 is a true boolean."""
    data = np.asarray(handle.data)
    if kind_of(handle) == "i1":
        return data.view(np.uint8) != 0 if data.dtype == np.bool_ else data != 0
    return _arithmetic.rounded(data, kind_of(handle)).reshape(data.shape)


def _padded_load(builder, original, pointer, boundary_check, padding, *rest):
    pointers, mask = pointer.materialize_pointers(boundary_check)
    if padding != ir.PADDING_OPTION.PAD_NAN or str(pointers.get_element_ty()) != "bf16":
        return original(builder, pointer, boundary_check, padding, *rest)
    other = TensorHandle(np.full_like(pointers.data, _NAN_BITS, dtype=np.uint16), language.bfloat16)
    return builder.create_masked_load(pointers, TensorHandle(mask, language.int1), other, *rest)


def _padded_descriptor_load(builder, original, descriptor, indices, *rest):
    if descriptor.padding != ir.PADDING_OPTION.PAD_NAN or str(descriptor.base.get_element_ty()) != "bf16":
        return original(builder, descriptor, indices, *rest)
    pointers, mask = descriptor.materialize_pointers(indices)
    other = TensorHandle(np.full_like(pointers.data, _NAN_BITS, dtype=np.uint16), language.bfloat16)
    return builder.create_masked_load(pointers, TensorHandle(mask, language.int1), other, *rest, False)


def _all_ones(builder, original, dtype):
    kind = KINDS.get(str(dtype.scalar))
    if kind is None:
        return original(builder, dtype)
    return wrapped(np.full(1, -1, np.int64).astype(_arithmetic.NUMPY[kind]), dtype.scalar)


_AROUND = {"get_all_ones_value": _all_ones, "create_masked_load": _loaded, "create_masked_store": _stored, "create_tensor_pointer_load": _padded_load,
           "create_descriptor_load": _padded_descriptor_load}


def install(builder, active):
    """Overrides the methods of the interpreter's builder, where `active()` says that a kernel of rblnc runs."""
    for name, (function, takes) in _overrides().items():
        if original := getattr(builder, name, None):
            setattr(builder, name, _replaced(original, function, takes, active))
    for name, function in _AROUND.items():
        if original := getattr(builder, name, None):
            setattr(builder, name, _surrounded(original, function, active))
    if not hasattr(builder, "get_bf16"):
        builder.get_bf16 = lambda self, value: TensorHandle(_arithmetic.bfloat16_bits(value), language.bfloat16)


def _replaced(original, function, takes, active):

    @functools.wraps(original)
    def method(self, *args):
        return function(self, *args) if active() and takes(*args) else original(self, *args)

    return method


def _surrounded(original, function, active):

    @functools.wraps(original)
    def method(self, *args, **kwargs):
        return function(self, original, *args, *kwargs.values()) if active() else original(self, *args, **kwargs)

    return method


__all__ = ["apply", "install", "kind_of", "recorded", "values", "wrapped"]
