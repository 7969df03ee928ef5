"""Every JSON form is JSON and nothing else on standard output, says which form it is, and is the same every time."""
import json
import re

import pytest

FORMS = {
    "run": ("run", "k.rbln", "--stats=-"),
    "run and a result": ("run", "k.rbln", "--stats=-", "--arg", "x=x.npy", "--expect", "o=x.npy"),
    "compare": ("compare", "k.ttir", "--json"),
    "inspect": ("inspect", "k.rbln", "--json"),
    "inspect a section": ("inspect", "k.rbln", "--json", "--section=ttir"),
    "explain": ("explain", "--json"),
    "explain one": ("explain", "W001", "--json"),
    "targets": ("targets", "--json"),
    "targets one": ("targets", "rbln-cr03", "--json"),
    "batch": ("batch", "k.ttir", "--no-cache", "--json=-"),
    "check": ("check", "k.ttir", "--format=json"),
}


@pytest.fixture
def place(workplace):
    numpy = pytest.importorskip("numpy")
    numpy.save(workplace.folder / "x.npy", numpy.ones(64, numpy.float32))
    return workplace


@pytest.mark.parametrize("form", FORMS)
def test_json_and_nothing_else(place, form):
    text = place.done(*FORMS[form]).stdout
    whole = json.loads(text)
    assert whole["schema"] == 1
    assert text.endswith("}\n") and "host_seconds" not in text
    assert place.done(*FORMS[form]).stdout == text


def test_what_people_read_goes_to_standard_error(place):
    process = place.done("run", "k.rbln", "--stats=-")
    assert re.search(r"^o: 64xf32: min ", process.stderr, re.M)
    process = place.done("run", "k.rbln", "--arg", "x=x.npy", "--expect", "o=x.npy", "--trace=-", text=False)
    assert b"o: as expected" in process.stderr and b"o: as expected" not in process.stdout
    process = place.done("run", "k.rbln", "--out", "o=-", "--stats", text=False)
    assert process.stdout.startswith(b"\x93NUMPY") and b"modelled" in process.stderr


def test_host_times_when_they_are_asked_for(place):
    assert "host_seconds" not in json.loads(place.done("run", "k.rbln", "--stats=-").stdout)
    assert json.loads(place.done("run", "k.rbln", "--stats=-", "--host-times").stdout)["host_seconds"] > 0
    assert place("run", "k.rbln", "--host-times").returncode == 2


def test_step_times_are_a_form_of_their_own(place):
    place.done("compile", "k.ttir", "-o", "o.rbln", "--time-report=t.json")
    whole = json.loads((place.folder / "t.json").read_text())
    assert whole["schema"] == 1 and whole["steps"]


def test_a_description_of_a_chip_is_read_again(place):
    text = place.done("targets", "rbln-ca25", "--json").stdout
    (place.folder / "chip.json").write_text(text)
    place.done("compile", "k.ttir", "-o", "o.rbln", "--target-file=chip.json")
    chip = json.loads(text)
    del chip["schema"]  # as it was before
    (place.folder / "chip.json").write_text(json.dumps(chip))
    place.done("compile", "k.ttir", "-o", "o.rbln", "--target-file=chip.json")
    (place.folder / "chip.json").write_text(json.dumps({**chip, "schema": 2}))
    process = place("compile", "k.ttir", "-o", "o.rbln", "--target-file=chip.json")
    assert process.returncode == 1 and "'schema' is not 1" in process.stderr


def test_tables_are_aligned(place):
    for words in (("targets",), ("compare", "k.ttir")):
        heading, *rows = place.done(*words).stdout.splitlines()
        ends = [match.end() for match in re.finditer(r"\S+(?: \S+)*", heading)]
        starts = [match.start() for match in re.finditer(r"\S+(?: \S+)*", heading)]
        assert len(rows) == 4
        for row in rows:
            cells = list(re.finditer(r"\S+(?: \S+)*", row))
            assert len(cells) >= len(ends)
            for cell, start, end in zip(cells, starts, ends):
                assert cell.start() == start or cell.end() == end, row
