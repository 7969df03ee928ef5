"""Bundles from standard input, for every subcommand that takes one."""
import subprocess

import pytest

COMMANDS = [("run", "--out", "o=o.npy"), ("run", "--stats=-"), ("inspect",), ("inspect", "--json"), ("report", "-o", "-"),
            ("compare",), ("compare", "--json")]


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_a_bundle_from_a_pipe(workplace, words):
    command, *options = words
    named = workplace.done(command, "k.rbln", *options).stdout
    with open(workplace.folder / "k.rbln", "rb") as file:
        piped = subprocess.run([workplace.rblnc.binary, command, "-", *options], cwd=workplace.folder, check=True,
                               input=file.read(), capture_output=True).stdout.decode()
    assert piped == named
    with open(workplace.folder / "k.rbln", "rb") as file:
        assert workplace.done(command, "-", *options, stdin=file).stdout == named


@pytest.mark.parametrize("damage", ["cut", "longer", "other", "empty", "short", "endless"])
def test_a_pipe_that_holds_no_bundle(workplace, damage):
    whole = (workplace.folder / "k.rbln").read_bytes()
    data = {"cut": whole[:-1], "longer": whole + b"x", "other": b"x" * 4096, "empty": b"", "short": whole[:10]}.get(damage)
    if damage == "endless":
        with open("/dev/zero", "rb") as zeros:
            process = workplace("run", "-", stdin=zeros)
    else:
        process = workplace("run", "-", input=data, text=False)
    assert process.returncode == 4
    assert b"<stdin>" in (process.stderr if isinstance(process.stderr, bytes) else process.stderr.encode())
