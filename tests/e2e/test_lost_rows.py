"""Rows that are inserted where nothing is lost: no run stops at the neighbours of what test_lost_rows_errors.py has."""
import pytest

from lost_rows import in_a_branch, inputs_of, kernel_of, rows_across
from rblib_run import compiled, run


def passes(rblnc, kernel, folder, *inputs):
    bundle = compiled(rblnc, kernel, folder)
    for given in inputs:
        process, results = run(rblnc, kernel, given, bundle, ())
        assert process.returncode == 0, process.stderr
        expected = kernel.run(given)
        assert results and all((abs(results[name] - expected[name]) < 1e-6).all() for name in results)


CACHED = {
    (1, 3): ([[0], [5]], [[4], [1]]),
    (2, 3): ([[8, 5], [5, 0]], [[0, 0], [8, 0]], [[8, 4], [8, 5]]),
    (3, 1): ([[8, 8, 7], [7, 0, 0]], [[8, 0, 0], [8, 7, 0]]),
    (2, 8): ([[0, 0], [8, 0]], ),
}


@pytest.mark.parametrize("partitions, rows", CACHED)
def test_rows_that_have_a_place(rblnc, tmp_path, partitions, rows):
    kernel = kernel_of(partitions, rows)
    passes(rblnc, kernel, tmp_path, *[inputs_of(kernel, cached) for cached in CACHED[partitions, rows]])


def test_what_is_not_inserted_is_not_lost(rblnc, tmp_path):
    kernel = kernel_of(1, 3, in_a_branch)
    passes(rblnc, kernel, tmp_path, inputs_of(kernel, [[5], [0]]))


def test_windows_lose_nothing(rblnc, tmp_path):
    kernel = kernel_of(1, 3, lambda kernel, block, new, off: kernel.window_insert(block, new, 0, off))
    passes(rblnc, kernel, tmp_path, *[inputs_of(kernel, [[off], [8]]) for off in (0, 4, 6, 8)])


@pytest.mark.parametrize("added, offsets", [(1, (0, 3, 4)), (-2, (0, 1, 2, 6, 7)), (5, (0, ))])
def test_computed_indices_with_a_place(rblnc, tmp_path, added, offsets):
    kernel = kernel_of(1, 3, lambda kernel, block, new, off: kernel.insert(block, new, 0, kernel.plus(off, added)))
    passes(rblnc, kernel, tmp_path, *[inputs_of(kernel, [[off], [offsets[0]]]) for off in offsets])


def test_a_position_counted_on_across_partitions(rblnc, tmp_path):
    """Rows that cross the end of one partition are inserted into the next."""
    kernel = rows_across(3, 3)
    passes(rblnc, kernel, tmp_path, *[inputs_of(kernel, [[off, 0, 0], [0, 0, 0]]) for off in (8, 13, 14, 15, 16, 22, 25, 29)])
