#!/usr/bin/env python3
"""How the time and the memory of compiling grow with the length of a kernel, the proof of the bundle included.

    python tests/bench/compile_scaling.py [--sizes 1000,10000,100000] [--seconds 60] [--bytes 2147483648]
                                          [--rblnc PROGRAM] [--steps] [KERNEL ...]

Compiles generated kernels (tests/bench/unrolled_kernels.py) of those many operations after simplification, each in a
process of its own, and prints what each took, the most memory it held, and both in relation to the next smaller one. Exits
with 1 when one needs more than the limits, or fails.
"""
import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from unrolled_kernels import KERNELS

ROOT = Path(__file__).resolve().parents[2]


def measure(program, text, folder):
    """Seconds, bytes and the time report of one compilation; None after an error, which is printed."""
    source, bundle, report = folder / "kernel.ttir", folder / "kernel.rbln", folder / "report.json"
    source.write_text(text)
    start = time.perf_counter()
    process = subprocess.Popen([program, "compile", source, "-o", bundle, f"--time-report={report}"],
                               stderr=(folder / "errors").open("w"))
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        print((folder / "errors").read_text()[:2000], file=sys.stderr)
        return None
    return seconds, 1024 * usage.ru_maxrss, json.loads(report.read_text())["steps"], bundle.stat().st_size


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("kernels", nargs="*", help=f"of {', '.join(KERNELS)}; all without")
    parser.add_argument("--sizes", default="1000,10000,100000", help="numbers of operations, rising")
    parser.add_argument("--seconds", type=float, default=60.0, help="that a compilation may take")
    parser.add_argument("--bytes", type=int, default=2 << 30, help="of memory that it may hold")
    parser.add_argument("--rblnc", default=ROOT / "build" / "release" / "bin" / "rblnc", help="the compiler")
    parser.add_argument("--steps", action="store_true", help="print each step's seconds")
    options = parser.parse_args()
    if unknown := set(options.kernels) - set(KERNELS):
        parser.error(f"no kernel is called {', '.join(sorted(unknown))}")
    good = True
    print("kernel      operations  commands   seconds    x      MiB    x    bundle")
    for name in options.kernels or KERNELS:
        before = None
        for size in map(int, options.sizes.split(",")):
            with tempfile.TemporaryDirectory() as folder:
                found = measure(options.rblnc, KERNELS[name](size), Path(folder))
            if not found:
                good = False
                break
            seconds, held, steps, bundle = found
            count = {step["name"]: step["operations"] for step in steps}
            ratios = [f"{now / then:5.1f}" for now, then in zip((seconds, held), before)] if before else ["     "] * 2
            print(f"{name:10} {count['simplify']:11} {count['plan']:9} {seconds:9.2f} {ratios[0]} {held / 2 ** 20:8.0f} "
                  f"{ratios[1]} {bundle / 2 ** 20:6.1f} MiB", flush=True)
            if options.steps:
                print("           " + ", ".join(f"{s['name']} {s['milliseconds'] / 1e3:.2f}" for s in steps), flush=True)
            before = seconds, held
            if seconds > options.seconds or held > options.bytes:
                print(f"above the limits of {options.seconds:g} s and {options.bytes} bytes: {name}", file=sys.stderr)
                good = False
                break
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
