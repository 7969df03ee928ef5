"""Integers that address memory wrap in Triton: a run gives what wrapping gives, or stops and says so."""
import collections
import re

import numpy as np
import pytest

from wrapping_integers import Undefined
from wrapping_kernels import BEFORE, Program

# What the compiler refuses of random programs: addresses and masks of no form, and overflows that are certain.
REFUSALS = {"C004", "C008", "C009", "C012", "P002"}
# The last ones overflow in one operation of a sum, or where no value of the type is in range.
PROGRAMS, RUNS, PARTS = [*range(240), 244, 252, 412, 1141], 3, 4
OVERFLOW = re.compile(r"k\.py:\d+:1: error: integer overflow in an address: i(8|16|32|64): "
                      r"(-?\d+ ([-+*]|<<) -?\d+ = -?\d+|-?\d+ does not fit) \[RBLN-R036\]")


def codes(process):
    return set(re.findall(r"error: .*\[RBLN-(\w+)\]", process.stderr))


def outcome_of(program, given, process, result):
    """Compares one run with the model, and names what it was."""
    where = f"{program.text()}\n{given}\n{process.stderr}"
    expected, overflows = program.expected(given)
    if process.returncode == 0:
        assert expected is not None, f"it leaves its arrays and does not stop\n{where}"
        np.testing.assert_array_equal(np.load(result).ravel(), expected.ravel(), err_msg=where)
        return "equal, though something wraps" if overflows else "equal"
    assert process.returncode == 1, where
    if codes(process) == {"R036"}:
        if "i64:" in process.stderr and "does not fit" in process.stderr:
            return "stopped by a bound beyond 64 bits"
        assert overflows, f"it stops, and nothing overflows\n{where}"
        assert OVERFLOW.search(process.stderr), where
        return "stopped"
    if codes(process) == {"R001"}:
        assert "'o' is an input" in process.stderr and (expected == BEFORE).all(), where
        return "an array that nothing is stored to"
    assert codes(process) == {"R034"} and "k.py:" in process.stderr, where
    if expected is None or program.index_is_out:
        return "out of range"
    assert program.leaves, f"it stops, and nothing is out of range\n{where}"
    return "out of range but for its mask"


def certainly_overflows(program):
    seen = []
    for number in range(8):
        try:
            seen.append(program.expected(program.arguments(number))[1])
        except Undefined:
            pass
    return all(seen)


@pytest.mark.parametrize("part", range(PARTS))
def test_random_programs(rblnc, tmp_path, part):
    counts = collections.Counter()
    source, bundle, result = tmp_path / "k.ttir", tmp_path / "k.rbln", tmp_path / "o.npy"
    for seed in PROGRAMS[part::PARTS]:
        program = Program(seed)
        source.write_text(program.text())
        process = rblnc("compile", source, *program.shapes(), "-o", bundle)
        if process.returncode != 0:
            assert process.returncode == 1 and codes(process) <= REFUSALS, f"{program.text()}\n{process.stderr}"
            assert codes(process) != {"C012"} or certainly_overflows(program), f"{program.text()}\n{process.stderr}"
            counts["refused"] += 1
            continue
        for number in range(RUNS):
            given = program.arguments(f"{seed} {number}")
            try:
                program.expected(given)
            except Undefined:
                counts["undefined"] += 1
                continue
            process = rblnc("run", bundle, *program.specs(given), "--out", f"o={result}")
            counts[outcome_of(program, given, process, result)] += 1
    assert counts["out of range but for its mask"] < counts["equal"] / 20, counts
    assert counts["equal"] > 40 and counts["equal, though something wraps"] > 2 and counts["stopped"] > 2, counts
    print(dict(counts))
