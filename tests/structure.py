"""The structure of the source: `python3 tests/structure.py` prints what breaks a rule, and exits with 1 if anything does.

- A room includes headers of itself and of earlier rooms alone; their order is that of src/CMakeLists.txt.
- The folders of a room do not include each other in a circle (a room's own folder counts as one).
- A file includes what lies in its own folder by name, anything else of its room by the path from the room's folder.
- No file of code is longer than 400 lines. Tables (.def, .td, .fbs, .inc) may be.
"""
import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
MOST_LINES = 400
CODE = {".h", ".cpp", ".py", ".sh", ".cmake"}
PARSED_ELSEWHERE = ("mlir/", "llvm/", "flatbuffers/")


def includes(path):
    return re.findall(r'^#include "([^"]+)"', path.read_text(), re.M)


def backward_rooms(root=ROOT):
    """Includes of later rooms' public headers."""
    rooms = re.findall(r"^add_subdirectory\((\w+)\)", (root / "src/CMakeLists.txt").read_text(), re.M)
    number = {room: i for i, room in enumerate(rooms)}
    for side in ("src", "include/rblnc"):
        for room in rooms:
            for path in sorted((root / side / room).rglob("*")):
                if path.suffix not in {".h", ".cpp", ".inc", ".def"}:
                    continue
                for included in includes(path):
                    match = re.match(r"rblnc/(\w+)/", included)
                    if match and number.get(match[1], -1) > number[room]:
                        yield f"{path.relative_to(root)}: {room} comes before {match[1]} and includes {included}"


def folders_of(room, root=ROOT):
    """Each folder of a room with the other folders of it that it includes, and what is wrongly spelled."""
    base = root / "src" / room
    edges, faults = {}, []
    for path in sorted(base.rglob("*")):
        if path.suffix not in {".h", ".cpp", ".inc"}:
            continue
        for included in includes(path):
            if included.startswith(PARSED_ELSEWHERE) or included.startswith("rblnc/"):
                continue
            beside, below = path.parent / included, base / included
            if not beside.is_file() and not below.is_file():
                continue  # generated
            if ".." in included or (beside.is_file() and "/" in included and base != path.parent):
                faults.append(f"{path.relative_to(root)}: write \"{included}\" from src/{room} on, without ..")
            target = (beside if beside.is_file() else below).resolve().parent
            if target != path.parent:
                edges.setdefault(path.parent, {})[target] = f"{path.relative_to(root)} includes {included}"
    return edges, faults


def circles(edges):
    """One message for each folder that includes itself by way of others."""
    def reach(start):
        seen, open_ = set(), [start]
        while open_:
            for target in edges.get(open_.pop(), {}):
                if target not in seen:
                    seen.add(target)
                    open_.append(target)
        return seen

    for folder, targets in edges.items():
        for target, where in targets.items():
            if folder in reach(target):
                yield f"{where}: {target.name} includes {folder.name} too"


def long_files(root=ROOT):
    for top in ("src", "include", "kernels", "examples", "tests", "cmake"):
        for path in sorted((root / top).rglob("*")):
            if path.suffix in CODE and (lines := len(path.read_text().splitlines())) > MOST_LINES:
                yield f"{path.relative_to(root)}: {lines} lines; at most {MOST_LINES}"


def main():
    faults = [*backward_rooms(), *long_files()]
    for room in sorted(path.name for path in (ROOT / "src").iterdir() if path.is_dir()):
        edges, misspelled = folders_of(room)
        faults += [*misspelled, *circles(edges)]
    print("\n".join(faults) or "structure: nothing breaks a rule")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
