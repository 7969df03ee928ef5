"""Random transfers of chosen rows as npu programs, and what NumPy says that they do."""
import itertools
from dataclasses import dataclass, field

import numpy as np

# The types that memories hold, and how NumPy holds their bits.
TYPES = {"i1": np.bool_, "i8": np.int8, "i16": np.int16, "i32": np.int32, "i64": np.int64, "f16": np.float16,
         "bf16": np.uint16, "f32": np.float32}
LINE = 64


@dataclass
class Access:
    """Elements of a flat array, one for each place of an index space."""
    offset: int
    strides: list

    def at(self, index):
        return self.offset + sum(i * stride for i, stride in zip(index, self.strides))

    def text(self, element):
        return f"<{element}, {self.offset}, [{', '.join(map(str, self.strides))}]>"


def placed(rng, extents, order, gap):
    """An access in which no two elements are one, with the dimensions laid out in this order, and the elements it spans."""
    strides, step = [0] * len(extents), 1
    for d in reversed(order):
        strides[d] = step
        step *= extents[d]
        step += int(rng.integers(0, gap + 1))
    offset = int(rng.integers(0, gap + 1))
    span = offset + sum((max(extent, 1) - 1) * stride for extent, stride in zip(extents, strides)) + 1
    for d, extent in enumerate(extents):
        if gap and rng.integers(0, 5) == 0:  # backwards
            offset += (max(extent, 1) - 1) * strides[d]
            strides[d] = -strides[d]
    return Access(offset, strides), span


