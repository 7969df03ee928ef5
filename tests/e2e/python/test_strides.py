"""Tensors that are transposed, sliced, expanded or negated, read, written and both, through every way in.

The kernels use a part of their arrays, so that what they do not write must keep its values, and so must the memory around
a slice.
"""
import numpy as np
import pytest
import torch
import triton as stock

import rblnc
from rblnc import host, triton
from rblnc.triton import language as tl

# Types and extents that the vendor's compiler does not take are what this is about.
pytestmark = pytest.mark.filterwarnings("ignore::rblnc.CompileWarning")
ROWS, COLUMNS, USED = 8, 24, 5
DTYPES = {torch.float32: np.float32, torch.float16: np.float16, torch.bfloat16: None, torch.int64: np.int64,
          torch.int32: np.int32, torch.int16: np.int16, torch.int8: np.int8}


@triton.jit
def blend(x, both, output, ROWS: tl.constexpr, COLUMNS: tl.constexpr, USED: tl.constexpr):
    x_ptr = tl.make_block_ptr(base=x, shape=(ROWS, COLUMNS), strides=(COLUMNS, 1), offsets=(0, 0),
                              block_shape=(USED, COLUMNS), order=(1, 0))
    both_ptr = tl.make_block_ptr(base=both, shape=(ROWS, COLUMNS), strides=(COLUMNS, 1), offsets=(0, 0),
                                 block_shape=(USED, COLUMNS), order=(1, 0))
    output_ptr = tl.make_block_ptr(base=output, shape=(ROWS, COLUMNS), strides=(COLUMNS, 1), offsets=(0, 0),
                                   block_shape=(USED, COLUMNS), order=(1, 0))
    value = tl.load(x_ptr)
    tl.store(output_ptr, value + value)
    tl.store(both_ptr, value + tl.load(both_ptr))


stock_blend = stock.jit(blend.fn)


@stock.jit
def tiles_by_strides(x, output, M: tl.constexpr, N: tl.constexpr, X0: tl.constexpr, X1: tl.constexpr,
                     OUT0: tl.constexpr, OUT1: tl.constexpr):
    i = tl.arange(0, M)[:, None]
    j = tl.arange(0, N)[None, :]
    tl.store(output + i * OUT0 + j * OUT1, tl.load(x + i * X0 + j * X1))


@stock.jit
def blocks_by_strides(x, output, M: tl.constexpr, N: tl.constexpr, X0: tl.constexpr, X1: tl.constexpr,
                      OUT0: tl.constexpr, OUT1: tl.constexpr):
    x_ptr = tl.make_block_ptr(base=x, shape=(M, N), strides=(X0, X1), offsets=(0, 0), block_shape=(M, N), order=(1, 0))
    output_ptr = tl.make_block_ptr(base=output, shape=(M, N), strides=(OUT0, OUT1), offsets=(0, 0), block_shape=(M, N),
                                   order=(1, 0))
    tl.store(output_ptr, tl.load(x_ptr))


@stock.jit
def tiles_by_arguments(x, output, M: tl.constexpr, N: tl.constexpr, x0, x1, out0, out1):
    i = tl.arange(0, M)[:, None]
    j = tl.arange(0, N)[None, :]
    tl.store(output + i * out0 + j * out1, tl.load(x + i * x0 + j * x1))


@stock.jit
def flat(x, output, COUNT: tl.constexpr):
    i = tl.arange(0, COUNT)
    tl.store(output + i, tl.load(x + i))


def numbers(shape, dtype, seed=0):
    return torch.randint(-9, 9, shape, generator=torch.Generator().manual_seed(seed)).to(dtype)


