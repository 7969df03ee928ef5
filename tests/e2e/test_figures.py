"""tests/bench/figures.py counts, judges and compares as it says."""
import json
import subprocess
import sys
from pathlib import Path

import pytest

BENCH = Path(__file__).resolve().parents[1] / "bench"
sys.path.insert(0, str(BENCH))

from backend import table  # noqa: E402
from backend.judge import missed  # noqa: E402
from backend.rows import rows  # noqa: E402
from backend.spills import spilled  # noqa: E402

ROWS = {row.name: row for row in rows()}
# Small enough for a test; decode has sequences of different lengths.
SMALL = ("causal_attention_prefill.h8g4d64", "flash_causal_attention_decode.h8g4d64",
         "sliding_window_attention_decode.h8g4d64")


def figures(rblnc, *arguments):
    return subprocess.run([sys.executable, BENCH / "figures.py", "--rblnc", rblnc.binary, *arguments],
                          capture_output=True, text=True, timeout=100, check=False)


@pytest.fixture(scope="module")
def printed(rblnc):
    process = figures(rblnc, "--json", "--verify", *(word for name in SMALL for word in ("--only", name)))
    assert process.returncode in (0, 1), process.stderr
    return process


@pytest.fixture(scope="module")
def results(printed):
    return json.loads(printed.stdout)["rows"]


def test_every_row_has_its_text():
    assert [str(row.path) for row in ROWS.values() if not row.path.is_file()] == []
    assert {row.path.name for row in ROWS.values() if row.path.parent == BENCH / "ttir"} == {
        path.name for path in (BENCH / "ttir").iterdir()}


def test_rows_are_measured_and_right(results):
    assert [result["name"] for result in results if any(name in result["name"] for name in SMALL)] == [
        result["name"] for result in results]
    for result in results:
        assert "error" not in result, result
        assert result["verified"] and result["target"] == "rbln-ca22"
        assert result["time_ratio"] >= 1 and result["modelled_seconds"] > 0
        assert 0 < result["peak_scratchpad_bytes"] <= result["scratchpad_bytes"]


def test_compulsory_bytes_are_those_that_the_run_touches(results):
    """Counted from shapes and lengths here, from every access there: what is skipped or not live counts in neither."""
    for result in results:
        assert result["touched_bytes"] == pytest.approx(result["compulsory_bytes"], rel=1e-3), result["name"]
        assert result["dram_bytes"] >= result["compulsory_bytes"]


def test_the_exit_code_says_whether_all_figures_are_reached(printed, results):
    assert printed.returncode == int(any(result["missed"] for result in results))


def test_every_miss_is_named():
    row, block = ROWS["flash_causal_attention_decode.h8g4d64"], ROWS["matmul.m128k4096n4096_f16"]
    good = {"bytes_ratio": 1.1, "time_ratio": 1.15, "engine_balance": 0.85, "peak_scratchpad_bytes": 4,
            "scratchpad_bytes": 4, "spilled_shared_bytes": 0, "spilled_dram_bytes": 0}
    assert missed(row, good) == []
    for changed, name in (({"bytes_ratio": 1.11}, "bytes"), ({"time_ratio": 1.16}, "time"),
                          ({"engine_balance": 0.84}, "balance"), ({"peak_scratchpad_bytes": 5}, "scratchpad"),
                          ({"spilled_shared_bytes": 1}, "spill"), ({"spilled_dram_bytes": 1}, "spill")):
        assert missed(row, {**good, **changed}) == [name]
    assert missed(block, {**good, "time_ratio": 1.25, "spilled_dram_bytes": 1}) == []
    assert missed(block, {**good, "time_ratio": 1.26}) == ["time"]


def listing(*commands):
    kinds = ("argument", "constant", "workspace")
    return {"memory": {"regions": [{"kind": kind, "bytes": 64} for kind in kinds]},
            "program": [{"queues": [{"commands": [{"kind": text.split()[0], "text": text} for text in commands]}]}]}


