#!/usr/bin/env python3
"""How far the automatic choice of tilings is from the best that options can force, on products of one block.

    python tests/bench/regret.py [--products N] [--dtypes f32,bf16,i8] [--chips CHIP,...] [--most 1.05] [--rblnc BINARY]

For every size, dtype and chip the product o = a @ b is compiled as it is, and with every --split, --engines and --rounds
of OPTIONS; all are run, and their modelled times compared. Prints a row for each that is not the best, then the greatest
and the mean regret of each chip: the automatic time over the least time. Exits with 1 when one is above --most.

The known chips are joined by two that are made up: one whose float32 products are 500 times slower than those of
float16, and one with four engines, fast memory and set-ups ten times as long.
"""
import argparse
import concurrent.futures
import json
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

# M, K, N: powers of two, odd, thin, tall, tiny.
PRODUCTS = [
    (16, 16, 16), (32, 32, 32), (64, 64, 64), (128, 128, 128), (256, 256, 256), (32, 256, 64), (64, 512, 128),
    (1, 64, 64), (1, 256, 512), (2, 512, 256), (7, 64, 33), (9, 128, 9), (17, 100, 31), (33, 65, 129), (64, 300, 50),
    (100, 300, 500), (77, 333, 111), (65, 64, 65), (63, 128, 255), (127, 127, 127), (128, 64, 512), (512, 64, 128),
    (512, 64, 64), (64, 64, 512), (256, 64, 256), (16, 512, 16), (8, 1024, 64), (64, 1024, 64), (64, 2048, 64),
    (128, 1024, 128), (256, 512, 64), (64, 512, 256), (16, 256, 1000), (1000, 256, 16), (384, 128, 192),
    (200, 200, 200), (96, 768, 96), (48, 96, 768), (3, 1000, 200), (320, 320, 64)]
DTYPES = ("f32", "bf16", "i8")
CHIPS = ("rbln-ca12", "rbln-ca22", "rbln-ca25", "rbln-cr03", "slow-f32", "long-setups")
MADE_UP = {
    "slow-f32": {"matmul_f32_ratio": 0.002},
    "long-setups": {"engines": 4, "dma_setup_seconds": 5e-6, "matmul_setup_seconds": 2e-6, "vector_setup_seconds": 2e-6,
                    "dram_bytes_per_second": 1e12, "shared_bytes_per_second": 2e12}}
ENGINES = (1, 2, 3, 4, 6, 8, 16)
OPTIONS = ([("--split=none",), ("--split=none", "--rounds=2"), ("--split=none", "--rounds=4")] +
           [(f"--split={split}", f"--engines={engines}", f"--rounds={rounds}")
            for split in ("most", "auto") for engines in ENGINES[1:] for rounds in (1, 2, 4)])


def product(m, k, n, dtype):
    """TTIR of o = a @ b as one block, o in the type that Triton accumulates in."""
    wide, zero = ("i32", "0") if dtype == "i8" else ("f32", "0.0")
    pointers = "".join(
        f"""    %p{name} = tt.make_tensor_ptr %{name}, [%{rows}, %{columns}], [%{columns}, %one], [%zero, %zero] """
        f"""{{order = array<i32: 1, 0>}} : <tensor<{shape}x{element}>>\n"""
        for name, rows, columns, shape, element in (("a", "m", "k", f"{m}x{k}", dtype), ("b", "k", "n", f"{k}x{n}", dtype),
                                                    ("o", "m", "n", f"{m}x{n}", wide)))
    return f"""module {{
  tt.func public @product(%a: !tt.ptr<{dtype}> loc("a"), %b: !tt.ptr<{dtype}> loc("b"), %o: !tt.ptr<{wide}> loc("o")) {{
    %m = arith.constant {m} : i64
    %k = arith.constant {k} : i64
    %n = arith.constant {n} : i64
    %one = arith.constant 1 : i64
    %zero = arith.constant 0 : i32
{pointers}    %x = tt.load %pa : !tt.ptr<tensor<{m}x{k}x{dtype}>>
    %y = tt.load %pb : !tt.ptr<tensor<{k}x{n}x{dtype}>>
    %none = arith.constant dense<{zero}> : tensor<{m}x{n}x{wide}>
    %r = tt.dot %x, %y, %none : tensor<{m}x{k}x{dtype}> * tensor<{k}x{n}x{dtype}> -> tensor<{m}x{n}x{wide}>
    tt.store %po, %r : !tt.ptr<tensor<{m}x{n}x{wide}>>
    tt.return
  }}
}}
"""


