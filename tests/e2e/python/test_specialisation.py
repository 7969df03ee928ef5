"""The types and constants that a kernel gets for its arguments are those that Triton's own binder gives them.

Every annotation of a parameter is combined with every value, with and without do_not_specialize, and what rblnc decides is
compared with the signature and constants that JITFunction would launch with. A NumPy number and a 0-d tensor are compared
with the Python number that they hold.
"""
import collections
import importlib.util
import itertools
import math

import numpy as np
import pytest
import rblnc
import torch
import triton
import triton.language as tl
from rblnc import _specialise
from rblnc.backend.compiler import RblncBackend
from triton.backends.compiler import GPUTarget
from triton.runtime import jit

pytestmark = pytest.mark.filterwarnings("ignore::rblnc.CompileWarning")
TYPES = ("int1", "int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64", "float16", "bfloat16",
         "float32", "float64")
SHORT = ("i1", "u1", "i8", "i16", "i32", "i64", "u8", "u16", "u32", "u64", "fp16", "bf16", "fp32", "fp64")
ANNOTATIONS = ("", *(f"tl.{name}" for name in TYPES), *(f'"{name}"' for name in TYPES + SHORT),
               *(f'"tl.{name}"' for name in TYPES), '"*fp32"', '"*i64"', '"const *fp32"', '"*kfp16"',
               "tl.pointer_type(tl.float32)", "tl.constexpr", '"tl.constexpr"', "int", "float", "bool", '"half"')
Pair = collections.namedtuple("Pair", "first second")

INTEGERS = (0, 1, 2, -1, 16, 17, -16, 127, 128, 255, 256, 32767, 65536, 2**31 - 1, 2**31, -2**31, -2**31 - 1, 2**32,
            2**63 - 1, -2**63, 2**63, 2**64 - 1)
FLOATS = (0.0, -0.0, 1.0, 0.1, 65520.0, 1e-45, 1e39, -1e300, 5e-324, math.inf, -math.inf, math.nan)
TENSORS = tuple(torch.zeros(4, 2, dtype=getattr(torch, name)) for name in
                ("float32", "float16", "bfloat16", "float64", "int8", "int16", "int32", "int64", "uint8", "uint16",
                 "uint32", "uint64", "bool", "float8_e5m2", "float8_e4m3fn"))
TUPLES = ((1, 2), (TENSORS[0], 16), Pair(TENSORS[4], 1), (1.5, (None, True, (2**40, TENSORS[2]))), ())
VALUES = (*INTEGERS, *FLOATS, True, False, None, *TENSORS, *TUPLES)


