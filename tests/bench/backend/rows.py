"""The rows of the table: which kernel at which size, with which arguments, and what kind of kernel it is."""
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from backend.attention import Attention
from kernels import catalog
from kernels.attention import cases as attention_cases
from kernels.attention.cases import Sizes
from kernels.cases import Array, Case, number, read, written

VERSION = "3.6.0"  # of Triton
TTIR = Path(__file__).resolve().parent.parent / "ttir"
PREFILL, DECODE, MATMUL, ROWWISE = "prefill", "decode", "matmul", "row-wise"

COMMITTED = attention_cases.SIZES[0]
# As a model of eight billion parameters has them, with 4,096 and 8,192 tokens a sequence; and the largest blocks of the
# cache with the largest heads.
SIZES = (
    Sizes("h8g4d128c4096", heads=8, groups=4, head_size=128, chunk=128, partition=1024, context=4096, blocks=20, batch=4,
          window=1024),
    Sizes("h8g4d128c8192", heads=8, groups=4, head_size=128, chunk=128, partition=1024, context=8192, blocks=36, batch=4,
          window=1024),
    Sizes("h8g2d256p4096", heads=8, groups=2, head_size=256, chunk=128, partition=4096, context=8192, blocks=5, batch=2,
          window=4096),
)
QUICK = ("r4096c4096_f16", "r2048c4096_f32", "r512c14336_f16", "m128k4096n4096_f16")
PAGED_ONLY = ("h8g4d128c8192", )  # the others do not depend on the context


class Block:
    """A kernel whose case says everything: one block for each array."""

    def __init__(self, case, reference):
        self.case, self.reference = case, reference

    def draw(self, rng):
        values = {a.name: rng.standard_normal(a.shape, dtype=np.float32).astype(a.dtype) for a in self.case.inputs}
        return {**values, **{scalar.name: scalar.value for scalar in self.case.scalars}}

    def expected(self, arguments):
        wide = {name: value.astype(np.float64) if isinstance(value, np.ndarray) else value
                for name, value in arguments.items()}
        return self.reference(wide, self.case)

    def compulsory_bytes(self):
        return sum((int(np.prod(a.shape)) if isinstance(a, Array) else 1) * np.dtype(a.dtype).itemsize
                   for a in self.case.arguments)


@dataclass(frozen=True)
class Row:
    """`path` is the kernel's committed text; `function` is where it comes from, as module and name."""
    name: str
    kind: str
    path: Path
    function: tuple
    work: Attention | Block

    @property
    def is_attention(self):
        return isinstance(self.work, Attention)

    @property
    def is_quick(self):
        """Whether it takes part in a quick look: the committed setting of attention, and one size of each other kernel."""
        return self.work.sizes is COMMITTED if self.is_attention else self.name.split(".")[1] in QUICK

    def constexprs(self):
        if self.is_attention:
            return attention_cases.constexprs(self.work.family, self.work.step, self.work.sizes)
        return self.work.case.constexprs

    def tensors(self):
        """Shape and type of every argument, () for a scalar, in the kernel's order."""
        if self.is_attention:
            return self.work.shapes
        return {a.name: (a.shape if isinstance(a, Array) else (), a.dtype) for a in self.work.case.arguments}


def _attention_rows():
    rows = []
    for sizes in (COMMITTED, ) + SIZES:
        for family in attention_cases.FAMILIES:
            if sizes.name in PAGED_ONLY and not attention_cases.is_paged(family.name):
                continue
            for step in attention_cases.STEPS:
                text = attention_cases.Text(family.name, step, sizes, VERSION)
                path = text.path if sizes is COMMITTED else TTIR / text.relative_path.name
                function = (f"kernels.attention.{family.name}", family.kernel_name(step))
                rows.append(Row(text.relative_path.stem, PREFILL if step == "prefill" else DECODE, path, function,
                                Attention(family.name, step, sizes)))
    return rows


def _block(name, kind, arguments, constexprs, module=None, reference=None):
    kernel = name.split(".")[0]
    module = module or f"kernels.basic.{kernel}"
    reference = reference or catalog.load("basic", kernel).reference
    case = Case(name.split(".")[1], arguments, constexprs)
    return Row(name, kind, TTIR / f"{name}.ttir", (module, kernel), Block(case, reference))


def _rowwise_rows():
    rows = []
    for suffix, dtype in (("f32", "float32"), ("f16", "float16")):
        shape = (1, 4096, 4096)
        rows.append(_block(f"softmax.r4096c4096_{suffix}", ROWWISE, (read("x", shape, dtype), written("o", shape, dtype)),
                           {"R": 4096, "C": 4096}))
    shape, line = (1, 2048, 4096), (1, 1, 4096)
    rows.append(_block("layer_norm.r2048c4096_f32", ROWWISE, (read("x", shape), read("w", line), read("b", line),
                                                              written("o", shape), number("eps", 1e-5)),
                       {"R": 2048, "C": 4096}))
    shape = (1, 512, 14336)
    rows.append(_block("swiglu.r512c14336_f16", ROWWISE,
                       (read("gate", shape, "float16"), read("up", shape, "float16"), written("o", shape, "float16")),
                       {"R": 512, "C": 14336}))
    return rows


def _product(inputs, case):
    return {"o": inputs["a"] @ inputs["b"]}


def _matmul_rows():
    # A decode step reads a whole matrix for a few rows: it is bound by memory.
    settings = [(16, 4096, 14336, DECODE), (128, 4096, 4096, MATMUL), (128, 4096, 14336, MATMUL),
                (1024, 4096, 4096, MATMUL)]
    rows = []
    for m, k, n, kind in settings:
        arguments = (read("a", (m, k), "float16"), read("b", (k, n), "float16"), written("o", (m, n), "float16"))
        rows.append(_block(f"matmul.m{m}k{k}n{n}_f16", kind, arguments, {"M": m, "K": k, "N": n}, "backend.matmul",
                           _product))
    m, k, n = 128, 4096, 4096
    arguments = (read("a", (m, k), "float16"), read("b", (k, n), "float16"), written("o", (m, n), "float16"))
    rows.append(_block(f"matmul_k_loop.m{m}k{k}n{n}_f16", MATMUL, arguments, {"M": m, "K": k, "N": n, "TM": m, "TK": 512}))
    return rows


def rows():
    """Every row, in the order of the table."""
    return _attention_rows() + _rowwise_rows() + _matmul_rows()
