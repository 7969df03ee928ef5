"""Flash attention over a paged cache as a PyTorch operator, compared with scaled_dot_product_attention.

    pip install './kernels[torch]'
    python examples/flash_attention_torch.py

One sequence is prefilled in chunks and then continued token by token, with torch.ops.rbln_triton_ops, computed by the
compiled kernels on the emulator. Prints the difference of every step; exits with 1 if one is too large.
"""
import sys

import torch
from torch.nn.functional import scaled_dot_product_attention

import rblnc.attention.operators  # noqa: F401  registers torch.ops.rbln_triton_ops

HEADS, GROUPS, SIZE = 4, 2, 64  # 4 heads of keys, each for 2 heads of queries
PARTITION, PARTITIONS, BLOCKS = 128, 4, 9  # rows of a block of the cache, blocks of a sequence, blocks there are
CHUNK, CHUNKS, TOKENS = 64, 3, 4
TOLERANCE = 1e-5

prefill = torch.ops.rbln_triton_ops.flash_causal_attention_naive_prefill
decode = torch.ops.rbln_triton_ops.flash_causal_attention_naive_decode


def offsets(cached):
    """seq_idx: how many of the tokens in the cache each partition has."""
    counts = [min(max(cached - p * PARTITION, 0), PARTITION) for p in range(PARTITIONS)]
    return torch.tensor([counts], dtype=torch.int32)


def expected(query, keys, values, first):
    """Causal attention of the tokens from `first` on, by PyTorch."""
    length, total = query.shape[3], keys.shape[1]
    visible = torch.arange(total)[None, :] <= first + torch.arange(length)[:, None]
    flat = query.reshape(1, HEADS * GROUPS, length, SIZE)
    result = scaled_dot_product_attention(flat, keys[None], values[None], attn_mask=visible, enable_gqa=True)
    return result.reshape(query.shape)


def main():
    torch.manual_seed(0)
    cache = torch.full((2, BLOCKS, HEADS, 1, PARTITION, SIZE), torch.nan)  # keys, then values; nothing in it yet
    table = torch.randperm(BLOCKS, dtype=torch.int32)[:PARTITIONS]  # the blocks of this sequence
    scale = torch.tensor(SIZE**-0.5)
    keys = values = torch.empty(HEADS, 0, SIZE)
    worst, cached = 0.0, 0
    print(f"{'step':>8} {'cached':>7} {'tokens':>7} {'largest difference':>19}")
    for step, length in [("prefill", CHUNK)] * CHUNKS + [("decode", 1)] * TOKENS:
        query = torch.randn(1, HEADS, GROUPS, length, SIZE)
        key, value = torch.randn(1, HEADS, 1, length, SIZE), torch.randn(1, HEADS, 1, length, SIZE)
        operator, blocks = (prefill, table) if step == "prefill" else (decode, table[None])
        output = operator(query, key, value, cache, scale, offsets(cached), blocks, scale)
        keys, values = torch.cat([keys, key[0, :, 0]], 1), torch.cat([values, value[0, :, 0]], 1)
        difference = (output - expected(query, keys, values, cached)).abs().max().item()
        print(f"{step:>8} {cached:>7} {length:>7} {difference:>19.3g}")
        worst, cached = max(worst, difference), cached + length
    close = worst <= TOLERANCE
    print(f"largest of all: {worst:.3g}, {'within' if close else 'NOT within'} {TOLERANCE:g} of "
          "scaled_dot_product_attention")
    return 0 if close else 1


if __name__ == "__main__":
    sys.exit(main())
