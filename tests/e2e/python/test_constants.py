"""An operation on constants has the bits that it has on arguments, under both numerics, whatever host compiles it."""
import math
import struct

import pytest
import torch

import constant_kernels as kernels

pytestmark = pytest.mark.filterwarnings("ignore::rblnc.runtime.CompileWarning")

# Some of them round differently in the C library, or lie on a border between two numbers of a chip's type.
VALUES = (-1.6063114404678345, 0.9854227900505066, -3.6440722942352295, 0.1, 2.9999, 1 + 2.0**-10, 300.7, 1e-20, 0.0,
          math.inf)
PAIRS = ((0.1, 0.2), (1 + 2.0**-10, 1.0), (0.1, 0.1000001), (2.9999, 0.7), (1.0, 3.0), (7.7, -0.3), (1e30, 1e30),
         (0.0, 0.0), (math.inf, 1.0), (25 / 32, 41 / 32))
INTEGERS = (1, 2049, 0x01010001, 0x1fffffff, (1 << 29) + (1 << 19) + 1, -0x7fffffff)


def ran(kernel, *arguments, numerics, **constexprs):
    kernel.warmup(*arguments, **constexprs)(*arguments, numerics=numerics)
    return arguments[-1].view(torch.int32)


def of_bits(value):
    """As float32 has it, so that a constant and an array agree on the number."""
    return struct.unpack("f", struct.pack("f", value))[0]


def assert_same(one, other):
    """The same bits, but for the sign and payload of NaN, which nothing specifies."""
    nan = one.view(torch.float32).isnan() & other.view(torch.float32).isnan()
    assert torch.equal(one[~nan], other[~nan])


@pytest.mark.parametrize("numerics", ["ieee", "device"])
@pytest.mark.parametrize("op", kernels.UNARY)
def test_unary(op, numerics):
    for value in map(of_bits, VALUES):
        constant = ran(kernels.unary_of_constant, torch.zeros(4), V=value, OP=op, numerics=numerics)
        argument = ran(kernels.unary_of_argument, torch.full((4, ), value), torch.zeros(4), OP=op, numerics=numerics)
        assert_same(constant, argument)


@pytest.mark.parametrize("numerics", ["ieee", "device"])
@pytest.mark.parametrize("pair", PAIRS)
def test_others(pair, numerics):
    v, w = map(of_bits, pair)
    constant = ran(kernels.others_of_constants, torch.zeros(64), V=v, W=w, numerics=numerics)
    argument = ran(kernels.others_of_arguments, torch.full((4, ), v), torch.full((4, ), w), torch.zeros(64),
                   numerics=numerics)
    assert_same(constant, argument)


@pytest.mark.parametrize("numerics", ["ieee", "device"])
@pytest.mark.parametrize("value", INTEGERS)
def test_integers(value, numerics):
    constant = ran(kernels.integers_of_constants, torch.zeros(12), V=value, numerics=numerics)
    argument = ran(kernels.integers_of_arguments, torch.full((4, ), value, dtype=torch.int32), torch.zeros(12),
                   numerics=numerics)
    assert_same(constant, argument)


def test_two_casts_round_twice():
    """A cast to float32 and one to bfloat16 are not one cast: 0x01010001 is above a border that float32 rounds it to."""
    x = torch.full((4, ), 0x01010001, dtype=torch.int32)
    out = ran(kernels.integers_of_arguments, x, torch.zeros(12), numerics="ieee").view(torch.float32)
    assert (out[4].item(), out[8].item()) == (0x01020000, 0x01000000)
