"""What the attention operators refuse, and that each message says what to do; the same while PyTorch traces."""
import pytest
import torch
from torch._subclasses.fake_tensor import FakeTensorMode

import rblnc
from attention_arguments import first_call, operator
from rblnc.arguments import ArgumentError, ArgumentTypeError

DECODE = "flash_attention_naive_decode"
QUERY, KEY, CACHE, MASK, SCALE, INDEX, TABLE = 0, 1, 3, 4, 5, 6, 7


REFUSED = {
    "rank": (QUERY, lambda query: query[0], ArgumentError, r"query of .*rank 4.*rank 5: \(NB, H, G, L, D\)"),
    "shape": (KEY, lambda key: key[:1], ArgumentError, "key of .*has 1 along axis 0; it must have 3, which is NB"),
    "type": (QUERY, lambda query: query.double(), ArgumentTypeError, "float64; pass one of float32"),
    "index type": (INDEX, lambda index: index.float(), ArgumentTypeError, "seq_idx.*float32; pass one of int32"),
    "cache strides": (CACHE, lambda cache: cache[:, :1].expand(cache.shape), ArgumentError,
                      "kv_cache of .*same memory.*memory for every element"),
    "cache heads": (CACHE, lambda cache: cache[..., :96].contiguous(), ArgumentError, "96; .* 80 it must have that, or 128"),
    "cache pair": (CACHE, lambda cache: cache[:1], ArgumentError, r"split, \(2, NUM_BLOCK.*or packed, \(NUM_BLOCK, 2"),
    "mask": (MASK, lambda mask: mask[..., :64].contiguous(), ArgumentError, "64 columns; it must have 192"),
    "table": (TABLE, lambda table: table[0].contiguous(), ArgumentError, r"block_table.*\(NB, NP\)"),
    "scale": (SCALE, lambda scale: scale[None], ArgumentError, "qk_scale of .*rank 1"),
}


@pytest.mark.parametrize("traced", [False, True], ids=["eager", "fake"])
@pytest.mark.parametrize("case", REFUSED)
def test_arguments(case, traced):
    position, change, error, says = REFUSED[case]
    arguments, _ = first_call(DECODE)
    arguments[position] = change(arguments[position])
    cache = arguments[CACHE].clone()
    with pytest.raises(error, match=says):
        if traced:
            with FakeTensorMode() as mode:
                operator(DECODE)(*[mode.from_tensor(argument) for argument in arguments])
        operator(DECODE)(*arguments)
    assert torch.equal(arguments[CACHE], cache)


def test_a_chunk_is_not_decoded_nor_a_batch_prefilled():
    chunk, _ = first_call("causal_attention_naive_prefill")
    chunk[6] = chunk[6][None]
    with pytest.raises(ArgumentError, match="one token of each sequence.*prefill"):
        operator("causal_attention_naive_decode")(*chunk)
    batch, _ = first_call("causal_attention_naive_decode")
    with pytest.raises(ArgumentError, match="one sequence, not 3"):
        operator("causal_attention_naive_prefill")(*batch)


@pytest.mark.parametrize("position, value, what", [(TABLE, 11, "block_table"), (TABLE, -1, "block_table"),
                                                   (INDEX, 65, "seq_idx")])
def test_index_out_of_range_names_the_line(position, value, what):
    arguments, _ = first_call(DECODE)
    arguments[position][0, 0] = value
    with pytest.raises(rblnc.RunError, match=r"flash_attention\.py:\d+.*RBLN-R"):
        operator(DECODE)(*arguments)
