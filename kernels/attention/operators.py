"""The ten attention operators of vLLM RBLN, torch.ops.rbln_triton_ops.<family>_naive_<step>, on the emulator.

    import rblnc.attention.operators
    output = torch.ops.rbln_triton_ops.flash_causal_attention_naive_decode(
        query, key, value, kv_cache, qk_scale, seq_idx, block_table, qk_scale)

Arguments, shapes and meaning are vLLM RBLN's; each kernel's file describes them. Tensors may have any strides. Heads that
are no multiple of 64 are padded on the host: query, key and value have the model's head size, kv_cache that or the padded
one, the result the model's. float16 and bfloat16 are computed in float32 and rounded back, as vLLM RBLN's wrappers do; the
cache is updated in place whatever its type, and the operators declare that they mutate it.

kv_cache is split, (2, NUM_BLOCK, H, 1, P, D), or packed, (NUM_BLOCK, 2, H, 1, P, D). The axis that has two is the one of
keys and values; where both have, the cache is taken as split, with a warning, unless cache_layout("packed") or
cache_layout("split"), or RBLNC_CACHE_LAYOUT, says which it is.
"""
import contextlib
import importlib
import os
import warnings
from dataclasses import dataclass

import torch

from rblnc import runtime
from rblnc import strides as memory
from rblnc.arguments import ArgumentError, ArgumentTypeError
from rblnc.host import align_tensor_last_dim_to_64
from rblnc._torch_op import torch_op

NAMESPACE = "rbln_triton_ops"
STEPS = ("prefill", "decode")

_FLOATS = (torch.float32, torch.float16, torch.bfloat16)
_INTEGERS = (torch.int32, torch.int16, torch.int64)

# Extents by name, in every tensor that has them: NB sequences, H heads of keys and values, G heads of queries for each,
# L new tokens, D head size as given, E that of the cache and A aligned to 64, B blocks of P rows in the cache, NP blocks
# of a sequence, C columns of the mask.
_SHAPES = {
    "query": ("NB", "H", "G", "L", "D"), "key": ("NB", "H", 1, "L", "D"), "value": ("NB", "H", 1, "L", "D"),
    "split": (2, "B", "H", 1, "P", "E"), "packed": ("B", 2, "H", 1, "P", "E"), "mask": ("NB", 1, 1, "L", "C"), "seq_idx": ("NB", "NP"),
    "cache_seq_len": ("NB", 1), "cache_offset": ("NB", 1), "qk_scale": ()
}
_CONSTANTS = {"NUM_HEAD": "H", "NUM_GROUP": "G", "HEAD_DIM": "A", "QUERY_LEN": "L", "NUM_BATCH": "NB",
              "NUM_BLOCK": "B", "DIM_BLOCK_TABLE": "T"}


@dataclass(frozen=True)
class Family:
    """arguments: the operator's. output_at: the argument before which the kernel takes the output. constants: the
    kernel's constexprs, each with the extent that it is."""
    name: str
    arguments: tuple
    output_at: str
    constants: dict


FAMILIES = (
    Family("attention", ("query", "key", "value", "kv_cache", "mask", "seq_idx", "qk_scale", "block_table", "dummy"),
           "seq_idx", {**_CONSTANTS, "PARTITION_SIZE": "P"}),
    Family("causal_attention", ("query", "key", "value", "kv_cache", "seq_idx", "qk_scale", "block_table", "dummy"),
           "seq_idx", {**_CONSTANTS, "PARTITION_SIZE": "P"}),
    Family("flash_attention",
           ("query", "key", "value", "kv_cache", "mask", "qk_scale", "seq_idx", "block_table", "dummy0"), "qk_scale",
           {"H": "H", "G": "G", "D": "A", "L": "L", "NB": "NB", "P": "P", "C": "C", "B": "B", "DIM_BLOCK_TABLE": "T"}),
    Family("flash_causal_attention",
           ("query", "key", "value", "kv_cache", "qk_scale", "seq_idx", "block_table", "dummy0"), "qk_scale",
           {**_CONSTANTS, "PARTITION_SIZE": "P", "MAX_SEQ_LEN": "C"}),
    Family("sliding_window_attention",
           ("query", "key", "value", "kv_cache", "cache_seq_len", "cache_offset", "qk_scale", "block_table", "dummy"),
           "cache_seq_len", {**_CONSTANTS, "WINDOW_SIZE": "P"}),
)


LAYOUTS = ("split", "packed")
_layout = None


@contextlib.contextmanager
def _restored(outer):
    global _layout
    try:
        yield
    finally:
        _layout = outer


def cache_layout(layout):
    """Says how caches are laid out from now on: "split", "packed", or None to go by their shapes. In a `with` statement
    only inside of the block."""
    global _layout
    if layout not in (*LAYOUTS, None):
        raise ValueError(f"the layout of a cache is {' or '.join(map(repr, LAYOUTS))}, or None, not {layout!r}")
    outer, _layout = _layout, layout
    return _restored(outer)


