"""Many kernels at once: what is compiled, what is said, and what the reports hold."""
import json
import re
import xml.etree.ElementTree

import batch_files
import numpy
import pytest


@pytest.fixture(autouse=True)
def own_cache(tmp_path, monkeypatch):
    monkeypatch.setenv("RBLNC_CACHE_DIR", str(tmp_path / "cache"))


def summary(process):
    line = process.stdout.splitlines()[-1]
    match = re.fullmatch(r"(\d+) files?: (\d+) ok \((\d+) cached\), (\d+) refused(?:, (\d+) differ)?, (\d+) internal"
                         r"(?:, (\d+) not finished)?, \d+\.\d s", line)
    assert match, line
    return tuple(int(number or 0) for number in match.groups())


def test_a_folder(rblnc, tmp_path):
    kernels = batch_files.mixed(tmp_path / "kernels")
    process = rblnc("batch", kernels, "-o", tmp_path / "out", "-j", 2)
    assert process.returncode == 1
    assert summary(process) == (6, 4, 0, 2, 0, 0, 0)
    assert "RBLN-C001" in process.stderr and "garbage" in process.stderr
    written = sorted(str(path.relative_to(tmp_path / "out")) for path in (tmp_path / "out").rglob("*.*") if path.is_file())
    assert written == sorted([f"{name}.rbln" for name in batch_files.GOOD] + ["below/gelu.r1c256.opt.rbln"])
    for name in batch_files.GOOD:
        rblnc.done("compile", kernels / f"{name}.ttir", "-o", tmp_path / "alone.rbln")
        assert (tmp_path / "out" / f"{name}.rbln").read_bytes() == (tmp_path / "alone.rbln").read_bytes()


def test_a_warm_batch_says_and_writes_the_same(rblnc, tmp_path):
    kernels = batch_files.mixed(tmp_path / "kernels")
    cold = rblnc("batch", kernels, "-o", tmp_path / "out", "--json", tmp_path / "cold.json", "-q")
    stamps = {path: path.stat().st_mtime_ns for path in (tmp_path / "out").rglob("*.rbln")}
    warm = rblnc("batch", kernels, "-o", tmp_path / "out", "--json", tmp_path / "warm.json", "-q")
    assert summary(warm) == (6, 4, 4, 2, 0, 0, 0)
    assert warm.stderr == cold.stderr and warm.returncode == cold.returncode
    cold, warm = (json.loads((tmp_path / f"{name}.json").read_text()) for name in ("cold", "warm"))
    for report in (cold, warm):
        for kernel in report["kernels"]:
            kernel.pop("cached")
        report["summary"].pop("cached")
    assert cold == warm
    assert stamps == {path: path.stat().st_mtime_ns for path in (tmp_path / "out").rglob("*.rbln")}


def test_results_do_not_depend_on_how_many_work(rblnc, tmp_path):
    kernels = batch_files.mixed(tmp_path / "kernels")
    for jobs in (1, 4):
        rblnc("batch", kernels, "-o", tmp_path / str(jobs), "-j", jobs, "--no-cache", "--json", tmp_path / f"{jobs}.json")
    one, four = ({path.relative_to(tmp_path / jobs): path.read_bytes() for path in (tmp_path / jobs).rglob("*.rbln")}
                 for jobs in ("1", "4"))
    assert one == four and len(one) == 4
    reports = [json.loads((tmp_path / f"{jobs}.json").read_text().replace(f"/{jobs}/", "/N/")) for jobs in (1, 4)]
    assert reports[0] == reports[1]


