"""Arguments of the attention kernels for long contexts, and what a step must compute, in float64 NumPy.

The model knows nothing of tiles or of an online softmax: it gathers the tokens of each sequence from its blocks and takes
one softmax over them.
"""
import numpy as np

from kernels.attention import cases

# How full a sequence's part of the cache is before a decode step; they leave partitions that are full, partly live and
# skipped. A batch takes the first ones.
FILLED = (0.99, 0.62, 0.83, 0.45)


def lengths(family, step, sizes):
    """Tokens in the cache before the step, for each sequence.

    A prefill step is the last but one chunk that fits. Windows are full, as they are for all but the first tokens.
    """
    room = cases.context(family, sizes)
    if family.startswith("sliding"):
        return [cases.rows(family, sizes) * (2 + row) for row in range(1 if step == "prefill" else sizes.batch)]
    if step == "prefill":
        return [room - 2 * sizes.chunk]
    # Odd numbers of tokens: nothing is aligned.
    return [int(room * share) | 1 for share in FILLED[:sizes.batch]]


class Attention:
    """One kernel at one setting; `draw` makes arguments, `expected` what they must become, by the kernel's names."""

    def __init__(self, family, step, sizes):
        assert sizes.head_size == sizes.aligned_head_size
        self.family, self.step, self.sizes = family, step, sizes
        self.shapes = cases.shapes(family, step, sizes)
        self.rows = cases.rows(family, sizes)
        self.partitions = sizes.partitions if cases.is_paged(family) else 1
        self.cached = lengths(family, step, sizes)
        self.chunk = sizes.chunk if step == "prefill" else 1
        assert step == "decode" or self._is_in_one_partition()

    def _is_in_one_partition(self):
        first = self.cached[0]
        return self.family.startswith("sliding") or first // self.rows == (first + self.chunk - 1) // self.rows

    @property
    def is_sliding(self):
        return self.family.startswith("sliding")

    def draw(self, rng):
        """Every argument but the output, by name: arrays as the kernel takes them, floats for scalars."""
        arguments = {}
        for name, (shape, dtype) in self.shapes.items():
            if shape and dtype == "float32" and name not in ("output", "mask"):
                arguments[name] = rng.standard_normal(shape, dtype=np.float32)
        blocks = rng.permutation(self.sizes.blocks)[:len(self.cached) * self.partitions]
        known = {
            "qk_scale": self.sizes.head_size**-0.5, "dummy": 1.0, "block_size": float(self.rows),
            "block_table": blocks.astype(np.int32).reshape(self.shapes["block_table"][0]),
            "seq_idx": self._offsets(), "mask": self._mask(),
            "cache_seq_len": np.array([[min(n, self.rows)] for n in self.cached], np.int32),
            "cache_offset": np.array([[min(n, self.rows) + self.chunk] for n in self.cached], np.int32),
        }
        arguments.update((name, value) for name, value in known.items() if name in self.shapes)
        return arguments

    def _offsets(self):
        """seq_idx: the tokens in each partition."""
        starts = np.arange(self.partitions) * self.rows
        return np.clip(np.array(self.cached)[:, None] - starts, 0, self.rows).astype(np.int32)

    def _mask(self):
        columns = np.arange(self.partitions * self.rows)
        positions = np.array(self.cached)[:, None] + np.arange(self.chunk)
        return (columns <= positions[..., None]).astype(np.float32)[:, None, None]

    def expected(self, arguments):
        """The output and the whole cache after the step."""
        cache = arguments["kv_cache"].copy()
        tables = arguments["block_table"].reshape(len(self.cached), self.partitions)
        output = np.empty(self.shapes["output"][0])
        for row, (n, blocks) in enumerate(zip(self.cached, tables)):
            new = np.stack([arguments["key"][row, :, 0], arguments["value"][row, :, 0]])
            kept = min(n, self.rows) if self.is_sliding else n
            tokens = [cache[:, block, :, 0, :max(min(kept - p * self.rows, self.rows), 0)]
                      for p, block in enumerate(blocks)]
            both = np.concatenate(tokens + [new], axis=2)  # keys and values: (2, heads, tokens, head size)
            output[row] = self._attend(arguments["query"][row], both.astype(np.float64), kept)
            self._put(cache, blocks, both, kept)
        return {"output": output, "kv_cache": cache}

    def _attend(self, query, both, first):
        distance = first + np.arange(self.chunk)[:, None] - np.arange(both.shape[2])
        visible = (distance >= 0) & (distance < self.rows) if self.is_sliding else distance >= 0
        scores = query.astype(np.float64) @ both[0][:, None].swapaxes(-1, -2) * np.float32(self.sizes.head_size**-0.5)
        scores = np.where(visible, scores, -np.inf)
        weights = np.exp(scores - scores.max(axis=-1, keepdims=True))
        return weights @ both[1][:, None] / weights.sum(axis=-1, keepdims=True)

    def _put(self, cache, blocks, both, kept):
        """The new tokens into their partition; a window moves on to its last tokens, with zeros behind them."""
        if self.is_sliding:
            window = both[:, :, -self.rows:]
            cache[:, blocks[0], :, 0] = 0
            cache[:, blocks[0], :, 0, :window.shape[2]] = window
            return
        partition, row = divmod(kept, self.rows)
        cache[:, blocks[partition], :, 0, row:row + self.chunk] = both[:, :, kept:]

    def compulsory_bytes(self):
        """Each input read once, of the cache and of the mask the live part, and each output written once."""
        heads, size = self.sizes.heads, self.sizes.head_size
        token = 2 * heads * size * 4  # key and value of one token
        total = 2 * 4 * int(np.prod(self.shapes["query"][0])) + token * self.chunk * len(self.cached) + 4
        for n in self.cached:
            if self.is_sliding:
                # The window moves: every row is written, and every row but for those of the first token's is read.
                total += token * (min(n, self.rows) + self.rows) + 3 * 4
                continue
            live = n // self.rows + 1
            total += token * (n + self.chunk) + 4 * (self.partitions + live)
            total += 4 * self.chunk * live * self.rows if "mask" in self.shapes else 0
        return total
