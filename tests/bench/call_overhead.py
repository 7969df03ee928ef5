#!/usr/bin/env python3
"""What a call from Python costs beside the emulation, for kernels that are compiled already.

    python tests/bench/call_overhead.py [--calls N] [--limit MICROSECONDS] [KERNEL.ttir ...]

Needs librblnc.so (cmake --build --preset release) and NumPy. Both times are taken in the same call: the emulation's by
the library, around the run itself, the call's by Python, around Bundle.run; their difference is the overhead. Prints the
median over all calls and exits with 1 when the overhead is above the limit.
"""
import argparse
import statistics
import sys
import time
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "kernels"))
from rblnc import native  # noqa: E402

KERNELS = ("ttir/3.6.0/vector_add.r64c64.raw.ttir", "ttir/3.6.0/flash_attention.h4l16s192.raw.ttir",
           "attention/ttir/3.6.0/attention_decode.h8g4d64.ttir",
           "attention/ttir/3.6.0/flash_causal_attention_decode.h8g4d64.ttir",
           "attention/ttir/3.6.0/sliding_window_attention_decode.h8g4d64.ttir")


def arrays_for(bundle):
    """Seeded numbers for floats, zeros for integers: an index of 0 is in every range."""
    rng = np.random.default_rng(0)
    arrays = []
    for argument in bundle.arguments:
        array = np.zeros(argument.nbytes, np.uint8)
        if argument.dtype == "f32":
            array.view(np.float32)[:] = rng.standard_normal(argument.extent)
        arrays.append(array)
    return arrays


def measure(bundle, calls):
    """Medians in microseconds: of a call, of the emulation in it, of the difference."""
    arrays = arrays_for(bundle)
    places = [(array.ctypes.data, array.nbytes) for array in arrays]
    bundle.run(places)
    total, emulated = [], []
    for _ in range(calls):
        start = time.perf_counter()
        stats = bundle.run(places)
        total.append(1e6 * (time.perf_counter() - start))
        emulated.append(1e6 * stats.host_seconds)
    overhead = [a - b for a, b in zip(total, emulated)]
    return statistics.median(total), statistics.median(emulated), statistics.median(overhead)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("kernels", nargs="*", type=Path, help="kernels in Triton's IR")
    parser.add_argument("--calls", type=int, default=200)
    parser.add_argument("--limit", type=float, default=200.0, help="microseconds")
    options = parser.parse_args()
    print(f"{'kernel':42} {'call':>10} {'emulation':>10} {'overhead':>10}   (us, median of {options.calls})")
    worst = 0.0
    for path in options.kernels or [ROOT / "kernels" / kernel for kernel in KERNELS]:
        bundle = native.compile(path.read_bytes(), name=path.name)
        call, emulation, overhead = measure(bundle, options.calls)
        worst = max(worst, overhead)
        print(f"{path.name.removesuffix('.ttir'):42} {call:10.1f} {emulation:10.1f} {overhead:10.1f}")
    if worst > options.limit:
        print(f"the overhead is {worst:.1f} us, above the limit of {options.limit:.1f} us", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