@dataclass
class Case:
    element: str
    scatters: bool
    shape: list
    axis: int
    rows: int
    index_type: str
    index_dimensions: list
    source: Access = None
    destination: Access = None
    indices: Access = None
    mask: Access = None
    clips: list = field(default_factory=list)
    fill: int = None
    arrays: dict = field(default_factory=dict)

    def row_dimensions(self):
        return [d for d in range(len(self.shape)) if d not in self.index_dimensions]

    def expected(self):
        """The bits of the array that is written, moved element by element."""
        out = self.arrays["y"].copy()
        for place in itertools.product(*(range(self.shape[d]) for d in self.index_dimensions)):
            for inner in itertools.product(*(range(self.shape[d]) for d in self.row_dimensions())):
                index = [0] * len(self.shape)
                for d, i in zip(self.index_dimensions + self.row_dimensions(), place + inner):
                    index[d] = i
                moves = self.mask is None or self.arrays["mask"][self.mask.at(index)]
                moves = moves and all(lo <= index[d] < hi for d, lo, hi in self.clips)
                chosen = list(index)
                if moves:
                    chosen[self.axis] = int(self.arrays["index"][self.indices.at(index)])
                    assert 0 <= chosen[self.axis] < self.rows
                    source = index if self.scatters else chosen
                    target = chosen if self.scatters else index
                    out[self.destination.at(target)] = self.arrays["x"][self.source.at(source)]
                elif self.fill is not None:
                    out[self.destination.at(index)] = self.fill
        return out

    def command(self, queue="neural_dma 0", source="%x", destination="%y"):
        mask = f" mask %mask {self.mask.text('i1')}" if self.mask else ""
        clips = ", ".join(f"#npu.clip<axis = {d}, lo = {lo}, hi = {hi}>" for d, lo, hi in self.clips)
        fill = ""
        if self.fill is not None:
            fill = f" fill {fill_text(self.element, self.fill)}"
        return (f"npu.indexed_dma <{queue}> {'scatter' if self.scatters else 'gather'} "
                f"[{', '.join(map(str, self.shape))}] axis {self.axis} of {self.rows} "
                f"{source} {self.source.text(self.element)} by %indices {self.indices.text(self.index_type)}{mask} "
                f"to {destination} {self.destination.text(self.element)}"
                f"{f' clips [{clips}]' if clips else ''}{fill}")

    def program(self):
        """Everything in one queue, with addresses."""
        lines, at = [], 0
        for name, element, kind in (("index", self.index_type, "in"), ("mask", "i1", "in"), ("x", self.element, "in"),
                                    ("y", self.element, "inout")):
            if name in self.arrays:
                value = name + ("_array" if name in ("index", "mask") else "")
                lines.append(f'%{value} = npu.argument "{name}" {element} [{len(self.arrays[name])}] "{kind}"')
        for name, buffer in (("index", "indices"), ("mask", "mask")):
            if name in self.arrays:
                size = self.arrays[name].nbytes
                lines.append(f'%{buffer} = npu.buffer "{buffer}" scratchpad 0 bytes {size} at {at}')
                at += -(-size // LINE) * LINE
        for name, buffer, element in (("index", "indices", self.index_type), ("mask", "mask", "i1")):
            if name in self.arrays:
                lines.append(f"npu.dma <neural_dma 0> [{len(self.arrays[name])}] %{name}_array <{element}, 0, [1]> "
                             f"to %{buffer} <{element}, 0, [1]>")
        lines.append(self.command())
        return program(lines)


def program(lines, target="rbln-ca22", name="rows"):
    body = "".join(f"  {line}\n" for line in lines)
    return f'npu.program @{name} target "{target}" registers [] semaphores 0 {{\n{body}}}\n'


def fill_text(element, bits):
    kind = TYPES[element]
    if element in ("f16", "bf16", "f32"):
        return f"{int(np.asarray(bits).view(f'u{np.dtype(kind).itemsize}')):#0{2 * np.dtype(kind).itemsize + 2}x} : {element}"
    return "true" if element == "i1" and bits else "false" if element == "i1" else f"{int(bits)} : {element}"


def random_values(rng, element, count):
    kind = np.dtype(TYPES[element])
    if element == "i1":
        return rng.integers(0, 2, count).astype(np.bool_)
    # Finite ones: which bits of a NaN a file may have is not the point.
    if kind.kind == "f":
        return (rng.standard_normal(count) * 8).astype(kind)
    if element == "bf16":
        return (rng.standard_normal(count) * 8).astype(np.float32).view(np.uint32).__rshift__(16).astype(np.uint16)
    bounds = np.iinfo(kind)
    return rng.integers(bounds.min, bounds.max, count, dtype=kind, endpoint=True)


def random_case(rng, element):
    rank = int(rng.integers(1, 4))
    shape = [int(rng.choice([1, 2, 3, 5, 8])) for _ in range(rank)]
    axis = int(rng.integers(0, rank))
    index_dimensions = [d for d in range(rank) if d == axis or (shape[d] > 1 and rng.integers(0, 3) == 0)]
    case = Case(element, bool(rng.integers(0, 2)), shape, axis, int(rng.choice([1, 2, 7, 16])),
                ["i32", "i64"][rng.integers(0, 2)], index_dimensions)
    every = shape[:]
    every[axis] = case.rows
    gap = int(rng.choice([0, 0, 3]))
    order = [int(d) for d in rng.permutation(rank)]
    direct, direct_span = placed(rng, shape, order, gap)
    order = [int(d) for d in rng.permutation(rank)]
    chosen, chosen_span = placed(rng, every, order, gap)
    case.source, case.destination = (direct, chosen) if case.scatters else (chosen, direct)
    spans = (direct_span, chosen_span) if case.scatters else (chosen_span, direct_span)
    moving = [shape[d] if d in index_dimensions else 1 for d in range(rank)]
    case.indices, count = placed(rng, moving, [int(d) for d in rng.permutation(rank)], gap)
    case.indices.strides = [s if d in index_dimensions else 0 for d, s in enumerate(case.indices.strides)]
    # Few rows and many indices: most are chosen more than once. The first and the last one are among them.
    index = rng.integers(0, case.rows, count)
    index[rng.integers(0, count)] = case.rows - 1
    index[rng.integers(0, count)] = 0
    if rng.integers(0, 2):
        case.mask, masks = placed(rng, moving, [int(d) for d in rng.permutation(rank)], gap)
        case.mask.strides = [s if d in index_dimensions else 0 for d, s in enumerate(case.mask.strides)]
        case.arrays["mask"] = rng.integers(0, 2, masks).astype(np.bool_)
    case.arrays["index"] = index.astype(TYPES[case.index_type])
    case.arrays["x"] = random_values(rng, element, spans[0])
    case.arrays["y"] = random_values(rng, element, spans[1])
    for d in case.row_dimensions():
        if rng.integers(0, 3) == 0:
            lo = int(rng.integers(0, shape[d] + 1))
            case.clips.append((d, lo, int(rng.integers(lo, shape[d] + 1))))
    if not case.scatters and rng.integers(0, 2):
        case.fill = random_values(rng, element, 1)[0]
    if case.mask is not None:
        # What is masked may be anything.
        for place in itertools.product(*(range(shape[d]) for d in index_dimensions)):
            where = [0] * rank
            for d, i in zip(index_dimensions, place):
                where[d] = i
            if not case.arrays["mask"][case.mask.at(where)] and rng.integers(0, 2):
                wrong = rng.choice([-1, case.rows, -2 ** 31, 2 ** 31 - 1])
                case.arrays["index"][case.indices.at(where)] = wrong
    return case
