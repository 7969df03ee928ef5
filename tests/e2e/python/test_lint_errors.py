"""What python -m rblnc lint does not take, and what Triton's front end does not."""
import json
import xml.etree.ElementTree as ET

import pytest

from lint_cases import BODY, DECLARED, HEAD, KERNEL, lint

BROKEN = "@rblnc.lint_case(T)\n@triton.jit\ndef broken(x):\n    y = x.nothing\n    tl.store(y, 3)\n\n\n"
LINE = len(HEAD.splitlines()) + 4


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "rblnc.toml").touch()
    return tmp_path


def test_a_kernel_that_triton_refuses(folder):
    (folder / "k.py").write_text(HEAD + BROKEN + DECLARED)
    done = lint("k.py", cwd=folder)
    assert done.returncode == 1 and f"k.py:{LINE}:9: error: AttributeError: " in done.stderr, done.stderr
    assert "[RBLN-W007]" in done.stderr and done.stderr.endswith("rblnc: 1 error and 1 warning in 2 kernels\n")
    done = lint("k.py", "--format=json", cwd=folder)
    file = json.loads(done.stdout)["files"][0]
    assert done.returncode == 1 and file["file"] == "k.py:broken" and not file["ok"]
    assert file["diagnostics"][0]["frames"] == [{"column": 9, "file": "k.py", "line": LINE}]
    assert file["diagnostics"][0]["message"].startswith("AttributeError: ")
    result = json.loads(lint("k.py", "--format=sarif", cwd=folder).stdout)["runs"][0]["results"][0]
    assert result["level"] == "error" and "nothing" in result["message"]["text"]
    assert result["locations"][0]["physicalLocation"]["region"] == {"startColumn": 9, "startLine": LINE}
    assert lint("k.py", "--format=github", cwd=folder).stdout.startswith(f"::error file=k.py,line={LINE},col=9,")
    suite = ET.fromstring(lint("k.py", "--format=junit", cwd=folder).stdout)
    cases = {case.get("name"): [child.get("message") for child in case if child.tag == "failure"]
             for case in suite.iter("testcase")}
    assert cases["k.py:power"] == [] and cases["k.py:broken"][0].startswith("AttributeError: ")


def test_a_function_that_triton_refuses(folder):
    """The finding is at the kernel's call, and tells the line inside of what it calls."""
    (folder / "k.py").write_text(HEAD + "@triton.jit\ndef part(x):\n    y = x\n    return y.nothing\n\n\n"
                                 + DECLARED.replace("tl.exp2", "part"))
    done = lint("k.py", cwd=folder)
    line = len((folder / "k.py").read_text().splitlines())
    assert done.returncode == 1 and f"k.py:{line}:" in done.stderr, done.stderr
    assert "has no attribute 'nothing' (line 3 of part) [RBLN-I002]" in done.stderr


def test_a_kernel_that_ends_tritons_front_end(folder):
    """Triton's library calls abort(): the other kernels are checked all the same."""
    (folder / "k.py").write_text(HEAD + "@rblnc.lint_case(T, T, -1)\n@triton.jit\ndef dies(x, out, N: tl.constexpr):\n"
                                 + BODY.replace("(16, 64), (1, 0)", "(N, 64), (1, 0)") + "\n\n" + DECLARED)
    done = lint("k.py", cwd=folder)
    assert done.returncode == 1 and "dies [RBLN-I002]" in done.stderr and "[RBLN-W007]" in done.stderr, done.stderr


@pytest.mark.parametrize("case, said", [
    ("x=T", "missing a required argument: 'out'"), ("T, T, typo=3", "unexpected keyword argument 'typo'"),
    ('T, "text"', "out is 'text'"), ('T, rblnc.TensorSpec((4, 4), "float7")', "element type float7")])
def test_a_case_that_does_not_fit(folder, case, said):
    (folder / "k.py").write_text(f"{HEAD}@rblnc.lint_case({case})\n{KERNEL}")
    done = lint("k.py", cwd=folder)
    assert done.returncode == 1 and f"k.py:{len(HEAD.splitlines()) + 1}: error: " in done.stderr, done.stderr
    assert said in done.stderr


@pytest.mark.parametrize("text, said", [
    ("import nothing_of_that_name\n", "k.py:1: error: it cannot be imported: ModuleNotFoundError"),
    ("x = 1\nraise SystemExit(3)\n", "k.py:2: error: it cannot be imported: SystemExit: 3"),
    ("x = 1\ny = (\n", "k.py:2: error: it cannot be imported: SyntaxError"),
    ("import rblnc\n\n@rblnc.lint_case(1)\ndef f(): pass\n", "write @rblnc.lint_case above @triton.jit")])
def test_a_file_that_cannot_be_imported(folder, text, said):
    (folder / "k.py").write_text(text)
    (folder / "good.py").write_text(HEAD + DECLARED)
    done = lint("k.py", "none.py", folder, "good.py", cwd=folder)
    assert done.returncode == 1 and said in done.stderr and "none.py: error: there is no such file" in done.stderr
    assert "it is a folder" in done.stderr
    assert "good.py:" in done.stderr and "[RBLN-W007]" in done.stderr, done.stderr


@pytest.mark.parametrize("text, said", [
    ("tool = 3\n", "there is no key 'tool'"), ("[lint\n", "rblnc.toml: error: "), ("[lint]\ncases = []\n", "there is no key 'cases'"), ("lint = 3\n", "there is no key"),
    ("[lint]\ncase = 3\n", "'case' must be a list of tables"), ('[[lint.case]]\nkernel = "k.py"\n', 'expected "file.py:name"'),
    ("[[lint.case]]\nkernel = 3\n", 'expected "file.py:name"'), ('[[lint.case]]\nkernel = "k.py:power"\nx = 1\n', "has the keys"),
    ('[[lint.case]]\nkernel = "k.py:power"\nargs = { x = "4xf7" }\n', "there is no type f7"),
    ('[[lint.case]]\nkernel = "k.py:pwoer"\n', "there is no kernel 'pwoer' in"), ("[chek]\n", "did you mean 'check'?")])
def test_a_configuration_that_is_wrong(folder, text, said):
    (folder / "k.py").write_text(HEAD + DECLARED)
    (folder / "rblnc.toml").write_text(text)
    for words in ((), ("--config=rblnc.toml", )):
        done = lint("k.py", *words, cwd=folder)
        assert done.returncode == 2 and said in done.stderr and "rblnc-lint-" not in done.stderr, done.stderr


@pytest.mark.parametrize("words, said", [
    ((), "FILE.py"), (("k.py", "--format=xml"), "xml"), (("k.py", "--select=W999"), "is no code"), (("k.py", "--selct=W"), "--selct"),
    (("k.py", "--config=none.toml"), "none.toml"), (("k.py", "--config=x", "--no-config"), "not allowed"),
    (("k.py", "--target=rbln-ca99"), "rbln-ca99")])
def test_usage(folder, words, said):
    (folder / "k.py").write_text(HEAD + DECLARED)
    done = lint(*words, cwd=folder)
    assert done.returncode == 2 and said in done.stderr, done.stderr
