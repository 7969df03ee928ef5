"""The pages for users show what the program prints, and both languages the same commands."""
import re
import shlex
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGES = [ROOT / "README.md", ROOT / "examples" / "README.ko.md"]


def code_lines(page):
    return [line[4:] for line in page.read_text().splitlines() if line.startswith("    ")]


def sessions(page):
    """Each command that is shown with a prompt, with the lines that are shown below it."""
    result = []
    for line in code_lines(page):
        if line.startswith("$ "):
            result.append((shlex.split(line[2:]), []))
        elif result and re.match(r"(examples/|tests/|rblnc |pip |from |python |cmake )", line):
            break
        elif result:
            result[-1][1].append(line.rstrip())
    return result


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_shown_output_is_what_is_printed(rblnc, tmp_path, page):
    (tmp_path / "kernels").symlink_to(ROOT / "kernels")
    shown = sessions(page)
    assert len(shown) >= 3
    for command, lines in shown:
        assert command[0] == "rblnc"
        process = rblnc.run(*command[1:], cwd=tmp_path)
        printed = iter((process.stdout + process.stderr).splitlines())
        for line in lines:
            if line.strip() != "…":
                assert line in printed, f"{' '.join(command)} does not print, in this order: {line}"


def test_the_languages_have_the_same_commands():
    def commands(page):
        return [re.split(r"\s+#", line)[0] for line in code_lines(page)]

    assert commands(PAGES[0]) == commands(PAGES[1])


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_subcommands_and_options_exist(rblnc, page):
    used = [line.split("#")[0] for line in code_lines(page) if line.startswith("rblnc ")]
    assert len(used) > 10
    for line in used:
        words = shlex.split(line)
        text = rblnc.done(words[1], "--help").stdout
        for word in words[2:]:
            if word.startswith("--"):
                assert word.split("=")[0] in text, line


@pytest.mark.parametrize("page", sorted([*PAGES, *ROOT.glob("src/**/README.md"), ROOT / "kernels" / "README.md",
                                         *ROOT.glob("tests/*/README.md")]), ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_somewhere(page):
    text = re.sub(r"`[^`]*`", "", page.read_text())
    for link in re.findall(r"\]\(([^)#]+)[^)]*\)", text):
        assert link.startswith("https://") or (page.parent / link).exists(), link
