"""python -m rblnc lint: kernels of Python files, for the arguments that they declare."""
import json
import xml.etree.ElementTree as ET

import pytest

from conftest import ROOT
from lint_cases import BODY, DECLARED, HEAD, KERNEL, configuration, findings, lint

LINE = len((HEAD + DECLARED).splitlines())


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "k.py").write_text(HEAD + DECLARED)
    (tmp_path / "rblnc.toml").touch()
    return tmp_path


def test_a_finding_names_the_line(folder):
    done = lint("k.py", "--statistics", cwd=folder)
    assert done.returncode == 0, done.stderr
    assert f"k.py:{LINE}:" in done.stderr and "[RBLN-W007]" in done.stderr
    assert done.stderr.endswith("rblnc: 1 warning in 1 kernel\n") and done.stdout.split()[:2] == ["1", "RBLN-W007"]
    assert lint("k.py", "--strict", cwd=folder).returncode == 1


def test_every_form_is_that_of_check(folder):
    document = json.loads(lint("k.py", "--format=json", cwd=folder).stdout)
    assert [file["file"] for file in document["files"]] == ["k.py:power"] and document["summary"]["warnings"] == 1
    run = json.loads(lint("k.py", "--format=sarif", cwd=folder).stdout)["runs"][0]
    place = run["results"][0]["locations"][0]["physicalLocation"]
    assert place["artifactLocation"]["uri"] == "k.py" and place["region"]["startLine"] == LINE
    assert lint("k.py", "--format=github", cwd=folder).stdout.startswith(f"::warning file=k.py,line={LINE},")
    suite = ET.fromstring(lint("k.py", "--format=junit", cwd=folder).stdout)
    assert [case.get("name") for case in suite.iter("testcase")] == ["k.py:power"]


def test_rules_are_chosen_as_for_check(folder):
    (folder / "rblnc.toml").write_text('[check]\nignore = ["W007"]\n')
    assert findings("k.py", cwd=folder) == {"k.py:power": []}
    assert findings("k.py", "--no-config", cwd=folder) == {"k.py:power": [("W007", "k.py", LINE)]}
    assert findings("k.py", "--select=C,W00", "--ignore=C", cwd=folder) == {"k.py:power": [("W007", "k.py", LINE)]}
    (folder / "k.py").write_text((HEAD + DECLARED).rstrip("\n") + "  # rblnc: ignore[W007]\n")
    done = lint("k.py", "--no-config", cwd=folder)
    assert done.stderr.endswith("; 1 suppressed by comments\n"), done.stderr


def test_several_cases_several_files_and_what_a_file_prints(folder):
    sized = "@triton.jit\ndef sized(x, out, ROWS: tl.constexpr):\n" + BODY.replace("16", "ROWS").replace("exp2", "exp")
    (folder / "deep").mkdir()
    (folder / "deep/many.py").write_text("print('hello')\n" + HEAD + "@rblnc.lint_case(T, T, 16)\n"
                                         '@rblnc.lint_case(x=T, out=T, ROWS=8)\n' + sized)
    found = findings("deep/many.py", folder / "k.py", "k.py", cwd=folder)
    assert list(found) == ["deep/many.py:sized[1]", "deep/many.py:sized[2]", "k.py:power"]
    elsewhere = folder / "deep"
    assert list(findings("../k.py", cwd=elsewhere)) == [f"{folder}/k.py:power"]


def test_a_project_declares_cases(folder):
    (folder / "plain").mkdir()
    (folder / "plain/a.py").write_text(HEAD + "@triton.jit\ndef part(x):\n    return x\n\n\n" + KERNEL)
    for name, table in (("rblnc.toml", ""), ("pyproject.toml", "tool.rblnc.")):
        (folder / name).write_text(f'[{table}check]\nselect = ["W"]\n[[{table}lint.case]]\nkernel = "plain/a.py:power"\n'
                                   'args = { x = "16x64xf32", out = "16x64xf32" }\n')
        assert [code for code, *_ in findings("plain/a.py", cwd=folder)["plain/a.py:power"]] == ["W007"], name
        assert list(findings("a.py", f"--config=../{name}", cwd=folder / "plain")) == ["a.py:power"]
        (folder / name).unlink()


