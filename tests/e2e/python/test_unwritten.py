"""The warning of outputs that are left unwritten in part says what the memory says after a run."""
import re

import pytest
import torch

from rblnc import triton
from rblnc.triton import language as tl


@triton.jit
def tiles(x, o, R: tl.constexpr, C: tl.constexpr, T: tl.constexpr, U: tl.constexpr, ROWS: tl.constexpr,
          COLUMNS: tl.constexpr):
    for i in tl.static_range(ROWS):
        for j in tl.static_range(COLUMNS):
            xp = tl.make_block_ptr(x, (R, C), (C, 1), (i * T, j * U), (T, U), (1, 0))
            op = tl.make_block_ptr(o, (R, C), (C, 1), (i * T, j * U), (T, U), (1, 0))
            tl.store(op, tl.load(xp, boundary_check=(0, 1)), boundary_check=(0, 1))


@triton.jit
def pointers(x, o, R: tl.constexpr, C: tl.constexpr, T: tl.constexpr, U: tl.constexpr, ROWS: tl.constexpr,
             COLUMNS: tl.constexpr):
    for i in tl.static_range(ROWS):
        for j in tl.static_range(COLUMNS):
            r = i * T + tl.arange(0, T)[:, None]
            c = j * U + tl.arange(0, U)[None, :]
            mask = (r < R) & (c < C)
            tl.store(o + r * C + c, tl.load(x + r * C + c, mask=mask), mask=mask)


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("dtype", [torch.float32, torch.int8])
@pytest.mark.parametrize("rows, columns", [(3, 2), (2, 2), (3, 1), (1, 1)])
@pytest.mark.parametrize("kernel", [tiles, pointers])
def test_as_the_memory_says(kernel, rows, columns, dtype):
    x = torch.ones(70, 90, dtype=dtype)
    output = torch.full_like(x, 7)
    compiled = kernel.warmup(x, output, R=70, C=90, T=32, U=64, ROWS=rows, COLUMNS=columns, grid=(1, ))
    compiled(x, output)
    left = int((output == 7).sum())
    told = [str(warning) for warning in compiled.warnings if "RBLN-W033" in str(warning)]
    assert len(told) == (left > 0), told
    assert [int(re.search(r"(\d+) of its 6300 elements", text)[1]) for text in told] == [left] * (left > 0)
