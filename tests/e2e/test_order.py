"""In whatever order the queues run, results have the same bits, the modelled time is the same and there is no race."""
import json

import pytest

from kernels import catalog
from kernels.rblib import catalog as rblib

VERSION = "3.6.0"
ATTENTION = catalog.TTIR.parent / "attention" / "ttir" / VERSION
FILES = [item.path for item in catalog.specialisations("basic") if VERSION in item.path.parts]
FILES += [rblib.TTIR / probe.relative_path(VERSION) for probe in rblib.probes()]
FILES += sorted(ATTENTION.glob("*.h3g7d80.ttir"))
SEEDS = (1, 2, 3)


def integers(described):
    """Lengths of sequences and numbers of blocks, so that some branches are taken and others are not."""
    bounds = {"seq_idx": 33, "block_table": 11}
    return [option for argument in described["signature"] if argument["name"] in bounds
            for option in ("--arg", f"{argument['name']}=uniform(0,{bounds[argument['name']]})")]


def results(rblnc, bundle, folder, *options):
    """The bytes of every result and the modelled time."""
    described = json.loads(rblnc.done("inspect", bundle, "--json").stdout)
    written = [argument["name"] for argument in described["signature"] if argument["direction"] != "in"]
    assert written
    out = [option for name in written for option in ("--out", f"{name}={folder / name}.npy")]
    stats = folder / "stats.json"
    process = rblnc.done("run", bundle, "--seed", "3", f"--stats={stats}", *integers(described), *out, *options)
    assert "RBLN-R04" not in process.stderr
    return [(folder / f"{name}.npy").read_bytes() for name in written], json.loads(stats.read_text())["modelled_seconds"]


@pytest.mark.parametrize("path", FILES, ids=[path.stem for path in FILES])
def test_results_are_the_same(rblnc, path, tmp_path):
    bundle = tmp_path / "kernel.rbln"
    for way in ("--split=auto", "--split=most"):
        rblnc.done("compile", path, "-o", bundle, way)
        expected = results(rblnc, bundle, tmp_path)
        for seed in SEEDS:
            assert results(rblnc, bundle, tmp_path, "--order", seed) == expected, (way, seed)