# By kind: (memory, a view of it of the shape).
KINDS = {
    "row-major": lambda shape, make: (memory := make(shape), memory),
    "transposed": lambda shape, make: (memory := make(shape[::-1]), memory.T),
    "columns of a wider one": lambda shape, make: (memory := make((shape[0], shape[1] + 16)), memory[:, 7:7 + shape[1]]),
    "every other": lambda shape, make: (memory := make((2 * shape[0], 3 * shape[1])), memory[1::2, ::3]),
    "column of pairs": lambda shape, make: (memory := make((*shape, 2)), memory[..., 1]),
}
READ_KINDS = {
    **KINDS, "one row": lambda shape, make: (memory := make((1, shape[1])), memory.expand(shape)),
    "one element": lambda shape, make: (memory := make((1, 1)), memory.expand(shape)),
}


def expected(x, both, output):
    both, output = both.clone(), output.clone()
    both[:USED] += x[:USED]
    output[:USED] = x[:USED] + x[:USED]
    return both, output


def through(door, x, both, output):
    sizes = dict(ROWS=ROWS, COLUMNS=COLUMNS, USED=USED)
    if door == "launch":
        rblnc.launch(blend, x, both, output, **sizes)
    elif door == "brackets":
        blend[(1, )](x, both, output, **sizes)
    elif door == "Triton's brackets":
        stock_blend[(1, )](x, both, output, **sizes)
    elif door == "warmed up with it":
        blend.warmup(x, both, output, **sizes, grid=(1, ))(x, both, output)
    elif door == "warmed up with row-major tensors":
        whole = rblnc.TensorSpec((ROWS, COLUMNS), str(x.dtype).removeprefix("torch."))
        blend.warmup(whole, whole, whole, **sizes, grid=(1, ))(x, both, output)
    elif door == "warmed up with types":
        blend.warmup(x.dtype, x.dtype, x.dtype, **sizes, grid=(1, ))(x, both, output)
    elif door == "write_rtosa":
        host.write_rtosa(blend.warmup(x, both, output, **sizes, grid=(1, )), (x, both, output))
    elif door == "operator":
        torch.ops.rblnc_test.blend(x, both, output)
    else:
        torch._dynamo.reset()
        call = torch.ops.rblnc_test.blend if door == "compiled operator" else torch.ops.rblnc_test.traced_blend
        torch.compile(lambda *tensors: call(*tensors), backend="aot_eager", fullgraph=True)(x, both, output)


@rblnc.torch_op("rblnc_test::blend", mutates_args=("both", "output"))
def blend_operator(x: torch.Tensor, both: torch.Tensor, output: torch.Tensor) -> None:
    rblnc.launch(blend, x, both, output, ROWS=ROWS, COLUMNS=COLUMNS, USED=USED)


@torch.library.triton_op("rblnc_test::traced_blend", mutates_args=("both", "output"))
def traced_blend(x: torch.Tensor, both: torch.Tensor, output: torch.Tensor) -> None:
    arguments = [x, both, output, ROWS, COLUMNS, USED]
    host.write_rtosa(blend.warmup(*arguments, grid=(1, )), arguments)


DOORS = ["launch", "brackets", "Triton's brackets", "warmed up with it", "warmed up with row-major tensors",
         "warmed up with types", "write_rtosa", "operator", "compiled operator", "compiled triton_op"]


def check(door, dtype, x_kind, both_kind, output_kind):
    x = READ_KINDS[x_kind]((ROWS, COLUMNS), lambda shape: numbers(shape, dtype, 1))[1]
    both_memory, both = KINDS[both_kind]((ROWS, COLUMNS), lambda shape: numbers(shape, dtype, 2))
    output_memory, output = KINDS[output_kind]((ROWS, COLUMNS), lambda shape: numbers(shape, dtype, 3))
    before = x.clone()
    wanted = expected(x, both, output)
    # The memory with what belongs into the views, and all else as it was.
    memories = [memory.clone() for memory in (both_memory, output_memory)]
    for memory, view, values in zip(memories, (both, output), wanted):
        memory.as_strided(view.shape, view.stride(), view.storage_offset()).copy_(values)
    through(door, x, both, output)
    assert torch.equal(x, before)
    assert torch.equal(both, wanted[0]) and torch.equal(output, wanted[1])
    assert torch.equal(both_memory, memories[0]) and torch.equal(output_memory, memories[1])


