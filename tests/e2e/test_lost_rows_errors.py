"""A run stops where rows that a kernel inserts into a partition are lost, unless it is told not to look."""
import pytest

from lost_rows import in_a_branch, inputs_of, kernel_of, rows_across
from rblib_run import check, compiled, run

# Partitions and new rows; the rows that are cached; the index, its value and the rows that still have a place.
LOST = [
    (1, 3, [[6], [0]], "i[0]", 6, 2), (1, 3, [[7], [0]], "i[0]", 7, 1), (1, 3, [[0], [8]], "i[1]", 8, 0),
    (1, 1, [[8], [0]], "i[0]", 8, 0), (1, 8, [[1], [0]], "i[0]", 1, 7), (2, 3, [[6, 0], [0, 0]], "i[0]", 6, 2),
    (2, 3, [[8, 8], [0, 0]], "i[1]", 8, 0), (2, 3, [[8, 7], [0, 0]], "i[1]", 7, 1),
    (2, 3, [[0, 0], [6, 0]], "i[2]", 6, 2), (3, 1, [[8, 8, 7], [8, 8, 8]], "i[5]", 8, 0),
]


def stops(process, name, value, room, rows):
    assert process.returncode == 1 and "RBLN-R037" in process.stderr and "k.py:" in process.stderr, process.stderr
    assert f"'{name}' is {value}, and a partition of 8 rows has room for {room} of {rows} new ones" in process.stderr
    assert ("choose chunks that divide the partition" if room else "clamp(n - p * 8, 0, 8)") in process.stderr


@pytest.mark.parametrize("partitions, rows, cached, name, value, room", LOST)
def test_lost_rows(rblnc, tmp_path, partitions, rows, cached, name, value, room):
    kernel = kernel_of(partitions, rows)
    bundle, given = compiled(rblnc, kernel, tmp_path), inputs_of(kernel, cached)
    stops(run(rblnc, kernel, given, bundle, ())[0], name, value, room, rows)
    check(rblnc, kernel, given, bundle)


@pytest.mark.parametrize("partitions", [1, 2])
def test_positions_that_are_no_rows_of_a_partition(rblnc, tmp_path, partitions):
    kernel = kernel_of(partitions, 3)
    bundle, given = compiled(rblnc, kernel, tmp_path), inputs_of(kernel, [[13] * partitions, [0] * partitions])
    stops(run(rblnc, kernel, given, bundle, ())[0], "i[0]", 13, 0, 3)
    # Without the check it is an index out of its bounds.
    process, _ = run(rblnc, kernel, given, bundle)
    assert process.returncode == 1 and "RBLN-R034" in process.stderr


def test_where_the_kernel_inserts(rblnc, tmp_path):
    """A branch that is not taken inserts nothing."""
    kernel = kernel_of(1, 3, in_a_branch)
    bundle = compiled(rblnc, kernel, tmp_path)
    stops(run(rblnc, kernel, inputs_of(kernel, [[6], [0]], (4, 0)), bundle, ())[0], "i[0]", 6, 2, 3)
    process, _ = run(rblnc, kernel, inputs_of(kernel, [[6], [0]], (0, 0)), bundle, ())
    assert process.returncode == 0, process.stderr


@pytest.mark.parametrize("added, off, room", [(1, 5, 2), (1, 6, 1), (1, 7, 0), (1, 8, 0), (-2, 8, 2), (-2, 9, 1), (5, 2, 1)])
def test_computed_indices(rblnc, tmp_path, added, off, room):
    kernel = kernel_of(1, 3, lambda kernel, block, new, off: kernel.insert(block, new, 0, kernel.plus(off, added)))
    bundle, given = compiled(rblnc, kernel, tmp_path), inputs_of(kernel, [[off], [off]])
    process, _ = run(rblnc, kernel, given, bundle, ())
    assert process.returncode == 1 and "RBLN-R037" in process.stderr and "k.py:" in process.stderr, process.stderr
    assert f" is {off + added}, and a partition of 8 rows has room for {room} of 3 new ones" in process.stderr
    check(rblnc, kernel, given, bundle)


@pytest.mark.parametrize("position", [30, 31, 32, 40])
def test_a_position_behind_the_last_partition(rblnc, tmp_path, position):
    kernel = rows_across(3, 3)
    bundle, given = compiled(rblnc, kernel, tmp_path), inputs_of(kernel, [[position, 0, 0], [0, 0, 0]])
    process, _ = run(rblnc, kernel, given, bundle, ())
    assert process.returncode == 1 and f" is {position - 24}, and a partition of 8 rows" in process.stderr, process.stderr
    check(rblnc, kernel, given, bundle)
