"""Indices out of range stop a run with the element and the bounds, however the kernel uses them."""
import numpy as np
import pytest

from rblib_calls import Kernel
from rblib_run import check, compiled, run
from rblib_text import Value


def inserted(kernel, off):
    return kernel.insert(kernel.load(kernel.block("x")), kernel.full((1, 4), 1), 0, off)


def sliced(kernel, off):
    return kernel.window_slice(kernel.load(kernel.block("x")), off, 0, 8)


def softened(kernel, off):
    return kernel.dynamic_masked_softmax(kernel.load(kernel.block("x")), off)


def rows_loaded(kernel, off):
    return kernel.dynamic_load(kernel.block("x"), 0, off)


def in_a_branch(kernel, off):
    x = kernel.load(kernel.block("x"))
    kernel.array("seen", (2, ), "i32")
    condition = kernel.condition(kernel.skip(kernel.index("seen", 1, max=4), 4))
    return kernel.branch(condition, [x], lambda: [inserted(kernel, off)], lambda: [x])[0]


def offset(kernel, off):
    return kernel.load(kernel.block("x", (4, 4), (off, 0)))


# The use, what is added to the index, its max; values of the index that run, those that do not, and the bounds then.
TABLE = [
    (inserted, 0, -1, (0, 8), (-1, 9, 2**31 - 1), "0 to 8"), (inserted, 0, 5, (0, 5), (6, -1), "0 to 5"),
    (inserted, -2, 5, (0, 5), (6, -1), "0 to 5"), (inserted, 9, -1, (0, 2), (-1, ), "0 to 2147483647"),
    (sliced, 0, -1, (0, 8), (9, -1), "0 to 8"), (sliced, 1, -1, (0, 7), (8, ), "0 to 8"),
    (sliced, 1, 3, (0, 3), (4, ), "0 to 3"), (softened, 0, -1, (0, 2**31 - 1), (-1, ), "0 to 2147483647"),
    (softened, -2, 5, (0, 5), (6, ), "0 to 5"), (rows_loaded, 0, -1, (0, 8), (9, -1), "0 to 8"),
    (rows_loaded, 1, 9, (0, 9), (10, ), "0 to 9"), (rows_loaded, -1, -1, (0, 9), (-1, ), "0 to 2147483647"),
    (in_a_branch, 0, -1, (0, 8), (9, ), "0 to 8"), (offset, 0, -1, (0, 4), (5, -1), "0 to 4"),
    (offset, -1, -1, (1, 5), (0, 6), "1 to 5")]


def kernel_of(use, added, most, dtype="i32"):
    kernel = Kernel()
    kernel.array("i", (3, ), dtype)
    kernel.array("x", (8, 4))
    off = kernel.index("i", 2, max=most)
    value = use(kernel, kernel.plus(off, added) if added else off)
    kernel.store(kernel.block(kernel.array("o", value.shape)), value)
    return kernel


def inputs_of(kernel, value):
    given = {name: np.random.default_rng(0).standard_normal(shape) for name, (shape, _) in kernel.arrays.items()}
    return {**given, "i": np.array([-7, 2**30, value]), **({"seen": np.array([4, 2])} if "seen" in given else {})}


@pytest.mark.parametrize("use, added, most, valid, invalid, bounds", TABLE,
                         ids=[f"{row[0].__name__}{row[1]:+}max{row[2]}" for row in TABLE])
def test_bounds(rblnc, tmp_path, use, added, most, valid, invalid, bounds):
    kernel = kernel_of(use, added, most)
    bundle = compiled(rblnc, kernel, tmp_path)
    for value in valid:
        check(rblnc, kernel, inputs_of(kernel, value), bundle)
    for value in invalid:
        process, _ = run(rblnc, kernel, inputs_of(kernel, value), bundle)
        assert process.returncode == 1
        assert "RBLN-R034" in process.stderr and "k.py:" in process.stderr
        assert f"must be {bounds}" in process.stderr


@pytest.mark.parametrize("value", [2**31, 2**32, 2**32 + 1, -2**32, -1])
@pytest.mark.parametrize("use, added", [(inserted, 0), (inserted, 1), (softened, 0), (softened, -2), (rows_loaded, 1)])
def test_wide_values_are_not_cut_off(rblnc, tmp_path, use, added, value):
    kernel = kernel_of(use, added, -1, "i64")
    process, _ = run(rblnc, kernel, inputs_of(kernel, value), compiled(rblnc, kernel, tmp_path))
    assert process.returncode == 1
    # Either the index is out of range, or the sum that it becomes leaves its 32 bits first.
    assert (f"'i[2]' is {value}, and must be 0 to" in process.stderr
            or f"integer overflow in an address: i32: {value} + {added} =" in process.stderr), process.stderr


@pytest.mark.parametrize("use, bounds", [(inserted, "0 to 8"), (rows_loaded, "0 to 8"), (softened, "0 to 2147483647")])
def test_numbers_that_are_no_dynamic_indices(rblnc, tmp_path, use, bounds):
    """They mean what a direct index means."""
    kernel = Kernel()
    kernel.array("i", (1, ), "i32")
    kernel.array("x", (8, 4))
    number = kernel.emit("tt.load %i : !tt.ptr<i32>", None, "i32", lambda env: int(env["arrays"]["i"][0]))
    value = use(kernel, Value(number.name, "i32"))
    kernel.store(kernel.block(kernel.array("o", value.shape)), value)
    bundle = compiled(rblnc, kernel, tmp_path)
    given = inputs_of(kernel, 0)
    check(rblnc, kernel, {**given, "i": np.array([3])}, bundle)
    process, _ = run(rblnc, kernel, {**given, "i": np.array([-1])}, bundle)
    assert process.returncode == 1
    assert f"is -1, and must be {bounds}" in process.stderr


def test_an_index_of_a_skipped_branch_is_not_checked(rblnc, tmp_path):
    kernel = kernel_of(in_a_branch, 0, -1)
    bundle = compiled(rblnc, kernel, tmp_path)
    check(rblnc, kernel, {**inputs_of(kernel, 99), "seen": np.array([2, 0])}, bundle)
