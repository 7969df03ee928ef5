"""Every wrong kernel is refused with the right code at the line that its comment marks; kernels that only the vendor's
compiler refuses get a warning there, and are refused under --strict."""
import json
import re

import pytest

from kernels import catalog

# `# expect: C001`, or several codes of which one suffices (`C008|C004`): after the passes of a GPU backend a mistake can
# look like another. `# expect: warn_erf` stands for a code of warnings.json.
MARKER = re.compile(r"(?:#|//) expect: (\S+)")
_TABLE = json.loads((catalog.KERNELS / "wrong" / "warnings.json").read_text())
WARNINGS = _TABLE["codes"]

ITEMS = catalog.specialisations("wrong")
ERRORS = [item for item in ITEMS if not item.kernel.startswith("warn_")]
SUSPECTS = [item for item in ITEMS if item.kernel.startswith("warn_")
            and not (item.form == "opt" and item.kernel in _TABLE["raw_only"])]
HAND_WRITTEN = sorted((catalog.KERNELS / "wrong").glob("*.ttir"))


def markers(path):
    """Line number -> what is expected there."""
    lines = path.read_text().splitlines()
    return {number: match[1] for number, line in enumerate(lines, 1) if (match := MARKER.search(line))}


def at_a_marked_line(stderr, item, severity, codes):
    """Whether one diagnostic has one of the codes and points at one of the marked lines."""
    for number in markers(item.source):
        for code in codes:
            pattern = rf"^(\S*/)?{item.kernel}\.py:{number}:\d+: {severity}: .*\[RBLN-{code}\]"
            if re.search(pattern, stderr, re.MULTILINE):
                return True
    return False


@pytest.mark.parametrize("item", ERRORS, ids=map(str, ERRORS))
def test_rule(rblnc, item):
    expected = set(markers(item.source).values())
    assert len(expected) == 1, f"{item.source.name} has to mark its lines with one expectation"
    codes = expected.pop().split("|")
    process = rblnc("check", item.path)
    assert process.returncode == 1, f"exit code {process.returncode}\n{process.stderr}"
    assert at_a_marked_line(process.stderr, item, "error", codes), \
        f"no {codes} at line {sorted(markers(item.source))}:\n{process.stderr}"


@pytest.mark.parametrize("item", ERRORS, ids=map(str, ERRORS))
def test_compile_refuses_and_writes_nothing(rblnc, item, tmp_path):
    bundle = tmp_path / "kernel.rbln"
    assert rblnc("compile", item.path, "-o", bundle).returncode == 1
    assert not bundle.exists()


@pytest.mark.parametrize("item", SUSPECTS, ids=map(str, SUSPECTS))
def test_warning(rblnc, item):
    code = WARNINGS[item.kernel]
    process = rblnc("check", item.path)
    assert process.returncode == 0, process.stderr
    assert at_a_marked_line(process.stderr, item, "warning", [code]), \
        f"no {code} at line {sorted(markers(item.source))}:\n{process.stderr}"


@pytest.mark.parametrize("item", SUSPECTS, ids=map(str, SUSPECTS))
def test_strict_makes_a_warning_an_error(rblnc, item):
    process = rblnc("check", "--strict", item.path)
    assert process.returncode == 1, process.stderr
    assert at_a_marked_line(process.stderr, item, "error", [WARNINGS[item.kernel]]), process.stderr


@pytest.mark.parametrize("path", HAND_WRITTEN, ids=lambda path: path.stem)
def test_module_rule(rblnc, path):
    (code,) = markers(path).values()
    process = rblnc("check", path)
    assert process.returncode == 1, process.stderr
    assert f"[RBLN-{code}]" in process.stderr


def test_every_wrong_kernel_has_an_expectation():
    for item in ITEMS:
        found = set(markers(item.source).values())
        assert found, f"{item.source.name} marks no line"
        if item.kernel.startswith("warn_"):
            assert found == {item.kernel} and item.kernel in WARNINGS, item.source.name