def test_a_kernel_without_a_case_is_told(folder):
    (folder / "k.py").write_text(HEAD + "@triton.jit\ndef part(x):\n    return x\n\n\n" + KERNEL.replace("tl.exp2", "part"))
    done = lint("k.py", cwd=folder)
    assert done.returncode == 0 and "note: no case is declared for power" in done.stderr and "part" not in done.stderr
    assert done.stderr.endswith("rblnc: no kernel was checked\n")
    assert lint("k.py", "--strict-specs", cwd=folder).returncode == 1
    assert json.loads(lint("k.py", "--format=json", cwd=folder).stdout)["files"] == []
    assert json.loads(lint("k.py", "--format=sarif", cwd=folder).stdout)["runs"][0]["results"] == []
    assert lint("k.py", "--format=github", cwd=folder).stdout == ""
    assert list(ET.fromstring(lint("k.py", "--format=junit", cwd=folder).stdout).iter("testcase")) == []


def test_numbers_that_must_be_constants_are_those_of_the_case(folder):
    """As warmup compiles the kernel for their values."""
    body = BODY.replace("(64, 1)", "(stride, 1)").replace("exp2", "exp")
    (folder / "k.py").write_text(HEAD + "@rblnc.lint_case(T, T, 64)\n@triton.jit\ndef strided(x, out, stride):\n" + body)
    assert findings("k.py", cwd=folder) == {"k.py:strided": []}
    (folder / "k.py").write_text(HEAD + "@rblnc.lint_case(T, T, (64, 3))\n@triton.jit\ndef strided(x, out, s):\n"
                                 + body.replace("stride", "s[0]"))
    assert findings("k.py", cwd=folder) == {"k.py:strided": []}


def test_autotuned_kernels_are_checked_in_every_configuration(folder):
    tuned = ("import triton as stock\n@rblnc.lint_case(T, T)\n"
             '@stock.autotune([stock.Config({"ROWS": 16}), stock.Config({"ROWS": 8})], key=[])\n'
             '@stock.heuristics({"TWICE": lambda given: 2 * given["ROWS"]})\n'
             "@stock.jit\ndef tuned(x, out, ROWS: tl.constexpr, TWICE: tl.constexpr):\n    tl.static_assert(TWICE == 2 * ROWS)\n")
    (folder / "k.py").write_text(HEAD + tuned + BODY.replace("(16, 64)", "(ROWS, 64)"))
    # The smaller block leaves half of the result unwritten.
    assert [[code for code, *_ in each] for each in findings("k.py", cwd=folder).values()] == [["W007"], ["W007", "W033"]]


@pytest.mark.parametrize("interpret", ["0", "1"])
def test_files_for_the_vendors_compiler_are_linted_as_they_are(folder, interpret):
    (folder / "k.py").write_text(HEAD.replace("from rblnc", "from rebel") + DECLARED)
    done = lint("k.py", cwd=folder, TRITON_INTERPRET=interpret)
    assert done.returncode == 0 and "[RBLN-W007]" in done.stderr, done.stderr


def test_the_kernels_of_this_tree(tmp_path):
    """What is written beside each line that breaks a rule is found there; the kernels that work break none."""
    from kernels import catalog
    codes = json.loads((ROOT / "kernels/wrong/warnings.json").read_text())["codes"]
    (tmp_path / "rblnc.toml").write_text(configuration("wrong") + configuration("basic"))
    names = {folder: catalog.kernel_names(folder) for folder in ("wrong", "basic")}
    paths = [ROOT / f"kernels/{folder}/{name}.py" for folder, each in names.items() for name in each]
    found = findings(*paths, "--config=rblnc.toml", cwd=tmp_path)
    # Its number is known here, and a call compiles it for that.
    assert [code for code, *_ in found[f"{ROOT}/kernels/wrong/dynamic_shape.py:dynamic_shape"]] == ["W017"]
    for name in sorted(set(names["wrong"]) - {"dynamic_shape"}):
        path = ROOT / f"kernels/wrong/{name}.py"
        expected = {(codes.get(line.split("# expect: ")[1].strip(), line.split("# expect: ")[1].strip()), number)
                    for number, line in enumerate(path.read_text().splitlines(), 1) if "# expect: " in line}
        own = [each for key, each in found.items() if key.startswith(f"{path}:")]
        assert own and expected, name
        for each in own:
            assert expected & {(code, line) for code, file, line in each}, (name, expected, each)
    for name in names["basic"]:
        own = [each for key, each in found.items() if f"/basic/{name}.py:" in key]
        assert own and not [each for each in sum(own, []) if each[0][0] != "W"], (name, own)
