"""Sizes and arguments of the attention kernels. Needs neither Triton nor PyTorch."""
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).resolve().parent
TTIR = FOLDER / "ttir"
STEPS = ("prefill", "decode")


@dataclass(frozen=True)
class Sizes:
    """Extents of one setting; heads are aligned to 64 elements before a kernel sees them."""
    name: str
    heads: int  # of keys and values, H
    groups: int  # heads of queries that share one of keys, G
    head_size: int  # before alignment
    chunk: int  # tokens of a prefill step, L
    partition: int  # rows of a block of the cache, P
    context: int  # most tokens of a sequence, C
    blocks: int  # of the cache, B
    batch: int  # sequences of a decode step
    window: int  # W

    @property
    def aligned_head_size(self):
        return -(-self.head_size // 64) * 64

    @property
    def partitions(self):
        return self.context // self.partition


# The second one has no power of two where Triton wants one, and heads that need alignment.
SIZES = (
    Sizes("h8g4d64", heads=8, groups=4, head_size=64, chunk=128, partition=1024, context=4096, blocks=12, batch=2,
          window=1024),
    Sizes("h3g7d80", heads=3, groups=7, head_size=80, chunk=32, partition=64, context=192, blocks=11, batch=3,
          window=48),
)


@dataclass(frozen=True)
class Family:
    """Two kernels, <name>_naive_prefill and <name>_naive_decode, and one operator for each.

    `arguments` is the order of the operator's arguments; the kernel takes the output before the one named `output_at`.
    """
    name: str
    arguments: tuple
    output_at: str

    @property
    def kernel_arguments(self):
        position = self.arguments.index(self.output_at)
        return self.arguments[:position] + ("output", ) + self.arguments[position:]

    def kernel_name(self, step):
        return f"{self.name}_naive_{step}"


FAMILIES = (
    Family("attention",
           ("query", "key", "value", "kv_cache", "mask", "seq_idx", "qk_scale", "block_table", "dummy"), "seq_idx"),
    Family("causal_attention",
           ("query", "key", "value", "kv_cache", "seq_idx", "qk_scale", "block_table", "dummy"), "seq_idx"),
    Family("flash_attention",
           ("query", "key", "value", "kv_cache", "mask", "qk_scale", "seq_idx", "block_table", "block_size"),
           "qk_scale"),
    Family("flash_causal_attention",
           ("query", "key", "value", "kv_cache", "qk_scale", "seq_idx", "block_table", "dummy"), "qk_scale"),
    Family("sliding_window_attention",
           ("query", "key", "value", "kv_cache", "cache_seq_len", "cache_offset", "qk_scale", "block_table", "dummy"),
           "cache_seq_len"),
)


def family(name):
    return next(family for family in FAMILIES if family.name == name)


def is_paged(name):
    """Whether the cache of a sequence is several blocks."""
    return name.startswith("flash")


def rows(name, sizes):
    """Rows of one block of the family's cache."""
    return sizes.window if name.startswith("sliding") else sizes.partition


def context(name, sizes):
    """Most tokens of a sequence that the family's cache holds."""
    return sizes.context if is_paged(name) else sizes.partition


def shapes(name, step, sizes):
    """Extents and element type of every tensor argument of a kernel, and () for the scalars."""
    batch, length = (1, sizes.chunk) if step == "prefill" else (sizes.batch, 1)
    partitions = sizes.partitions if is_paged(name) else 1
    query = (batch, sizes.heads, sizes.groups, length, sizes.aligned_head_size)
    new = (batch, sizes.heads, 1, length, sizes.aligned_head_size)
    cache = (2, sizes.blocks, sizes.heads, 1, rows(name, sizes), sizes.aligned_head_size)
    known = {
        "query": (query, "float32"), "key": (new, "float32"), "value": (new, "float32"), "output": (query, "float32"),
        "kv_cache": (cache, "float32"), "mask": ((batch, 1, 1, length, context(name, sizes)), "float32"),
        "seq_idx": ((batch, partitions), "int32"), "cache_seq_len": ((batch, 1), "int32"),
        "cache_offset": ((batch, 1), "int32"),
        "block_table": ((partitions, ) if step == "prefill" else (batch, partitions), "int32"),
    }
    return {argument: known.get(argument, ((), "float32")) for argument in family(name).kernel_arguments}


def constexprs(name, step, sizes):
    """The kernel's constants, by name."""
    batch, length = (1, sizes.chunk) if step == "prefill" else (sizes.batch, 1)
    dimensions = 1 if step == "prefill" else 2
    if name == "flash_attention":
        return {"H": sizes.heads, "G": sizes.groups, "D": sizes.aligned_head_size, "L": length, "NB": batch,
                "P": sizes.partition, "C": sizes.context, "B": sizes.blocks, "DIM_BLOCK_TABLE": dimensions}
    constants = {"NUM_HEAD": sizes.heads, "NUM_GROUP": sizes.groups, "HEAD_DIM": sizes.aligned_head_size,
                 "QUERY_LEN": length, "NUM_BATCH": batch, "NUM_BLOCK": sizes.blocks, "DIM_BLOCK_TABLE": dimensions}
    if name == "sliding_window_attention":
        return {**constants, "WINDOW_SIZE": sizes.window}
    constants["PARTITION_SIZE"] = sizes.partition
    return {**constants, "MAX_SEQ_LEN": sizes.context} if is_paged(name) else constants


@dataclass(frozen=True)
class Text:
    """One committed file of TTIR."""
    family: str
    step: str
    sizes: Sizes
    version: str

    @property
    def relative_path(self):
        """Under kernels/attention/ttir."""
        return Path(self.version) / f"{self.family}_{self.step}.{self.sizes.name}.ttir"

    @property
    def path(self):
        return TTIR / self.relative_path


def texts(version):
    """Every file that a Triton release prints, in a fixed order."""
    return [Text(family.name, step, sizes, version) for family in FAMILIES for step in STEPS for sizes in SIZES]
