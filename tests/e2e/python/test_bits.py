"""Operations that compute nothing keep every bit of a float, and what is computed does not depend on who knows it."""
import pytest
import torch

import rblnc
import moving_kernels as kernels
from rblnc.triton import language as tl

N = 256
KINDS = {"float16": (torch.float16, torch.int16, tl.int16), "bfloat16": (torch.bfloat16, torch.int16, tl.int16),
         "float32": (torch.float32, torch.int32, tl.int32)}
PLAIN = ("copy", "choose", "masked", "padded", "there_and_back", "flat", "reduced")

pytestmark = pytest.mark.filterwarnings("ignore::rblnc.runtime.CompileWarning")


def patterns(name):
    """N by N floats: every pattern of 16 bits; of 32 bits every upper half, so NaNs of every kind."""
    number = torch.arange(N * N, dtype=torch.int64)
    if name == "float32":
        number = (number << 16) | ((number * 40503) & 0xffff)
    kind, integer, _ = KINDS[name]
    return number.to(integer).reshape(N, N).view(kind)


def changed(got, want, integer):
    return int((got.view(integer) != want.view(integer)).sum())


@pytest.mark.parametrize("name", KINDS)
@pytest.mark.parametrize("kernel", PLAIN)
def test_moves(kernel, name):
    kind, integer, _ = KINDS[name]
    x = patterns(name)
    o = torch.ones_like(x)
    rblnc.launch(getattr(kernels, kernel), x, o, N=N)
    assert changed(o, x, integer) == 0


@pytest.mark.parametrize("name", ["float16", "bfloat16"])
@pytest.mark.parametrize("kernel", PLAIN)
def test_moves_of_16_bits_under_device_numerics(kernel, name):
    x = patterns(name)
    o = torch.ones_like(x)
    getattr(kernels, kernel).warmup(x, o, N=N)(x, o, numerics="device")
    assert changed(o, x, KINDS[name][1]) == 0


@pytest.mark.parametrize("name", KINDS)
def test_bitcasts(name):
    kind, integer, there = KINDS[name]
    x = patterns(name)
    o, bits = torch.ones_like(x), torch.zeros_like(x.view(integer))
    rblnc.launch(kernels.through_integers, x, o, N=N, KIND=there)
    rblnc.launch(kernels.to_integers, x, bits, N=N, KIND=there)
    assert changed(o, x, integer) == 0 and torch.equal(bits, x.view(integer))


@pytest.mark.parametrize("name", KINDS)
@pytest.mark.parametrize("row", [0, 17])
def test_insert(name, row, monkeypatch):
    monkeypatch.setenv("RBLNC_APPEND_CHECKS", "0")  # the last rows have no place
    x = patterns(name)
    o = torch.ones_like(x)
    rblnc.launch(kernels.inserted, x, torch.tensor([row], dtype=torch.int32), o, N=N)
    want = torch.cat([x[:row], x[:N - row]])
    assert changed(o, want, KINDS[name][1]) == 0


@pytest.mark.parametrize("name", KINDS)
def test_broadcast(name):
    x = patterns(name)[-16:, :16].contiguous()
    o = torch.ones_like(x)
    rblnc.launch(kernels.broadcast_row, x, o, N=16)
    assert changed(o, x, KINDS[name][1]) == 0


@pytest.mark.parametrize("name", KINDS)
def test_absolute_value_clears_the_sign_of_nan_too(name):
    x = patterns(name)
    o = torch.ones_like(x)
    rblnc.launch(kernels.absolute, x, o, N=N)
    integer = KINDS[name][1]
    assert torch.equal(o.view(integer), x.view(integer) & torch.iinfo(integer).max)
