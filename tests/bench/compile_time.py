#!/usr/bin/env python3
"""How long compiling takes, the proof of the bundle included, for every kernel below kernels/ that compiles.

    python tests/bench/compile_time.py [--limit MILLISECONDS] [KERNEL.ttir ...]

Needs librblnc.so (cmake --build --preset release). Prints the slowest kernels, each the least of three times, and exits
with 1 when one of them is above the limit.
"""
import argparse
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "kernels"))
from rblnc import native  # noqa: E402

ROUNDS, SHOWN = 3, 10


def milliseconds(path):
    """The least time of some compilations, or None when the kernel does not compile."""
    text = path.read_bytes()
    times = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        try:
            native.compile(text, name=path.name)
        except native.CompileError:
            return None
        times.append(1e3 * (time.perf_counter() - start))
    return min(times)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("kernels", nargs="*", type=Path, help="kernels in Triton's IR")
    parser.add_argument("--limit", type=float, default=100.0, help="milliseconds")
    options = parser.parse_args()
    paths = options.kernels or sorted((ROOT / "kernels").rglob("*.ttir"))
    times = {path: spent for path in paths if (spent := milliseconds(path)) is not None}
    print(f"{len(times)} of {len(paths)} kernels compile; the slowest:")
    for path, spent in sorted(times.items(), key=lambda entry: -entry[1])[:SHOWN]:
        print(f"{spent:8.1f} ms  {path.parent.name}/{path.name}")
    slow = [path.name for path, spent in times.items() if spent > options.limit]
    if slow:
        print(f"above the limit of {options.limit:.0f} ms: {', '.join(slow)}", file=sys.stderr)
    return 1 if slow or not times else 0


if __name__ == "__main__":
    sys.exit(main())
