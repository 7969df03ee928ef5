"""What changed between bundles, folders and reports, and gates on it."""
import json
import re

import batch_files
import pytest

SMALL, LARGE = "log_softmax.r1c64.opt", "log_softmax.r32c128.opt"


@pytest.fixture(scope="module")
def sides(rblnc, tmp_path_factory):
    """Two folders: one kernel is the same, one is another by its size, one went and one came."""
    root = tmp_path_factory.mktemp("sides")
    for side, changed, only in (("old", SMALL, "gelu.r1c256.raw"), ("new", LARGE, "gelu.r64c64.raw")):
        folder = root / side
        folder.mkdir()
        for name, source in (("same", "vector_add.r2c32.raw"), ("changed", changed), (only, only)):
            rblnc.done("compile", batch_files.TTIR / f"{source}.ttir", "-o", folder / f"{name}.rbln")
    return root / "old", root / "new"


def figures(rblnc, bundle, folder):
    rblnc.done("run", bundle, f"--stats={folder / 'stats.json'}")
    return json.loads((folder / "stats.json").read_text())


def test_folders(rblnc, sides, tmp_path):
    process = rblnc.done("diff", *sides, "--json")
    report = json.loads(process.stdout)
    assert report["schema"] == 1
    assert {kernel["name"]: kernel["state"] for kernel in report["kernels"]} == {
        "same": "same", "changed": "changed", "gelu.r1c256.raw": "removed", "gelu.r64c64.raw": "added"}
    changed, = (kernel for kernel in report["kernels"] if kernel["name"] == "changed")
    for side, key in zip(sides, ("before", "after")):
        stats = figures(rblnc, side / "changed.rbln", tmp_path)
        assert changed[key]["dram"] == stats["dram_bytes"]
        assert changed[key]["time"] == pytest.approx(stats["modelled_seconds"] * 1e6)


def test_gates(rblnc, sides):
    old, new = sides
    for gates, status in (("time>+2%", 3), ("dram>+1000%", 3), ("dram>+1000000%", 0), ("dram>+1", 3), ("dram>+1000000", 0),
                          ("time>+1000000%, scratchpad>+10%", 3), ("", 0)):
        process = rblnc("diff", old / "changed.rbln", new / "changed.rbln", "--fail-if", gates)
        assert process.returncode == status, (gates, process.stdout, process.stderr)
    assert rblnc("diff", new / "changed.rbln", old / "changed.rbln", "--fail-if", "time>+2%,dram>+0%").returncode == 0
    assert rblnc("diff", old / "same.rbln", new / "same.rbln", "--fail-if", "time>+0%,dram>+0%").returncode == 0


def test_two_bundles_are_of_one_kernel(rblnc, sides, tmp_path):
    """Whatever the files are called: a gate that compares nothing never trips."""
    for side, name in zip(sides, ("before", "after")):
        (tmp_path / f"{name}.rbln").write_bytes((side / "changed.rbln").read_bytes())
    process = rblnc("diff", tmp_path / "before.rbln", tmp_path / "after.rbln", "--fail-if", "time>+2%", "--json")
    kernel, = json.loads(process.stdout)["kernels"]
    assert process.returncode == 3 and (kernel["name"], kernel["state"]) == ("after", "changed")
    for chips, name in (("rbln-ca22,rbln-ca25", "old"), ("rbln-ca22,rbln-ca25", "new")):
        rblnc.done("compile", batch_files.TTIR / f"{SMALL}.ttir", "-o", tmp_path / f"{name}.rbln", "--target", chips)
    kernels = json.loads(rblnc.done("diff", tmp_path / "old.rbln", tmp_path / "new.rbln", "--json").stdout)["kernels"]
    assert {kernel["name"]: kernel["state"] for kernel in kernels} == {"new [rbln-ca22]": "same", "new [rbln-ca25]": "same"}


def test_the_forms(rblnc, sides):
    text = rblnc.done("diff", *sides, "--by-line").stdout
    assert re.search(r"^changed .*\(\+\d+\.\d%\)", text, re.MULTILINE) and ".py:" in text
    assert text.splitlines()[-1] == "4 kernels: 3 changed, 0 over a gate"
    markdown = rblnc.done("diff", *sides, "--markdown", "--by-line").stdout
    rows = [line for line in markdown.splitlines() if line.startswith("|")]
    assert len({len(re.findall(r"(?<!\\)\|", row)) for row in rows}) == 1 and len(markdown) < 65536
    lines = json.loads(rblnc.done("diff", *sides, "--by-line", "--json").stdout)["kernels"]
    changed, = (kernel for kernel in lines if kernel["name"] == "changed")
    for key in ("before", "after"):
        total = sum(line[key]["time"] for line in changed["lines"] if line[key])
        assert total <= changed[key]["time"] * 1.001


def test_reports_of_batches(rblnc, tmp_path, monkeypatch):
    monkeypatch.setenv("RBLNC_CACHE_DIR", str(tmp_path / "cache"))
    kernels = batch_files.good(tmp_path / "kernels")
    for name, options in (("old", []), ("new", ["--engines=1"])):
        rblnc.done("batch", kernels, "--run", "--json", tmp_path / f"{name}.json", *options)
    process = rblnc("diff", tmp_path / "old.json", tmp_path / "new.json", "--fail-if", "dram>+0%", "--json")
    assert json.loads(process.stdout)["summary"]["kernels"] == 3
    assert rblnc("diff", tmp_path / "old.json", tmp_path / "old.json", "--fail-if", "time>+0%").returncode == 0


def test_several_chips(rblnc, tmp_path):
    rblnc.done("compile", batch_files.TTIR / f"{SMALL}.ttir", "--target=rbln-ca22,rbln-ca25", "-o", tmp_path / "k.rbln")
    report = json.loads(rblnc.done("diff", tmp_path / "k.rbln", tmp_path / "k.rbln", "--json").stdout)
    assert [kernel["name"] for kernel in report["kernels"]] == ["k [rbln-ca22]", "k [rbln-ca25]"]


def test_a_broken_bundle_trips_every_gate(rblnc, sides, tmp_path):
    folder = tmp_path / "broken"
    folder.mkdir()
    (folder / "same.rbln").write_bytes((sides[0] / "same.rbln").read_bytes()[:-8])
    process = rblnc("diff", sides[0], folder, "--fail-if", "time>+50%")
    assert process.returncode == 3 and "same" in process.stdout


@pytest.mark.parametrize("gates", ["time", "time>+nan%", "time>+inf", "time>2%", "speed>+2%", "time>+x%", "time>+-2%", "time<+2%"])
def test_gates_that_are_none(rblnc, sides, gates):
    process = rblnc("diff", *sides, "--fail-if", gates)
    assert process.returncode == 2 and gates in process.stderr


def test_sides_that_are_none(rblnc, sides, tmp_path):
    (tmp_path / "empty").mkdir()
    (tmp_path / "r.json").write_text("{}")
    (tmp_path / "garbage.rbln").write_bytes(b"no bundle")
    for path, status in ((tmp_path / "empty", 1), (tmp_path / "r.json", 1), (tmp_path / "garbage.rbln", 4),
                         (tmp_path / "missing", 4)):
        process = rblnc("diff", sides[0], path)
        assert process.returncode == status and "RBLN-" in process.stderr, (path, process.stderr)
