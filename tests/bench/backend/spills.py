"""Which intermediate values a program keeps in shared SRAM or in DRAM, from what `rblnc inspect --json` prints of it."""
import math
import re

_BITS = {"i1": 8, "i8": 8, "i16": 16, "i32": 32, "i64": 64, "f16": 16, "bf16": 16, "f32": 32}
_DMA = re.compile(r"dma (?:((?:\d+x)*))(\w+) (\S+) -> (\S+)")
_MATMUL = re.compile(r"matmul (?:((?:\d+x)*))\[m=(\d+), n=(\d+), k=\d+\] .* -> (\w+) (\S+)$")
_VECTOR = re.compile(r"vector (\S*) rows of (\S+)")
_STORE = re.compile(r"store %\d+ -> (\w+) (\S+)")
_PLACE = re.compile(r"(dram|shared|scratchpad)(\d+)")


def _extents(text):
    return [int(extent) for extent in text.split("x") if extent]


def _writes(text):
    """(source or None, destination, bytes) for everything that a command writes."""
    if match := _DMA.match(text):
        shape, dtype, source, destination = match.groups()
        return [(source, destination, math.prod(_extents(shape)) * _BITS[dtype] // 8)]
    if match := _MATMUL.match(text.splitlines()[0]):
        batch, m, n, dtype, destination = match.groups()
        return [(None, destination, math.prod(_extents(batch)) * int(m) * int(n) * _BITS[dtype] // 8)]
    if match := _VECTOR.match(text):
        shape = _extents(match[1]) + _extents(match[2])
        writes = []
        for dtype, destination in _STORE.findall(text):
            strides = re.search(r"\[([^\]]*)\]", destination)[1]
            strides = [int(stride) for stride in strides.split(",")] if strides else []
            elements = math.prod(extent for extent, stride in zip(shape, strides) if stride)
            writes.append((None, destination, elements * _BITS[dtype] // 8))
        return writes
    raise ValueError(f"the listing of a program has a command that is not understood: {text}")


def spilled(inspected):
    """Bytes of values that the program's commands write to shared SRAM and to the DRAM workspace, all branches taken:
    {"shared": ..., "dram": ..., "staged": ...}. Arguments and constants that are only brought to shared SRAM for several
    engines to share are "staged"; nothing of them is an intermediate value.
    """
    regions = [region["kind"] for region in inspected["memory"]["regions"]]
    total = {"shared": 0, "dram": 0, "staged": 0}
    for queue in inspected["program"][0]["queues"]:
        for command in queue["commands"]:
            if command["kind"] not in ("dma", "matmul", "vector"):
                continue
            for source, destination, size in _writes(command["text"]):
                memory, unit = _PLACE.match(destination).groups()
                if memory == "scratchpad" or (memory == "dram" and regions[int(unit)] != "workspace"):
                    continue
                origin, region = _PLACE.match(source).groups() if source else (None, "0")
                is_staged = memory == "shared" and origin == "dram" and regions[int(region)] != "workspace"
                total["staged" if is_staged else memory] += size
    return total
