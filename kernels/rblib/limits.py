"""Probes of what the front end takes beyond its own limits."""
import numpy as np

from kernels.cases import number, read, written
from kernels.rblib.catalog import Probe
from kernels.rblib.softmax import row_softmax


def _product(name, a, b, c, m, k, n):
    lead = (b, c) if a is None else (a, b, c)

    def inputs(rng):
        return [{"a": rng.standard_normal((*lead, m, k)).astype(np.float32),
                 "b": rng.standard_normal((*lead, k, n)).astype(np.float32), "scale": 0.375}]

    return Probe(name, "product", (read("a", (*lead, m, k)), read("b", (*lead, k, n)), written("o", (*lead, m, n)),
                                   number("scale", 0.375)),
                 {"A": a or 1, "B": b, "C": c, "M": m, "K": k, "N": n, "RANK": len(lead) + 2}, inputs,
                 lambda given: {"o": given["a"].astype(np.float64) @ given["b"] * 0.375}, "limits")


def _accumulate(name, a, b, m, k, n, t):

    def inputs(rng):
        return [{"a": rng.standard_normal((a, b, m, k)).astype(np.float32),
                 "b": rng.standard_normal((a, b, k, n)).astype(np.float32)}]

    return Probe(name, "accumulate", (read("a", (a, b, m, k)), read("b", (a, b, k, n)), written("o", (a, b, m, n))),
                 {"A": a, "B": b, "M": m, "K": k, "N": n, "T": t}, inputs,
                 lambda given: {"o": given["a"].astype(np.float64) @ given["b"]}, "limits")


def _rows(name, shape):
    return Probe(name, "row_sums", (read("x", shape), written("o", shape)), dict(zip("ARC", shape)),
                 lambda rng: [{"x": rng.standard_normal(shape).astype(np.float32)}],
                 lambda given: {"o": row_softmax(given["x"], np.ones(shape[-1], bool))}, "limits")


PROBES = [
    _product("dot_rank4", None, 3, 2, 5, 64, 96),
    _product("dot_rank5", 1, 3, 7, 1, 128, 48),
    _accumulate("dot_rank4_accumulate", 1, 3, 7, 192, 64, 64),
    _rows("odd_extents", (1, 3, 100)),
    # 2^21 and some more elements.
    _rows("large_block", (1, 1025, 2048)),
]
