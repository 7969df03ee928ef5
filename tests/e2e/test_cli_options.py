"""Where options may stand: before the input and after it, with '=' and without, behind "--" nothing is one."""
import json

import pytest

from cli_kernel import ROWS_TTIR
from test_too_large import kernel as too_large

# Every option that takes a value, and a value, by subcommand; and the flags to which a file may be given.
KERNEL = [("--bind", "x_unused=1"), ("--shape", "x=64"), ("--host-layout", "0"), ("--split", "none"), ("--engines", "1"),
          ("--rounds", "1"), ("--strict",), ("--naive-partition-skip",)]
CHIP = [("--target", "rbln-ca25"), ("--target-file", "chip.json")]
DATA = [("--arg", "x=ones"), ("--seed", "3"), ("--order", "5"), ("--numerics", "device"), ("--no-check",),
        ("--no-append-checks",)]
OPTIONS = {
    "compile": [o for o in KERNEL if o[0] != "--bind"] + CHIP + [("-o", "out"), ("--output", "out"), ("--emit", "tt"),
                ("--dump-after", "parse", "--dump-dir", "dumps"), ("--time-report",), ("-v",)],
    "check": [("--shape", "x=64"), ("--strict",), ("--format", "json"), ("-v",)] + CHIP,
    "run": DATA + [("--target", "rbln-ca22"), ("--target-file", "chip.json"), ("--out", "o=o.npy"), ("--stats",), ("--trace", "t"),
                   ("-v",)],
    "compare": DATA + CHIP + [("--json",), ("--shape", "x=64")],
    "report": DATA + [("-o", "r.html"), ("--output", "r.html")],
    "inspect": [("--section", "memory"), ("--json",)],
    "opt": [("-o", "out"), ("--normalise",), ("--generic",), ("--locations",)],
    "explain": [("--json",)],
    "targets": [("--json",)],
}
INPUT = {"compile": "k.ttir", "check": "k.ttir", "run": "k.rbln", "compare": "k.ttir", "report": "k.rbln",
         "inspect": "k.rbln", "opt": "k.ttir", "explain": "C001", "targets": "rbln-ca22"}


@pytest.mark.parametrize("command", OPTIONS)
def test_options_stand_on_either_side_of_the_input(workplace, command):
    chip = json.loads(workplace.done("targets", "rbln-ca22", "--json").stdout)
    (workplace.folder / "chip.json").write_text(json.dumps({**chip, "name": "mine"}))
    word = INPUT[command]
    for option in OPTIONS[command]:
        if option == ("--strict",):  # the kernel is one that the vendor's compiler refuses
            continue
        joined = [f"{option[0]}={option[1]}", *option[2:]] if len(option) > 1 and option[0].startswith("--") else option
        for spelling in {option, tuple(joined)}:
            expected = workplace.done(command, word, *spelling).stdout
            assert workplace.done(command, *spelling, word).stdout == expected, spelling
            assert workplace.done(command, *spelling, "--", word).stdout == expected, spelling


def test_lists_take_one_value_each_time(workplace):
    (workplace.folder / "rows.ttir").write_text(ROWS_TTIR)
    workplace.done("compile", "--bind", "rows=128", "rows.ttir", "-o", "rows.rbln")
    workplace.done("compile", "--target", "rbln-ca22", "--target=rbln-ca25,rbln-cr03", "k.ttir", "-o", "three.rbln")
    targets = json.loads(workplace.done("inspect", "three.rbln", "--json").stdout)["provenance"]["targets"]
    assert targets == ["rbln-ca22", "rbln-ca25", "rbln-cr03"]
    workplace.done("run", "--arg", "x=ones", "--out", "o=o.npy", "k.rbln")


def test_behind_two_dashes_everything_is_an_input(workplace):
    (workplace.folder / "-k.ttir").write_bytes((workplace.folder / "k.ttir").read_bytes())
    workplace.done("compile", "-o", "dash.rbln", "--", "-k.ttir")
    assert (workplace.folder / "dash.rbln").exists()
    workplace.done("check", "--", "-k.ttir", "k.ttir")


def test_check_takes_what_compile_needs(workplace):
    (workplace.folder / "rows.ttir").write_text(ROWS_TTIR)
    unbound = workplace("check", "rows.ttir")
    assert unbound.returncode == 1 and "--bind rows=" in unbound.stderr
    workplace.done("check", "rows.ttir", "--bind", "rows=128")
    workplace.done("check", "rows.ttir", "--bind", "rows=128", "--target=rbln-ca25,rbln-cr03", "--shape", "x=128x64")


def test_check_plans_for_the_chips_that_are_named(workplace):
    (workplace.folder / "big.ttir").write_text(too_large("maximum", 1, 2 ** 33))
    workplace.done("check", "big.ttir")
    process = workplace("check", "big.ttir", "--target=rbln-ca22")
    assert process.returncode == 1 and "[RBLN-P001]" in process.stderr
    assert workplace("compile", "big.ttir", "-o", "x.rbln").returncode == 1


@pytest.mark.parametrize("words", [("help",), ("--help",), ("-h",)])
def test_help_of_the_program(rblnc, words):
    assert rblnc.done(*words).stdout == rblnc.done("--help").stdout


@pytest.mark.parametrize("command", OPTIONS)
def test_help_of_a_subcommand(rblnc, command):
    text = rblnc.done("help", command).stdout
    assert text == rblnc.done(command, "--help").stdout == rblnc.done(command, "-h").stdout
    assert f"Usage: rblnc {command} " in text
    examples = text[text.index("\nExamples:\n"):]
    assert f"rblnc {command} " in examples or f"rblnc {command}\n" in examples


@pytest.mark.parametrize("command", ["", *OPTIONS])
def test_help_is_as_wide_as_the_terminal(rblnc, command):
    for width in (40, 60, 80, 132):
        words = [command, "--help"] if command else ["--help"]
        lines = rblnc.run(*words, env={"COLUMNS": str(width)}).stdout.splitlines()
        # A word is not broken; the longest one is a name with its type.
        assert all(len(line) <= width or len(line.split()) <= 2 for line in lines), (width, max(lines, key=len))
        assert max(map(len, lines)) > width - 20
