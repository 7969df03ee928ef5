"""What a kernel may be called with besides tensors and numbers of the plain kind, at every door."""
import collections
import itertools

import numpy as np
import pytest
import rblnc
import torch
import triton
import triton.language as tl
from rblnc import backend
from triton.language.extra import libdevice

pytestmark = pytest.mark.filterwarnings("ignore::rblnc.CompileWarning")
Pair = collections.namedtuple("Pair", "left right")
DOORS = {
    "launch": lambda kernel, *args, **kwargs: rblnc.launch(kernel, *args, **kwargs),
    "warmup": lambda kernel, *args, **kwargs: rblnc.warmup(kernel, *args, **kwargs)(*args, **kwargs),
    "grid": lambda kernel, *args, **kwargs: rblnc.triton.jit(kernel.fn)[(1, )](*args, **kwargs),
    "stock": lambda kernel, *args, **kwargs: kernel[(1, )](*args, **kwargs),
}


@pytest.fixture(params=DOORS)
def door(request):
    with backend.active():
        yield DOORS[request.param]


# ---------------------------------------------------------------------------------------------------------------------
# Strides and extents at run time
# ---------------------------------------------------------------------------------------------------------------------


@triton.jit
def copy_by_strides(x, xm, xn, o, om, on, M: tl.constexpr, N: tl.constexpr):
    i = tl.arange(0, M)[:, None]
    j = tl.arange(0, N)[None, :]
    tl.store(o + i * om + j * on, tl.load(x + i * xm + j * xn))


@triton.jit
def copy_by_extents(x, o, n, m, B: tl.constexpr):
    block = tl.load(tl.make_block_ptr(x, (n, m), (m, 1), (0, 0), (B, B), (1, 0)), boundary_check=(0, 1))
    tl.store(tl.make_block_ptr(o, (n, m), (m, 1), (0, 0), (B, B), (1, 0)), block, boundary_check=(0, 1))


def test_strides_as_numbers(door):
    """Rows and columns of both arrays, the same kernel with other strides among them."""
    for (rows, columns), transposed in itertools.product([(8, 16), (16, 32)], [False, True]):
        x, o = torch.randn(rows, columns), torch.zeros(rows, columns)
        strides = (1, rows) if transposed else (columns, 1)
        door(copy_by_strides, x, *strides, o, columns, 1, M=rows, N=columns)
        expected = x.reshape(columns, rows).T if transposed else x
        assert torch.equal(o, expected)


def test_extents_as_numbers(door):
    for rows, columns in [(5, 7), (8, 8), (7, 5), (1, 3)]:
        x, o = torch.randn(rows, columns), torch.zeros(rows, columns)
        door(copy_by_extents, x, o, rows, columns, B=8)
        assert torch.equal(o, x)


def test_a_bound_number_is_checked():
    x, o = torch.randn(5, 7), torch.zeros(5, 7)
    compiled = rblnc.warmup(copy_by_extents, x, o, 5, 7, B=8)
    compiled(x, o)
    compiled(x, o, 5, 7)
    assert torch.equal(o, x)
    with pytest.raises(ValueError, match="was compiled for n=5, not 6"):
        compiled(x, o, 6, 7)


# ---------------------------------------------------------------------------------------------------------------------
# Reinterpreted and unsigned arrays
# ---------------------------------------------------------------------------------------------------------------------

REINTERPRETED = {"int8": "int8", "uint8": "uint8", "int16": "int16", "uint16": "uint16", "int32": "int32",
                 "uint32": "uint32", "int64": "int64", "uint64": "uint64", "fp16": "float16", "bf16": "bfloat16",
                 "fp32": "float32"}
SIZES = {name: torch.empty(0, dtype=getattr(torch, dtype)).element_size() for name, dtype in REINTERPRETED.items()}
SEEN = {"int8": tl.int8, "uint8": tl.uint8, "int16": tl.int16, "uint16": tl.uint16, "int32": tl.int32,
        "uint32": tl.uint32, "int64": tl.int64, "uint64": tl.uint64, "fp16": tl.float16, "bf16": tl.bfloat16,
        "fp32": tl.float32}


@triton.jit
def copy(x, o, N: tl.constexpr):
    tl.store(o + tl.arange(0, N), tl.load(x + tl.arange(0, N)))


@triton.jit
def below(x, o, N: tl.constexpr):
    tl.store(o + tl.arange(0, N), (tl.load(x + tl.arange(0, N)) < 0).to(tl.int32))


