"""Probes of softmax, masked_softmax, dynamic_masked_softmax and window_softmax."""
import numpy as np

from kernels.cases import read, written
from kernels.rblib.catalog import Probe

H, G, L, P = 2, 3, 5, 64
SHAPE = (1, H, G, L, P)


def row_softmax(scores, visible):
    """One row at a time, in float64; NaN where nothing is visible."""
    out = np.zeros(scores.shape)
    for place in np.ndindex(scores.shape[:-1]):
        seen = np.broadcast_to(visible, scores.shape)[place]
        values = scores[place][seen].astype(np.float64)
        if values.size == 0:
            out[place] = np.nan
            continue
        e = np.exp(values - values.max())
        out[place][seen] = e / e.sum()
    return out


def causal(index, rows=L, columns=P):
    return np.array([[j <= index + i for j in range(columns)] for i in range(rows)])


def window(start, size):
    return np.array([[start + i - size < j <= start + i for j in range(P)] for i in range(L)])


def masks(rng):
    """Masks of (1, 1, 1, L, P): random, causal, a row that sees one column only."""
    single = np.zeros((L, P), bool)
    single[:, 7] = True
    drawn = [rng.random((L, P)) < 0.5, causal(9), single]
    return [mask.astype(np.float32).reshape(1, 1, 1, L, P) for mask in drawn]


def scores(rng, hidden=None):
    """Normal scores with a wide spread; what is hidden is NaN and must not matter."""
    x = (8 * rng.standard_normal(SHAPE)).astype(np.float32)
    return x if hidden is None else np.where(hidden, x, np.nan).astype(np.float32)


def _plain(name, axis):
    shape = (3, 6, 64)

    def reference(given):
        moved = np.moveaxis(given["x"], axis, -1)
        return {"o": np.moveaxis(row_softmax(moved, np.ones(moved.shape[-1], bool)), -1, axis)}

    return Probe(name, "softmax_along", (read("x", shape), written("o", shape)),
                 {"A": 3, "B": 6, "C": 64, "AXIS": axis},
                 lambda rng: [{"x": (8 * rng.standard_normal(shape)).astype(np.float32)}], reference, "softmax")


def _masked(name):
    return Probe(name, "softmax_masked", (read("x", SHAPE), read("mask", (1, 1, 1, L, P)), written("o", SHAPE)),
                 {"H": H, "G": G, "L": L, "P": P},
                 lambda rng: [{"x": scores(rng, mask > 0), "mask": mask} for mask in masks(rng)],
                 lambda given: {"o": row_softmax(given["x"], given["mask"] > 0)}, "softmax")


def _dynamic(name, size):

    def visible(index):
        return causal(index) if size == 0 else window(index, size)

    return Probe(name, "softmax_dynamic", (read("x", SHAPE), read("index", (1, ), "int32"), written("o", SHAPE)),
                 {"H": H, "G": G, "L": L, "P": P, "W": size},
                 lambda rng: [{"x": scores(rng, visible(index)), "index": np.array([index], np.int32)}
                              for index in (0, 1, 20, P - L)],
                 lambda given: {"o": row_softmax(given["x"], visible(int(given["index"][0])))}, "softmax")


PROBES = [_plain("softmax_last", 2), _plain("softmax_first", 0), _masked("masked_softmax"),
          _dynamic("dynamic_masked_softmax", 0), _dynamic("window_softmax", 12)]
