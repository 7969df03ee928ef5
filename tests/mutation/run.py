#!/usr/bin/env python3
"""Puts small faults into the code, one at a time, and tells which test notices each (README.md)."""
import argparse
import hashlib
import json
import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import table

ROOT = table.ROOT
CACHE = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "rblnc/mutation"
# Where a tool says which test failed: pytest, lit, Catch2.
FAILED = (r"^FAILED (\S+)", r"^FAIL: (.+?) \(\d", r"^-{79}\n(.+)\n")


class Copy:
    """A copy of the tree with a build of its own. Faults go into it, never into the tree."""

    def __init__(self, path, wrap):
        self.path = path
        self.wrap = shlex.split(wrap)

    def run(self, command, seconds):
        """Exit status and output of a shell command in the copy; status None when the time is over."""
        with subprocess.Popen([*self.wrap, "bash", "-c", command], cwd=self.path, text=True, errors="replace",
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, start_new_session=True) as process:
            try:
                output, _ = process.communicate(timeout=seconds)
                return process.returncode, output
            except subprocess.TimeoutExpired:
                return None, ""
            finally:
                if process.poll() is None:
                    os.killpg(process.pid, signal.SIGKILL)

    def follow(self):
        """Makes the copy the same as the tree, and touches no file that is."""
        listed = subprocess.run(["git", "ls-files", "-coz", "--exclude-standard"], cwd=ROOT, check=True,
                                capture_output=True, text=True).stdout.split("\0")
        wanted = {name for name in listed if name and (ROOT / name).is_file()}
        for name in wanted:
            source, target = ROOT / name, self.path / name
            if not target.is_file() or source.read_bytes() != target.read_bytes():
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(source, target)
                target.touch()
        for folder, names, files in os.walk(self.path):
            if Path(folder) == self.path:
                names[:] = [name for name in names if name not in ("build", ".git")]
            for file in files:
                path = Path(folder) / file
                if str(path.relative_to(self.path)) not in wanted:
                    path.unlink()

    def configure(self):
        if not (self.path / "build/release/build.ninja").is_file():
            self.must("cmake --preset release")

    def must(self, command):
        status, output = self.run(command, 7200)
        if status != 0:
            sys.exit(f"{command}: status {status}\n{output[-4000:]}")

    def cached(self, name):
        """A variable of CMake's cache."""
        text = (self.path / "build/release/CMakeCache.txt").read_text()
        return re.search(rf"^{name}:\w+=(.*)$", text, re.M)[1]


class Session:
    def __init__(self, copy, options):
        self.copy = copy
        self.options = options
        self.proven = set()  # steps that have passed without a fault
        self.python = copy.cached("RBLNC_TEST_PYTHON")
        self.lit = copy.cached("RBLNC_LIT")

    def build(self, targets):
        return self.copy.run(f"ninja -C build/release -j{self.options.jobs} {' '.join(targets)}", 3600)

    def command(self, step):
        kind, _, what = step.partition(".")
        if kind == "unit":
            return f"ctest --test-dir build/release -R '^unit\\.{what}$' --no-tests=error --output-on-failure"
        if kind == "lit":
            return f"{self.lit} -sv --order=lexical --max-failures=1 --filter=':: {what}/' build/release/tests/lit"
        environment = (f"RBLNC=$PWD/build/release/bin/rblnc RBLNC_LIBRARY=$PWD/build/release/lib/librblnc.so "
                       f"RBLNC_TRITON_PYTHON={self.python} PYTHONDONTWRITEBYTECODE=1 ")
        flags = "-x -q -p no:cacheprovider"
        if kind == "python":
            flags += " --confcutdir=tests/e2e/python"
        folder = "tests/e2e/python" if kind == "python" else "tests/e2e"
        return f"{environment} {self.python} -m pytest {flags} {folder}/{what}"

    def run(self, step):
        """Passed or not, and what the output says about it. A build that fails is told apart: `None`."""
        status, output = self.build(table.targets(step))
        if status != 0:
            return None, output
        status, output = self.copy.run(self.command(step), self.options.timeout)
        if status is None:
            return False, "time is over"
        if status == 0:
            return True, ""
        found = [match[1] for pattern in FAILED for match in re.finditer(pattern, output, re.M)]
        return False, found[0] if found else [f"status {status}", *output.strip().splitlines()][-1]

    def attempt(self, fault, first):
        """What notices a fault: (result, step, test)."""
        path = self.copy.path / fault["file"]
        clean = path.read_text()
        steps = self.options.step or table.steps(fault["room"])
        if first and not self.options.step:
            steps = [first] + [step for step in steps if step != first]
        try:
            path.write_text(clean.replace(fault["was"], fault["now"]))
            for step in steps:
                passed, said = self.run(step)
                if passed is None:
                    return "broken", step, said[-2000:]
                if not passed:
                    break
            else:
                return "survived", "", ""
        finally:
            path.write_text(clean)
        if step not in self.proven:
            passed, why = self.run(step)
            if not passed:
                sys.exit(f"{step} fails without a fault: {why[-2000:]}")
            self.proven.add(step)
        return "noticed", step, said


