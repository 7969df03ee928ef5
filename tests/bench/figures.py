#!/usr/bin/env python3
"""The figures of the back end, on attention kernels at the sizes of vLLM, softmax, layer norm, SwiGLU and matmuls.

    python tests/bench/figures.py [--only PATTERN] [--target CHIP] [--verify] [--json] [--rblnc BINARY]

Compiles every kernel, runs it on random data and long contexts, and prints a row for it: DRAM bytes over compulsory bytes,
modelled time over the roofline bound and what limits that, engine balance, peak scratchpad, and how many bytes of
intermediate values the program puts into shared SRAM and DRAM. Exits with 1 when a row misses a figure (backend/judge.py).
Needs rblnc (cmake --build --preset release) and NumPy.
"""
import argparse
import fnmatch
import json
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(Path(__file__).resolve().parent)]

from backend.judge import missed  # noqa: E402
from backend.measure import Failure, Tool, measure  # noqa: E402
from backend.rows import rows  # noqa: E402

HEADER = (f"{'kernel':46} {'limit':6} {'bytes':>6} {'time us':>9} {'bound':>6} {'balance':>7} {'scratchpad':>16} "
          f"{'shared':>9} {'DRAM':>9}  result")


def kib(size):
    return f"{size / 1024:.0f}K" if size >= 1024 or not size else f"{size}B"


def line(result):
    name = f"{result['name']:46}"
    if "error" in result:
        return f"{name} {result['error']}: {result['message'][:160]}"
    scratchpad = f"{kib(result['peak_scratchpad_bytes'])} of {kib(result['scratchpad_bytes'])}"
    return (f"{name} {result['limit']:6} {result['bytes_ratio']:6.3f} {1e6 * result['modelled_seconds']:9.1f} "
            f"{result['time_ratio']:6.2f} {100 * result['engine_balance']:6.1f}% {scratchpad:>16} "
            f"{kib(result['spilled_shared_bytes']):>9} {kib(result['spilled_dram_bytes']):>9}  "
            f"{', '.join(result['missed']) or 'reached'}")


def measured(row, tool, verify):
    with tempfile.TemporaryDirectory(prefix="rblnc-figures-") as folder:
        try:
            figures = measure(row, tool, Path(folder), verify)
        except Failure as failure:
            return {"name": row.name, "kind": row.kind, "error": failure.code, "message": str(failure)}
    return {"name": row.name, "kind": row.kind, **figures, "missed": missed(row, figures)}


def chosen(patterns):
    """Rows whose name has one of the patterns, as a whole where it has wildcards."""
    def fits(name):
        return any(fnmatch.fnmatch(name, p) if set(p) & set("*?[") else p in name for p in patterns)
    return [row for row in rows() if not patterns or fits(row.name)]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--only", action="append", default=[], metavar="PATTERN",
                        help="rows whose name has this in it, or matches it with its wildcards; may be repeated")
    parser.add_argument("--target", default="rbln-ca22", metavar="CHIP")
    parser.add_argument("--verify", action="store_true", help="compare the results with a float64 reference; takes time")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--rblnc", default=ROOT / "build/release/bin/rblnc", type=Path, metavar="BINARY")
    options = parser.parse_args()
    selected = chosen(options.only)
    if not selected:
        parser.error(f"no row is called {' or '.join(options.only)}; there are {', '.join(row.name for row in rows())}")
    try:
        tool = Tool(options.rblnc, options.target)
    except (Failure, OSError) as error:
        parser.error(f"{options.rblnc} --target {options.target}: {error}")
    if not options.json:
        print(HEADER, flush=True)
    results = []
    for row in selected:
        results.append(measured(row, tool, options.verify))
        if not options.json:
            print(line(results[-1]), flush=True)
    reached = sum("error" not in result and not result["missed"] for result in results)
    if options.json:
        print(json.dumps({"target": options.target, "rows": results}, indent=1))
    else:
        print(f"{reached} of {len(results)} rows reach their figures on {options.target}")
    return 0 if reached == len(results) else 1


if __name__ == "__main__":
    sys.exit(main())
