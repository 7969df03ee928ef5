"""What a kernel is specialised to for given arguments: the type of every argument in TTIR, the constants, the shapes.

One place decides for every door: rblnc.ttir, warmup, launch, PyTorch operators and rblnc.triton's kernel[(1,)]. The
decision is Triton's own (JITFunction's binder), which launches through Triton's launcher follow anyway:

- an annotated parameter (tl.int64, "i64", "*fp32", …) has the type of its annotation, whatever is passed;
- a Python int is i32, or i64 or u64 where only those hold it; 1 is a constant, unless do_not_specialize names it;
- a float is fp32, a bool u1 (i1 in older releases), None a constant;
- a tuple is specialised element by element, and its elements become arguments of their own.

Beyond Triton, a NumPy number and a 0-d tensor are the Python number that they hold. Where nothing holds a number yet (a
TensorSpec, a meta tensor) the element type decides, and a tensor of a trace is the number that it will hold. Alignment,
which Triton notes for a GPU's loads, decides nothing here.
"""
from dataclasses import dataclass
from typing import Any

from rblnc import launches
from rblnc._release import JITCallable, TENSOR_DTYPES, canonical_type, language, version
from rblnc.strides import strides_of
from rblnc._values import constant_key, is_reinterpreted, is_tuple, like, plain, shape_of

CONSTANT = "constexpr"


class Unspecialised(TypeError):
    """An argument is nothing that a kernel can take."""


@dataclass(frozen=True)
class Leaf:
    """One argument in TTIR. path: of the parameter and, inside of tuples, of the elements. type: Triton's name of it.
    shape: None for a scalar, and for a tensor of unknown shape. value: of a scalar where it is known, else None. strides:
    of a tensor that is not in row-major order (strides.strides_of)."""
    path: tuple
    name: str
    type: str
    shape: Any
    value: Any
    strides: Any = None


@dataclass(frozen=True)
class Specialisation:
    """signature: the type of every parameter by name, a tuple of types for a tuple, "constexpr" for a constant.
    constants: values by path. leaves: what is left for the run, in order. declared: positions of the parameters that are
    tl.constexpr in the source."""
    signature: dict
    constants: dict
    leaves: tuple
    declared: frozenset

    @property
    def shapes(self):
        return tuple(leaf.shape for leaf in self.leaves)

    def named_constants(self):
        """The parameters that are constants as a whole, by name."""
        names = tuple(self.signature)
        return {names[path[0]]: value for path, value in self.constants.items() if len(path) == 1}


def specialise(function, values):
    """The Specialisation of a JITFunction for the values of its parameters, by name and in order, defaults included."""
    constants, leaves, signature = {}, [], {}
    for position, parameter in enumerate(function.params):
        value = plain(values[parameter.name])
        signature[parameter.name] = _parameter((position, ), parameter, value, constants, leaves)
    declared = frozenset(position for position, parameter in enumerate(function.params) if parameter.is_constexpr)
    return Specialisation(signature, constants, tuple(leaves), declared)


def key(parameter, value):
    """What of a value decides the specialisation of a parameter: equal keys, equal kernels."""
    value = plain(value)
    return constant_key(value) if parameter.is_constexpr else _value_key(value)


def _parameter(path, parameter, value, constants, leaves):
    if parameter.is_constexpr:
        constants[path] = value
        return CONSTANT
    annotation = parameter.annotation_type
    if annotation:
        # Before 3.3 a 1 was a constant in spite of an annotation.
        if version() < (3, 3) and (value is None or _is_one(value) and not parameter.do_not_specialize):
            constants[path] = value
            return CONSTANT
        shape, number = (None, None) if annotation[0] != "*" else (_array_shape(value), None)
        if annotation[0] != "*" and isinstance(value, (bool, int, float)):
            number = value
        leaves.append(Leaf(path, parameter.name, annotation, shape, number, shape and strides_of(value)))
        return annotation
    return _value(path, parameter.name, value, not parameter.do_not_specialize,
                  parameter.is_const, constants, leaves)


