"""`rblnc check` as a linter: which rules, which files, what a project says of itself, and comments in the source."""
import json

import pytest

from cli_kernel import copy_ttir


def kernel(source="", line=3):
    """A kernel with the warning W013 at two lines of k.py."""
    text = copy_ttir("f32")
    if source:
        text = text.replace("tt.load %px : !tt.ptr<tensor<64xf32>>", f'tt.load %px : !tt.ptr<tensor<64xf32>> loc("{source}":{line}:5)')
        text = text.replace("tensor<64xf32>>\n    tt.return", f'tensor<64xf32>> loc("{source}":{line + 1}:5)\n    tt.return')
    return text


@pytest.fixture
def lint(rblnc, tmp_path):
    (tmp_path / "k.ttir").write_text(kernel("k.py"))

    def run(*words):
        process = rblnc.run("check", *words, "--format=json", cwd=tmp_path)
        assert process.returncode in (0, 1, 2), process.stderr
        files = json.loads(process.stdout)["files"] if process.returncode != 2 else []
        return process, {file["file"]: [d["code"][5:] for d in file["diagnostics"]] for file in files}

    return run


def test_rules_are_chosen_by_codes_and_their_beginnings(lint):
    assert lint("k.ttir")[1] == {"k.ttir": ["W013", "W013"]}
    for words in (("--ignore", "W013"), ("--ignore=W",), ("--ignore=rbln-w01",), ("--select=C",), ("--select", "W", "--ignore", "C,W0"),
                  ("--select=W001,W002",), ("--ignore=C", "--ignore=W013")):
        assert lint(*words, "k.ttir")[1] == {"k.ttir": []}, words
        assert lint("k.ttir", *words, "--strict")[0].returncode == 0
    for words in (("--select=W",), ("--select", "C,W013"), ("--ignore=W001,P",), ("--select=RBLN-W013",)):
        assert lint(*words, "k.ttir")[1] == {"k.ttir": ["W013", "W013"]}, words
        assert lint(*words, "--strict", "k.ttir")[0].returncode == 1


def test_what_cannot_be_read_is_always_told(lint, tmp_path):
    (tmp_path / "k.ttir").write_text("module {")
    for words in (("--select=W",), ("--ignore=C,W,P",)):
        process, codes = lint("k.ttir", *words)
        assert process.returncode == 1 and codes == {"k.ttir": ["I005"]}


def test_folders(lint, tmp_path):
    for name in ("a/b/x.ttir", "a/a.ttir", "a/.hidden/y.ttir", "a/.z.ttir", "a/notes.txt"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(kernel())
    (tmp_path / "a/loop").symlink_to(tmp_path / "a")
    assert list(lint("a")[1]) == ["a/a.ttir", "a/b/x.ttir"]
    assert list(lint("k.ttir", "a", "a/a.ttir", "./k.ttir")[1]) == ["k.ttir", "a/a.ttir", "a/b/x.ttir"]
    assert list(lint("a/notes.txt")[1]) == ["a/notes.txt"]


def test_comments_in_the_source(lint, tmp_path):
    source = tmp_path / "k.py"
    for comment, left in (("# rblnc: ignore[W013]", 1), ("#rblnc:ignore[W013]", 1), ("# rblnc: ignore", 1), ("# rblnc: ignore[W]", 1),
                          ("# noqa # rblnc: ignore[C001, RBLN-W013]", 1), ("# rblnc: ignore[W001]", 2), ("# rblnc: ignored", 2),
                          ("# rblnc: ignore-next-line[W013]", 2),
                          ("# rblnc: ignore[]", 2), ("# rblnc: ignore[W013", 2), ("rblnc: ignore[W013]", 2)):
        source.write_text(f"1\n2\nx = tl.load(p)  {comment}\ntl.store(q, x)\n")
        assert len(lint("k.ttir")[1]["k.ttir"]) == left, comment
    source.write_text("\n\n# rblnc: ignore[W013]\n# rblnc: ignore[W013]\n")
    process = lint("k.ttir", "--strict")[0]
    assert process.returncode == 0
    source.unlink()
    assert len(lint("k.ttir")[1]["k.ttir"]) == 2


def test_the_source_stands_beside_the_kernel(lint, tmp_path):
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "k.ttir").write_text(kernel("k.py"))
    (folder / "k.py").write_text("\n\n# rblnc: ignore\n# rblnc: ignore\n")
    assert lint("folder")[1] == {"folder/k.ttir": []}
    assert len(lint("k.ttir")[1]["k.ttir"]) == 2


def test_comments_in_the_ir_where_there_is_no_source(lint, tmp_path):
    text = kernel().replace("-> tensor<64xf32>\n", "-> tensor<64xf32>  // rblnc: ignore[W013]\n")
    lines = [line + ("  // rblnc: ignore[W013]" if "tt.load" in line or "tt.store" in line else "") for line in text.splitlines()]
    (tmp_path / "k.ttir").write_text("\n".join(lines) + "\n")
    assert lint("k.ttir")[1] == {"k.ttir": []}


def test_a_configuration_above_the_input(lint, tmp_path):
    (tmp_path / "deep/er").mkdir(parents=True)
    (tmp_path / "deep/er/k.ttir").write_text(kernel())
    (tmp_path / "pyproject.toml").write_text('[tool.rblnc.check]\nignore = ["W013"]\n')
    assert lint("deep", "k.ttir")[1] == {"deep/er/k.ttir": [], "k.ttir": []}
    assert lint("deep", "--no-config")[1] == {"deep/er/k.ttir": ["W013", "W013"]}
    assert lint("deep", "--ignore=C")[1] == {"deep/er/k.ttir": ["W013", "W013"]}  # instead of the configuration's
    # The nearest one holds, and it alone; a pyproject.toml of somebody else is none.
    (tmp_path / "deep/er/pyproject.toml").write_text('[project]\nname = "x"\n')
    assert lint("deep")[1] == {"deep/er/k.ttir": []}
    (tmp_path / "deep/rblnc.toml").write_text("[check]\nstrict = true\n")
    process, codes = lint("deep", "k.ttir")
    assert codes == {"deep/er/k.ttir": ["W013", "W013"], "k.ttir": []} and process.returncode == 1
    (tmp_path / "other.toml").write_text('[check]\nselect = ["C"]\ntarget = ["rbln-ca25"]\n')
    assert lint("deep", "k.ttir", "--config=other.toml")[1] == {"deep/er/k.ttir": [], "k.ttir": []}


def test_text_ends_with_a_summary(rblnc, tmp_path):
    (tmp_path / "k.ttir").write_text(kernel("k.py"))
    (tmp_path / "k.py").write_text("\n\n# rblnc: ignore\n")
    process = rblnc.run("check", "k.ttir", "--statistics", cwd=tmp_path)
    assert process.stderr.splitlines()[-1] == "rblnc: 1 warning in 1 kernel; 1 suppressed by comments"
    assert process.stdout.split()[:2] == ["1", "RBLN-W013"]
    process = rblnc.run("check", "k.ttir", "--ignore=W", cwd=tmp_path)
    assert process.stderr == "rblnc: nothing found in 1 kernel\n"