def test_reports(rblnc, tmp_path):
    kernels = batch_files.mixed(tmp_path / "kernels")
    rblnc("batch", kernels, "--junit", tmp_path / "j.xml", "--sarif", tmp_path / "s.sarif", "--json", tmp_path / "r.json")
    suite = xml.etree.ElementTree.parse(tmp_path / "j.xml").getroot()
    cases = suite.findall(".//testcase")
    assert len(cases) == 6 and sum(case.find("failure") is not None for case in cases) == 2
    sarif = json.loads((tmp_path / "s.sarif").read_text())
    assert sarif["version"] == "2.1.0"
    assert {result["ruleId"] for result in sarif["runs"][0]["results"]} >= {"RBLN-C001", "RBLN-I002"}
    report = json.loads((tmp_path / "r.json").read_text())
    assert report["schema"] == 1 and report["summary"]["refused"] == 2
    assert "milliseconds" not in report["kernels"][0]
    assert [kernel["name"] for kernel in report["kernels"]] == sorted(kernel["name"] for kernel in report["kernels"])


def test_filter_and_shards(rblnc, tmp_path):
    kernels = batch_files.good(tmp_path / "kernels", [*batch_files.GOOD, "gelu.r1c256.opt"])
    process = rblnc.done("batch", kernels, "--filter", "gelu*", "-o", tmp_path / "gelu")
    assert summary(process)[:2] == (2, 2)
    names = set()
    for shard in (1, 2, 3):
        rblnc.done("batch", kernels, "--shard", f"{shard}/3", "-o", tmp_path / "shards")
        found = {path.name for path in (tmp_path / "shards").iterdir()}
        assert len(found - names) == (2 if shard == 1 else 1)
        names = found
    assert len(names) == 4


def test_run(rblnc, tmp_path):
    kernels = batch_files.good(tmp_path / "kernels")
    rblnc.done("batch", kernels, "--run", "--json", tmp_path / "r.json")
    for kernel in json.loads((tmp_path / "r.json").read_text())["kernels"]:
        assert kernel["figures"]["modelled_us"] > 0 and kernel["figures"]["dram_bytes"] > 0
        rblnc.done("compile", kernel["input"], "-o", tmp_path / "k.rbln")
        rblnc.done("run", tmp_path / "k.rbln", f"--stats={tmp_path / 'stats.json'}")
        stats = json.loads((tmp_path / "stats.json").read_text())
        assert kernel["figures"]["dram_bytes"] == stats["dram_bytes"]


def test_a_depfile(rblnc, tmp_path):
    kernels = batch_files.good(tmp_path / "kernels dir", ["gelu.r1c256.raw"])
    rblnc.done("batch", kernels, "-o", tmp_path / "out", "--depfile", tmp_path / "all.d")
    text = (tmp_path / "all.d").read_text()
    assert text == f"{tmp_path}/out/gelu.r1c256.raw.rbln: {tmp_path}/kernels\\ dir/gelu.r1c256.raw.ttir\n"


MANIFEST = """\
[defaults]
target = "rbln-ca25"

[[kernel]]
input = "kernels/gelu.r1c256.raw.ttir"

[[kernel]]
name = "add-{chip}"
input = "kernels/vector_add.r2c32.raw.ttir"
target = "rbln-{chip}"
keys = { chip = ["ca22", "ca25", "cr03"], n = [1, 2] }
exclude = [{ chip = "ca22" }, { chip = ["cr03", "ca25"], n = ">1" }]
"""


def test_a_manifest(rblnc, tmp_path):
    batch_files.good(tmp_path / "kernels")
    (tmp_path / "m.toml").write_text(MANIFEST)
    process = rblnc.done("batch", "--manifest", tmp_path / "m.toml", "-o", tmp_path / "out", "--json", tmp_path / "r.json")
    assert summary(process)[:2] == (3, 3)
    report = json.loads((tmp_path / "r.json").read_text())
    assert {kernel["name"]: kernel["targets"] for kernel in report["kernels"]} == {
        "gelu.r1c256.raw": ["rbln-ca25"], "add-ca25": ["rbln-ca25"], "add-cr03": ["rbln-cr03"]}
    described = json.loads(rblnc.done("inspect", tmp_path / "out/add-cr03.rbln", "--json").stdout)
    assert "rbln-cr03" in json.dumps(described)