@pytest.fixture(scope="module")
def kernels(tmp_path_factory):
    """(annotation, whether specialised, the function) for each way to declare the parameter v."""
    path = tmp_path_factory.mktemp("kernels") / "annotated.py"
    text = ["import triton", "import triton.language as tl"]
    for number, (annotation, specialised) in enumerate(itertools.product(ANNOTATIONS, (True, False))):
        option = "" if specialised else "(do_not_specialize=['v'], do_not_specialize_on_alignment=['v'])"
        text += ["", "", f"@triton.jit{option}", f"def kernel_{number}(v{': ' + annotation if annotation else ''}):",
                 "    pass"]
    path.write_text("\n".join(text) + "\n")
    spec = importlib.util.spec_from_file_location("annotated", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return [(annotation, getattr(module, f"kernel_{number}"))
            for number, (annotation, _) in enumerate(itertools.product(ANNOTATIONS, (True, False)))]


def by_triton(function, value):
    """(signature, constants) with which Triton would compile the function for a launch with the value."""
    backend = RblncBackend(GPUTarget("rblnc", "rbln-ca22", 1))
    binder = jit.create_function_from_signature(function.signature, function.params, backend)
    bound, specialisation, options = binder(value)
    _, signature, constants, _ = function._pack_args(backend, {}, bound, specialisation, options)
    return signature, constants


def by_rblnc(function, value):
    special = _specialise.specialise(function, {"v": value})
    return special.signature, special.constants


def same(decided, expected):
    """Equal, with the types of constants, and nan equal to itself."""
    return decided[0] == expected[0] and type(decided[0]["v"]) is type(expected[0]["v"]) \
        and repr(decided[1]) == repr(expected[1])


def test_every_annotation_with_every_value(kernels):
    differ = []
    for (annotation, function), value in itertools.product(kernels, VALUES):
        decided, expected = by_rblnc(function, value), by_triton(function, value)
        if not same(decided, expected):
            differ.append((annotation, value, decided, expected))
    assert len(kernels) * len(VALUES) > 6000
    assert not differ, f"{len(differ)} differ, first {differ[:5]}"


def test_numbers_of_numpy_and_torch(kernels):
    held = [getattr(np, name)(value) for name in ("bool", "int8", "uint8", "int32", "uint32", "int64", "uint64", "float16",
                                                 "float32", "float64") for value in (0, 1, 16, 100)]
    held += [np.array(value) for value in (1, 2**40, 1.5, True)]
    held += [torch.tensor(value, dtype=getattr(torch, name)) for name in
             ("bool", "int8", "uint8", "int32", "int64", "float16", "bfloat16", "float32", "float64")
             for value in (0, 1, 100)]
    differ = [(annotation, value) for (annotation, function), value in itertools.product(kernels, held)
              if not same(by_rblnc(function, value), by_triton(function, value.item()))]
    assert not differ, f"{len(differ)} differ, first {differ[:5]}"


@pytest.mark.parametrize("value", [2**64, -2**63 - 1])
def test_integers_that_no_type_holds(kernels, value):
    with pytest.raises(OverflowError, match=f"v is {value}, which no integer type of 64 bits holds"):
        by_rblnc(kernels[0][1], value)


@pytest.mark.parametrize("value", ["text", 1j, [1], {}, object()])
def test_what_is_no_argument(kernels, value):
    with pytest.raises(TypeError, match="v is .*; expected a tensor, an array, a TensorSpec, a number or a tuple"):
        by_rblnc(kernels[0][1], value)


# ---------------------------------------------------------------------------------------------------------------------
# The doors
# ---------------------------------------------------------------------------------------------------------------------


@rblnc.triton.jit
def plain(o, v, N: tl.constexpr):
    tl.store(tl.make_block_ptr(o, (N, ), (1, ), (0, ), (N, ), (0, )), tl.full((N, ), 0, tl.int64) + (v + v))


@rblnc.triton.jit
def wide(o, v: tl.int64, N: tl.constexpr):
    tl.store(tl.make_block_ptr(o, (N, ), (1, ), (0, ), (N, ), (0, )), tl.full((N, ), 0, tl.int64) + (v + v))


@rblnc.triton.jit
def narrow(o, v: "u8", N: tl.constexpr):
    tl.store(tl.make_block_ptr(o, (N, ), (1, ), (0, ), (N, ), (0, )), tl.full((N, ), 0, tl.int64) + (v + v))


@rblnc.triton.jit(do_not_specialize=["v"])
def never_constant(o, v, N: tl.constexpr):
    tl.store(tl.make_block_ptr(o, (N, ), (1, ), (0, ), (N, ), (0, )), tl.full((N, ), 0, tl.int64) + (v + v))


@rblnc.torch_op("specialised::doubled", schema="(Tensor(a!) o, Scalar v, int kernel) -> ()", mutates_args=("o", ))
def doubled(o, v, kernel):
    rblnc.launch(KERNELS[kernel], o, v, N=o.shape[0])


KERNELS = (plain, wide, narrow, never_constant)
DOORS = {
    "launch": lambda kernel, o, v: rblnc.launch(kernel, o, v, N=4),
    "warmup": lambda kernel, o, v: rblnc.warmup(kernel, o, v, N=4)(o, v, 4),
    "warmup by the passed": lambda kernel, o, v: rblnc.warmup(kernel, o, v, N=4)(o, v),
    "keywords": lambda kernel, o, v: rblnc.launch(kernel, v=v, o=o, N=4),
    "grid": lambda kernel, o, v: kernel[(1, )](o, v, N=4),
    "grid and keywords": lambda kernel, o, v: kernel[(1, )](o=o, v=v, N=4),
    "stock": lambda kernel, o, v: stock(kernel)[(1, )](o, getattr(v, "item", lambda: v)(), N=4),
    "operator": lambda kernel, o, v: doubled(o, getattr(v, "item", lambda: v)(), KERNELS.index(kernel)),
}


def stock(kernel):
    """The same function jitted by Triton itself."""
    return triton.jit(kernel.fn, do_not_specialize=kernel.do_not_specialize)


def wrapped(value, bits, signed=True):
    value &= (1 << bits) - 1
    return value - (1 << bits) if signed and value >> bits - 1 else value


def doubled_by(kernel, value):
    """2 * value in the type that the parameter has."""
    value = int(value)
    bits, signed = {wide: (64, True), narrow: (8, False)}.get(kernel, (32 if -2**31 <= value < 2**31 else 64, True))
    if kernel is plain and value == 1:
        return 2
    return wrapped(wrapped(2 * value, bits, signed), 64)


CASES = [(kernel, value) for kernel in KERNELS
         for value in (1, 16, 200, np.int64(77), torch.tensor(90), 2**31 - 1, np.int64(2**31 - 1), -2**31, 2**31, 2**62)
         if kernel is not narrow or int(value) < 256 and int(value) > 0]


@pytest.mark.parametrize("door", DOORS)
def test_doors_compute_in_the_same_type(door):
    from rblnc import backend
    with backend.active():
        for kernel, value in CASES:
            o = torch.zeros(4, dtype=torch.int64)
            DOORS[door](kernel, o, value)
            assert o.tolist() == [doubled_by(kernel, value)] * 4, (kernel.__name__, value)


@pytest.mark.parametrize("kernel", KERNELS, ids=lambda kernel: kernel.__name__)
@pytest.mark.parametrize("value", [1, 5, 2**40])
def test_printed_and_launched_text_are_the_same(kernel, value):
    if kernel is narrow and value > 255:
        pytest.skip("the launch refuses it")
    o = torch.zeros(4, dtype=torch.int64)
    text = rblnc.ttir(kernel, o, value, N=4)
    assert rblnc.warmup(kernel, o, value, N=4).ttir == text
    from rblnc import backend
    with backend.active():
        assert stock(kernel).warmup(o, value, N=4, grid=(1, )).asm["ttir"] == text