def _declared_layout():
    layout = _layout or os.environ.get("RBLNC_CACHE_LAYOUT") or None
    if layout not in (*LAYOUTS, None):
        raise ValueError(f"RBLNC_CACHE_LAYOUT is {layout!r}; known are {' and '.join(LAYOUTS)}")
    return layout


class _Cache:
    """The blocks of a cache that a call names, as the kernels take them: split, float32, aligned heads, row-major.

    values: what the kernel gets. table: the block table for it. A cache that is just so is itself passed.
    """

    def __init__(self, cache, table, layout, aligned):
        self.values, self.table = cache, table
        self._blocks = None
        if layout == "split" and cache.dtype == torch.float32 and cache.shape[-1] == aligned and cache.is_contiguous():
            return
        self._blocks = cache.transpose(0, 1) if layout == "packed" else cache
        count = self._blocks.shape[1]
        if table.numel() and 0 <= int(table.min()) and int(table.max()) < count:
            # As many blocks as the table has entries, so that one kernel serves any cache.
            self._used, places = torch.unique(table, return_inverse=True)
            self._used, self.table, count = self._used.long(), places.to(torch.int32), table.numel()
        else:
            self._used = torch.arange(count)  # the kernel tells which entry is out of range
        self._given = self._blocks[:, self._used]
        self.values = torch.zeros(2, count, *self._given.shape[2:-1], aligned)
        self._rows = self.values[:, :len(self._used), ..., :cache.shape[-1]]
        self._rows.copy_(self._given)
        self._before = self._rows.clone()

    def write_back(self):
        """Puts what the kernel changed into the caller's cache; all else keeps its bits."""
        if self._blocks is not None:
            changed = self._rows.view(torch.int32) != self._before.view(torch.int32)
            self._blocks[:, self._used] = torch.where(changed, self._rows.to(self._given.dtype), self._given)


