"""What a second call takes on top of the emulation, in calls of Python functions: a count, the same on every machine.

tests/bench/call_overhead.py measures the time that this stands for.
"""
import sys

import pytest
import torch
from kernels.attention import cases

from attention_arguments import first_call, operator

NAME = "flash_causal_attention_naive_decode"
SIZES = cases.Sizes("small", heads=2, groups=2, head_size=64, chunk=32, partition=64, context=128, blocks=7, batch=3,
                    window=64)


def calls_within(call):
    """How many functions, of Python and of C, a call that is not the first runs through."""
    for _ in range(3):
        call()
    count = 0

    def profile(_frame, event, _argument):
        nonlocal count
        count += event in ("call", "c_call")

    sys.setprofile(profile)
    try:
        call()
    finally:
        sys.setprofile(None)
    return count


@pytest.fixture(scope="module")
def decode():
    """The compiled kernel, its arguments, and the operator's."""
    from rblnc.attention import flash_causal_attention as kernels
    arguments, _ = first_call(NAME, SIZES)
    ordered = arguments[:4] + [torch.empty_like(arguments[0])] + arguments[4:]
    constants = cases.constexprs("flash_causal_attention", "decode", SIZES)
    return kernels.flash_causal_attention_naive_decode, ordered, constants, arguments


def test_a_second_call(decode):
    """Each limit is a quarter above what was counted with ten arguments: 331, 702, 783 and 440."""
    kernel, arguments, constants, of_operator = decode
    compiled = kernel.warmup(*arguments, **constants)
    assert calls_within(lambda: compiled(*arguments)) <= 415
    assert calls_within(lambda: kernel.warmup(*arguments, grid=(1, ), **constants)(*arguments)) <= 880
    assert calls_within(lambda: kernel[(1, )](*arguments, **constants)) <= 980
    assert calls_within(lambda: operator(NAME)(*of_operator)) <= 550


def test_a_second_call_of_a_small_kernel():
    """137 were counted."""
    from sample_kernels import scale
    x = torch.randn(8, 64)
    compiled = scale.warmup(x, x, 2.0, 8, 64)
    output = torch.empty_like(x)
    assert calls_within(lambda: compiled(x, output, 2.0)) <= 170
