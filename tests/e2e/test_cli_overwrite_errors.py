"""No subcommand replaces what it reads, or one of its results by another, under whatever name."""
import os

import pytest


def spellings(folder, name):
    """Other names of a file, as they are made when they are asked for."""
    path = folder / name
    yield name
    yield f"./{name}"
    yield f"../{folder.name}/{name}"
    yield str(path)
    (folder / "symbolic").symlink_to(name)
    yield "symbolic"
    (folder / "chain").symlink_to("symbolic")
    yield "chain"
    os.link(path, folder / "hard")
    yield "hard"
    (folder / "inner").symlink_to(folder)
    yield f"inner/{name}"


COMMANDS = [
    (2, "k.ttir", ("compile", "k.ttir", "-o", "{}")),
    (2, "k.ttir", ("compile", "k.ttir", "--emit=tt", "-o", "{}")),
    (2, "k.ttir", ("compile", "k.ttir", "-o", "out", "--time-report={}")),
    (2, "chip.json", ("compile", "k.ttir", "--target-file=chip.json", "-o", "{}")),
    (2, "k.ttir", ("opt", "k.ttir", "-o", "{}")),
    (1, "k.rbln", ("report", "k.rbln", "-o", "{}")),
    (1, "k.rbln", ("run", "k.rbln", "--out", "o={}")),
    (1, "k.rbln", ("run", "k.rbln", "--stats={}")),
    (1, "k.rbln", ("run", "k.rbln", "--trace", "{}")),
    (1, "chip.json", ("run", "k.rbln", "--target-file=chip.json", "--out", "o={}")),
    (1, "x.npy", ("run", "k.rbln", "--arg", "x=x.npy", "--out", "o={}")),
    (1, "x.npz", ("run", "k.rbln", "--arg", "x=x.npz:x", "--trace={}")),
    (1, "x.npz", ("run", "k.rbln", "--arg", "x=x.npz", "--stats={}")),
    (1, "x.npy", ("run", "k.rbln", "--expect", "o=x.npy", "--out", "o={}")),
    (1, "x.npy", ("report", "k.rbln", "--arg", "x=x.npy", "-o", "{}")),
]


@pytest.mark.parametrize("status, name, words", COMMANDS, ids=lambda value: " ".join(value) if isinstance(value, tuple) else str(value))
def test_inputs_stay(workplace, status, name, words):
    numpy = pytest.importorskip("numpy")
    folder = workplace.folder
    numpy.save(folder / "x.npy", numpy.ones(64, numpy.float32))
    numpy.savez(folder / "x.npz", x=numpy.ones(64, numpy.float32))
    (folder / "chip.json").write_text(workplace.done("targets", "rbln-ca22", "--json").stdout)
    before = (folder / name).read_bytes()
    for spelling in spellings(folder, name):
        process = workplace(*(word.format(spelling) for word in words))
        assert process.returncode == status, (spelling, process.stderr)
        assert "would replace" in process.stderr
        assert (folder / name).read_bytes() == before
    assert not (folder / "out").exists()


RESULTS = [
    (2, ("compile", "k.ttir", "-o", "{0}", "--time-report={1}")),
    (1, ("run", "k.rbln", "--out", "o={0}", "--stats={1}")),
    (1, ("run", "k.rbln", "--out", "o={0}", "--trace={1}")),
    (1, ("run", "k.rbln", "--stats={0}", "--trace={1}")),
]


@pytest.mark.parametrize("status, words", RESULTS, ids=lambda value: " ".join(value) if isinstance(value, tuple) else str(value))
def test_results_do_not_replace_each_other(workplace, status, words):
    folder = workplace.folder
    (folder / "there").write_text("before")
    os.link(folder / "there", folder / "hard")
    (folder / "link").symlink_to("there")
    (folder / "inner").symlink_to(".")
    for pair in (("new", "./new"), ("new", "inner/new"), ("there", "hard"), ("link", "there"), ("-", "-")):
        process = workplace(*(word.format(*pair) for word in words))
        assert process.returncode == status and "would replace" in process.stderr, (pair, process.stderr)
        assert process.stdout == ""
    assert (folder / "there").read_text() == "before" and not (folder / "new").exists()


def test_a_dump_does_not_replace_the_input(workplace):
    folder = workplace.folder
    dumps = folder / "dumps"
    workplace.done("compile", "k.ttir", "-o", "o.rbln", "--dump-after=parse,lower", "--dump-dir=dumps")
    first, lowered = sorted(dumps.iterdir())
    before = first.read_bytes()
    process = workplace("compile", f"dumps/{first.name}", "-o", "again.rbln", "--dump-after=parse", "--dump-dir=./dumps")
    assert process.returncode == 1 and "would replace the input" in process.stderr
    assert first.read_bytes() == before and not (folder / "again.rbln").exists()
    process = workplace("compile", "k.ttir", "-o", f"dumps/{lowered.name}", "--dump-after=lower", "--dump-dir=dumps")
    assert process.returncode == 1 and "would replace the output" in process.stderr


def test_devices_take_any_number_of_results(workplace):
    workplace.done("run", "k.rbln", "--out", "o=/dev/null", "--stats=/dev/null", "--trace=/dev/null")


def test_a_link_to_nothing_is_a_new_file(workplace):
    (workplace.folder / "link.rbln").symlink_to("none.rbln")
    workplace.done("compile", "k.ttir", "-o", "link.rbln")
    assert (workplace.folder / "link.rbln").read_bytes() == (workplace.folder / "k.rbln").read_bytes()