@pytest.mark.parametrize("seen", REINTERPRETED)
def test_every_pair_of_types_copies_the_bits(seen):
    """11 x 11 pairs. The bytes of the stored array, in elements of the other type."""
    for stored in REINTERPRETED.values():
        data = torch.arange(32, dtype=torch.uint8).view(getattr(torch, stored))
        o = torch.zeros(32, dtype=torch.uint8).view(getattr(torch, stored))
        rblnc.launch(copy, triton.reinterpret(data, SEEN[seen]), triton.reinterpret(o, SEEN[seen]), N=32 // SIZES[seen])
        assert o.view(torch.uint8).tolist() == list(range(32)), stored


def test_the_sign_is_that_of_the_type_seen(door):
    x, o = torch.tensor([1.0, -0.0, -3.0, 0.0]), torch.zeros(4, dtype=torch.int32)
    door(below, triton.reinterpret(x, tl.int32), o, N=4)
    assert o.tolist() == [0, 1, 1, 0]
    door(below, triton.reinterpret(x, tl.uint32), o, N=4)
    assert o.tolist() == [0, 0, 0, 0]


@triton.jit
def shift(x, o, N: tl.constexpr):
    tl.store(o + tl.arange(0, N), tl.load(x + tl.arange(0, N)) >> 1)


@pytest.mark.parametrize("dtype", ["uint8", "uint16", "uint32", "uint64", "int8", "int16", "int32", "int64"])
def test_integers_with_and_without_sign(door, dtype):
    info = torch.iinfo(getattr(torch, dtype))
    values = [info.max, info.min, 2, info.max - 3]
    x, o = torch.tensor(values, dtype=getattr(torch, dtype)), torch.zeros(4, dtype=getattr(torch, dtype))
    door(shift, x, o, N=4)
    assert o.tolist() == [value >> 1 for value in values]


def test_numpy_integers_without_sign():
    for dtype in (np.uint16, np.uint32, np.uint64):
        x, o = np.array([np.iinfo(dtype).max, 4], dtype), np.zeros(2, dtype)
        rblnc.launch(shift, x, o, N=2)
        assert o.tolist() == [int(x[0]) >> 1, 2]


def test_another_sign_than_compiled_for():
    signed = torch.zeros(4, dtype=torch.int16)
    compiled = rblnc.warmup(shift, signed, signed, N=4)
    with pytest.raises(TypeError, match="holds uint16; the kernel was compiled for int16"):
        compiled(signed.view(torch.uint16), signed)


# ---------------------------------------------------------------------------------------------------------------------
# Tuples
# ---------------------------------------------------------------------------------------------------------------------


@triton.jit
def add(pair, o, N: tl.constexpr):
    i = tl.arange(0, N)
    tl.store(o + i, tl.load(pair[0] + i) + tl.load(pair[1] + i))


@triton.jit
def add_named(pair, o, N: tl.constexpr):
    i = tl.arange(0, N)
    tl.store(o + i, tl.load(pair.left + i) * pair.right)


@triton.jit
def add_nested(nested, o, N: tl.constexpr):
    i = tl.arange(0, N)
    tl.store(nested[1][1] + i, tl.load(nested[0] + i) + nested[1][0] + nested[2])
    tl.store(o + i, tl.load(nested[0] + i))


@triton.jit
def rows_of(x, strides, o, M: tl.constexpr, N: tl.constexpr):
    i, j = tl.arange(0, M)[:, None], tl.arange(0, N)[None, :]
    tl.store(o + i * N + j, tl.load(x + i * strides[0] + j * strides[1]))


def test_tuples(door):
    x, y, o, p = torch.randn(16), torch.randn(16), torch.zeros(16), torch.zeros(16)
    door(add, (x, y), o, N=16)
    assert torch.equal(o, x + y)
    door(add_named, Pair(x, 3), o, N=16)
    assert torch.equal(o, x * 3)
    door(add_named, Pair(x, 1), o, N=16)
    assert torch.equal(o, x)
    door(add_nested, (x, (2.5, p), 7), o, N=16)
    assert torch.equal(o, x) and torch.equal(p, x + 2.5 + 7)


def test_strides_in_a_tuple(door):
    x, o = torch.randn(8, 16), torch.zeros(8, 16)
    door(rows_of, x, (16, 1), o, M=8, N=16)
    assert torch.equal(o, x)
    door(rows_of, x, (1, 8), o, M=8, N=16)
    assert torch.equal(o, x.reshape(16, 8).T)


def test_a_tuple_of_another_length():
    x, o = torch.randn(16), torch.zeros(16)
    compiled = rblnc.warmup(add, (x, x), o, N=16)
    with pytest.raises(TypeError, match="argument pair of add is a tuple of 2 elements, not 3"):
        compiled((x, x, x), o)


# ---------------------------------------------------------------------------------------------------------------------
# Products and functions
# ---------------------------------------------------------------------------------------------------------------------


@triton.jit
def product(a, b, o, PRECISION: tl.constexpr, N: tl.constexpr):
    p = tl.arange(0, N)[:, None] * N + tl.arange(0, N)[None, :]
    tl.store(o + p, tl.dot(tl.load(a + p), tl.load(b + p), input_precision=PRECISION))


@pytest.mark.parametrize("precision", ["tf32", "tf32x3", "bf16x3", "bf16x6", "TF32", "ieee", None])
def test_products_are_as_exact_as_ieee(door, precision):
    torch.manual_seed(0)
    a, b = torch.randn(16, 16), torch.randn(16, 16)
    exact, o = torch.zeros(16, 16), torch.zeros(16, 16)
    door(product, a, b, exact, "ieee", N=16)
    door(product, a, b, o, precision, N=16)
    assert torch.equal(o, exact)
    assert torch.allclose(o.double(), a.double() @ b.double(), atol=1e-5)


def test_an_unknown_precision():
    a = torch.zeros(16, 16)
    with pytest.raises(triton.CompilationError) as error:
        rblnc.warmup(product, a, a, a, "fp8x2", N=16)
    assert "input_precision is 'fp8x2'; known are" in str(error.value.__cause__)


@triton.jit
def from_library(x, o, N: tl.constexpr):
    tl.store(o + tl.arange(0, N), libdevice.j0(tl.load(x + tl.arange(0, N))))


def test_a_library_function_reaches_the_compiler_by_its_name(door):
    """One that the compiler does not have; nothing dies in the front end."""
    x = torch.ones(4)
    with pytest.raises(rblnc.CompileError, match="'__nv_j0f'.*RBLN-C003"):
        door(from_library, x, x, N=4)
