"""A result that does not get out is a failure, whatever the subcommand: a full disk, a closed output, a reader that left."""
import json
import os
import subprocess

import pytest

COMMANDS = {
    "compile": ("compile", "k.ttir", "-o", "-"),
    "compile IR": ("compile", "k.ttir", "--emit=rbln-ir"),
    "check json": ("check", "k.ttir", "--format=json"),
    "check sarif": ("check", "k.ttir", "--format=sarif"),
    "check junit": ("check", "k.ttir", "--format=junit"),
    "run": ("run", "k.rbln"),
    "run out": ("run", "k.rbln", "--out", "o=-"),
    "run stats": ("run", "k.rbln", "--stats"),
    "run stats json": ("run", "k.rbln", "--stats=-"),
    "run trace": ("run", "k.rbln", "--trace=-"),
    "run expect": ("run", "k.rbln", "--arg", "x=x.npy", "--expect", "o=x.npy"),
    "compare": ("compare", "k.ttir"),
    "compare json": ("compare", "k.ttir", "--json"),
    "report": ("report", "k.rbln", "-o", "-"),
    "inspect": ("inspect", "k.rbln"),
    "inspect json": ("inspect", "k.rbln", "--json"),
    "explain": ("explain",),
    "explain one": ("explain", "C001"),
    "explain json": ("explain", "--json"),
    "targets": ("targets",),
    "targets json": ("targets", "rbln-ca22", "--json"),
    "opt": ("opt", "k.ttir"),
    "help": ("help",),
    "--help": ("run", "--help"),
    "--version": ("--version",),
}
NPY = b"\x93NUMPY\x01\x00" + (118).to_bytes(2, "little") + (
    b"{'descr': '<f4', 'fortran_order': False, 'shape': (64,), }".ljust(117) + b"\n") + bytes(256)


@pytest.fixture
def place(workplace):
    (workplace.folder / "x.npy").write_bytes(NPY)
    return workplace


def is_failure(process):
    assert process.returncode == 1, (process.returncode, process.stderr)
    assert "cannot be written" in process.stderr, process.stderr


@pytest.mark.parametrize("command", COMMANDS)
def test_a_full_disk(place, command):
    place.done(*COMMANDS[command], text=False)
    with open("/dev/full", "w") as full:
        is_failure(place(*COMMANDS[command], stdout=full))


@pytest.mark.parametrize("command", COMMANDS)
def test_a_closed_output(place, command):
    before = {path.name: path.read_bytes() for path in place.folder.iterdir()}
    is_failure(place(*COMMANDS[command], preexec_fn=lambda: os.close(1)))
    # Nothing of the result went to a file that had taken the number of standard output.
    assert {path.name: path.read_bytes() for path in place.folder.iterdir()} == before


@pytest.mark.parametrize("command", COMMANDS)
def test_a_reader_that_left(place, command):
    reader, writer = os.pipe()
    os.close(reader)
    is_failure(place(*COMMANDS[command], stdout=writer))
    os.close(writer)


def test_what_prints_nothing_needs_no_output(place):
    for words in (("compile", "k.ttir", "-o", "again.rbln"), ("check", "k.ttir"), ("run", "k.rbln", "--out", "o=o.npy")):
        process = place(*words, preexec_fn=lambda: os.close(1))
        assert process.returncode == 0, process.stderr
    assert (place.folder / "again.rbln").read_bytes() == (place.folder / "k.rbln").read_bytes()


def test_without_a_place_for_messages_the_status_stays(place):
    for status, words in ((0, ("run", "k.rbln")), (1, ("check", "none.ttir")), (2, ("run",)), (4, ("run", "k.ttir"))):
        process = place(*words, stderr=None, preexec_fn=lambda: os.close(2))
        assert process.returncode == status


def test_a_closed_input(place):
    for words in (("compile", "-"), ("run", "-"), ("inspect", "-")):
        process = place(*words, preexec_fn=lambda: os.close(0))
        assert process.returncode in (1, 4) and "cannot" in process.stderr, process.stderr


def test_a_time_report_that_does_not_get_out(place):
    with open("/dev/full", "w") as full:
        assert place("compile", "k.ttir", "-o", "again.rbln", "--time-report", stderr=full).returncode == 1
    is_failure(place("compile", "k.ttir", "-o", "again.rbln", "--time-report=/dev/full"))


@pytest.mark.parametrize("option", ["--out=o=/dev/full", "--stats=/dev/full", "--trace=/dev/full"])
def test_files_on_a_full_disk(place, option):
    is_failure(place("run", "k.rbln", option))


def test_a_difference_stays_one(place):
    other = bytearray(NPY)
    other[-1] = 64
    (place.folder / "y.npy").write_bytes(other)
    with open("/dev/full", "w") as full:
        process = place("run", "k.rbln", "--arg", "x=x.npy", "--expect", "o=y.npy", "--stats", stdout=full)
    assert process.returncode == 3 and "standard output cannot be written" in process.stderr


def test_a_pipe_of_the_shell(place):
    command = f"{place.rblnc.binary} compile k.ttir -o - | {place.rblnc.binary} run - --stats=- --arg x=ones"
    process = subprocess.run(command, shell=True, cwd=place.folder, capture_output=True, check=True)
    assert json.loads(process.stdout)["kernel"] == "copy"
