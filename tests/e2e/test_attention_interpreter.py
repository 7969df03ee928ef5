"""The attention kernels under Triton's interpreter, rblib computed with NumPy, against the model in plain PyTorch.

It shows that the kernels and the written semantics of the operations agree with attention, without a compiler: what
disagrees when the same scenarios run on the emulator is then the compiler's.
"""
import importlib

import pytest

pytest.importorskip("triton", reason="Triton is not installed")
torch = pytest.importorskip("torch", reason="PyTorch is not installed; Triton's interpreter needs it")

import paged_attention as model  # noqa: E402
from kernels.attention import cases  # noqa: E402

# Small enough for NumPy, with a power of two nowhere but in the aligned head.
ODD = cases.SIZES[1]
NAMES = [family.name for family in cases.FAMILIES]


def interpreted(family, sizes):
    """`call` of run_scenario: the kernel under Triton's interpreter."""
    from rblnc.host import align_tensor_last_dim_to_64 as align
    module = importlib.import_module(f"kernels.attention.{family}")

    def call(step, arguments, cache):
        kernel = getattr(module, cases.family(family).kernel_name(step))
        arguments = {**arguments, "kv_cache": cache}
        for name in ("query", "key", "value"):
            arguments[name] = align(arguments[name])
        # An element that the kernel does not write must show.
        arguments["output"] = torch.full_like(arguments["query"], torch.nan)
        ordered = [arguments[name] for name in cases.family(family).kernel_arguments]
        kernel[(1, )](*ordered, **cases.constexprs(family, step, sizes))
        return arguments["output"]

    return call


@pytest.mark.parametrize("scenario", model.SCENARIOS)
@pytest.mark.parametrize("family", NAMES)
def test_scenario(family, scenario):
    session = model.Session(family, ODD)
    steps, failures = model.run_scenario(session, scenario, interpreted(family, ODD))
    assert steps >= 4
    assert not failures, "\n".join(failures)


@pytest.mark.parametrize("family", ["flash_attention", "flash_causal_attention"])
def test_naive_partition_skip_loses_the_token_at_a_border(family, monkeypatch):
    """The scenarios tell the rules apart: with the naive one the token at n = k P is neither stored nor seen."""
    monkeypatch.setenv("RBLNC_PARTITION_SKIP", "naive")
    _, failures = model.run_scenario(model.Session(family, ODD), "decode", interpreted(family, ODD))
    assert any("cache" in failure for failure in failures)