def _value(path, name, value, specialise_one, is_const, constants, leaves):
    if _is_constant(value) or specialise_one and _is_one(value):
        constants[path] = value
        return CONSTANT
    if is_tuple(value):
        if version() < (3, 3):
            raise Unspecialised(f"{name} is a tuple, which Triton {version()[0]}.{version()[1]} does not take: pass its "
                                "elements one by one, or install 3.6")
        # As Triton: what a decorator says of the parameter is not said of the elements.
        return like(value, [_value((*path, index), f"{name}.{index}", element, True, False, constants, leaves)
                             for index, element in enumerate(value)])
    kind, shape = _described(name, value)
    if kind[0] == "*" and is_const:
        kind = "*k" + kind[1:]
    number = value if isinstance(value, (bool, int, float)) else None
    leaves.append(Leaf(path, name, kind, shape, number, shape and strides_of(value)))
    return kind


def _is_constant(value):
    return value is None or isinstance(value, (JITCallable, language.constexpr))


def _is_one(value):
    return isinstance(value, int) and not isinstance(value, bool) and value == 1


def _described(name, value):
    """Triton's type of an argument that is no constant, and its shape, None if there is none or it is not known."""
    if isinstance(value, bool):
        return canonical_type("bool"), None
    if isinstance(value, int):
        return _integer_type(name, value), None
    if isinstance(value, float):
        return "fp32", None
    if _is_bare_type(value):
        return "*" + _element_type(name, getattr(value, "dtype", value)), None
    if hasattr(value, "shape") and hasattr(value, "dtype"):
        element = _element_type(name, value.dtype)
        if len(value.shape) > 0:
            return "*" + element, shape_of(value)
        return _number_type(element, value), None
    raise Unspecialised(f"{name} is {value!r}; expected a tensor, an array, a TensorSpec, a number or a tuple of them")


def _integer_type(name, value):
    if -2**31 <= value < 2**31:
        return "i32"
    if -2**63 <= value < 2**63:
        return "i64"
    if 2**63 <= value < 2**64:
        return "u64"
    raise OverflowError(f"{name} is {value}, which no integer type of 64 bits holds")


def _number_type(element, value):
    """The type of a 0-d tensor that holds no number yet."""
    if element.startswith(("fp", "bf")):
        return "fp32"
    if launches.traced((value, )) and element != canonical_type("bool"):
        return "i32"  # as the numbers of calls that are not traced; a larger one is refused when it comes
    return element


def _array_shape(value):
    described = hasattr(value, "shape") and hasattr(value, "dtype") and not _is_bare_type(value)
    return shape_of(value) if described and len(value.shape) > 0 else None


def _is_bare_type(value):
    """An element type in place of a tensor, as Triton's own warmup takes it: torch.float32 or MockTensor("fp32")."""
    kind = type(value)
    return kind.__name__ == "MockTensor" or (kind.__module__, kind.__name__) == ("torch", "dtype")


def _element_type(name, dtype):
    text = _dtype_name(dtype)
    try:
        return canonical_type(text)
    except KeyError:
        raise Unspecialised(f"{name} has element type {text}; known are {', '.join(TENSOR_DTYPES)}") from None


def _dtype_name(dtype):
    return str(dtype).rpartition(".")[2]


def _value_key(value):
    kind = type(value)
    if kind is int:
        return 1 if value == 1 else "i32" if -2**31 <= value < 2**31 else "i64" if value < 2**63 else "u64"
    if kind is float or kind is bool:
        return kind
    shape = getattr(value, "shape", None)
    if shape is not None:
        # The extents of a NumPy array and of a PyTorch tensor compare equal; those of a dynamic shape must be known.
        extents = tuple(shape) if all(type(extent) is int for extent in shape) else tuple(map(int, shape))
        if is_reinterpreted(value):
            return str(value.dtype), extents, value.base.element_size(), strides_of(value)
        return value.dtype, extents, strides_of(value), not extents and launches.traced((value, ))
    if is_tuple(value):
        return kind, tuple(_value_key(element) for element in value)
    if _is_constant(value):
        return kind, getattr(value, "cache_key", None) or constant_key(getattr(value, "value", value))
    return kind, str(value)


__all__ = ["CONSTANT", "Leaf", "Specialisation", "Unspecialised", "key", "specialise"]
