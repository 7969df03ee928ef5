"""Kernels that insert L rows into the partitions of two sequences; `i` has the rows of each partition."""
import numpy as np

from rblib_calls import Kernel

PARTITION, SEQUENCES = 8, 2


def kernel_of(partitions, rows, use=None):
    """`use` inserts; it gets the kernel, a block, the new rows and the index."""
    use = use or (lambda kernel, block, new, off: kernel.insert(block, new, 0, off))
    kernel = Kernel()
    kernel.array("i", (SEQUENCES, partitions), "i32")
    kernel.array("x", (PARTITION, 4))
    for sequence in range(SEQUENCES):
        for partition in range(partitions):
            off = kernel.index("i", sequence, partition)
            value = use(kernel, kernel.load(kernel.block("x")), kernel.full((rows, 4), 1), off)
            kernel.store(kernel.block(kernel.array(f"o{sequence}{partition}", value.shape)), value)
    return kernel


def in_a_branch(kernel, block, new, off):
    """Inserts unless seen is [4, 0], which skips."""
    if "seen" not in kernel.arrays:
        kernel.array("seen", (2, ), "i32")
    condition = kernel.condition(kernel.skip(kernel.index("seen", 1, max=4), 4))
    return kernel.branch(condition, [block], lambda: [kernel.insert(block, new, 0, off)], lambda: [block])[0]


def rows_across(partitions, rows):
    """Inserts at one position, counted over a first partition and these, into each of these."""
    kernel = Kernel()
    kernel.array("i", (SEQUENCES, partitions), "i32")
    kernel.array("x", (PARTITION, 4))
    position, new = kernel.index("i", 0, 0), kernel.full((rows, 4), 1)
    for partition in range(partitions):
        index = kernel.plus(position, -PARTITION * (1 + partition))
        value = kernel.insert(kernel.load(kernel.block("x")), new, 0, index)
        kernel.store(kernel.block(kernel.array(f"o{partition}", value.shape)), value)
    return kernel


def inputs_of(kernel, cached, seen=(0, 0)):
    given = {name: np.random.default_rng(0).standard_normal(shape) for name, (shape, _) in kernel.arrays.items()}
    return {**given, "i": np.array(cached), "seen": np.array(seen)}
