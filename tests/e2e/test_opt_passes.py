"""`opt --passes`: single passes do what they do within a compilation, whatever they are given."""
import json

import pytest
from kernels import catalog

TTIR = catalog.TTIR / "3.6.0"
CHAIN = ["simplify", "check", "lower", "verify-kernel", "canonicalize", "load-windows", "narrow-stores", "expand", "split",
         "store-windows", "choose-commands", "keep-small-arrays", "split-branches", "hoist-commands", "stagger-loads", "stage-ahead",
         "allocate", "synchronize"]
OVER_KERNELS = CHAIN[3:11]
OVER_PROGRAMS = CHAIN[11:]
KERNELS = sorted(TTIR.glob("*.raw.ttir"))[::7] + sorted((catalog.TTIR.parent / "attention" / "ttir" / "3.6.0").glob("*h3g7d80.ttir"))


def reprinted(rblnc, text):
    process = rblnc.run("opt", "-", input=text)
    assert process.returncode == 0, process.stderr
    return process.stdout


@pytest.mark.parametrize("kernel", KERNELS, ids=lambda path: path.name)
def test_all_passes_in_their_order_are_the_compilation(rblnc, kernel):
    """Where the user says how the work is split: else a compilation looks at several plans and takes the fastest."""
    whole = rblnc.done("compile", kernel, "--split=most", "--emit=npu", "-o", "-").stdout
    single = rblnc.done("opt", kernel, "--split=most", "--passes=" + ",".join(CHAIN)).stdout
    assert reprinted(rblnc, single) == reprinted(rblnc, whole)


def test_passes_one_by_one_through_text(rblnc, tmp_path):
    kernel = TTIR / "softmax.r64c128.raw.ttir"
    whole = rblnc.done("opt", kernel, "--passes=" + ",".join(CHAIN)).stdout
    text = kernel.read_text()
    for name in CHAIN:
        process = rblnc.run("opt", "-", "--locations", f"--passes={name}", input=text)
        assert process.returncode == 0, (name, process.stderr)
        text = process.stdout
    assert reprinted(rblnc, text) == reprinted(rblnc, whole)


@pytest.mark.parametrize("kernel", KERNELS[::3], ids=lambda path: path.name)
def test_no_pass_falls_over_what_another_stage_left(rblnc, tmp_path, kernel):
    rblnc("compile", kernel, "-o", tmp_path / "k.rbln", "--dump-after=lower,expand,split,choose-commands,allocate,synchronize",
          "--dump-dir", tmp_path / "d")
    for dump in sorted((tmp_path / "d").iterdir()):
        program = "npu.program" in dump.read_text()
        for name in OVER_PROGRAMS if program else OVER_KERNELS:
            process = rblnc("opt", dump, f"--passes={name}")
            assert process.returncode in (0, 1), (dump.name, name, process.stderr)


def test_passes_count_what_they_did(rblnc, tmp_path):
    kernel = TTIR / "softmax.r64c128.raw.ttir"
    process = rblnc.done("compile", kernel, "-o", tmp_path / "k.rbln", f"--time-report={tmp_path / 't.json'}", "--split=none")
    steps = {step["name"]: step for step in json.loads((tmp_path / "t.json").read_text())["steps"]}
    text = rblnc.done("compile", kernel, "--emit=npu", "-o", "-", "--split=none").stdout
    waits = text.count("npu.wait") + text.count("npu.signal")
    assert steps["plan/synchronize"]["count"] == {"signals and waits": waits} and waits > 0
    assert steps["plan/allocate"]["count"] == {"bytes spilled": 0}
    assert "count" not in steps["plan/verify-kernel"] and "count" not in steps["lower"]
    assert process.stdout == ""
