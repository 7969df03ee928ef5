"""Tensors whose strides are refused, and that each message says what to do."""
import pytest
import torch
import triton as stock

import rblnc
from rblnc.arguments import ArgumentError
from rblnc.triton import language as tl
from sample_kernels import scale, stock_scale
from test_strides import blend, tiles_by_strides

pytestmark = pytest.mark.filterwarnings("ignore::rblnc.CompileWarning")
X = torch.zeros(8, 64)


@stock.jit
def rows_of(x, output, M: tl.constexpr, N: tl.constexpr):
    for r in tl.static_range(0, M):
        j = tl.arange(0, N)
        tl.store(output + r * N + j, tl.load(x + r * N + j))


@stock.jit
def two_ways(x, output, M: tl.constexpr, N: tl.constexpr):
    i = tl.arange(0, M)[:, None]
    j = tl.arange(0, N)[None, :]
    tl.store(output + i * N + j, tl.load(x + i * N + j) + tl.load(x + i + j * M))


@pytest.mark.parametrize("call", [scale[(1, )], stock_scale[(1, )], lambda *args: rblnc.launch(scale, *args)],
                         ids=["brackets", "stock", "launch"])
@pytest.mark.parametrize("output", [torch.zeros(1, 64).expand(8, 64), torch.zeros(128).as_strided((8, 64), (8, 1))],
                         ids=["expanded", "overlapping"])
def test_a_result_whose_elements_are_the_same_memory(output, call):
    with pytest.raises(ArgumentError, match=r"output of scale has elements that are the same memory .*\.clone\(\)"):
        call(X, output, 1.0, 8, 64)


def test_two_results_in_the_same_memory():
    with pytest.raises(ArgumentError, match="both and output of blend share memory.*writes both: pass a copy"):
        rblnc.launch(blend, X[:, :24], X[:, :24], X[:, 8:32], ROWS=8, COLUMNS=24, USED=5)


def test_addresses_that_can_mean_both_orders():
    x = torch.zeros(16, 32).t()
    with pytest.raises(rblnc.CompileError, match=r"test_strides_errors\.py:\d+.*'x' has the shape.*can mean elements in "
                                                 r"row-major order as well as by these strides(.|\n)*x\.contiguous\(\)"
                                                 r"(.|\n)*RBLN-C013|RBLN-C013(.|\n)*x\.contiguous\(\)"):
        rows_of[(1, )](x, torch.zeros(32, 16), 32, 16)
    rows_of[(1, )](x.contiguous(), torch.zeros(32, 16), 32, 16)


def test_addresses_of_both_orders():
    with pytest.raises(rblnc.CompileError, match="elsewhere in row-major order"):
        two_ways[(1, )](torch.zeros(32, 16).t(), torch.zeros(16, 32), 16, 32)


def test_addresses_of_neither_order():
    with pytest.raises(rblnc.CompileError, match="neither in row-major order nor by these strides"):
        tiles_by_strides[(1, )](torch.zeros(32, 16).t(), torch.zeros(16, 32), 16, 32, 3, 50, 32, 1)
