"""`compile --dump-after` and `--time-report`: the IR after each step, and what the steps cost."""
import json
import re

from kernels import catalog

KERNEL = catalog.TTIR / "3.6.0" / "softmax.r64c128.raw.ttir"
STEPS = ["parse", "simplify", "check", "lower", "plan"]
PASSES = ["verify-kernel", "canonicalize", "load-windows", "narrow-stores", "expand", "split", "store-windows",
          "choose-commands", "keep-small-arrays", "split-branches", "hoist-commands", "stagger-loads", "stage-ahead", "allocate", "synchronize"]


def files(steps, first=1):
    """Names of dumps: steps are numbered from 01, the passes of planning from 05.01 where it is the fifth."""
    result = []
    for number, step in enumerate(steps, first):
        if step == "plan":
            result += [f"{number:02}.{i:02}-{name}.mlir" for i, name in enumerate(PASSES, 1)]
        result.append(f"{number:02}-{step}.mlir")
    return sorted(result)


def rows(*more):
    """The rows of a time report."""
    return [*STEPS[:-1], *(f"plan/{name}" for name in PASSES), "plan", "encode", "verify", "prove", *more]


def without_locations(text):
    return re.sub(r" loc\(.*", "", re.sub(r"^#loc.*\n", "", text, flags=re.MULTILINE))


def names(folder):
    return sorted(path.name for path in folder.iterdir())


def test_every_step(rblnc, tmp_path):
    folder = tmp_path / "new" / "dumps"
    rblnc.done("compile", KERNEL, "-o", tmp_path / "k.rbln", "--dump-after=all", f"--dump-dir={folder}")
    assert names(folder) == files(STEPS)
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
    assert names(tmp_path / "a") == files(STEPS[:4])
    rblnc.done("compile", tmp_path / "k.mlir", "-o", tmp_path / "k.rbln", "--dump-after=all", "--dump-dir", tmp_path / "b")
    assert names(tmp_path / "b") == files(["parse", "plan"])


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
    lines = [line.split() for line in process.stderr.splitlines()]
    assert lines[0] == ["step", "milliseconds", "operations"]
    assert [line[0] for line in lines[1:]] == rows("all")
    assert process.stdout == ""


def test_times_as_json(rblnc, tmp_path):
    process = rblnc.done("compile", KERNEL, "-o", tmp_path / "k.rbln", f"--time-report={tmp_path / 't.json'}",
                         "--dump-after=all", "--dump-dir", tmp_path / "d")
    assert process.stderr == ""
    report = json.loads((tmp_path / "t.json").read_text())
    assert [step["name"] for step in report["steps"]] == rows()
    assert all(step["milliseconds"] >= 0 for step in report["steps"])
    steps = {step["name"]: step for step in report["steps"]}
    whole = sum(step["milliseconds"] for step in report["steps"] if "/" not in step["name"])
    assert abs(whole - report["milliseconds"]) < 1e-6
    assert sum(step["milliseconds"] for step in report["steps"] if "/" in step["name"]) <= steps["plan"]["milliseconds"]
    # Count the operations of the planned program in its text: those with a result, commands, and the program itself.
    text = (tmp_path / "d" / "05-plan.mlir").read_text()
    operations = sum(1 for line in text.splitlines()
                     if line.strip().startswith(("npu.", "%")))
    assert steps["plan"]["operations"] == operations


def test_passes_of_planning(rblnc, tmp_path):
    rblnc.done("compile", KERNEL, "-o", tmp_path / "k.rbln", "--dump-after=expand,split,allocate", "--dump-dir", tmp_path / "d")
    assert names(tmp_path / "d") == ["05.05-expand.mlir", "05.06-split.mlir", "05.14-allocate.mlir"]
    expand, split, allocate = (path.read_text() for path in sorted((tmp_path / "d").iterdir()))
    assert "rbln.reduce" in expand and "rbln.engine" not in expand
    assert "rbln.engine = 7" in split and "npu.program" not in split
    assert "npu.program" in allocate and "npu.wait" not in allocate
    # A kernel that no engine has been chosen for compiles on, to the same program.
    whole = rblnc.done("compile", KERNEL, "--emit=npu", "-o", "-").stdout
    again = rblnc.done("compile", tmp_path / "d" / "05.05-expand.mlir", "--emit=npu", "-o", "-").stdout
    assert without_locations(again) == without_locations(whole)


def test_a_kernel_that_is_planned_again(rblnc, tmp_path):
    """Values that do not fit by the first estimate: of all plans that are tried, the one that is taken is told."""
    kernel = catalog.TTIR.parents[1] / "tests" / "lit" / "plan" / "spill.ttir"
    rblnc.done("compile", kernel, "-o", tmp_path / "k.rbln", "--split=none", f"--time-report={tmp_path / 't.json'}")
    report = json.loads((tmp_path / "t.json").read_text())
    taken = [step["name"] for step in report["steps"]]
    assert all(taken.count(f"plan/{name}") == 1 for name in PASSES)