def test_files_of_a_manifest_are_beside_it(rblnc, tmp_path, monkeypatch):
    """Those of the defaults too, where a kernel has more, and from wherever the batch is started."""
    batch_files.good(tmp_path / "below", ["vector_add.r2c32.raw"])
    numpy.save(tmp_path / "below/ones.npy", numpy.ones((2, 32), numpy.float32))
    numpy.save(tmp_path / "below/sum.npy", numpy.full((2, 32), 3, numpy.float32))
    (tmp_path / "below/chip.json").write_text(rblnc.done("targets", "rbln-ca25", "--json").stdout.replace(
        "rbln-ca25", "mine"))
    (tmp_path / "below/m.toml").write_text(
        "[defaults]\nargs = { x = 'ones.npy', y = '1x2x32xf32=2' }\nexpect = { o = 'sum.npy' }\n"
        "target_file = 'chip.json'\n[[kernel]]\nname = 'add'\ninput = 'vector_add.r2c32.raw.ttir'\n"
        "expect = { x = 'ones.npy' }\n")
    monkeypatch.chdir(tmp_path)
    for manifest in ("below/m.toml", tmp_path / "below/m.toml"):
        assert summary(rblnc.done("batch", "--manifest", manifest))[:2] == (1, 1)
    rblnc.done("batch", "--manifest", "below/m.toml", "-o", "out", "--depfile", "all.d")
    assert (tmp_path / "all.d").read_text() == "out/add.rbln: below/vector_add.r2c32.raw.ttir below/chip.json below/m.toml\n"
    for read in ("below/ones.npy", "below/sum.npy", "below/chip.json"):
        before = (tmp_path / read).read_bytes()
        assert rblnc("batch", "--manifest", "below/m.toml", "--json", read).returncode == 2
        assert (tmp_path / read).read_bytes() == before


def test_compile_keys_of_a_manifest(rblnc, tmp_path):
    """Each is what the option of compile is."""
    source = batch_files.good(tmp_path, ["vector_add.r2c32.raw"]) / "vector_add.r2c32.raw.ttir"
    for key, option in (("compute_dtype = 'bf16'", "--compute-dtype=bf16"), ("compute_dtype = 'dlf16'",
                        "--compute-dtype=dlf16"), ("split = 'none'", "--split=none"), ("engines = 1", "--engines=1"),
                        ("rounds = 2", "--rounds=2"), ("host_layout = '1:2'", "--host-layout=1:2")):
        (tmp_path / "m.toml").write_text(f"[[kernel]]\nname = 'k'\ninput = '{source.name}'\n{key}\n")
        rblnc.done("batch", "--manifest", tmp_path / "m.toml", "-o", tmp_path / "out")
        rblnc.done("compile", source, "-o", tmp_path / "k.rbln", option)
        assert (tmp_path / "out/k.rbln").read_bytes() == (tmp_path / "k.rbln").read_bytes(), key
        rblnc.done("compile", source, "-o", tmp_path / "k.rbln")
        assert (tmp_path / "out/k.rbln").read_bytes() != (tmp_path / "k.rbln").read_bytes(), key


def test_a_manifest_in_json(rblnc, tmp_path):
    batch_files.good(tmp_path / "kernels")
    (tmp_path / "m.json").write_text(json.dumps({"kernel": [{"input": "kernels/gelu.r1c256.raw.ttir", "run": True,
                                                            "budget": {"time_us": 1e6}}]}))
    process = rblnc.done("batch", "--manifest", tmp_path / "m.json")
    assert summary(process)[:2] == (1, 1)


def test_three_thousand_keys(rblnc, tmp_path):
    """A product of keys is enumerated whole; here nothing of it is compiled."""
    batch_files.good(tmp_path)
    (tmp_path / "m.toml").write_text('[[kernel]]\nname = "{a}-{b}-{c}"\ninput = "gelu.r1c256.raw.ttir"\n'
                                     f"keys = {{ a = {list(range(20))}, b = {list(range(15))}, c = {list(range(10))} }}\n")
    process = rblnc.done("batch", "--manifest", tmp_path / "m.toml", "--filter", "19-14-*", "-q")
    assert summary(process)[:2] == (10, 10)
