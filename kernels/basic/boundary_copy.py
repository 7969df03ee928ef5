"""A copy in blocks that do not divide the array: loads beyond it give zeros, stores beyond it are dropped.

The destination is wider than the source by what the last block sticks out, so the padding can be seen.
"""
import numpy as np

from kernels.cases import EDGES, Case, read, written
from kernels.optional_triton import tl, triton


@triton.jit
def boundary_copy(x, o, R: tl.constexpr, C: tl.constexpr, RO: tl.constexpr, CO: tl.constexpr, BR: tl.constexpr,
                  BC: tl.constexpr, STEPS: tl.constexpr):
    xp = tl.make_block_ptr(base=x, shape=(R, C), strides=(C, 1), offsets=(0, 0), block_shape=(BR, BC),
                           order=(1, 0))
    op = tl.make_block_ptr(base=o, shape=(RO, CO), strides=(CO, 1), offsets=(0, 0), block_shape=(BR, BC),
                           order=(1, 0))
    for _ in tl.static_range(0, STEPS):
        tl.store(op, tl.load(xp, boundary_check=(0, 1), padding_option="zero"), boundary_check=(0, 1))
        xp = tl.advance(xp, (0, BC))
        op = tl.advance(op, (0, BC))


def _case(name, source, destination, block, dtype="float32"):
    steps = -(-source[1] // block[1])
    return Case(name, (read("x", source, dtype), written("o", destination, dtype)),
                {"R": source[0], "C": source[1], "RO": destination[0], "CO": destination[1], "BR": block[0],
                 "BC": block[1], "STEPS": steps}, "bits", EDGES)


CASES = [
    _case("r3c100", (3, 100), (3, 128), (4, 64)),
    _case("r5c129", (5, 129), (8, 150), (8, 64)),
    _case("same_size", (7, 70), (7, 70), (8, 32)),
    _case("f16", (3, 100), (4, 100), (4, 64), "float16"),
]


def reference(inputs, case):
    rows, columns = case.outputs[0].shape
    x = inputs["x"]
    padded = np.pad(x, ((0, max(0, rows - x.shape[0])), (0, max(0, columns - x.shape[1]))))
    return {"o": padded[:rows, :columns]}
