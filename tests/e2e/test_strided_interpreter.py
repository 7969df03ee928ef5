"""Tensors with any strides under Triton's interpreter: block pointers see their elements in row-major order."""
import pytest

torch = pytest.importorskip("torch", reason="PyTorch is not installed; Triton's interpreter needs it")
pytest.importorskip("triton", reason="Triton is not installed")

import kernels.rblib  # noqa: E402,F401  makes rblnc of this tree importable
from rblnc import triton  # noqa: E402
from rblnc.triton import language as tl  # noqa: E402

ROWS, COLUMNS, USED = 8, 24, 5


@triton.jit
def blend(x, both, output, ROWS: tl.constexpr, COLUMNS: tl.constexpr, USED: tl.constexpr, S0: tl.constexpr,
          S1: tl.constexpr):
    xp = tl.make_block_ptr(x, (ROWS, COLUMNS), (S0, S1), (0, 0), (USED, COLUMNS), (1, 0))
    bp = tl.make_block_ptr(both, (ROWS, COLUMNS), (COLUMNS, 1), (0, 0), (USED, COLUMNS), (1, 0))
    op = tl.make_block_ptr(output, (ROWS, COLUMNS), (COLUMNS, 1), (0, 0), (USED, COLUMNS), (1, 0))
    value = tl.load(xp)
    tl.store(op, value + value)
    tl.store(bp, value + tl.load(bp))


@triton.jit
def flat(x, output, COUNT: tl.constexpr):
    i = tl.arange(0, COUNT)
    tl.store(output + i, tl.load(x + i))


VIEWS = {
    "row-major": lambda make: make(ROWS, COLUMNS),
    "transposed": lambda make: make(COLUMNS, ROWS).T,
    "slice": lambda make: make(ROWS, COLUMNS + 16)[:, 7:7 + COLUMNS],
    "every other": lambda make: make(2 * ROWS, 3 * COLUMNS)[1::2, ::3],
}
READ_VIEWS = {**VIEWS, "one row": lambda make: make(1, COLUMNS).expand(ROWS, COLUMNS),
              "one element": lambda make: make(1, 1).expand(ROWS, COLUMNS)}


@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16, torch.int8], ids=str)
@pytest.mark.parametrize("written", VIEWS)
@pytest.mark.parametrize("read", READ_VIEWS)
def test_views(read, written, dtype):
    generator = torch.Generator().manual_seed(3)

    def make(*shape):
        return torch.randint(-9, 9, shape, generator=generator).to(dtype)

    x, both, output = READ_VIEWS[read](make), VIEWS[written](make), VIEWS[written](make)
    around = both._base if both._base is not None else both
    for own in (False, True):
        want_both, want_output, untouched = both.clone(), output.clone(), around.clone()
        want_both[:USED] += x[:USED]
        want_output[:USED] = x[:USED] + x[:USED]
        strides = x.stride() if own and read in VIEWS else (COLUMNS, 1)
        blend[(1, )](x, both, output, ROWS=ROWS, COLUMNS=COLUMNS, USED=USED, S0=strides[0], S1=strides[1])
        assert torch.equal(both, want_both) and torch.equal(output, want_output)
        if both._base is not None:
            inside = torch.zeros_like(around, dtype=torch.bool)
            inside.as_strided(both.shape, both.stride(), both.storage_offset())[:] = True
            assert torch.equal(around[~inside], untouched[~inside])


def test_elements_that_are_the_same_memory():
    x, shared = torch.ones(ROWS, COLUMNS), torch.zeros(1, COLUMNS).expand(ROWS, COLUMNS)
    with pytest.raises(Exception, match="writes an argument whose elements are the same memory"):
        blend[(1, )](x, shared, torch.zeros(ROWS, COLUMNS), ROWS=ROWS, COLUMNS=COLUMNS, USED=USED, S0=COLUMNS, S1=1)


def test_pointer_arithmetic_needs_row_major_order():
    with pytest.raises(Exception, match="only block pointers do: call .contiguous"):
        flat[(1, )](torch.zeros(8, 4).T, torch.zeros(32), COUNT=32)
