"""What `rblnc check` does not take: rules that are none, folders without kernels, configurations that are wrong."""
import pytest

from cli_kernel import copy_ttir


@pytest.fixture
def check(rblnc, tmp_path):
    (tmp_path / "k.ttir").write_text(copy_ttir("f32"))

    def run(*words):
        return rblnc.run("check", *words, cwd=tmp_path)

    return run


@pytest.mark.parametrize("option", ["--select", "--ignore"])
@pytest.mark.parametrize("word, said", [("W999", "is no code"), ("X", "is no rule of kernels"), ("I005", "is no rule of kernels"),
                                        ("", "is no code"), ("w00l", "did you mean 'W001'?"), ("C001,Q", "'Q'")])
def test_rules_that_are_none(check, option, word, said):
    process = check(option, word, "k.ttir")
    assert process.returncode == 2 and said in process.stderr and option in process.stderr, process.stderr


def test_a_folder_without_kernels(check, tmp_path):
    (tmp_path / "empty").mkdir()
    process = check("k.ttir", "empty")
    assert process.returncode == 1 and "in 'empty'" in process.stderr and "[RBLN-I001]" in process.stderr


@pytest.mark.parametrize("text, said", [
    ("[check\n", "rblnc.toml:1:"), ("[check]\nselect = 3\n", "'select' must be a list of strings"),
    ('[check]\nselect = ["W", 1]\n', "'select' must be a list of strings"), ('[check]\nignore = ["W999"]\n', "'W999' is no code"),
    ("[check]\nstrict = 1\n", "'strict' must be true or false"), ("[check]\nigonre = []\n", "did you mean 'ignore'?"),
    ("[chek]\n", "did you mean 'check'?"), ("check = 1\n", "'check' must be a table"), ("[check]\nx = nan\n", "no key 'x'"),
    ("a = 1\na = 2\n", "rblnc.toml:2:"), ('x = "\\u0000\n', "rblnc.toml:1:"),
    ("a = " + "[" * 5000 + "]" * 5000 + "\n", "rblnc.toml:1:"),
])
def test_configurations_that_are_wrong(check, tmp_path, text, said):
    (tmp_path / "rblnc.toml").write_text(text)
    for words in (("k.ttir",), ("k.ttir", "--config=rblnc.toml")):
        process = check(*words)
        assert process.returncode == 2 and "[RBLN-I052]" in process.stderr and said in process.stderr, process.stderr
    assert check("k.ttir", "--no-config").returncode == 0


def test_a_configuration_that_is_named(check, tmp_path):
    assert check("k.ttir", "--config=none.toml").returncode == 2
    assert check("k.ttir", "--config=", "--no-config").returncode == 2
    (tmp_path / "pyproject.toml").write_text('[project]\nname = "x"\n')
    process = check("k.ttir", "--config=pyproject.toml")
    assert process.returncode == 2 and "it has no [tool.rblnc]" in process.stderr
    assert check("k.ttir", "--config=pyproject.toml", "--no-config").returncode == 2
    (tmp_path / "rblnc.toml").write_text('[check]\ntarget = ["rbln-ca99"]\n')
    process = check("k.ttir")
    assert process.returncode == 2 and "[RBLN-I050]" in process.stderr
