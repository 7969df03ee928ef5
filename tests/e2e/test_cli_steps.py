"""`compile --dump-after` and `--time-report`: the IR after each step, and what the steps cost."""
import json

from kernels import catalog

KERNEL = catalog.TTIR / "3.6.0" / "softmax.r64c128.raw.ttir"
STEPS = ["parse", "simplify", "check", "lower", "plan"]


def names(folder):
    return sorted(path.name for path in folder.iterdir())


def test_every_step(rblnc, tmp_path):
    folder = tmp_path / "new" / "dumps"
    rblnc.done("compile", KERNEL, "-o", tmp_path / "k.rbln", "--dump-after=all", f"--dump-dir={folder}")
    assert names(folder) == [f"{i:02}-{step}.mlir" for i, step in enumerate(STEPS, 1)]
    assert "tt.func" in (folder / "01-parse.mlir").read_text()
    assert "tt.func" in (folder / "03-check.mlir").read_text()
    # The stops of --emit are the same texts, and all of them can be read back.
    for form, file in (("tt", "02-simplify.mlir"), ("rbln-ir", "04-lower.mlir"), ("npu", "05-plan.mlir")):
        assert rblnc.done("compile", KERNEL, f"--emit={form}", "-o", "-").stdout == (folder / file).read_text()
    for path in folder.iterdir():
        rblnc.done("opt", path)


def test_chosen_steps_keep_their_numbers(rblnc, tmp_path):
    rblnc.done("compile", KERNEL, "-o", tmp_path / "k.rbln", "--dump-after=plan,lower", "--dump-after=parse",
               "--dump-dir", tmp_path / "d")
    assert names(tmp_path / "d") == ["01-parse.mlir", "04-lower.mlir", "05-plan.mlir"]


def test_a_compilation_that_stops_or_starts_on_the_way(rblnc, tmp_path):
    rblnc.done("compile", KERNEL, "--emit=rbln-ir", "-o", tmp_path / "k.mlir", "--dump-after=all", "--dump-dir", tmp_path / "a")
    assert names(tmp_path / "a") == [f"{i:02}-{step}.mlir" for i, step in enumerate(STEPS[:4], 1)]
    rblnc.done("compile", tmp_path / "k.mlir", "-o", tmp_path / "k.rbln", "--dump-after=all", "--dump-dir", tmp_path / "b")
    assert names(tmp_path / "b") == ["01-parse.mlir", "02-plan.mlir"]


def test_plans_of_several_chips(rblnc, tmp_path):
    rblnc.done("compile", KERNEL, "-o", tmp_path / "k.rbln", "--target=rbln-ca22,rbln-cr03", "--dump-after=plan",
               "--dump-dir", tmp_path / "d")
    assert names(tmp_path / "d") == ["05-plan-rbln-ca22.mlir", "06-plan-rbln-cr03.mlir"]
    assert 'target "rbln-cr03"' in (tmp_path / "d" / "06-plan-rbln-cr03.mlir").read_text()


def test_dumps_change_nothing(rblnc, tmp_path):
    rblnc.done("compile", KERNEL, "-o", tmp_path / "a.rbln")
    rblnc.done("compile", KERNEL, "-o", tmp_path / "b.rbln", "--dump-after=all", "--dump-dir", tmp_path / "d", "--time-report")
    assert (tmp_path / "a.rbln").read_bytes() == (tmp_path / "b.rbln").read_bytes()


def test_times_as_a_table(rblnc, tmp_path):
    process = rblnc.done("compile", "--time-report", KERNEL, "-o", tmp_path / "k.rbln")
    rows = [line.split() for line in process.stderr.splitlines()]
    assert rows[0] == ["step", "milliseconds", "operations"]
    assert [row[0] for row in rows[1:]] == [*STEPS, "encode", "verify", "prove", "all"]
    assert process.stdout == ""


def test_times_as_json(rblnc, tmp_path):
    process = rblnc.done("compile", KERNEL, "-o", tmp_path / "k.rbln", f"--time-report={tmp_path / 't.json'}",
                         "--dump-after=all", "--dump-dir", tmp_path / "d")
    assert process.stderr == ""
    report = json.loads((tmp_path / "t.json").read_text())
    assert [step["name"] for step in report["steps"]] == [*STEPS, "encode", "verify", "prove"]
    assert all(step["milliseconds"] >= 0 for step in report["steps"])
    assert abs(sum(step["milliseconds"] for step in report["steps"]) - report["milliseconds"]) < 1e-6
    # Count the operations of the planned program in its text: those with a result, commands, and the program itself.
    text = (tmp_path / "d" / "05-plan.mlir").read_text()
    operations = sum(1 for line in text.splitlines()
                     if line.strip().startswith(("npu.", "%")))
    assert report["steps"][4]["operations"] == operations