def digest(fault):
    return hashlib.sha256(json.dumps([fault[key] for key in ("file", "was", "now")]).encode()).hexdigest()[:16]


def read_results(path):
    """The last result of each fault that is still what it was."""
    results = {}
    if path.is_file():
        for line in path.read_text().splitlines():
            entry = json.loads(line)
            results[entry["id"]] = entry
    return results


def report(faults, results):
    """By room; the status is 1 when a fault was not noticed."""
    rows = {}
    for fault in faults:
        result = results.get(fault["id"])
        if result and result["digest"] == digest(fault):
            rows.setdefault(fault["room"], []).append(result)
    print(f"\n{'room':<10} {'tried':>5} {'noticed':>7}")
    for room, entries in rows.items():
        print(f"{room:<10} {len(entries):>5} {sum(entry['result'] == 'noticed' for entry in entries):>7}")
    everything = [entry for entries in rows.values() for entry in entries]
    noticed = sum(entry["result"] == "noticed" for entry in everything)
    print(f"{'all':<10} {len(everything):>5} {noticed:>7}  {100 * noticed / max(1, len(everything)):.1f} %")
    for entry in everything:
        if entry["result"] != "noticed":
            print(f"{entry['result']}: {entry['id']}")
    return int(noticed < len(everything))


def parse():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--room", action="append", default=[], help="only faults of this room")
    parser.add_argument("--only", action="append", default=[], metavar="ID", help="only this fault")
    parser.add_argument("--list", action="store_true", help="prints the faults and ends")
    parser.add_argument("--check", action="store_true", help="checks the table and ends")
    parser.add_argument("--resume", action="store_true", help="keeps earlier results: tries what has none")
    parser.add_argument("--survivors", action="store_true", help="tries only what was not noticed before")
    parser.add_argument("--report", action="store_true", help="prints the earlier results and ends")
    parser.add_argument("--step", action="append", default=[], help="runs this test (as in rooms.toml) instead of the room's")
    parser.add_argument("--copy", type=Path, default=CACHE / "tree", help="the copy that faults are put into")
    parser.add_argument("--results", type=Path, default=CACHE / "results.jsonl")
    parser.add_argument("--timeout", type=float, default=600, help="seconds that one test step may take")
    parser.add_argument("--wrap", default="", help="a command that starts the builds and tests in the copy")
    parser.add_argument("-j", "--jobs", type=int, default=1)
    options = parser.parse_args()
    for path in (options.copy, options.results):
        if path.resolve().is_relative_to(ROOT):
            parser.error(f"{path} lies in the tree")
    return options


def main():
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # builds end, and the fault is taken back, as after Ctrl-C
    options = parse()
    faults = table.read()
    if wrong := table.faults_of(faults):
        print("\n".join(wrong), file=sys.stderr)
        return 1
    if options.check:
        print(f"{len(faults)} faults, each of whose texts occurs once")
        return 0
    faults = [fault for fault in faults if (not options.room or fault["room"] in options.room) and
              (not options.only or fault["id"] in options.only)]
    results = read_results(options.results)
    if options.list:
        for fault in faults:
            print(f"{fault['room']:<10} {fault['kind']:<9} {fault['id']:<40} {fault['file']}")
        return 0
    if options.report:
        return report(faults, results)
    options.copy.mkdir(parents=True, exist_ok=True)
    options.results.parent.mkdir(parents=True, exist_ok=True)
    copy = Copy(options.copy.resolve(), options.wrap)
    copy.follow()
    copy.configure()
    session = Session(copy, options)
    for fault in faults:
        before = results.get(fault["id"])
        is_same = before and before["digest"] == digest(fault)
        if is_same and (options.resume or (options.survivors and before["result"] == "noticed")):
            continue
        start = time.monotonic()
        result, step, said = session.attempt(fault, before["step"] if before and before["result"] == "noticed" else "")
        entry = {"id": fault["id"], "digest": digest(fault), "result": result, "step": step, "test": said,
                 "seconds": round(time.monotonic() - start, 1)}
        results[fault["id"]] = entry
        with options.results.open("a") as file:
            file.write(json.dumps(entry) + "\n")
        by = f"{step} {said}" if result == "noticed" else ""
        print(f"{result:<8} {fault['id']:<40} {entry['seconds']:>6} s  {by}", flush=True)
    return report(faults, results)


if __name__ == "__main__":
    sys.exit(main())
