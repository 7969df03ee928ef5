"""The table of faults: faults/<room>.toml, and the order of tests for each room in rooms.toml."""
import re
import tomllib
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
KINDS = ("table", "reuse", "tie", "bound", "constant", "figure", "guard", "order", "message")


def read():
    faults = []
    for path in sorted((HERE / "faults").glob("*.toml")):
        for fault in tomllib.loads(path.read_text())["fault"]:
            faults.append({"room": path.stem, **fault})
    return faults


def rooms():
    return tomllib.loads((HERE / "rooms.toml").read_text())


def steps(room):
    """Test steps of a room, the cheap ones and those of the room itself first."""
    return rooms()[room]["steps"]


def targets(step):
    """What has to be built for a step."""
    kind, _, what = step.partition(".")
    if kind == "unit":
        return [f"rblnc_unit_{what}"]
    needs_library = kind == "python" or (kind == "e2e" and "native" in _place_of(step).read_text())
    return ["rblnc", "rblnc_capi"] if needs_library else ["rblnc"]


def _place_of(step):
    kind, _, what = step.partition(".")
    folder = {"unit": "tests/unit", "lit": "tests/lit", "e2e": "tests/e2e", "python": "tests/e2e/python"}[kind]
    return ROOT / folder / what


def faults_of(table):
    """What is wrong with the table itself."""
    wrong, seen = [], set()
    known = rooms()
    for room, entry in known.items():
        wrong += [f"rooms.toml: {room}: there is no {step}" for step in entry["steps"] if not _place_of(step).exists()]
    for fault in table:
        name = f"{fault['room']}.toml: {fault.get('id', '?')}"
        if missing := [key for key in ("id", "file", "kind", "was", "now") if key not in fault]:
            wrong.append(f"{name}: no {', '.join(missing)}")
            continue
        if fault["id"] in seen:
            wrong.append(f"{name}: there are two")
        seen.add(fault["id"])
        if not re.fullmatch(r"[a-z0-9-]+", fault["id"]) or fault["kind"] not in KINDS or fault["room"] not in known:
            wrong.append(f"{name}: id, kind or room is none")
        path = ROOT / fault["file"]
        count = path.read_text().count(fault["was"]) if path.is_file() else 0
        if fault["was"] == fault["now"]:
            wrong.append(f"{name}: nothing is changed")
        if count != 1:
            wrong.append(f"{name}: its text occurs {count} times in {fault['file']}: write the row anew, or remove it")
    return wrong