@pytest.mark.parametrize("text, expected", [
    ("dma 2x3xf16 dram0+0[6,2] -> scratchpad1+0[6,2]", (0, 0, 0)),
    ("dma 2x3xf16 dram0+0+64*r2[6,2] -> shared0+8[6,2] clip(0 <= i0 < r1) fill 0", (0, 0, 12)),
    ("dma 2x3xf16 dram1+0[6,2] -> shared0+8[6,2]", (0, 0, 12)),
    ("dma 2x3xf16 dram2+0[6,2] -> shared0+8[6,2]", (12, 0, 0)),
    ("dma 2x3xf16 scratchpad0+0[6,2] -> shared0+8[6,2]", (12, 0, 0)),
    ("dma 2x3xf32 scratchpad0+0[12,4] -> dram2+0[12,4]", (0, 24, 0)),
    ("dma i32 dram0+0[] -> shared0+8[]", (0, 0, 4)),
    ("dma 2x3xf32 scratchpad0+0[12,4] -> dram0+0[12,4]", (0, 0, 0)),
    ("matmul [m=4, n=8, k=2] f16 shared0+0[1,0,2] * f16 scratchpad0+0[0,2,8] -> f32 shared0+0[16,4,0]", (128, 0, 0)),
    ("matmul 3x[m=4, n=8, k=2] f16 shared0+0[0,1,0,2] * f16 scratchpad0+0[0,0,2,8] -> f16 dram2+0[64,16,2,0]", (0, 192, 0)),
    ("vector 1x5 rows of 7\n  %0 = load f32 shared0+0[0,28,4]\n  store %0 -> f16 shared0+0[0,14,2]\n"
     "  store %1 -> f32 dram2+0[0,4,0]", (70, 20, 0)),
    ("vector 1 rows of 1\n  store %10 -> i1 shared0+52[]", (1, 0, 0)),
    ("wait s0 >= 1", (0, 0, 0)),
])
def test_spills_are_counted(text, expected):
    found = spilled(listing(text, text))
    assert (found["shared"], found["dram"], found["staged"]) == tuple(2 * size for size in expected)


def test_programs_with_every_kind_of_command_can_be_listed(rblnc, tmp_path):
    for name in ("flash_attention_prefill.h8g2d256p4096", "matmul.m16k4096n14336_f16", "softmax.r4096c4096_f32"):
        rblnc.done("compile", ROWS[name].path, "-o", tmp_path / "k.rbln")
        assert spilled(json.loads(rblnc.done("inspect", tmp_path / "k.rbln", "--json").stdout)).keys() == {
            "shared", "dram", "staged"}


def test_changes_are_told(results):
    slower = json.loads(json.dumps(results))
    slower[0]["modelled_seconds"] /= 2
    slower[0]["missed"] = ["bytes", "spill"]
    lines = table.changes(results, {"rows": slower})
    assert len(lines) == 2 and lines[-1] == f"1 of {len(results)} rows changed"
    assert lines[0].startswith(results[0]["name"]) and "(+100.0 %)" in lines[0] and "bytes, spill -> " in lines[0]
    assert table.changes(results, {"rows": results}) == [f"0 of {len(results)} rows changed"]
    assert table.changes(results, {"rows": [{**slower[0], "target": "rbln-cr03"}]}) == ["0 of 0 rows changed"]


def test_the_table_has_a_line_for_each_row(rblnc):
    process = figures(rblnc, "--only", "causal_attention_prefill.h8g4d64", "--why", "--target", "rbln-ca22,rbln-ca25")
    lines = process.stdout.splitlines()
    for target in ("rbln-ca22", "rbln-ca25"):
        assert any(line.endswith(f"of 2 rows reach their figures on {target}") for line in lines)
    names = [line.split()[0] for line in lines if line.startswith(("causal", "flash"))]
    assert names == 2 * ["causal_attention_prefill.h8g4d64", "flash_causal_attention_prefill.h8g4d64"]
    assert sum(line.startswith("    at least") for line in lines) == 4
