"""However a kernel is laid over the engines, its results have the same bits, and the emulator finds no race."""
import json

import pytest

from kernels import catalog
from kernels.rblib import catalog as rblib

VERSION = "3.6.0"
FILES = [item.path for item in catalog.specialisations("basic") if VERSION in item.path.parts]
FILES += [rblib.TTIR / probe.relative_path(VERSION) for probe in rblib.probes()]


def results(rblnc, path, split, folder):
    """The bytes of every result, and on how many engines they were computed."""
    bundle = folder / f"{split}.rbln"
    rblnc.done("compile", path, "-o", bundle, f"--split={split}")
    described = json.loads(rblnc.done("inspect", bundle, "--json").stdout)
    written = [argument["name"] for argument in described["signature"] if argument["direction"] != "in"]
    out = [option for name in written for option in ("--out", f"{name}={folder / name}.{split}.npy")]
    stats = folder / f"{split}.json"
    process = rblnc.done("run", bundle, "--seed", "3", f"--stats={stats}", *out)
    assert "RBLN-R04" not in process.stderr
    engines = sum(queue["name"].startswith("Neural Engine") for queue in json.loads(stats.read_text())["queues"])
    return [(folder / f"{name}.{split}.npy").read_bytes() for name in written], engines


@pytest.mark.parametrize("path", FILES, ids=[path.stem for path in FILES])
def test_results_are_the_same(rblnc, path, tmp_path):
    expected, engines = results(rblnc, path, "none", tmp_path)
    assert engines <= 1
    for split in ("auto", "most"):
        assert results(rblnc, path, split, tmp_path)[0] == expected, split


def test_rows_use_every_engine(rblnc, tmp_path):
    assert results(rblnc, catalog.TTIR / VERSION / "softmax.r64c128.raw.ttir", "most", tmp_path)[1] == 8
