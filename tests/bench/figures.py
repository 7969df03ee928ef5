#!/usr/bin/env python3
"""The figures of the back end, on attention kernels at the sizes of vLLM, softmax, layer norm, SwiGLU and matmuls.

    python tests/bench/figures.py [--only PATTERN] [--quick] [--target CHIP,...] [--verify] [--why]
                                  [--json] [--compare BASE.json] [--rblnc BINARY]

Compiles every kernel, runs it on random data and long contexts, and prints a row for it:

    limit        what bounds the device at best: products, vector programs, or DRAM
    bytes        DRAM bytes over compulsory bytes: inputs and the live part of the cache read once, outputs written once
    time, bound  modelled time, and how many times the roofline bound that is
    balance      mean over greatest time that the engines compute
    scratchpad   peak of the fullest engine, and what it has
    shared, DRAM bytes of intermediate values that the program puts there
    result       which figures are missed (backend/judge.py), or the code of the diagnostic that stopped it

Exits with 1 when a row misses a figure. Needs rblnc (cmake --build --preset release) and NumPy.
"""
import argparse
import fnmatch
import json
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(Path(__file__).resolve().parent)]

from backend import table  # noqa: E402
from backend.judge import missed  # noqa: E402
from backend.measure import Failure, Tool, measure  # noqa: E402
from backend.rows import rows  # noqa: E402


def measured(row, tool, verify):
    """A result: the row's name, kind and target, and its figures or its error."""
    result = {"name": row.name, "kind": row.kind, "target": tool.target}
    with tempfile.TemporaryDirectory(prefix="rblnc-figures-") as folder:
        try:
            figures = measure(row, tool, Path(folder), verify)
        except Failure as failure:
            return {**result, "error": failure.code, "message": str(failure)}
    return {**result, **figures, "missed": missed(row, figures)}


def chosen(patterns, quick):
    """Rows whose name has one of the patterns in it, or matches it as a whole where it has wildcards."""
    def fits(row):
        return any(fnmatch.fnmatch(row.name, p) if set(p) & set("*?[") else p in row.name for p in patterns)
    return [row for row in rows() if (not patterns or fits(row)) and (not quick or row.is_quick)]


def run(options, tool, selected):
    """Measures and prints the table of one target."""
    if not options.json:
        print(table.HEADER, flush=True)
    results = []
    for row in selected:
        results.append(measured(row, tool, options.verify))
        if not options.json:
            print("\n".join([table.line(results[-1])] + (table.why(results[-1]) if options.why else [])), flush=True)
    if not options.json:
        print(table.summary(results))
    return results


def base(path):
    """What --json printed, from a file. Raises ValueError when it is something else."""
    content = json.loads(path.read_text())
    entries = content.get("rows") if isinstance(content, dict) else None
    if not isinstance(entries, list) or not all(isinstance(entry, dict) and table.is_result(entry) for entry in entries):
        raise ValueError("it is not what --json prints")
    return content


def parse():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", action="append", default=[], metavar="PATTERN",
                        help="rows whose name has this in it, or matches it with its wildcards; may be repeated")
    parser.add_argument("--quick", action="store_true", help="a third of the rows, in seconds")
    parser.add_argument("--target", default="rbln-ca22", metavar="CHIP,...", help="default: %(default)s")
    parser.add_argument("--verify", action="store_true",
                        help="compare the results with a float64 reference, and look for races; takes time")
    parser.add_argument("--why", action="store_true", help="below each row what bounds it, in microseconds")
    parser.add_argument("--json", action="store_true", help="everything as JSON instead of the table")
    parser.add_argument("--compare", type=Path, metavar="BASE.json", help="say what changed since --json printed this")
    parser.add_argument("--rblnc", default=ROOT / "build/release/bin/rblnc", type=Path, metavar="BINARY")
    options = parser.parse_args()
    selected = chosen(options.only, options.quick)
    if not selected:
        parser.error(f"no row is called so; there are {', '.join(row.name for row in rows())}")
    if not all(options.target.split(",")):
        parser.error("--target is one chip or several, as in rbln-ca22,rbln-cr03")
    try:
        tools = [Tool(options.rblnc, target) for target in options.target.split(",")]
    except (Failure, OSError) as error:
        parser.error(f"{options.rblnc} --target {options.target}: {error}")
    try:
        before = base(options.compare) if options.compare else None
    except (OSError, ValueError) as error:
        parser.error(f"{options.compare}: {error}")
    return options, selected, tools, before


def main():
    options, selected, tools, before = parse()
    results = [result for tool in tools for result in run(options, tool, selected)]
    if options.json:
        print(json.dumps({"rows": results}, indent=1))
    if before:
        # Where the JSON goes elsewhere, the changes are for the one who watches.
        print("\n".join(table.changes(results, before)), file=sys.stderr if options.json else sys.stdout)
    return 0 if all(table.verdict(result) == "reached" for result in results) else 1


if __name__ == "__main__":
    sys.exit(main())