@pytest.mark.parametrize("kind", READ_KINDS)
@pytest.mark.parametrize("dtype", DTYPES, ids=str)
def test_types(dtype, kind):
    written = kind if kind in KINDS else "transposed"
    check("launch", dtype, kind, written, written)


@pytest.mark.parametrize("kind", READ_KINDS)
@pytest.mark.parametrize("door", DOORS)
def test_doors(door, kind):
    check(door, torch.float32, kind, kind if kind in KINDS else "row-major", "transposed")


ARRAYS = {
    "Fortran order": lambda array: np.asfortranarray(array),
    "backwards": lambda array: array[::-1, ::-1].copy()[::-1, ::-1],
    "rows backwards": lambda array: array[::-1].copy()[::-1],
    "every other": lambda array: np.repeat(np.repeat(array, 2, 0), 3, 1)[::2, ::3],
    "field": lambda array: (record := np.zeros(array.shape, [("v", array.dtype), ("other", np.int8)]),
                            record.__setitem__("v", array), record["v"])[2],
}


@pytest.mark.parametrize("kind", ARRAYS)
@pytest.mark.parametrize("dtype", [dtype for dtype in DTYPES.values() if dtype], ids=lambda dtype: dtype.__name__)
def test_numpy_arrays(dtype, kind):
    x, both, output = (ARRAYS[kind](np.random.default_rng(seed).integers(-9, 9, (ROWS, COLUMNS)).astype(dtype))
                       for seed in range(3))
    wanted = expected(*(torch.from_numpy(array.copy()) for array in (x, both, output)))
    rblnc.launch(blend, x, both, output, ROWS=ROWS, COLUMNS=COLUMNS, USED=USED)
    assert np.array_equal(both, wanted[0].numpy()) and np.array_equal(output, wanted[1].numpy())
    blend[(1, )](x, both, output, ROWS=ROWS, COLUMNS=COLUMNS, USED=USED)
    assert np.array_equal(both[:USED], wanted[0].numpy()[:USED] + x[:USED])


class Foreign:
    """A tensor of a library that only speaks DLPack."""

    def __init__(self, tensor):
        self._tensor = tensor

    def __dlpack__(self, **options):
        return self._tensor.__dlpack__(**options)

    def __dlpack_device__(self):
        return self._tensor.__dlpack_device__()


@pytest.mark.parametrize("kind", KINDS)
def test_dlpack(kind):
    x, both, output = (KINDS[kind]((ROWS, COLUMNS), lambda shape: numbers(shape, torch.float32, seed))[1]
                       for seed in range(3))
    wanted = expected(x, both, output)
    rblnc.launch(blend, Foreign(x), Foreign(both), Foreign(output), ROWS=ROWS, COLUMNS=COLUMNS, USED=USED)
    assert torch.equal(both, wanted[0]) and torch.equal(output, wanted[1])
    blend[(1, )](Foreign(x), Foreign(both), Foreign(output), ROWS=ROWS, COLUMNS=COLUMNS, USED=USED)
    assert torch.equal(both[:USED], wanted[0][:USED] + x[:USED])


@pytest.mark.parametrize("door", ["launch", "Triton's brackets"])
def test_negated_views(door):
    """PyTorch negates such a view when it is read: the imaginary part of a conjugate is one."""
    complexes = [torch.view_as_complex(numbers((ROWS, COLUMNS, 2), torch.float32, seed)).conj() for seed in range(3)]
    x, both, output = (values.imag for values in complexes)
    assert x.is_neg()
    wanted = expected(x, both, output)
    through(door, x, both, output)
    assert torch.equal(both, wanted[0]) and torch.equal(output, wanted[1])
    plain = torch._neg_view(numbers((ROWS, COLUMNS), torch.float32))
    out = torch.zeros(ROWS, COLUMNS)
    through(door, plain, out.clone(), out)
    assert torch.equal(out[:USED], 2 * plain[:USED])


