"""Transfers of rows that indices choose, written as device commands: against NumPy, in any order of queues, planned."""
import json

import numpy as np
import pytest

from indexed_programs import TYPES, program, random_case

CASES = 24  # of each type


def arguments(folder, arrays, out="y"):
    options = []
    for name, array in arrays.items():
        np.save(folder / f"{name}.npy", array)
        options += ["--arg", f"{name}={folder / name}.npy"]
    return [*options, "--out", f"{out}={folder / 'out'}.npy"]


@pytest.mark.parametrize("element", TYPES)
def test_random_transfers_move_what_numpy_moves(rblnc, element, tmp_path):
    rng = np.random.default_rng(list(TYPES).index(element))
    source, bundle = tmp_path / "rows.mlir", tmp_path / "rows.rbln"
    seen = set()
    for number in range(CASES):
        case = random_case(rng, element)
        seen |= {("scatters", case.scatters), ("mask", case.mask is not None), ("clips", bool(case.clips)),
                 ("fill", case.fill is not None), ("rank", len(case.index_dimensions)), ("type", case.index_type)}
        source.write_text(case.program())
        rblnc.done("compile", source, "-o", bundle)
        process = rblnc.done("run", bundle, *arguments(tmp_path, case.arrays))
        assert "RBLN-R04" not in process.stderr, case
        got = np.load(tmp_path / "out.npy").reshape(-1)
        want = case.expected()
        assert got.dtype.itemsize == want.dtype.itemsize
        assert got.tobytes() == want.tobytes(), f"number {number}: {case.program()}"
    assert {("scatters", True), ("scatters", False), ("mask", True), ("mask", False), ("clips", True), ("fill", True),
            ("rank", 1), ("rank", 2), ("type", "i32"), ("type", "i64")} <= seen


ENGINES, ROWS, COLUMNS = 4, 6, 48


def unplanned(shared_table):
    """Each engine gathers rows by its own part of the indices, adds 1 to them and scatters them: without addresses or
    waits, which planning adds."""
    lines = [f'%table = npu.argument "table" f32 [32, {COLUMNS}] "in"',
             f'%index = npu.argument "index" i32 [{ENGINES * ROWS}] "in"',
             f'%to = npu.argument "to" i64 [{ENGINES * ROWS}] "in"',
             f'%y = npu.argument "y" f32 [64, {COLUMNS}] "inout"']
    dense = f"<f32, 0, [{COLUMNS}, 1]>"
    if shared_table:
        lines += [f'%shared = npu.buffer "shared" shared 0 bytes {32 * COLUMNS * 4}',
                  f"npu.dma <task_dma 0> [32, {COLUMNS}] %table {dense} to %shared {dense}"]
    table = "%shared" if shared_table else "%table"
    for e in range(ENGINES):
        lines += [
            f'%i{e} = npu.buffer "i" scratchpad {e} bytes {4 * ROWS}', f'%j{e} = npu.buffer "j" scratchpad {e} bytes {8 * ROWS}',
            f'%t{e} = npu.buffer "t" scratchpad {e} bytes {ROWS * COLUMNS * 4}',
            f'%u{e} = npu.buffer "u" scratchpad {e} bytes {ROWS * COLUMNS * 4}',
            f"npu.dma <neural_dma {e}> [{ROWS}] %index <i32, {e * ROWS}, [1]> to %i{e} <i32, 0, [1]>",
            f"npu.dma <neural_dma {e}> [{ROWS}] %to <i64, {e * ROWS}, [1]> to %j{e} <i64, 0, [1]>",
            f"npu.indexed_dma <neural_dma {e}> gather [{ROWS}, {COLUMNS}] axis 0 of 32 {table} {dense} "
            f"by %i{e} <i32, 0, [1, 0]> to %t{e} {dense}",
            f"npu.vector <neural_engine {e}> [] [{ROWS}, {COLUMNS}] ins(%t{e}) [#npu.access{dense}] "
            f"outs(%u{e}) [#npu.access{dense}] {{\n^bb0(%a: f32):\n  %one = arith.constant 1.0 : f32\n"
            f"  %b = arith.addf %a, %one : f32\n  npu.yield %b : f32\n}}",
            f"npu.indexed_dma <task_dma {e}> scatter [{ROWS}, {COLUMNS}] axis 0 of 64 %u{e} {dense} "
            f"by %j{e} <i64, 0, [1, 0]> to %y {dense}"]
    return program(lines)


@pytest.mark.parametrize("shared_table", [False, True], ids=["table-in-dram", "table-in-shared-sram"])
def test_planning_orders_what_may_meet(rblnc, shared_table, tmp_path):
    rng = np.random.default_rng(7)
    # Engines scatter to the same rows: the later one in the program stays, in whatever order the queues run.
    arrays = {"table": rng.standard_normal((32, COLUMNS)).astype(np.float32),
              "index": rng.integers(0, 32, ENGINES * ROWS).astype(np.int32),
              "to": rng.integers(0, 8, ENGINES * ROWS).astype(np.int64),
              "y": rng.standard_normal((64, COLUMNS)).astype(np.float32)}
    want = arrays["y"].copy()
    for index, to in zip(arrays["index"], arrays["to"]):
        want[to] = arrays["table"][index] + np.float32(1)
    source, planned, bundle = tmp_path / "k.mlir", tmp_path / "planned.mlir", tmp_path / "k.rbln"
    source.write_text(unplanned(shared_table))
    passes = ["keep-small-arrays", "split-branches", "hoist-commands", "stagger-loads", "stage-ahead", "allocate",
              "synchronize"]
    rblnc.done("opt", source, f"--passes={','.join(passes)}", "-o", planned)
    assert "npu.wait" in planned.read_text()
    rblnc.done("compile", planned, "-o", bundle)  # with the proof that no two queues race
    times = set()
    for order in (None, 1, 2, 3, 4):
        stats = tmp_path / "stats.json"
        options = [] if order is None else [f"--order={order}"]
        process = rblnc.done("run", bundle, *arguments(tmp_path, arrays), f"--stats={stats}", *options)
        assert "RBLN-R04" not in process.stderr
        assert np.array_equal(np.load(tmp_path / "out.npy").reshape(want.shape), want), order
        figures = json.loads(stats.read_text())
        times.add(figures["modelled_seconds"])
        assert figures["commands"]["dma"] == ENGINES * 4 + shared_table
    assert len(times) == 1


def test_a_trace_names_what_rows_are_chosen_of(rblnc, tmp_path):
    source, bundle, trace = tmp_path / "k.mlir", tmp_path / "k.rbln", tmp_path / "k.pftrace"
    case = random_case(np.random.default_rng(1), "f32")
    source.write_text(case.program())
    rblnc.done("compile", source, "-o", bundle)
    rblnc.done("run", bundle, *arguments(tmp_path, case.arrays), f"--trace={trace}")
    name = b"scatter(y)" if case.scatters else b"gather(x)"
    assert name in trace.read_bytes()
