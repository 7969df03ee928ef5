"""Integers that address memory wrap in Triton: a run gives what wrapping gives, or stops and says so."""
import collections

import numpy as np
import pytest

from wrapping_integers import EXTENT, LANES, Program

# What the compiler refuses of random programs: addresses and masks of no form, and overflows that are certain.
REFUSALS = ("RBLN-C004", "RBLN-C008", "RBLN-C009", "RBLN-C012", "RBLN-P002")
PROGRAMS, RUNS = 120, 4


def outcome_of(program, given, process, result):
    """Compares one run with the model: "equal" or "stopped"."""
    expected, overflows = program.expected(given)
    where = f"{program.text()}\n{given}\n{process.stderr}"
    if process.returncode == 1 and "RBLN-R036" in process.stderr:
        if "i64:" in process.stderr and "does not fit" in process.stderr:
            return "stopped by a bound beyond 64 bits"
        assert overflows, f"it stops, and nothing overflows\n{where}"
        assert "k.py:" in process.stderr and "integer overflow" in process.stderr, where
        return "stopped"
    if process.returncode == 1 and "RBLN-R034" in process.stderr and program.kind == "offsets":
        return "out of range"  # of a block that runs backwards the array bounds what a mask leaves out, too
    assert process.returncode == 0, where
    assert expected is not None, f"it reads outside of the array and does not stop\n{where}"
    np.testing.assert_array_equal(np.load(result).reshape(LANES), expected, err_msg=where)
    return "equal, though something wraps" if overflows else "equal"


@pytest.mark.parametrize("part", range(4))
def test_random_programs(rblnc, tmp_path, part):
    counts = collections.Counter()
    for seed in range(part, PROGRAMS, 4):
        program = Program(seed)
        source, bundle, result = tmp_path / "k.ttir", tmp_path / "k.rbln", tmp_path / "o.npy"
        source.write_text(program.text())
        process = rblnc("compile", source, "--shape", f"x={EXTENT}", "-o", bundle)
        if process.returncode != 0:
            assert process.returncode == 1 and any(code in process.stderr for code in REFUSALS), \
                f"{program.text()}\n{process.stderr}"
            counts["refused"] += 1
            continue
        for run in range(RUNS):
            given = program.arguments(f"{seed} {run}")
            process = rblnc("run", bundle, *program.specs(given), "--out", f"o={result}")
            counts[outcome_of(program, given, process, result)] += 1
    assert counts["equal"] > 0 and counts["stopped"] > 0, counts
    print(dict(counts))
