"""Probes of to_dynamic_index and partition_skip."""
import numpy as np

from kernels.cases import read, written
from kernels.rblib.catalog import Probe


def _gather(name, dtype, rank):
    table = (3, ) if rank == 1 else (1, 3)

    def inputs(rng):
        x = rng.standard_normal((4, 5, 64)).astype(np.float32)
        return [{"x": x, "table": np.array([9, 9, last], dtype).reshape(table)} for last in (0, 2, 3)]

    return Probe(name, "gather_block", (read("x", (4, 5, 64)), read("table", table, dtype), written("o", (1, 5, 64))),
                 {"R": 5, "C": 64, "N": 3, "DIM": rank}, inputs,
                 lambda given: {"o": given["x"][int(given["table"].reshape(-1)[2])][None] + 1}, "indices")


PARTITIONS, ROWS, COLUMNS = 4, 6, 64


def _skip(name, row, maximum):

    def inputs(rng):
        x = rng.standard_normal((PARTITIONS * ROWS, COLUMNS)).astype(np.float32)
        sets = []
        # 6, 12 and 18 tokens fill partitions exactly: the next one is empty and yet the current one.
        for tokens in (0, 1, 5, 6, 7, 12, 13, 18, 23, 24):
            offsets = np.full((2, PARTITIONS), 77, np.int32)
            offsets[row] = [min(max(tokens - p * ROWS, 0), ROWS) for p in range(PARTITIONS)]
            sets.append({"x": x, "offsets": offsets})
        return sets

    def reference(given):
        tokens = int(given["offsets"][row].sum())
        total = np.zeros((ROWS, COLUMNS))
        for p in range(PARTITIONS):
            if p > 0 and tokens < p * ROWS:
                continue
            for r in range(ROWS):
                if p * ROWS + r < tokens + 1:
                    total[r] += given["x"][p * ROWS + r]
        return {"o": total}

    arguments = (read("x", (PARTITIONS * ROWS, COLUMNS)), read("offsets", (2, PARTITIONS), "int32"),
                 written("o", (ROWS, COLUMNS)))
    constants = {"NP": PARTITIONS, "P": ROWS, "C": COLUMNS, "ROW": row, "MAX": maximum}
    return Probe(name, "skip_partitions", arguments, constants, inputs, reference, "indices")


PROBES = [
    _gather("to_dynamic_index_i32", "int32", 2),
    _gather("to_dynamic_index_i16", "int16", 1),
    _gather("to_dynamic_index_i64", "int64", 1),
    _skip("partition_skip_max", 1, ROWS),
    # The size of a partition is that of the blocks which the index is used with.
    _skip("partition_skip_inferred", 0, -1),
]
