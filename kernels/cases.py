"""What a kernel file declares beside its kernel: cases, arguments and tolerances. Needs nothing but NumPy."""
import math
from dataclasses import dataclass, field

import numpy as np

# The releases whose front end prints the committed .ttir, oldest first.
TRITON_VERSIONS = ("3.2.0", "3.6.0")

# Triton's spelling of the element types that arguments may have.
TRITON_TYPES = {"float32": "fp32", "float16": "fp16", "bfloat16": "bf16", "float64": "fp64", "int32": "i32",
                "int64": "i64", "int16": "i16", "int8": "i8"}

# What a result may differ from the reference by:
#   bits         not at all, the sign of a zero included (copies)
#   exact        not at all
#   elementwise  2 units in the last place of float32
#   f32          1e-5 of the largest magnitude of the reference
#   half         one rounding of the reference to the result's 16-bit type (computed in float32, rounded once)
#   half_chain   as half, but intermediate values are 16-bit as well: 2 units of relative precision of the
#                result's type, taken at the largest magnitude of the reference
TOLERANCES = ("bits", "exact", "elementwise", "f32", "half", "half_chain")

# Which inputs a seed draws. Every case runs with `normal`; a case lists the other kinds for which its
# result is defined (`nan` and `inf` mostly are not, once a maximum or a product of matrices is involved).
EDGES = ("normal", "zeros", "large", "negative_zero", "nan", "inf")
FINITE_EDGES = ("normal", "zeros", "large", "negative_zero")


@dataclass(frozen=True)
class Array:
    """A tensor argument: row-major, of a fixed shape. `values` names the distribution that `normal` inputs have."""
    name: str
    dtype: str
    shape: tuple
    direction: str  # in, out or inout
    values: str = "normal"  # normal, positive, bounded, mask, causal_mask, index


@dataclass(frozen=True)
class Scalar:
    """A number that stays an argument at run time."""
    name: str
    dtype: str
    value: float


@dataclass(frozen=True)
class Case:
    """One way to specialise a kernel: constexprs and arguments, in the kernel's order."""
    name: str
    arguments: tuple
    constexprs: dict = field(default_factory=dict)
    tolerance: str = "f32"
    edges: tuple = FINITE_EDGES
    # Releases whose front end takes the kernel; 3.2.0 for one refuses products of rank 4 and more.
    versions: tuple = TRITON_VERSIONS

    def __post_init__(self):
        assert self.tolerance in TOLERANCES, self.tolerance
        assert set(self.edges) <= set(EDGES), self.edges

    @property
    def arrays(self):
        return [a for a in self.arguments if isinstance(a, Array)]

    @property
    def scalars(self):
        return [a for a in self.arguments if isinstance(a, Scalar)]

    @property
    def inputs(self):
        return [a for a in self.arrays if a.direction != "out"]

    @property
    def outputs(self):
        return [a for a in self.arrays if a.direction != "in"]


def read(name, shape, dtype="float32", values="normal"):
    return Array(name, dtype, tuple(shape), "in", values)


def written(name, shape, dtype="float32"):
    return Array(name, dtype, tuple(shape), "out")


def updated(name, shape, dtype="float32", values="normal"):
    return Array(name, dtype, tuple(shape), "inout", values)


def number(name, value, dtype="float32"):
    return Scalar(name, dtype, value)


_erf = np.vectorize(math.erf, otypes=[np.float64])


def erf(x):
    """The error function in float64; NumPy has none."""
    return _erf(np.asarray(x, dtype=np.float64))


def softmax(x, axis):
    """A float64 softmax that stays finite: through the logarithm of the sum."""
    with np.errstate(invalid="ignore"):
        shifted = x - np.max(x, axis=axis, keepdims=True)
        return np.exp(shifted - np.log(np.sum(np.exp(shifted), axis=axis, keepdims=True)))
