"""The warning of outputs that are left unwritten in part, on random kernels that store pieces, beside all that their runs
can write: by block pointers in any order of axes and pointers that run forwards and backwards, with constant and
run-time places and masks."""
import collections
import itertools
import random
import re

import numpy as np
import pytest

ROWS, COLUMNS = 6, 10
PROGRAMS, PARTS = 80, 2
RUN_TIME = [*itertools.product(range(-9, 13), repeat=2), (65, 0)]  # values of n and m, beyond both ends of the array


class Kernel:

    def __init__(self, seed):
        self.random = random.Random(seed)
        self.lines, self.stores = [], []
        # How the shape of the array is known: by what the block pointers say, by an option, as Python records it.
        self.shape = self.random.choice(["inferred", "declared", "recorded"])
        if self.random.random() < 0.3:
            self.block(is_large=True)
        for _ in range(self.random.randint(1, 3)):
            self.random.choice([self.block] if self.shape == "inferred" else [self.block, self.pointers])()

    def emit(self, text):
        name = f"%v{len(self.lines)}"
        self.lines.append(f'    {name} = {text} loc("k.py":{len(self.lines) + 1}:1)')
        return name

    def constants(self, numbers, width):
        return ", ".join(self.emit(f"arith.constant {number} : i{width}") for number in numbers)

    def place(self):
        """A constant, or None: a run-time integer."""
        return self.random.choice([0, 0, 1, 2, 4, None])

    def block(self, is_large=False):
        axes = self.random.choice([(0, 1), (1, 0)]) if self.shape == "recorded" else (0, 1)
        extents, strides = [(ROWS, COLUMNS)[d] for d in axes], [(COLUMNS, 1)[d] for d in axes]
        shape = [16, 16] if is_large else [self.random.choice([1, 2, 4, 8, 16]) for _ in axes]
        places = [0 if is_large else self.place() for _ in axes]
        sizes, steps = self.constants(extents, 64), self.constants(strides, 64)
        names = ", ".join(name if place is None else self.constants([place], 32) for name, place in zip(("%n", "%m"), places))
        kind = f"tensor<{shape[0]}x{shape[1]}xf32>"
        value = self.emit(f"arith.constant dense<1.0> : {kind}")
        pointer = self.emit(f"tt.make_tensor_ptr %o, [{sizes}], [{steps}], [{names}] {{order = array<i32: 1, 0>}} : <{kind}>")
        self.lines.append(f"    tt.store {pointer}, {value} {{boundaryCheck = array<i32: 0, 1>}} : !tt.ptr<{kind}> "
                          f'loc("k.py":{len(self.lines) + 1}:1)')

        def written(n, m):
            a, b = ((chosen if place is None else place) + np.arange(size)
                    for chosen, place, size in zip((n, m), places, shape))
            a, b = (index[(index >= 0) & (index < extent)] for index, extent in zip((a, b), extents))
            return (a[:, None] * strides[0] + b[None, :] * strides[1]).ravel()

        self.stores.append((written, None in places))

    def pointers(self):
        """o + start + step i, for the i that a constant or run-time mask leaves, of those in the array."""
        size, step = self.random.choice([8, 16, 64]), self.random.choice([1, 1, 2, 3, -1, -3])
        start, limit = self.random.randrange(0, 12) if step > 0 else self.random.randrange(30, 60), self.place()
        limit = None if limit is None else self.random.choice([size, size // 2, 5])
        most = (ROWS * COLUMNS - 1 - start) // step + 1 if step > 0 else start // -step + 1
        wide = f"tensor<{size}xi32>"

        def dense(number):
            return self.emit(f"arith.constant dense<{number}> : {wide}")

        place = self.emit(f"tt.make_range {{end = {size} : i32, start = 0 : i32}} : {wide}")
        scaled = self.emit(f"arith.muli {place}, {dense(step)} : {wide}")
        offsets = self.emit(f"arith.addi {scaled}, {dense(start)} : {wide}")
        end = self.emit(f"tt.splat %n : i32 -> {wide}") if limit is None else dense(limit)
        mask = self.emit(f"arith.cmpi slt, {place}, {end} : {wide}")
        inside = self.emit(f"arith.cmpi slt, {place}, {dense(most)} : {wide}")
        mask = self.emit(f"arith.andi {mask}, {inside} : tensor<{size}xi1>")
        kind = f"tensor<{size}x!tt.ptr<f32>>"
        base = self.emit(f"tt.splat %o : !tt.ptr<f32> -> {kind}")
        pointer = self.emit(f"tt.addptr {base}, {offsets} : {kind}, {wide}")
        value = self.emit(f"arith.constant dense<1.0> : tensor<{size}xf32>")
        self.lines.append(f'    tt.store {pointer}, {value}, {mask} : {kind} loc("k.py":{len(self.lines) + 1}:1)')
        self.stores.append((lambda n, m: start + step * np.arange(max(0, min(size, most, n if limit is None else limit))),
                            limit is None))

    def text(self):
        body = "\n".join(self.lines)
        recorded = f"rblib.shape.0 = dense<[{ROWS}, {COLUMNS}]> : tensor<2xi32>" if self.shape == "recorded" else ""
        return (f'module {{\n  tt.func public @k(%o: !tt.ptr<f32> loc("o"), %n: i32 loc("n"), %m: i32 loc("m")) '
                f"attributes {{{recorded}}} {{\n{body}\n    tt.return\n  }}\n}}\n")

    def unwritten(self, places=RUN_TIME):
        """What no run writes: each store may choose its place for itself."""
        left = np.ones(ROWS * COLUMNS, bool)
        for written, is_run_time in self.stores:
            for place in places if is_run_time else places[:1]:
                left[written(*place).astype(int)] = False
        return left.reshape(ROWS, COLUMNS)

    @property
    def is_static(self):
        return not any(is_run_time for _, is_run_time in self.stores)


@pytest.mark.parametrize("part", range(PARTS))
def test_what_no_run_writes(rblnc, tmp_path, part):
    counts = collections.Counter()
    source, bundle, result = tmp_path / "k.ttir", tmp_path / "k.rbln", tmp_path / "o.npy"
    for seed in range(part, PROGRAMS, PARTS):
        kernel = Kernel(seed)
        source.write_text(kernel.text())
        shape = ["--shape", f"o={ROWS}x{COLUMNS}"] if kernel.shape == "declared" else []
        process = rblnc("compile", source, *shape, "-o", bundle)
        where = f"{kernel.text()}\n{process.stderr}"
        assert process.returncode == 0, where
        left = kernel.unwritten()
        told = re.search(rf"(\d+) of its {ROWS * COLUMNS} elements", process.stderr)
        assert (told is not None) == left.any() and (not told or int(told[1]) == left.sum()), f"{where}\n{left}"
        box = re.search(r"but o\[([\d:, ]+)\] is never written", process.stderr)
        if box and f"has shape ({ROWS}, {COLUMNS})" in process.stderr:
            slices = [slice(*map(int, part.split(":"))) if ":" in part and part != ":" else
                      slice(None) if part == ":" else int(part) for part in box[1].split(", ")]
            assert left[tuple(slices)].all(), f"{where}\n{left}"
        counts["told" if told else "whole"] += 1
        if kernel.is_static:
            rblnc.done("run", bundle, "--arg", f"o={ROWS}x{COLUMNS}xf32=7", "--out", f"o={result}")
            np.testing.assert_array_equal(np.load(result) == 7, left, err_msg=where)
            counts["run"] += 1
    assert counts["told"] > 5 and counts["whole"] > 5 and counts["run"] > 5, counts