class Bench:
    """Compiles and runs in a folder; chips that are made up are files there."""

    def __init__(self, rblnc, folder):
        self.rblnc, self.folder = str(rblnc), Path(folder)
        base = json.loads(self.output("targets", "rbln-ca22", "--json"))
        for name, figures in MADE_UP.items():
            chip = json.loads(json.dumps(base))
            chip = chip[0] if isinstance(chip, list) else chip
            chip["name"] = name
            for key, value in figures.items():
                chip["figures"][key]["value"] = value
            (self.folder / f"{name}.json").write_text(json.dumps(chip))

    def output(self, *arguments, data=None):
        done = subprocess.run([self.rblnc, *arguments], input=data, capture_output=True, check=False)
        if done.returncode != 0:
            raise RuntimeError(f"rblnc {' '.join(arguments)}: {done.stderr.decode()}")
        return done.stdout

    def seconds(self, text, chip, options=()):
        """Modelled seconds of one compilation."""
        target = ("--target-file", str(self.folder / f"{chip}.json")) if chip in MADE_UP else ("--target", chip)
        bundle = self.output("compile", "-", *target, *options, "-o", "-", data=text.encode())
        stats = self.output("run", "-", "--stats=-", data=bundle).decode()
        return json.JSONDecoder().raw_decode(stats[stats.index("{"):])[0]["modelled_seconds"]

    def regret(self, size, dtype, chip):
        """The automatic time over the least one, the automatic time, and the options that give the least one."""
        text = product(*size, dtype)
        automatic = self.seconds(text, chip)
        least, best = min((self.seconds(text, chip, options), options) for options in OPTIONS)
        return automatic / min(automatic, least), automatic, best


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--products", type=int, default=len(PRODUCTS), help="so many of the sizes, evenly chosen")
    parser.add_argument("--dtypes", default=",".join(DTYPES))
    parser.add_argument("--chips", default=",".join(CHIPS))
    parser.add_argument("--most", type=float, default=1.05, help="the regret that is accepted")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--rblnc", default=ROOT / "build/release/bin/rblnc", type=Path, metavar="BINARY")
    options = parser.parse_args()
    count = max(1, min(options.products, len(PRODUCTS)))
    sizes = [PRODUCTS[i * len(PRODUCTS) // count] for i in range(count)]
    regrets, worst = {}, 1
    with tempfile.TemporaryDirectory(prefix="rblnc-regret-") as folder, \
            concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        bench = Bench(options.rblnc, folder)
        cases = [(size, dtype, chip) for chip in options.chips.split(",") for dtype in options.dtypes.split(",")
                 for size in sizes]
        for (size, dtype, chip), (regret, seconds, best) in zip(cases, pool.map(lambda c: bench.regret(*c), cases)):
            regrets.setdefault(chip, []).append(regret)
            worst = max(worst, regret)
            if regret > 1:
                print(f"{chip:12} {dtype:5} {'x'.join(map(str, size)):14} {seconds * 1e6:9.2f} us  "
                      f"{regret:5.3f} times {' '.join(best)}", flush=True)
    for chip, values in regrets.items():
        print(f"{chip}: regret at most {max(values):.3f}, mean {sum(values) / len(values):.4f} of {len(values)} products")
    return worst > options.most


if __name__ == "__main__":
    sys.exit(main())
