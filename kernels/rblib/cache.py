"""Probes of insert, window_insert, window_slice and nn_pad."""
import numpy as np

from kernels.cases import read, written
from kernels.rblib.catalog import Probe

H, D = 2, 64


def _insert(name, rows, length):

    def inputs(rng):
        # At the end rows are dropped; at `rows` itself all of them.
        return [{"data": rng.standard_normal((H, rows, D)).astype(np.float32),
                 "updates": rng.standard_normal((H, length, D)).astype(np.float32),
                 "index": np.array([index], np.int32)} for index in (0, 3, rows - length, rows - 1, rows)]

    def reference(given):
        out = given["data"].copy()
        for r in range(length):
            if int(given["index"][0]) + r < rows:
                out[:, int(given["index"][0]) + r] = given["updates"][:, r]
        return {"o": out}

    return Probe(name, "insert_rows", (read("data", (H, rows, D)), read("updates", (H, length, D)),
                                       read("index", (1, ), "int32"), written("o", (H, rows, D))),
                 {"H": H, "P": rows, "L": length, "D": D}, inputs, reference, "cache")


def _window(name, window, length):

    def inputs(rng):
        sets = []
        for start in (0, 1, window - 1, window):
            for end in (start + length, 0, start):
                base = rng.standard_normal((H, window, D)).astype(np.float32)
                base[:, start:] = np.nan
                sets.append({"base": base, "new": rng.standard_normal((H, length, D)).astype(np.float32),
                             "start": np.array([[start]], np.int32), "end": np.array([[end]], np.int32)})
        return sets

    def reference(given):
        start, end = int(given["start"][0, 0]), int(given["end"][0, 0])
        extended = np.zeros((H, window + length, D), np.float32)
        for r in range(start + length):
            extended[:, r] = given["base"][:, r] if r < start else given["new"][:, r - start]
        kept = np.zeros((H, window, D), np.float32)
        for r, source in enumerate(range(max(0, end - window), end)):
            kept[:, r] = extended[:, source]
        return {"extended": extended, "window": kept}

    return Probe(name, "slide_window",
                 (read("base", (H, window, D)), read("new", (H, length, D)), read("start", (1, 1), "int32"),
                  read("end", (1, 1), "int32"), written("extended", (H, window + length, D)),
                  written("window", (H, window, D))),
                 {"H": H, "W": window, "L": length, "D": D}, inputs, reference, "cache")


def _pad(name, rows, low, high, value):

    def reference(given):
        out = np.full((H, low + rows + high, D), value, np.float32)
        out[:, low:low + rows] = given["x"]
        return {"o": out}

    return Probe(name, "pad_rows", (read("x", (H, rows, D)), written("o", (H, low + rows + high, D))),
                 {"H": H, "R": rows, "D": D, "LOW": low, "HIGH": high, "VALUE": value},
                 lambda rng: [{"x": rng.standard_normal((H, rows, D)).astype(np.float32)}], reference, "cache")


PROBES = [_insert("insert_one", 10, 1), _insert("insert_rows", 12, 5), _window("slide_window_one", 6, 1),
          _window("slide_window_rows", 5, 7), _pad("nn_pad_zeros", 7, 0, 63, 0.0), _pad("nn_pad_value", 4, 2, 1, -1.5)]