class _Operator:
    """One of the ten: checks, pads, launches."""

    def __init__(self, family, step):
        self.name = f"{family.name}_naive_{step}"
        self._family = family
        self._step = step
        self._cached = {}
        self._block_table = family.arguments.index("block_table")
        self._indices = [position for position, name in enumerate(family.arguments)
                         if name in ("seq_idx", "cache_seq_len", "cache_offset", "block_table")]
        self._scale = family.arguments.index("qk_scale")
        self._output = family.arguments.index(family.output_at)

    @property
    def schema(self):
        tensors = ("Tensor(a!) kv_cache" if name == "kv_cache" else f"Tensor {name}" for name in self._family.arguments)
        return f"({', '.join(tensors)}) -> Tensor"

    def fake(self, *tensors):
        """The result's shape and type; what the operator refuses is refused while tracing already."""
        self._extents(tensors)
        self._check_cache_strides(tensors[3])
        return torch.empty(tensors[0].shape, dtype=tensors[0].dtype, device=tensors[0].device)

    def __call__(self, *tensors):
        # The same call again is the common one: what was checked for these shapes and types holds.
        key = (_declared_layout(), *[(tensor.dtype, tensor.shape) for tensor in tensors])
        extents = self._cached.get(key)
        if extents is None:
            extents = self._cached[key] = self._extents(tensors)
        query, kv_cache = tensors[0], tensors[3]
        self._check_cache_strides(kv_cache)
        values = list(tensors)
        for position in range(self._output):
            if position == 3:
                continue
            if position < 3:
                values[position] = align_tensor_last_dim_to_64(values[position])
            values[position] = values[position].to(torch.float32).contiguous()
        for position in self._indices:
            values[position] = values[position].contiguous()
        cache = _Cache(kv_cache, values[self._block_table], extents["layout"], extents["A"])
        values[3], values[self._block_table] = cache.values, cache.table
        output = torch.empty_like(values[0])
        # The last argument is only there for the interface; with the scale in its place there is one kernel for any.
        values[-1] = values[self._scale]
        values.insert(self._output, output)
        self._compiled(extents, values).launch(values)
        cache.write_back()
        if output.shape != query.shape:
            output = output[..., :query.shape[-1]].contiguous()
        return output if output.dtype == query.dtype else output.to(query.dtype)

    def _compiled(self, extents, values):
        blocks = values[3].shape[1]
        table = values[self._block_table + 1].dtype  # behind the output
        key = (runtime.settings(), blocks, table)
        compiled = extents["compiled"].get(key)
        if compiled is None:
            module = importlib.import_module(f"rblnc.attention.{self._family.name}")
            sizes = {**extents, "B": blocks}
            constants = {name: sizes[extent] for name, extent in self._family.constants.items()}
            compiled = extents["compiled"][key] = runtime.warmup(getattr(module, self.name), *values,
                                                                 host_layout="1:2:3", **constants)
        return compiled

    def _extents(self, tensors):
        """Every extent by its name. Raises ArgumentError for shapes that disagree, ArgumentTypeError for types."""
        extents = {"compiled": {}}
        for position, (name, tensor) in enumerate(zip(self._family.arguments, tensors)):
            if name.startswith("dummy"):
                continue
            wanted = _INTEGERS if position in self._indices else _FLOATS
            if tensor.dtype not in wanted:
                names = ", ".join(str(kind).removeprefix("torch.") for kind in wanted)
                raise ArgumentTypeError(f"{name} of {self.name} holds {str(tensor.dtype).removeprefix('torch.')}; pass "
                                        f"one of {names}")
            if name == "kv_cache":
                extents["layout"] = self._layout_of(tensor)
                self._match(extents, name, tensor, _SHAPES[extents["layout"]])
            elif name != "block_table":
                self._match(extents, name, tensor, _SHAPES[name])
        self._check_table(extents, tensors[self._block_table])
        self._check_sizes(extents)
        return extents

    def _layout_of(self, cache):
        """Whether a cache is split or packed."""
        declared = _declared_layout()
        if declared is not None or cache.dim() != 6:
            return declared or "split"
        pairs = [layout for axis, layout in enumerate(LAYOUTS) if cache.shape[axis] == 2]
        if not pairs:
            raise ArgumentError(f"kv_cache of {self.name} has the shape {tuple(cache.shape)}; it must be split, "
                                "(2, NUM_BLOCK, H, 1, P, D), or packed, (NUM_BLOCK, 2, H, 1, P, D)")
        if len(pairs) == 2:
            warnings.warn(f"kv_cache of {self.name} has the shape {tuple(cache.shape)}, which is that of a split cache "
                          "(2, NUM_BLOCK, H, 1, P, D) as well as of a packed one (NUM_BLOCK, 2, H, 1, P, D); it is taken "
                          "as split: say which it is with rblnc.attention.operators.cache_layout(\"split\") or "
                          "(\"packed\"), or RBLNC_CACHE_LAYOUT", stacklevel=2)
        return pairs[0]

    def _match(self, extents, name, tensor, shape):
        if tensor.dim() != len(shape):
            raise ArgumentError(f"{name} of {self.name} has rank {tensor.dim()}, shape {tuple(tensor.shape)}; it must "
                                f"have rank {len(shape)}: ({', '.join(map(str, shape))})")
        for axis, (extent, expected) in enumerate(zip(tensor.shape, shape)):
            known = expected if isinstance(expected, int) else extents.setdefault(expected, extent)
            if extent != known:
                raise ArgumentError(f"{name} of {self.name} has {extent} along axis {axis}; it must have {known}"
                                    + (f", which is {expected}" if expected != known else "")
                                    + f": its shape is ({', '.join(map(str, shape))})")

    def _check_table(self, extents, table):
        """block_table: (NP,) for one sequence, or (NB, NP)."""
        extents["T"] = table.dim()
        extents.setdefault("NP", 1)
        if table.dim() not in ((1, 2) if self._step == "prefill" else (2, )):
            raise ArgumentError(f"block_table of {self.name} has rank {table.dim()}; it must have the shape "
                                f"{'(NP,) or ' if self._step == 'prefill' else ''}(NB, NP)")
        self._match(extents, "block_table", table, ("NP", ) if table.dim() == 1 else ("NB", "NP"))

    def _check_sizes(self, extents):
        aligned = extents["A"] = -(-extents["D"] // 64) * 64
        if extents["E"] not in (extents["D"], aligned):
            raise ArgumentError(f"kv_cache of {self.name} has heads of {extents['E']}; for a head size of "
                                f"{extents['D']} it must have that, or {aligned}, the next multiple of 64")
        if self._step == "prefill" and extents["NB"] != 1:
            raise ArgumentError(f"{self.name} takes one sequence, not {extents['NB']}: call it for each")
        if self._step == "decode" and extents["L"] != 1:
            raise ArgumentError(f"{self.name} takes one token of each sequence, not {extents['L']}: call the prefill "
                                "operator for chunks")
        columns = extents["NP"] * extents["P"]
        if extents.setdefault("C", columns) != columns:
            raise ArgumentError(f"mask of {self.name} has {extents['C']} columns; it must have {columns}, one for each "
                                f"row of the {extents['NP']} blocks of a sequence")

    def _check_cache_strides(self, cache):
        if not cache.is_contiguous() and memory.overlaps_itself(cache.shape, cache.stride()):
            raise ArgumentError(f"kv_cache of {self.name} has elements that are the same memory (shape "
                                f"{tuple(cache.shape)}, strides {cache.stride()}), and the operator writes it: pass a "
                                "cache with memory for every element")


def _register(family, step):
    operator = _Operator(family, step)
    return operator.name, torch_op(f"{NAMESPACE}::{operator.name}", mutates_args=("kv_cache", ),
                                   schema=operator.schema, fake=operator.fake)(operator)


# By name; torch.ops.rbln_triton_ops has them too.
OPERATORS = dict(_register(family, step) for family in FAMILIES for step in STEPS)
