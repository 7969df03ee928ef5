"""However a kernel is laid over engines and rounds, its results have the same bits, and the emulator finds no race."""
import json

import pytest

from kernels import catalog
from kernels.rblib import catalog as rblib

VERSION = "3.6.0"
FILES = [item.path for item in catalog.specialisations("basic") if VERSION in item.path.parts]
# Ways to cut a kernel, as options of rblnc compile; the first one cuts nothing.
WAYS = (
    ("--split=none", "--rounds=1"),
    (),
    ("--split=most", ),
    ("--split=none", "--rounds=3"),
    ("--rounds=64", ),
    ("--split=most", "--rounds=2"),
    ("--split=most", "--engines=3", "--rounds=8"),
    ("--split=most", "--rounds=1000"),
)
FILES += [rblib.TTIR / probe.relative_path(VERSION) for probe in rblib.probes()]


def results(rblnc, path, way, folder):
    """The bytes of every result, and on how many engines they were computed with how many commands."""
    bundle = folder / "kernel.rbln"
    rblnc.done("compile", path, "-o", bundle, *way)
    described = json.loads(rblnc.done("inspect", bundle, "--json").stdout)
    written = [argument["name"] for argument in described["signature"] if argument["direction"] != "in"]
    out = [option for name in written for option in ("--out", f"{name}={folder / name}.npy")]
    stats = folder / "stats.json"
    process = rblnc.done("run", bundle, "--seed", "3", f"--stats={stats}", *out)
    assert "RBLN-R04" not in process.stderr
    queues = json.loads(stats.read_text())["queues"]
    engines = sum(queue["name"].startswith("Neural Engine") for queue in queues)
    commands = sum(queue["commands"] for queue in queues)
    return [(folder / f"{name}.npy").read_bytes() for name in written], engines, commands


@pytest.mark.parametrize("path", FILES, ids=[path.stem for path in FILES])
def test_results_are_the_same(rblnc, path, tmp_path):
    expected, engines, _ = results(rblnc, path, WAYS[0], tmp_path)
    assert engines <= 1
    for way in WAYS[1:]:
        assert results(rblnc, path, way, tmp_path)[0] == expected, way


def test_rows_use_every_engine_and_rounds(rblnc, tmp_path):
    path = catalog.TTIR / VERSION / "softmax.r64c128.raw.ttir"
    _, engines, commands = results(rblnc, path, ("--split=most", "--rounds=1"), tmp_path)
    assert engines == 8
    _, engines, more = results(rblnc, path, ("--split=most", "--rounds=4"), tmp_path)
    assert engines == 8 and more >= 3 * commands
    assert results(rblnc, path, ("--split=most", "--engines=5"), tmp_path)[1] <= 5
