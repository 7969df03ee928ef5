"""Writes rblib operations into TTIR as calls of declared functions; CONVENTION.md is the contract.

An unmodified wheel has no way to create an operation of a foreign dialect, but a builtin function can declare a private
function without a body and call it. Such a call takes and returns any types, and every Triton pass leaves it alone.
"""
import warnings

from rblnc._release import FrontEnd, ir, language
from rblnc._rules import Block, require

VERSION = 1


class Tracer:
    """What a libdevice function does while a kernel is traced."""

    def __init__(self, builder, semantic, generator):
        self._front_end = FrontEnd(builder, semantic)
        self._generator = generator

    def block(self, value, name):
        """The extents and element type of a tensor operand."""
        tensor = isinstance(value, language.tensor) and value.type.is_block()
        require(tensor, f"{name} must be a block tensor, not {_kind(value)}")
        return _described(value.type)

    def pointee(self, value, name):
        """The extents and element type that a block pointer points at."""
        pointer = isinstance(value, language.tensor) and value.type.is_ptr() and value.type.element_ty.is_block()
        require(pointer, f"{name} must be a block pointer (tl.make_block_ptr), not {_kind(value)}")
        return _described(value.type.element_ty)

    def index(self, value, name):
        """A dynamic index, or a number, as an i32 scalar."""
        if isinstance(value, int) and not isinstance(value, bool):
            require(0 <= value < 2**31, f"{name} must be in 0..2^31-1, not {value}")
            return self._front_end.cast(self._front_end.to_tensor(value), language.int32)
        scalar = isinstance(value, language.tensor) and not value.type.is_block() and value.type.is_int()
        require(scalar, f"{name} must be a dynamic index (rblib.to_dynamic_index), not {_kind(value)}")
        if value.dtype.primitive_bitwidth > 32:
            warnings.warn(f"{name} is {value.dtype}; indices are int32, its upper half is dropped", stacklevel=2)
        return self._front_end.cast(value, language.int32)

    def call(self, op, operands, results, **constants):
        """Calls the operation. `results` are Blocks or "int32", "int1"; returns that many tensors, bare if one."""
        types = [_type_of(result) for result in results]
        handles = [operand.handle for operand in operands]
        builder = self._front_end.builder
        function = self._declared(op, [handle.get_type() for handle in handles],
                                  [kind.to_ir(builder) for kind in types], constants)
        call = builder.call(function, handles)
        values = tuple(language.tensor(call.get_result(i), kind) for i, kind in enumerate(types))
        return values[0] if len(values) == 1 else values or None

    def _declared(self, op, inputs, outputs, constants):
        """One declaration for each combination of types and constants: a symbol has one type and set of attributes."""
        module = self._generator.module
        known = module.__dict__.setdefault("_rblib_declared", {})
        key = (op, tuple(map(str, inputs)), tuple(map(str, outputs)), tuple(sorted(constants.items())))
        if key not in known:
            count = sum(1 for other in known if other[0] == op)
            # A builder of its own: the kernel's would put the declaration into the block that it stands in.
            builder = ir.builder(self._generator.context)
            builder.set_loc(self._front_end.builder.get_loc())
            name = f"rblib.{op}" if count == 0 else f"rblib.{op}.{count}"
            kind = builder.get_function_ty(inputs, outputs)
            function = builder.get_or_insert_function(module, name, kind, "private", True)
            module.push_back(function)
            for attribute, value in {"version": VERSION, **constants}.items():
                function.set_attr(f"rblib.{attribute}", builder.get_int32_attr(value))
            known[key] = name
        return module.get_function(known[key])


def _described(kind):
    return Block(tuple(int(extent) for extent in kind.shape), str(kind.element_ty))


def _type_of(result):
    if isinstance(result, Block):
        return language.block_type(_element(result.dtype), list(result.shape))
    return _element(result)


_ELEMENTS = {str(kind): kind for kind in (language.float16, language.bfloat16, language.float32, language.float64,
                                          language.int1, language.int8, language.int16, language.int32, language.int64)}


def _element(name):
    return _ELEMENTS[name]


def _kind(value):
    return f"a value of type {value.type}" if isinstance(value, language.tensor) else repr(value)
