"""Measures one row: compiles it, runs it on random arguments, reads what the run and the program tell."""
import json
import re
import subprocess
import time
import zlib
from pathlib import Path

import numpy as np

from backend.spills import spilled

TIMEOUT_SECONDS = 600
SLOWEST_LINES = 3  # that are kept
# As torch.testing.assert_close has them for float32; for float16 one rounding of the exact result, and its neighbour.
TOLERANCE = {"float32": (1.3e-6, 1e-5), "float16": (1e-3, 1e-5)}


class Failure(Exception):
    """A step that did not end well. `code` is the diagnostic's, or what happened."""

    def __init__(self, code, message):
        super().__init__(message)
        self.code = code


class Tool:
    """The rblnc binary for one target."""

    def __init__(self, binary, target):
        self.binary, self.target = str(Path(binary).resolve()), target
        self.figures = {name: figure["value"]
                        for name, figure in json.loads(self("targets", target, "--json"))["figures"].items()}

    def __call__(self, *arguments):
        """Standard output of a call. Raises Failure."""
        try:
            process = subprocess.run([self.binary, *map(str, arguments)], capture_output=True, text=True,
                                     timeout=TIMEOUT_SECONDS, check=False)
        except subprocess.TimeoutExpired:
            raise Failure("timeout", f"{arguments[0]} took more than {TIMEOUT_SECONDS} s") from None
        if process.returncode:
            errors = [line for line in process.stderr.splitlines() if "error:" in line] or process.stderr.splitlines()
            line = errors[0] if errors else f"status {process.returncode}, and nothing on standard error"
            code = re.search(r"RBLN-[A-Z]\d+", line)
            raise Failure(code[0] if code else f"status {process.returncode}", line.strip())
        return process.stdout


def _argument(folder, name, value):
    if not isinstance(value, np.ndarray):
        return f"{name}={float(value)!r}"
    path = folder / f"{name}.npy"
    np.save(path, value)
    return f"{name}={path}"


def _difference(name, got, expected):
    """None, or one line."""
    if got.shape != expected.shape:
        return f"{name}: shape {got.shape}, expected {expected.shape}"
    relative, absolute = TOLERANCE[str(got.dtype)]
    largest = np.max(np.abs(expected))
    with np.errstate(invalid="ignore"):
        wrong = ~(np.abs(got - expected) <= absolute * max(1.0, largest) + relative * np.abs(expected))
    if not wrong.any():
        return None
    return f"{name}: {int(wrong.sum())} of {wrong.size} elements differ, by at most {np.max(np.abs(got - expected)):.3g}"


def measure(row, tool, folder, verify):
    """The figures of a row as a dictionary, ready for JSON; Failure where it does not compile or run.

    `folder` is for files that nobody needs afterwards. With `verify` results are compared with the reference, which takes
    its time, and the emulator looks for races and uninitialised reads; differences are a Failure.
    """
    bundle, stats = folder / "kernel.rbln", folder / "stats.json"
    begin = time.monotonic()
    tool("compile", row.path, "--target", tool.target, "-o", bundle)
    compiled = time.monotonic()
    arguments = row.work.draw(np.random.default_rng([0, zlib.crc32(row.name.encode())]))
    flags = ["--no-defaults", f"--stats={stats}"]
    for name, value in arguments.items():
        flags += ["--arg", _argument(folder, name, value)]
    expected = row.work.expected(arguments) if verify else {}
    for name in expected:
        flags += ["--out", f"{name}={folder / name}.out.npy"]
    tool("run", bundle, *flags, *([] if verify else ["--no-check"]))
    differences = [_difference(name, np.load(f"{folder / name}.out.npy"), value) for name, value in expected.items()]
    if any(differences):
        raise Failure("wrong", "; ".join(filter(None, differences)))

    run = json.loads(stats.read_text())
    roofline = run["roofline"]
    compulsory = row.work.compulsory_bytes()
    try:
        spills = spilled(json.loads(tool("inspect", bundle, "--json")))
    except ValueError as error:
        raise Failure("listing", str(error)) from None
    return {
        "limit": roofline["limit"], "compulsory_bytes": compulsory, "touched_bytes": run["compulsory_bytes"],
        "dram_bytes": run["dram_bytes"], "bytes_ratio": run["dram_bytes"] / compulsory,
        "modelled_seconds": run["modelled_seconds"], "bound_seconds": roofline["bound_seconds"],
        "time_ratio": run["modelled_seconds"] / roofline["bound_seconds"],
        "roofline_seconds": {part: roofline[f"{part}_seconds"] for part in ("matrix", "vector", "memory")},
        "bottleneck": run["bottleneck"],
        "spent_seconds": {part: run[f"{part}_seconds"] for part in ("compute", "memory", "latency")},
        "engine_balance": run["engine_balance"], "peak_scratchpad_bytes": run["peak_scratchpad_bytes"],
        "scratchpad_bytes": tool.figures["scratchpad_bytes"], "peak_shared_bytes": run["peak_shared_bytes"],
        "spilled_shared_bytes": spills["shared"], "spilled_dram_bytes": spills["dram"],
        "staged_bytes": spills["staged"], "commands": run["commands"],
        "lines": [{key: line[key] for key in ("file", "line", "seconds")} for line in run["lines"][:SLOWEST_LINES]],
        "compile_seconds": compiled - begin, "verified": bool(verify),
    }
