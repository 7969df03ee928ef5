#!/usr/bin/env python3
"""Prints the kernels of figures.py as TTIR, into tests/bench/ttir. Needs Triton 3.6.0.

    python tests/bench/print_ttir.py [--check]

With --check it compares with what is there; exit code 1 and a list when something differs.
"""
import argparse
import importlib
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "kernels"), str(Path(__file__).resolve().parent)]

from backend.rows import TTIR, VERSION, rows  # noqa: E402
from kernels import regenerate  # noqa: E402

import rblnc  # noqa: E402


def texts():
    """File name -> text, of the kernels that are not printed elsewhere."""
    result = {}
    for row in rows():
        if row.path.parent != TTIR:
            continue
        module, name = row.function
        arguments = {argument: rblnc.TensorSpec(*spec) for argument, spec in row.tensors().items()}
        text = rblnc.ttir(getattr(importlib.import_module(module), name), **arguments, **row.constexprs())
        result[Path(row.path.name)] = regenerate.without_host_paths(text)
    return result


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true", help="compare instead of writing")
    arguments = parser.parse_args()
    if regenerate.triton.__version__ != VERSION:
        parser.error(f"Triton {regenerate.triton.__version__} is installed; the committed text is that of {VERSION}")
    new, old = texts(), regenerate.committed(TTIR)
    if not arguments.check:
        regenerate.write(new, old, TTIR)
        print(f"{len(new)} files written")
        return 0
    differences = regenerate.check(new, old)
    print("\n".join(differences + [f"{len(new)} files, {len(differences)} differences"]))
    return 1 if differences else 0


if __name__ == "__main__":
    sys.exit(main())
