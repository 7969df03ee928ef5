"""The forms of `rblnc check` for other programs, over every wrong kernel of the tree and one with a hostile name."""
import json
import re
import xml.etree.ElementTree as ElementTree

import pytest

from cli_kernel import copy_ttir
from kernels import catalog
from sarif_schema import SARIF, validate

WRONG = sorted((catalog.TTIR / "3.6.0" / "wrong").glob("*.raw.ttir"))
HOSTILE = 'a:b,c %41 <&">\'#?é.ttir'


@pytest.fixture(scope="module")
def inputs(tmp_path_factory):
    folder = tmp_path_factory.mktemp("inputs")
    text = copy_ttir("f32").replace("tensor<64xf32>>\n    tt.store",
                                    'tensor<64xf32>> loc(callsite("d, é/k:%1<.py":3:0 at "/b/c.py":0:0))\n    tt.store')
    (folder / HOSTILE).write_text(text)
    (folder / "broken.ttir").write_text("module {\n<&\x01>")
    return [*WRONG, folder / HOSTILE, folder / "broken.ttir", folder / "missing.ttir"]


@pytest.fixture(scope="module")
def findings(rblnc, inputs):
    process = rblnc("check", *inputs, "--format=json")
    assert process.returncode == 1
    files = json.loads(process.stdout)["files"]
    assert [file["file"] for file in files] == [str(path) for path in inputs]
    return files


def form(rblnc, inputs, name):
    process = rblnc("check", *inputs, f"--format={name}")
    assert process.returncode == 1
    return process.stdout


def test_the_summary_counts(rblnc, inputs, findings):
    summary = json.loads(form(rblnc, inputs, "json"))["summary"]
    severities = [d["severity"] for file in findings for d in file["diagnostics"]]
    assert summary["errors"] == severities.count("error") and summary["warnings"] == severities.count("warning")
    assert summary["inputs"] == len(inputs)
    assert summary["inputs_with_errors"] == sum(not file["ok"] for file in findings)


def test_sarif(rblnc, inputs, findings):
    log = json.loads(form(rblnc, inputs, "sarif"))
    validate(log, SARIF)
    run, = log["runs"]
    rules = run["tool"]["driver"]["rules"]
    diagnostics = [(file, d) for file in findings for d in file["diagnostics"]]
    assert len(run["results"]) == len(diagnostics) > 50
    for result, (file, diagnostic) in zip(run["results"], diagnostics):
        assert result["ruleId"] == diagnostic["code"] == rules[result["ruleIndex"]]["id"]
        assert result["level"] == diagnostic["severity"]
        assert result["message"]["text"].startswith(diagnostic["message"])
        place, = result["locations"]
        frame = diagnostic["frames"][0] if diagnostic["frames"] else {"file": file["file"], "line": 0}
        assert place["physicalLocation"].get("region", {}).get("startLine", 0) == frame["line"]


def test_the_schema_refuses():
    """Without which the test above could not fail."""
    good = {"version": "2.1.0", "runs": [{"tool": {"driver": {"name": "rblnc"}}, "results": [
        {"ruleId": "x", "message": {"text": "m"}, "locations": [{"physicalLocation": {"artifactLocation": {"uri": "a"}}}]}]}]}
    validate(good, SARIF)
    text = json.dumps(good)
    for old, new in (('"2.1.0"', '"2.0.0"'), ('"uri": "a"', '"uri": "a b"'), ('"text": "m"', '"text": 1'), ('"text": "m"', '"markdown": "m"'),
                     ('"runs"', '"run"'), ('"ruleId": "x"', '"ruleId": "x", "level": "fatal"'),
                     ('{"uri": "a"}}', '{"uri": "a"}, "region": {"startLine": 0}}')):
        assert text != text.replace(old, new)
        with pytest.raises(AssertionError):
            validate(json.loads(text.replace(old, new)), SARIF)


def unescape(text):
    """As GitHub's runner does."""
    for escape, plain in (("%0D", "\r"), ("%0A", "\n"), ("%3A", ":"), ("%2C", ","), ("%25", "%")):
        text = text.replace(escape, plain)
    return text


def test_annotations_of_github(rblnc, inputs, findings):
    lines = form(rblnc, inputs, "github").splitlines()
    diagnostics = [(file, d) for file in findings for d in file["diagnostics"]]
    assert len(lines) == len(diagnostics)
    for line, (file, diagnostic) in zip(lines, diagnostics):
        command, properties, message = re.fullmatch(r"::(error|warning|notice) (.*?)::(.*)", line).groups()
        assert command == diagnostic["severity"]
        fields = {key: unescape(value) for key, value in (field.split("=", 1) for field in properties.split(","))}
        frame = diagnostic["frames"][0] if diagnostic["frames"] else {"file": file["file"], "line": 0, "column": 0}
        assert fields["file"] == (frame["file"] or file["file"]) and fields["title"] == diagnostic["code"]
        assert int(fields.get("line", 0)) == frame["line"] and int(fields.get("col", 0)) == frame["column"]
        assert unescape(message).split("\n")[0] == diagnostic["message"].split("\n")[0].replace("\x01", "\\x01")


def test_junit(rblnc, inputs, findings):
    root = ElementTree.fromstring(form(rblnc, inputs, "junit"))
    suite, = root
    assert root.tag == "testsuites" and suite.tag == "testsuite"
    cases = list(suite)
    assert [case.get("name") for case in cases] == [file["file"] for file in findings]
    assert int(suite.get("tests")) == len(cases) and int(suite.get("errors")) == 0
    assert int(suite.get("failures")) == sum(not file["ok"] for file in findings) > 0
    for case, file in zip(cases, findings):
        errors = [d for d in file["diagnostics"] if d["severity"] == "error"]
        assert [child.tag for child in case if child.tag == "failure"] == (["failure"] if errors else [])
        if errors:
            assert case.find("failure").get("type") == errors[0]["code"]
            for error in errors:
                assert f"[{error['code']}]" in case.find("failure").text


def test_a_kernel_without_findings(rblnc, tmp_path):
    right = catalog.TTIR / "3.6.0" / "batched_matmul.b2m32k64n64.raw.ttir"
    assert rblnc.done("check", right, "--format=github").stdout == ""
    log = json.loads(rblnc.done("check", right, "--format=sarif").stdout)
    validate(log, SARIF)
    assert log["runs"][0]["results"] == []
    assert ElementTree.fromstring(rblnc.done("check", right, "--format=junit").stdout).get("failures") == "0"