@pytest.mark.parametrize("shape", [(16, 32), (16, 16)], ids=str)
@pytest.mark.parametrize("kernel", [tiles_by_strides, blocks_by_strides, tiles_by_arguments],
                         ids=["pointers", "block pointers", "arguments"])
@pytest.mark.parametrize("output_kind", KINDS)
@pytest.mark.parametrize("x_kind", READ_KINDS)
def test_a_kernel_with_the_strides_of_its_tensors(x_kind, output_kind, kernel, shape):
    x = READ_KINDS[x_kind](shape, lambda shape: numbers(shape, torch.float32, 1))[1]
    memory, output = KINDS[output_kind](shape, lambda shape: numbers(shape, torch.float32, 2))
    wanted = memory.clone()
    wanted.as_strided(shape, output.stride(), output.storage_offset()).copy_(x)
    kernel[(1, )](x, output, *shape, *x.stride(), *output.stride())
    assert torch.equal(memory, wanted)
    memory.zero_()
    rblnc.launch(kernel, x, output, *shape, *x.stride(), *output.stride())
    assert torch.equal(output, x)


def test_a_flat_kernel_counts_elements():
    x = numbers((2, 4, 4, 8), torch.float32)
    last, output = x.to(memory_format=torch.channels_last), torch.zeros(2, 4, 4, 8)
    flat[(1, )](last, output, x.numel())
    assert torch.equal(output, x)
    output = torch.zeros_like(last)
    flat[(1, )](x, output, x.numel())
    assert torch.equal(output, x) and output.is_contiguous(memory_format=torch.channels_last)


def test_autograd_and_inference_mode():
    x, leaf = numbers((COLUMNS, ROWS), torch.float32).t(), torch.zeros(COLUMNS, ROWS).t()
    version = leaf._version
    sizes = dict(ROWS=ROWS, COLUMNS=COLUMNS, USED=USED)
    rblnc.launch(blend, x.clone().requires_grad_().t().contiguous().t(), leaf.clone(), leaf, **sizes)
    assert leaf._version > version and torch.equal(leaf[:USED], 2 * x[:USED])
    with torch.inference_mode():
        inside = torch.zeros(COLUMNS, ROWS).t()
    rblnc.launch(blend, x, leaf.clone(), inside, **sizes)
    assert torch.equal(inside[:USED], 2 * x[:USED])


@pytest.mark.parametrize("other", ["itself", "its transpose", "shifted", "reversed"])
def test_what_is_read_is_as_it_was_before_the_call(other):
    memory = numbers((12 * 12 + 12, ), torch.float32)
    output = memory[:144].view(12, 12)
    x = {"itself": output, "its transpose": output.t(), "shifted": memory[12:].view(12, 12),
         "reversed": np.lib.stride_tricks.as_strided(memory.numpy()[143:], (12, 12), (-48, -4))}[other]
    before = torch.from_numpy(np.array(x))
    both = torch.zeros(12, 12)
    rblnc.launch(blend, x, both, output, ROWS=12, COLUMNS=12, USED=12)
    assert torch.equal(output, 2 * before) and torch.equal(both, before)


def test_views_that_lie_between_each_other_are_written_apart():
    pairs = torch.zeros(ROWS, COLUMNS, 2)
    x = numbers((ROWS, COLUMNS), torch.float32)
    rblnc.launch(blend, x, pairs[..., 0], pairs[..., 1], ROWS=ROWS, COLUMNS=COLUMNS, USED=USED)
    assert torch.equal(pairs[:USED, :, 0], x[:USED]) and torch.equal(pairs[:USED, :, 1], 2 * x[:USED])
