"""Wrong uses of `compile --dump-after`, `--dump-dir` and `--time-report`, and what failing compilations leave."""
import json

from kernels import catalog

TTIR = catalog.TTIR / "3.6.0"
NAMES = ("parse, simplify, check, lower, verify-kernel, canonicalize, load-windows, narrow-stores, expand, split, store-windows, "
         "choose-commands, keep-small-arrays, split-branches, hoist-commands, stagger-loads, stage-ahead, allocate, synchronize, plan, all")
KERNEL = TTIR / "softmax.r64c128.raw.ttir"


def test_unknown_steps_are_listed(rblnc, tmp_path):
    process = rblnc("compile", KERNEL, "-o", tmp_path / "k.rbln", "--dump-after=lowr", "--dump-dir", tmp_path / "d")
    assert process.returncode == 2
    assert f"there is no step 'lowr'; there are {NAMES}" in process.stderr
    assert list(tmp_path.iterdir()) == []
    assert NAMES in " ".join(rblnc.done("compile", "--help").stdout.split())


def test_the_options_go_together(rblnc, tmp_path):
    assert rblnc("compile", KERNEL, "-o", tmp_path / "k.rbln", "--dump-after=all").returncode == 2
    assert rblnc("compile", KERNEL, "-o", tmp_path / "k.rbln", "--dump-dir", tmp_path / "d").returncode == 2
    assert list(tmp_path.iterdir()) == []


def test_places_that_cannot_be_written(rblnc, tmp_path):
    (tmp_path / "file").write_text("")
    for options in (("--dump-after=all", "--dump-dir", tmp_path / "file"),
                    ("--dump-after=all", "--dump-dir", tmp_path / "file" / "d"),
                    (f"--time-report={tmp_path / 'none' / 't.json'}",)):
        process = rblnc("compile", KERNEL, "-o", tmp_path / "k.rbln", *options)
        assert process.returncode == 1 and "[RBLN-R010]" in process.stderr, process.stderr
        assert not (tmp_path / "k.rbln").exists()
        assert rblnc("compile", KERNEL, "-o", tmp_path / "k.rbln", *options).returncode == 1
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def test_a_dump_that_fails_is_no_success(rblnc, tmp_path):
    folder = tmp_path / "d"
    (folder / "04-lower.mlir").mkdir(parents=True)
    process = rblnc("compile", KERNEL, "-o", tmp_path / "k.rbln", "--dump-after=lower", "--dump-dir", folder)
    assert process.returncode == 1 and "[RBLN-R010]" in process.stderr
    assert not (tmp_path / "k.rbln").exists()
    assert list((folder / "04-lower.mlir").iterdir()) == []


def test_a_failing_compilation_tells_of_the_steps_before(rblnc, tmp_path):
    wrong = next((TTIR / "wrong").glob("dynamic_loop*.raw.ttir"))
    process = rblnc("compile", wrong, "-o", tmp_path / "k.rbln", "--dump-after=all", "--dump-dir", tmp_path / "d",
                    f"--time-report={tmp_path / 't.json'}")
    assert process.returncode == 1 and "[RBLN-C001]" in process.stderr
    assert sorted(path.name for path in (tmp_path / "d").iterdir()) == ["01-parse.mlir", "02-simplify.mlir"]
    steps = json.loads((tmp_path / "t.json").read_text())["steps"]
    assert [step["name"] for step in steps] == ["parse", "simplify", "check"]
    assert not (tmp_path / "k.rbln").exists()
