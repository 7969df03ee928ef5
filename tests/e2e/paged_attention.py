"""Paged attention in plain PyTorch, and scenarios of several steps that drive the attention kernels.

The model knows nothing of tiles, partitions or online softmax: it keeps every token of every sequence, computes each
step as one softmax in float64, and says how the whole cache must look afterwards. It is the reference for the kernels,
however they are run: under Triton's interpreter or compiled, on the emulator.
"""
from dataclasses import dataclass

import torch

from kernels.attention import cases

TOLERANCE = 1e-5
# What the cache holds where nothing was ever written. NaN shows every element that is read although it must not be.
GARBAGE = float("nan")
NULL_BLOCK = 0  # taken by the idle rows of a decode batch


@dataclass
class Sequence:
    """Blocks of the cache, and all tokens so far: (tokens, heads, head size)."""
    blocks: list
    keys: torch.Tensor
    values: torch.Tensor

    @property
    def length(self):
        return self.keys.shape[0]


@dataclass
class Step:
    """One call: tokens in the cache before it, the operator's arguments by name without the cache, and the result."""
    kind: str  # prefill or decode
    cached: list
    arguments: dict
    expected: torch.Tensor


@dataclass
class Session:
    """A cache and the sequences in it: `cache` as the kernels leave it, `expected` as it must be, garbage included."""
    family: str
    sizes: cases.Sizes
    seed: int = 0

    def __post_init__(self):
        self.random = torch.Generator().manual_seed(self.seed)
        shape, _ = cases.shapes(self.family, "prefill", self.sizes)["kv_cache"]
        self.cache = torch.full(shape, GARBAGE)
        self.expected = self.cache.clone()
        self.free = (1 + torch.randperm(self.sizes.blocks - 1, generator=self.random)).tolist()
        self.scale = torch.tensor(self.sizes.head_size**-0.5)

    @property
    def rows(self):
        return cases.rows(self.family, self.sizes)

    @property
    def partitions(self):
        return self.sizes.partitions if cases.is_paged(self.family) else 1

    @property
    def sliding(self):
        return self.family.startswith("sliding")

    def normal(self, *shape):
        return torch.randn(shape, generator=self.random)

    def new_sequence(self, length=0):
        """A sequence that already has `length` tokens in the cache."""
        assert len(self.free) >= self.partitions, "the cache is too small for the scenario"
        blocks, self.free = self.free[:self.partitions], self.free[self.partitions:]
        sequence = self._empty(blocks)
        if length:
            tokens = (length, self.sizes.heads, self.sizes.head_size)
            self._append(sequence, self.normal(*tokens), self.normal(*tokens), (self.cache, self.expected))
        return sequence

    def end_sequence(self, sequence):
        """Its blocks may be used again, with what is in them."""
        self.free = sequence.blocks[::-1] + self.free

    def idle_sequence(self):
        """What a decode batch is filled up with: no tokens, every block the null block."""
        return self._empty([NULL_BLOCK] * self.partitions)

    def _empty(self, blocks):
        shape = (0, self.sizes.heads, self.sizes.head_size)
        return Sequence(blocks, torch.empty(shape), torch.empty(shape))

    def prefill(self, sequence):
        return self._step("prefill", [sequence], self.sizes.chunk)

    def decode(self, sequences):
        return self._step("decode", sequences, 1)

    def _step(self, step, sequences, length):
        batch, heads, groups, size = len(sequences), self.sizes.heads, self.sizes.groups, self.sizes.head_size
        query = self.normal(batch, heads, groups, length, size)
        key, value = self.normal(batch, heads, 1, length, size), self.normal(batch, heads, 1, length, size)
        cached = [sequence.length for sequence in sequences]
        tables = torch.tensor([sequence.blocks for sequence in sequences], dtype=torch.int32)
        arguments = {
            "query": query, "key": key, "value": value, "qk_scale": self.scale, "dummy": self.scale,
            "block_size": self.scale, "block_table": tables[0] if step == "prefill" else tables,
            "seq_idx": self._offsets(cached), "mask": self._mask(cached, length),
            "cache_seq_len": torch.tensor([[min(n, self.rows)] for n in cached], dtype=torch.int32),
            "cache_offset": torch.tensor([[min(n, self.rows) + length] for n in cached], dtype=torch.int32),
        }
        expected = []
        for row, sequence in enumerate(sequences):
            self._append(sequence, key[row, :, 0].transpose(0, 1), value[row, :, 0].transpose(0, 1),
                         (self.expected, ))
            expected.append(self._attend(sequence, query[row], cached[row]))
        known = cases.family(self.family).arguments
        arguments = {name: tensor for name, tensor in arguments.items() if name in known}
        return Step(step, cached, arguments, torch.stack(expected))

    def _offsets(self, cached):
        """seq_idx: the tokens in each partition."""
        rows = [[min(max(n - p * self.rows, 0), self.rows) for p in range(self.partitions)] for n in cached]
        return torch.tensor(rows, dtype=torch.int32)

    def _mask(self, cached, length):
        columns = torch.arange(self.partitions * self.rows)
        positions = torch.tensor(cached)[:, None] + torch.arange(length)[None, :]
        return (columns <= positions[..., None]).to(torch.float32)[:, None, None]

    def _append(self, sequence, keys, values, caches):
        first = sequence.length
        sequence.keys = torch.cat([sequence.keys, keys])
        sequence.values = torch.cat([sequence.values, values])
        if self.sliding:
            # The window's last tokens in order, the oldest first, and zeros behind them.
            kept = min(self.rows, sequence.length)
            places = [(sequence.blocks[0], row, sequence.length - kept + row) for row in range(kept)]
        else:
            places = [(sequence.blocks[token // self.rows], token % self.rows, token)
                      for token in range(first, sequence.length)]
        blocks, rows, tokens = (torch.tensor(column) for column in zip(*places))
        for cache in caches:
            if self.sliding:
                cache[:, sequence.blocks[0]] = 0
            for kind, of in enumerate((sequence.keys, sequence.values)):
                # Behind the head come the zeros of its alignment.
                aligned = torch.nn.functional.pad(of[tokens], (0, cache.shape[-1] - of.shape[-1]))
                cache[kind, blocks, :, 0, rows] = aligned

    def _attend(self, sequence, query, first):
        """Softmax over all tokens that a row may see, (heads, groups, rows, head size)."""
        keys, values = sequence.keys.double(), sequence.values.double()
        positions = first + torch.arange(query.shape[2])
        distance = positions[:, None] - torch.arange(sequence.length)[None, :]
        visible = (distance >= 0) & (distance < self.rows) if self.sliding else distance >= 0
        scores = torch.einsum("hgld,thd->hglt", query.double(), keys) * self.scale.double()
        weights = torch.softmax(scores.masked_fill(~visible, -torch.inf), dim=-1)
        return torch.einsum("hglt,thd->hgld", weights, values).float()


def prefill_scenario(session):
    """Chunks from the start; chunks that meet at the border of every partition; one that starts within a chunk."""
    rows, chunk = session.rows, session.sizes.chunk
    sequence = session.new_sequence()
    for _ in range(4 if session.sliding else 2):
        yield session.prefill(sequence)
    lengths = [2 * rows + 3] if session.sliding else [chunk // 2]
    if session.partitions > 1:
        lengths += [p * rows - chunk for p in range(1, session.partitions)]
    for length in lengths:
        session.end_sequence(sequence)
        sequence = session.new_sequence(length)
        yield session.prefill(sequence)
        if session.partitions > 1 and sequence.length % rows == 0:
            yield session.prefill(sequence)
    if not session.sliding:
        # To the very end of what the cache holds.
        session.end_sequence(sequence)
        yield session.prefill(session.new_sequence(session.partitions * rows - chunk))


def decode_scenario(session):
    """Sequences of different lengths cross the borders of partitions, or fill up their windows; then one ends."""
    rows, batch = session.rows, session.sizes.batch
    if session.sliding:
        lengths = [rows - 2, 0, 3 * rows]
    elif session.partitions > 1:
        lengths = [rows - 2, (session.partitions - 1) * rows - 1, session.partitions * rows - 5]
    else:
        lengths = [rows - 6, 0, rows // 2]
    room = len(session.free) // session.partitions
    sequences = [session.new_sequence(length) for length in lengths[:min(batch, room)]]
    for _ in range(5):
        yield session.decode(sequences + [session.idle_sequence() for _ in range(batch - len(sequences))])
    session.end_sequence(sequences.pop())
    yield session.decode(sequences + [session.idle_sequence() for _ in range(batch - len(sequences))])


def mixed_scenario(session):
    """Prefill until a partition, or the window, is exactly full or over; decode on; a second sequence joins."""
    sequence = session.new_sequence()
    chunks = -(-session.rows // session.sizes.chunk)
    for _ in range(chunks if session.partitions > 1 or session.sliding else chunks - 1):
        yield session.prefill(sequence)
    batch = session.sizes.batch
    for _ in range(3):
        yield session.decode([sequence] + [session.idle_sequence() for _ in range(batch - 1)])
    other = session.new_sequence()
    yield session.prefill(other)
    yield session.decode([other, sequence] + [session.idle_sequence() for _ in range(batch - 2)])


SCENARIOS = {"prefill": prefill_scenario, "decode": decode_scenario, "mixed": mixed_scenario}


def difference(got, expected):
    """None when equal within the tolerance, NaN where NaN is expected; else one line that says where they differ."""
    if got.shape != expected.shape:
        return f"shape {tuple(got.shape)}, expected {tuple(expected.shape)}"
    close = torch.isclose(got, expected, rtol=TOLERANCE, atol=TOLERANCE, equal_nan=True)
    if bool(close.all()):
        return None
    first = tuple((~close).nonzero()[0].tolist())
    return f"{int((~close).sum())} of {close.numel()} elements differ, the first at {first}: {got[first]}, " \
           f"expected {expected[first]}"


def run_scenario(session, scenario, call):
    """Runs every step through `call(kind, arguments, cache) -> output`, which gets the arguments with unaligned heads,
    returns an output with aligned ones and changes the cache in place. Compares outputs and whole caches.

    Returns the number of steps, and one line for everything that differs.
    """
    steps, failures = 0, []
    size = session.sizes.head_size
    for step in SCENARIOS[scenario](session):
        steps += 1
        output = call(step.kind, step.arguments, session.cache)
        padding = output[..., size:]
        for what, found in (("output", difference(output[..., :size], step.expected)),
                            ("padding of the output", difference(padding, torch.zeros_like(padding))),
                            ("cache", difference(session.cache, session.expected))):
            failures += [f"{step.kind} at {step.cached}: {what}: {found}"] if found else []
    return steps, failures
