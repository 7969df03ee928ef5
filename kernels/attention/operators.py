"""The ten attention operators of vLLM RBLN, torch.ops.rbln_triton_ops.<family>_naive_<step>, on the emulator.

    import rblnc.attention.operators
    output = torch.ops.rbln_triton_ops.flash_causal_attention_naive_decode(
        query, key, value, kv_cache, qk_scale, seq_idx, block_table, qk_scale)

Arguments, shapes and meaning are vLLM RBLN's; each kernel's file describes them. Heads that are no multiple of 64 are
padded on the host: query, key and value have the model's head size, kv_cache the padded one, the result the model's.
float16 and bfloat16 are computed in float32 and rounded back, as vLLM RBLN's wrappers do; the cache is updated in place
whatever its type, and the operators declare that they mutate it.
"""
import importlib
from dataclasses import dataclass

import torch

from rblnc import runtime
from rblnc.arguments import ArgumentError, ArgumentTypeError
from rblnc.host import align_tensor_last_dim_to_64
from rblnc._torch_op import torch_op

NAMESPACE = "rbln_triton_ops"
STEPS = ("prefill", "decode")

_FLOATS = (torch.float32, torch.float16, torch.bfloat16)
_INTEGERS = (torch.int32, torch.int16, torch.int64)

# Extents by name, in every tensor that has them: NB sequences, H heads of keys and values, G heads of queries for each,
# L new tokens, D head size as given and A aligned to 64, B blocks of P rows in the cache, NP blocks of a sequence, C
# columns of the mask.
_SHAPES = {
    "query": ("NB", "H", "G", "L", "D"), "key": ("NB", "H", 1, "L", "D"), "value": ("NB", "H", 1, "L", "D"),
    "kv_cache": (2, "B", "H", 1, "P", "A"), "mask": ("NB", 1, 1, "L", "C"), "seq_idx": ("NB", "NP"),
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
        return torch.empty_like(tensors[0])

    def __call__(self, *tensors):
        # The same call again is the common one: what was checked for these shapes and types holds.
        key = tuple([(tensor.dtype, tensor.shape) for tensor in tensors])
        extents = self._cached.get(key)
        if extents is None:
            extents = self._cached[key] = self._extents(tensors)
        query, kv_cache = tensors[0], tensors[3]
        values = list(tensors)
        for position in range(self._output):
            if not values[position].is_contiguous():
                raise self._not_contiguous(position, values[position])
            if position < 3:
                values[position] = align_tensor_last_dim_to_64(values[position])
            if values[position].dtype != torch.float32:
                values[position] = values[position].to(torch.float32)
        output = torch.empty_like(values[0])
        # The last argument is only there for the interface; with the scale in its place there is one kernel for any.
        values[-1] = values[self._scale]
        values.insert(self._output, output)
        self._compiled(key, extents, values).launch(values)
        if values[3] is not kv_cache:
            kv_cache.copy_(values[3])
        if output.shape != query.shape:
            output = output[..., :query.shape[-1]].contiguous()
        return output if output.dtype == query.dtype else output.to(query.dtype)

    def _compiled(self, key, extents, values):
        compiled = extents.get("compiled")
        settings = runtime.settings()
        if compiled is None or compiled[0] != settings:
            module = importlib.import_module(f"rblnc.attention.{self._family.name}")
            constants = {name: extents[extent] for name, extent in self._family.constants.items()}
            compiled = extents["compiled"] = (settings, runtime.warmup(getattr(module, self.name), *values,
                                                                      host_layout="1:2:3", **constants))
        return compiled[1]

    def _extents(self, tensors):
        """Every extent by its name. Raises ArgumentError for shapes that disagree, ArgumentTypeError for types."""
        extents = {}
        for position, (name, tensor) in enumerate(zip(self._family.arguments, tensors)):
            if name.startswith("dummy"):
                continue
            wanted = _INTEGERS if position in self._indices else _FLOATS
            if tensor.dtype not in wanted:
                names = ", ".join(str(kind).removeprefix("torch.") for kind in wanted)
                raise ArgumentTypeError(f"{name} of {self.name} holds {str(tensor.dtype).removeprefix('torch.')}; pass "
                                        f"one of {names}")
            if name != "block_table":
                self._match(extents, name, tensor, _SHAPES[name])
            if not tensor.is_contiguous():
                raise self._not_contiguous(position, tensor)
        self._check_table(extents, tensors[self._block_table])
        self._check_sizes(extents)
        return extents

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
        aligned = -(-extents["D"] // 64) * 64
        if extents["A"] != aligned:
            raise ArgumentError(f"kv_cache of {self.name} has heads of {extents['A']}; for a head size of "
                                f"{extents['D']} it must have {aligned}, the next multiple of 64")
        if self._step == "prefill" and extents["NB"] != 1:
            raise ArgumentError(f"{self.name} takes one sequence, not {extents['NB']}: call it for each")
        if self._step == "decode" and extents["L"] != 1:
            raise ArgumentError(f"{self.name} takes one token of each sequence, not {extents['L']}: call the prefill "
                                "operator for chunks")
        columns = extents["NP"] * extents["P"]
        if extents.setdefault("C", columns) != columns:
            raise ArgumentError(f"mask of {self.name} has {extents['C']} columns; it must have {columns}, one for each "
                                f"row of the {extents['NP']} blocks of a sequence")

    def _not_contiguous(self, position, tensor):
        name = self._family.arguments[position]
        remedy = "the cache itself must be contiguous" if name == "kv_cache" else "pass .contiguous()"
        return ArgumentError(f"{name} of {self.name} is not contiguous (shape {tuple(tensor.shape)}, strides "
                             f"{tuple(tensor.stride())}): {remedy}")


def _register(family, step):
    operator = _Operator(family, step)
    return operator.name, torch_op(f"{NAMESPACE}::{operator.name}", mutates_args=("kv_cache", ),
                                   schema=operator.schema, fake=operator.fake)(operator)


# By name; torch.ops.rbln_triton_ops has them too.
OPERATORS = dict(_register(family, step) for family in FAMILIES for step in STEPS)
