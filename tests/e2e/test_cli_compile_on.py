"""`--emit=npu` and `--emit=rbln-ir` are two-way stops: what they print compiles on to the bundle that the source gives, but
for the texts kept for inspection and the provenance."""
import json
from pathlib import Path

import pytest

from kernels import catalog

ROOT = Path(catalog.TTIR).parent
# Every kernel family, as the newest committed Triton prints it.
KERNELS = [
    *sorted((catalog.TTIR / "3.6.0").glob("*.raw.ttir")),
    *sorted((ROOT / "attention" / "ttir" / "3.6.0").glob("*.ttir")),
    *sorted((ROOT / "rblib" / "ttir" / "3.6.0").glob("*.ttir")),
]


def contents(rblnc, bundle):
    """Signature, memory plan and program with every Python line."""
    whole = json.loads(rblnc.done("inspect", bundle, "--json").stdout)
    del whole["provenance"]
    return whole


def test_there_are_kernels_of_every_family():
    assert {path.parent.parent.parent.name for path in KERNELS} == {"kernels", "attention", "rblib"}


@pytest.mark.parametrize("path", KERNELS, ids=lambda path: path.name.removesuffix(".ttir"))
def test_the_bundle_is_the_same(rblnc, path, tmp_path):
    direct, onward = tmp_path / "direct.rbln", tmp_path / "onward.rbln"
    rblnc.done("compile", path, "-o", direct)
    for form in ("rbln-ir", "npu"):
        ir = tmp_path / f"{form}.mlir"
        rblnc.done("compile", path, f"--emit={form}", "-o", ir)
        rblnc.done("compile", ir, "-o", onward)
        assert contents(rblnc, onward) == contents(rblnc, direct), form


@pytest.mark.parametrize("target", ["rbln-ca12", "rbln-ca25", "rbln-cr03"])
def test_on_every_chip(rblnc, target, tmp_path):
    path = catalog.TTIR / "3.6.0" / "flash_attention.h4l16s192.raw.ttir"
    rblnc.done("compile", path, f"--target={target}", "-o", tmp_path / "direct.rbln")
    rblnc.done("compile", path, f"--target={target}", "--emit=npu", "-o", tmp_path / "k.npu.mlir")
    rblnc.done("compile", tmp_path / "k.npu.mlir", f"--target={target}", "-o", tmp_path / "onward.rbln")
    assert contents(rblnc, tmp_path / "onward.rbln") == contents(rblnc, tmp_path / "direct.rbln")
