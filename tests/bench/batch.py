"""What a batch costs beside a loop over `rblnc compile`, cold and warm.

    python tests/bench/batch.py [--rblnc build/release/bin/rblnc] [--jobs 2] [--keys 3000] [--repeat 3]

Prints one table: the committed kernels (kernels/ttir) by a loop of processes, by a cold batch and by a warm one, and a kernel
with --keys compile keys, cold and warm. Each figure is the least of --repeat runs; the caches are new for every cold run.
"""
import argparse
import os
import subprocess
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
KEYED = """\
module {
  tt.func public @shift(%x: !tt.ptr<f32>, %y: !tt.ptr<f32>, %n: i32) {
    %c1 = arith.constant 1 : i64
    %c64 = arith.constant 64 : i64
    %c0 = arith.constant 0 : i32
    %px = tt.make_tensor_ptr %x, [%c64, %c64], [%c64, %c1], [%c0, %c0] {order = array<i32: 1, 0>} : <tensor<64x64xf32>>
    %py = tt.make_tensor_ptr %y, [%c64, %c64], [%c64, %c1], [%c0, %c0] {order = array<i32: 1, 0>} : <tensor<64x64xf32>>
    %v = tt.load %px : !tt.ptr<tensor<64x64xf32>>
    %f = arith.sitofp %n : i32 to f32
    %s = tt.splat %f : f32 -> tensor<64x64xf32>
    %r = arith.addf %v, %s : tensor<64x64xf32>
    tt.store %py, %r : !tt.ptr<tensor<64x64xf32>>
    tt.return
  }
}
"""


def seconds(*commands, check=False):
    start = time.monotonic()
    for command in commands:
        subprocess.run([*map(str, command)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=check)
    return time.monotonic() - start


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rblnc", default=ROOT / "build/release/bin/rblnc", type=Path)
    parser.add_argument("--jobs", default=os.cpu_count(), type=int)
    parser.add_argument("--keys", default=3000, type=int)
    parser.add_argument("--repeat", default=3, type=int)
    arguments = parser.parse_args()
    rblnc, folder = arguments.rblnc.resolve(), ROOT / "kernels/ttir"
    kernels = sorted(folder.rglob("*.ttir"))
    rows = []
    with tempfile.TemporaryDirectory() as scratch:
        scratch = Path(scratch)
        (scratch / "keyed.ttir").write_text(KEYED)
        (scratch / "keys.toml").write_text('[[kernel]]\nname = "shift-{n}"\ninput = "keyed.ttir"\nbind = { arg2 = "{n}" }\n'
                                           f"keys = {{ n = {list(range(arguments.keys))} }}\n")

        def batch(cache, *what):
            return [rblnc, "batch", *what, "-q", "-j", arguments.jobs, "-o", scratch / "out", "--cache", scratch / cache]

        loop = min(seconds(*([rblnc, "compile", kernel, "-o", scratch / "k.rbln"] for kernel in kernels))
                   for _ in range(arguments.repeat))
        rows.append((f"{len(kernels)} kernels, a loop of processes", loop, len(kernels)))
        # Some of the committed kernels are refused, and none of the keys.
        for name, what, count, check in (
            (f"{len(kernels)} kernels", [folder], len(kernels), False),
            (f"{arguments.keys} keys", ["--manifest", scratch / "keys.toml"], arguments.keys, True)):
            cold = min(seconds(batch(f"{name}-{number}", *what), check=check) for number in range(arguments.repeat))
            warm = min(seconds(batch(f"{name}-0", *what), check=check) for _ in range(arguments.repeat))
            rows += [(f"{name}, cold batch", cold, count), (f"{name}, warm batch", warm, count)]
    width = max(len(name) for name, _, _ in rows)
    print(f"{'':{width}}  seconds  ms each  of the loop")
    for name, total, count in rows:
        share = f"{total / loop * len(kernels) / count:11.2f}"
        print(f"{name:{width}}  {total:7.2f}  {total / count * 1e3:7.2f}  {share}")


if __name__ == "__main__":
    main()
