"""Usage errors name the word that is wrong, and what it was meant to be."""
import pytest

COMMANDS = ["compile", "check", "run", "compare", "report", "inspect", "explain", "targets", "opt"]


def usage(process, *words):
    assert process.returncode == 2, (process.returncode, process.stderr)
    assert process.stdout == ""
    for word in words:
        assert word in process.stderr, process.stderr


@pytest.mark.parametrize("word, meant", [("--foo", ""), ("-x", ""), ("--vesion", "'--version'"), ("--hepl", "'--help'"),
                                         ("--stats=-", ""), ("--", "")])
def test_an_option_of_the_program_itself(rblnc, word, meant):
    usage(rblnc(word), f"'{word}'", meant)
    usage(rblnc(word, "run"), f"'{word}'")


@pytest.mark.parametrize("command", COMMANDS)
def test_an_unknown_option_is_named(rblnc, command):
    usage(rblnc(command, "--foo-bar"), "'--foo-bar' was not expected", f"rblnc {command} --help")
    usage(rblnc(command, "x", "--hlep"), "did you mean '--help'?")
    usage(rblnc(command, "x", "--verbos"), "did you mean '--verbose'?")


def test_help_of_what_there_is_not(rblnc):
    usage(rblnc("help", "complie"), "no subcommand 'complie'; did you mean 'compile'?")
    usage(rblnc("help", "run", "compile"), "'compile' was not expected")


@pytest.mark.parametrize("words", [
    ("compile", "k.ttir", "-o", ""), ("compile", "k.ttir", "--output", ""), ("compile", "k.ttir", "--output="),
    ("compile", "k.ttir", "--dump-after=parse", "--dump-dir", ""), ("compile", "k.ttir", "--time-report="),
    ("opt", "k.ttir", "-o", ""), ("report", "k.rbln", "-o", ""), ("run", "k.rbln", "--trace", ""),
    ("run", "k.rbln", "--trace="), ("run", "k.rbln", "--stats="), ("run", "k.rbln", "--out", "o="),
    ("run", "k.rbln", "--expect", "o="), ("run", "k.rbln", "--target-file", ""), ("compile", "k.ttir", "--bind="),
])
def test_an_empty_name_is_usage(workplace, words):
    before = sorted(path.name for path in workplace.folder.iterdir())
    usage(workplace(*words))
    assert sorted(path.name for path in workplace.folder.iterdir()) == before


@pytest.mark.parametrize("words, meant", [
    (("compile", "k.ttir", "--emit=bundel"), "'bundle'"), (("compile", "k.ttir", "--split=Most"), "'most'"),
    (("run", "k.rbln", "--numerics=devise"), "'device'"), (("check", "k.ttir", "--format=sarfi"), "'sarif'"),
    (("inspect", "k.rbln", "--section=signatur"), "'signature'"), (("explain", "RBLN-C00l"), "'RBLN-C001'"),
    (("explain", "c0001"), "'C001'"), (("targets", "rbln-ca26"), "'rbln-ca2"), (("targets", "RBLN-CA25"), "'rbln-ca25'"),
    (("compile", "k.ttir", "--target=rbln-ca52"), "'rbln-ca"), (("check", "k.ttir", "--target=CA25"), "rbln-ca25"),
    (("compile", "k.ttir", "--dump-after=simplfy", "--dump-dir=d"), "'simplify'"), (("compare", "k.ttir", "--target=rbln-cr3"), "'rbln-cr03'"),
    (("compare", "k.rbln", "--target=rbln-ca2"), "'rbln-ca22'"),
])
def test_did_you_mean(workplace, words, meant):
    usage(workplace(*words), meant)


@pytest.mark.parametrize("words, meant", [
    (("run", "k.rbln", "--arg", "X=ones"), "'x'"), (("run", "k.rbln", "--out", "O=o.npy"), "'o'"),
    (("compile", "k.ttir", "--bind", "X=1"), "'x'"), (("compile", "k.ttir", "--shape", "X=64"), "'x'"),
    (("run", "k.rbln", "--target=rbln-ca2"), "'rbln-ca22'"),
])
def test_did_you_mean_a_name_of_the_input(workplace, words, meant):
    process = workplace(*words)
    assert process.returncode == 1 and f"did you mean {meant}?" in process.stderr, process.stderr


def test_a_file_for_a_flag_is_written_with_equals(workplace):
    usage(workplace("run", "k.rbln", "--stats", "s.json"), "'s.json' was not expected", "--stats=FILE")
    usage(workplace("compile", "k.ttir", "--time-report", "t.json"), "--time-report=FILE")


def test_explain_names_what_there_is(rblnc):
    commands = {line.split()[0] for line in rblnc.done("--help").stdout.splitlines() if line.startswith("  ") and line.strip()}
    codes = [line.split()[0] for line in rblnc.done("explain").stdout.splitlines()]
    assert len(codes) > 100
    for code in codes:
        text = rblnc.done("explain", code).stdout
        examples = text[text.index("\nWrong\n"):] if "\nWrong\n" in text else ""
        for line in examples.splitlines():
            words = line.split()
            if words[:1] == ["rblnc"] and words[1][0].isalpha():
                assert words[1] in commands, (code, line)
