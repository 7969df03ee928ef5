# Chunks of a prompt, then single tokens of two sequences, through the operator of packed_cache.py, beside plain attention
# in float64. usage: packed_cache_check.py DTYPE BACKEND HEAD_SIZE
import sys

import packed_cache  # noqa: F401 - registers the operator
import torch

DTYPE = getattr(torch, sys.argv[1])
BACKEND = None if sys.argv[2] == "none" else sys.argv[2]
D = int(sys.argv[3])
H, G, P, NP, BLOCKS, L = 2, 2, 64, 2, 6, 32
SCALE = torch.tensor(D**-0.5)
aligned = -(-D // 64) * 64
table = torch.tensor([[4, 1], [2, 5]], dtype=torch.int32)
cache = torch.full((BLOCKS, 2, H, 1, P, aligned), 7.0, dtype=DTYPE)
expected = cache.clone()
tolerance = 1e-5 if DTYPE == torch.float32 else 2e-2


class Attention(torch.nn.Module):

    def forward(self, query, key, value, kv_cache, seq_idx, block_table):
        return torch.ops.rbln_triton_ops.packed_cache(query, key, value, kv_cache, SCALE, seq_idx, block_table, SCALE) * 1


model = Attention()
if BACKEND:
    model = torch.compile(model, backend=BACKEND, dynamic=False, options={"mode": ["strict"]} if BACKEND == "rbln" else None)


def reference(sequence, position, query, key, value):
    """Writes the new rows to the expected cache, and gives the attention of the new tokens."""
    for t in range(query.shape[-2]):
        block, row = table[sequence, (position + t) // P], (position + t) % P
        expected[block, 0, :, :, row, :D] = key[..., t, :]
        expected[block, 1, :, :, row, :D] = value[..., t, :]
        expected[block, :, :, :, row, D:] = 0
    keys, values = (expected[table[sequence].long(), part].double().permute(1, 2, 0, 3, 4).reshape(H, 1, NP * P, aligned)
                    [..., :position + query.shape[-2], :D] for part in (0, 1))
    scores = query.double() @ keys.transpose(-1, -2) * SCALE.double()
    visible = torch.arange(scores.shape[-1]) <= position + torch.arange(query.shape[-2])[:, None]
    return scores.masked_fill(~visible, -torch.inf).softmax(-1) @ values


def step(sequences, positions, length):
    query = torch.randn(len(sequences), H, G, length, D).to(DTYPE)
    key, value = (torch.randn(len(sequences), H, 1, length, D).to(DTYPE) for _ in range(2))
    seq_idx = torch.stack([(torch.tensor(position) - torch.arange(NP) * P).clamp(0, P) for position in positions]).int()
    block_table = table[sequences[0]] if len(sequences) == 1 else table
    got = model(query, key, value, cache, seq_idx, block_table.contiguous())
    for index, (sequence, position) in enumerate(zip(sequences, positions)):
        want = reference(sequence, position, query[index], key[index], value[index])
        torch.testing.assert_close(got[index].double(), want, atol=tolerance, rtol=tolerance)
    torch.testing.assert_close(cache, expected, atol=0, rtol=0)


with torch.inference_mode():
    torch.manual_seed(0)
    lengths = [3 * L, L]
    for sequence, length in enumerate(lengths):
        for position in range(0, length, L):
            step([sequence], [position], L)
    for turn in range(2):
        step([0, 1], [length + turn for length in lengths], 1)
print("right")
