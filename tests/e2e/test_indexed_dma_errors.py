"""Indices that name no row, and programs in which chosen rows may meet."""
import numpy as np
import pytest

from indexed_programs import program

TEXT = ['%table = npu.argument "table" f32 [16, 8] "in"',
        '%index = npu.argument "index" i32 [4] "in"',
        '%y = npu.argument "y" f32 [4, 8] "out"',
        '%i = npu.buffer "i" scratchpad 0 bytes 16 at 0',
        '%t = npu.buffer "t" scratchpad 0 bytes 128 at 64',
        "npu.dma <neural_dma 0> [4] %index <i32, 0, [1]> to %i <i32, 0, [1]>",
        "npu.indexed_dma <neural_dma 0> gather [4, 8] axis 0 of 16 %table <f32, 0, [8, 1]> by %i <i32, 0, [1, 0]> "
        'to %t <f32, 0, [8, 1]> loc("embedding.py":21:4)',
        "npu.dma <neural_dma 0> [4, 8] %t <f32, 0, [8, 1]> to %y <f32, 0, [8, 1]>"]


@pytest.mark.parametrize("wrong", [16, -1, 2 ** 31 - 1, -2 ** 31])
def test_an_index_out_of_range_is_told_at_the_python_line(rblnc, wrong, tmp_path):
    source, bundle = tmp_path / "k.mlir", tmp_path / "k.rbln"
    source.write_text(program(TEXT))
    rblnc.done("compile", source, "-o", bundle)
    index = np.array([3, 15, wrong, 0], np.int32)
    np.save(tmp_path / "index.npy", index)
    process = rblnc("run", bundle, "--arg", f"index={tmp_path / 'index.npy'}")
    assert process.returncode == 1
    assert f"the index at [2] is {wrong}, and there are 16 rows to choose from" in process.stderr
    assert "RBLN-R038" in process.stderr and "embedding.py:21:4" in process.stderr
    assert "mask the indices that name no row, or bring them into 0 to 15 first" in process.stderr
    index[2] = 14
    np.save(tmp_path / "index.npy", index)
    rblnc.done("run", bundle, "--arg", f"index={tmp_path / 'index.npy'}")


def test_rows_that_may_be_the_same_are_not_proven_apart(rblnc, tmp_path):
    source = tmp_path / "k.mlir"
    scatter = ("npu.indexed_dma <{queue} 0> scatter [4, 8] axis 0 of 16 %t <f32, 0, [8, 1]> by %i <i32, 0, [1, 0]> "
               "to %out <f32, 0, [8, 1]>")
    lines = [*TEXT[:2], '%out = npu.argument "out" f32 [16, 8] "inout"', *TEXT[3:7]]
    lines[-1] = lines[-1].split(" loc(")[0]
    ordered = [*lines, "npu.signal <neural_dma 0> 0", "npu.wait <task_dma 0> 0 reaches 1", scatter.format(queue="task_dma")]
    source.write_text(program(ordered).replace("semaphores 0", "semaphores 1"))
    rblnc.done("compile", source, "-o", tmp_path / "k.rbln")
    # A second one, which nothing orders with the first.
    source.write_text(program([*ordered, scatter.format(queue="neural_dma")]).replace("semaphores 0", "semaphores 1"))
    process = rblnc("compile", source, "-o", tmp_path / "raced.rbln")
    assert process.returncode == 1
    assert "RBLN-I024" in process.stderr and "argument 'out'" in process.stderr
    # The index vector is overwritten while it may still be in use.
    late = "npu.dma <neural_dma 0> [4] %index <i32, 0, [1]> to %i <i32, 0, [1]>"
    source.write_text(program([*ordered, late]).replace("semaphores 0", "semaphores 1"))
    process = rblnc("compile", source, "-o", tmp_path / "raced.rbln")
    assert process.returncode == 1
    assert "RBLN-I024" in process.stderr and "scratchpad 0" in process.stderr
