"""The ten operators through steps of a real session: outputs and the whole cache, against plain PyTorch, within 1e-5.

Shuffled blocks, several chunks of prefill, decode of several sequences across the borders of partitions, windows that
fill up; see paged_attention.py.
"""
import pytest
from kernels.attention import cases

import paged_attention as model
from attention_arguments import operator

FAMILIES = [family.name for family in cases.FAMILIES]
SIZES = {sizes.name: sizes for sizes in cases.SIZES}


@pytest.mark.parametrize("scenario", model.SCENARIOS)
@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("family", FAMILIES)
def test_scenario(family, size, scenario):
    sizes = SIZES[size]

    def call(step, arguments, cache):
        known = {**arguments, "kv_cache": cache}
        output = operator(f"{family}_naive_{step}")(*[known[name] for name in cases.family(family).arguments])
        # The operator returns the model's heads; run_scenario looks at the aligned ones, zeros behind them.
        from rblnc import align_tensor_last_dim_to_64
        return align_tensor_last_dim_to_64(output)

    steps, failures = model.run_scenario(model.Session(family, sizes), scenario, call)
    assert steps >= 4
    assert not failures, "\n".join(failures)


@pytest.mark.parametrize("family", ["flash_attention", "flash_causal_attention"])
def test_the_naive_rule_loses_the_token_at_a_border(family, monkeypatch):
    """The scenarios tell the rules of partition_skip apart, and the option of the naive one arrives."""
    monkeypatch.setenv("RBLNC_PARTITION_SKIP", "naive")

    def call(step, arguments, cache):
        known = {**arguments, "kv_cache": cache}
        from rblnc import align_tensor_last_dim_to_64
        return align_tensor_last_dim_to_64(
            operator(f"{family}_naive_{step}")(*[known[name] for name in cases.family(family).arguments]))

    _, failures = model.run_scenario(model.Session(family, cases.SIZES[1]), "decode", call)
    assert any("cache" in failure for failure in failures)
