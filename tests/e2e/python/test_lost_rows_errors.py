"""The attention operators raise where new tokens would be lost, with the Python line, unless RBLNC_APPEND_CHECKS is 0."""
import pytest
import torch
from kernels.attention import cases

import rblnc
from attention_arguments import ODD, first_call, operator

P, L = ODD.partition, ODD.chunk
FULL = [P] * ODD.partitions
LOST = {
    "a chunk crosses a partition": ("flash_causal_attention_naive_prefill", [P - L + 1], "chunks that divide"),
    "a mask does not help": ("flash_attention_naive_prefill", [P - 1], "chunks that divide"),
    "a chunk crosses the last": ("flash_causal_attention_naive_prefill", [*FULL[1:], P - 1], "chunks that divide"),
    "the last is full": ("flash_causal_attention_naive_prefill", FULL, rf"clamp\(n - p \* {P}, 0, {P}\)"),
    "decode, the last is full": ("flash_attention_naive_decode", FULL, rf"clamp\(n - p \* {P}, 0, {P}\)"),
    "one block": ("causal_attention_naive_prefill", [P - L + 1], "chunks that divide"),
    "one block, full": ("causal_attention_naive_decode", [P], "clamp"),
}


def arguments_of(name, cached):
    arguments, _ = first_call(name)
    index = arguments[cases.family(name.partition("_naive_")[0]).arguments.index("seq_idx")]
    index[0] = torch.tensor(cached + [0] * (index.shape[1] - len(cached)), dtype=index.dtype)
    return arguments


@pytest.mark.parametrize("case", LOST)
def test_lost_rows(case, monkeypatch):
    name, cached, fix = LOST[case]
    arguments = arguments_of(name, cached)
    source = name.partition("_naive_")[0]
    with pytest.raises(rblnc.RunError, match=rf"(?s){source}\.py:\d+.*new rows are lost.*RBLN-R037.*{fix}"):
        operator(name)(*arguments)
    monkeypatch.setenv("RBLNC_APPEND_CHECKS", "0")
    operator(name)(*arguments)


def test_a_position_for_all_partitions(monkeypatch):
    name = "flash_causal_attention_naive_decode"
    arguments = arguments_of(name, [P + 1] * ODD.partitions)
    with pytest.raises(rblnc.RunError, match=rf"'seq_idx\[0\]' is {P + 1}, and a partition of {P} rows.*RBLN-R037"):
        operator(name)(*arguments)
    monkeypatch.setenv("RBLNC_APPEND_CHECKS", "0")
    with pytest.raises(rblnc.RunError, match="RBLN-R034"):
        operator(name)(*arguments)


def test_the_variable_is_0_or_1(monkeypatch):
    monkeypatch.setenv("RBLNC_APPEND_CHECKS", "off")
    name = "flash_causal_attention_naive_decode"
    with pytest.raises(ValueError, match="RBLNC_APPEND_CHECKS is 'off'; known are 0 and 1"):
        operator(name)(*arguments_of(name, [0]))
