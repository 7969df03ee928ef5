"""What a second call costs from Python on top of the emulation itself: less than 200 microseconds."""
import time

import pytest
import torch
from kernels.attention import cases

from attention_arguments import first_call, operator

LIMIT_SECONDS = 200e-6
NAME = "flash_causal_attention_naive_decode"
# Small, so that the noise of the emulation does not hide the call.
SIZES = cases.Sizes("small", heads=2, groups=2, head_size=64, chunk=32, partition=64, context=128, blocks=7, batch=3,
                    window=64)
ROUNDS = 200


def least(*calls):
    """The least time of each of several calls, taken in turn, so that all of them see the same machine."""
    times = [float("inf")] * len(calls)
    for _ in range(ROUNDS):
        for position, call in enumerate(calls):
            start = time.perf_counter()
            call()
            times[position] = min(times[position], time.perf_counter() - start)
    return times


@pytest.fixture(scope="module")
def decode():
    """The compiled kernel, its arguments, and the operator's."""
    from rblnc.attention import flash_causal_attention as kernels
    arguments, _ = first_call(NAME, SIZES)
    ordered = arguments[:4] + [torch.empty_like(arguments[0])] + arguments[4:]
    constants = cases.constexprs("flash_causal_attention", "decode", SIZES)
    return kernels.flash_causal_attention_naive_decode, ordered, constants, arguments


def test_a_second_call(decode, record_property):
    kernel, arguments, constants, of_operator = decode
    compiled = kernel.warmup(*arguments, **constants)
    emulations = []
    call, warm, launched, operated = least(
        lambda: emulations.append(compiled(*arguments).host_seconds),
        lambda: kernel.warmup(*arguments, grid=(1, ), **constants)(*arguments),
        lambda: kernel[(1, )](*arguments, **constants), lambda: operator(NAME)(*of_operator))
    alone = min(emulations)
    costs = {"compiled(...)": call - alone, "warmup and call": warm - alone, "kernel[(1,)](...)": launched - alone,
             "torch.ops": operated - alone}
    print(f"\nemulation alone {alone * 1e6:.0f} us; on top of it: "
          + ", ".join(f"{name} {cost * 1e6:.0f} us" for name, cost in costs.items()))
    record_property("overhead_seconds", costs)
    assert max(costs.values()) < LIMIT_SECONDS, costs


def test_a_second_call_of_a_small_kernel():
    """With the emulation, which takes no time to speak of."""
    from sample_kernels import scale
    x = torch.randn(8, 64)
    compiled = scale.warmup(x, x, 2.0, 8, 64)
    output = torch.empty_like(x)
    call, = least(lambda: compiled(x, output, 2.0))
    assert call < LIMIT_SECONDS
