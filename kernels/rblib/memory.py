"""Probes of dynamic_load and dynamic_store, and of pointers whose declared geometry is not that of the array."""
import numpy as np

from kernels.cases import read, updated, written
from kernels.rblib.catalog import Probe

SHAPE = (3, 10, 64)


def _copy(name, axis, more):

    def inputs(rng):
        sets = []
        for count in (0, 1, SHAPE[axis] - 1, SHAPE[axis]):
            x = rng.standard_normal(SHAPE).astype(np.float32)
            # What must not be read cannot hide.
            np.moveaxis(x, axis, 0)[count:] = np.nan
            sets.append({"x": x, "count": np.array([count], np.int32),
                         "o": rng.standard_normal(SHAPE).astype(np.float32)})
        return sets

    def reference(given):
        count = int(given["count"][0])
        o = given["o"].copy()
        source, target = np.moveaxis(given["x"], axis, 0), np.moveaxis(o, axis, 0)
        for r in range(SHAPE[axis]):
            if r < count + more:
                target[r] = source[r] if r < count else 0
        return {"o": o}

    return Probe(name, "copy_rows", (read("x", SHAPE), read("count", (1, ), "int32"), updated("o", SHAPE)),
                 {"B": 3, "R": 10, "C": 64, "AXIS": axis, "MORE": more}, inputs, reference, "memory")


def _block(name):
    return Probe(name, "copy_block", (read("x", SHAPE), written("o", SHAPE)), {"B": 3, "R": 10, "C": 64},
                 lambda rng: [{"x": rng.standard_normal(SHAPE).astype(np.float32)}], lambda given: {"o": given["x"]},
                 "memory")


def _foreign(name):
    shape, out = (2, 3, 2, 8, 80), (1, 1, 2, 8, 80)

    def inputs(rng):
        x = rng.standard_normal(shape).astype(np.float32)
        return [{"x": x, "block": np.array([block], np.int32)} for block in range(3)]

    return Probe(name, "foreign_geometry", (read("x", shape), written("o", out), read("block", (1, ), "int32")),
                 {"NB": 1, "H": 2, "P": 8, "D": 128}, inputs,
                 lambda given: {"o": given["x"][1, int(given["block"][0])][None, None] + 1}, "memory")


PROBES = [_copy("dynamic_rows_axis1", 1, 2), _copy("dynamic_rows_axis0", 0, 1), _block("dynamic_block"),
          _foreign("foreign_geometry")]
