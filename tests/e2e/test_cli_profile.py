"""`rblnc run --stats`, `rblnc run --trace` and `rblnc report`: what they say about a kernel is true and agrees."""
import json
import re

import pytest

from browser import opened
from kernels import catalog
from perfetto import Trace

TTIR = catalog.TTIR / "3.6.0"


@pytest.fixture(scope="module")
def attention(rblnc, tmp_path_factory):
    """q, o: 4x16x64, k, v: 4x192x64, all f32, and the scalar `scale`."""
    path = tmp_path_factory.mktemp("bundle") / "attention.rbln"
    rblnc.done("compile", TTIR / "flash_attention.h4l16s192.raw.ttir", "-o", path)
    return path


@pytest.fixture(scope="module")
def add(rblnc, tmp_path_factory):
    """o = x + y over 1x2x32xf32."""
    path = tmp_path_factory.mktemp("bundle") / "add.rbln"
    rblnc.done("compile", TTIR / "vector_add.r2c32.raw.ttir", "-o", path)
    return path


@pytest.fixture(scope="module")
def stats(rblnc, attention, tmp_path_factory):
    path = tmp_path_factory.mktemp("stats") / "stats.json"
    rblnc.done("run", attention, f"--stats={path}")
    return json.loads(path.read_text())


# ---- statistics ---------------------------------------------------------------------------------------------------


def test_compulsory_bytes_are_those_of_the_arrays(stats):
    q, k = 4 * 16 * 64 * 4, 4 * 192 * 64 * 4
    assert stats["compulsory_read_bytes"] == q + 2 * k + 4
    assert stats["compulsory_written_bytes"] == q
    assert stats["compulsory_bytes"] == 2 * q + 2 * k + 4
    assert stats["dram_over_compulsory"] == stats["dram_bytes"] / stats["compulsory_bytes"] >= 1


def test_lines_add_up(stats):
    lines = stats["lines"]
    assert sum(line["dram_bytes"] for line in lines) == stats["dram_bytes"]
    assert sum(line["dma_bytes"] for line in lines) == stats["dma_bytes"]
    assert sum(line["flops"] for line in lines) == stats["matmul_flops"] == 2 * 2 * 4 * 16 * 192 * 64
    assert sum(line["vector_ops"] for line in lines) == stats["vector_ops"]
    assert sum(line["commands"] for line in lines) == sum(queue["commands"] for queue in stats["queues"])
    assert sum(line["seconds"] for line in lines) == pytest.approx(stats["modelled_seconds"])
    assert sum(line["busy_seconds"] for line in lines) == pytest.approx(
        sum(queue["busy_seconds"] for queue in stats["queues"]))
    places = [(line["file"], line["line"]) for line in lines]
    assert len(set(places)) == len(places)
    assert any(file and file.endswith("flash_attention.py") for file, _ in places)


def test_the_bound_is_no_more_than_the_time(stats):
    roofline = stats["roofline"]
    assert roofline["memory_seconds"] == pytest.approx(stats["compulsory_bytes"] / 256e9)
    assert roofline["matrix_seconds"] == pytest.approx(stats["matmul_flops"] / 32e12)
    engines = roofline["matrix_seconds"] + roofline["vector_seconds"]
    assert roofline["bound_seconds"] == max(engines, roofline["memory_seconds"])
    assert 0 < roofline["share_reached"] <= 1
    assert stats["bottleneck"] in ("compute", "memory", "latency")
    assert 0 < stats["engine_balance"] <= 1
    assert 0 < stats["matrix_utilisation"] <= 1
    for memory in stats["memories"]:
        assert 0 < memory["peak_live_bytes"] <= stats["peak_scratchpad_bytes"] + stats["peak_shared_bytes"]


def test_without_a_file_it_is_a_table(rblnc, attention, stats, tmp_path):
    table = rblnc.done("run", attention, "--out", f"o={tmp_path / 'o.npy'}", "--stats").stdout
    assert table.startswith("flash_attention on rbln-ca22\n")
    assert f"{stats['modelled_seconds'] * 1e6:.3f} us" in table
    for queue in stats["queues"]:
        assert queue["name"] in table
    for line in stats["lines"]:
        assert f"{line['file']}:{line['line']}" in table if line["file"] else True


def test_it_is_the_same_every_time(rblnc, attention, stats):
    again = json.loads(rblnc.done("run", attention, "--stats=-", "--out", "o=/dev/null").stdout)
    assert again == stats


# ---- trace --------------------------------------------------------------------------------------------------------


def test_trace(rblnc, attention, stats, tmp_path):
    rblnc.done("run", attention, f"--trace={tmp_path / 'k.pftrace'}")
    trace = Trace((tmp_path / "k.pftrace").read_bytes())
    assert trace.processes == ["flash_attention on rbln-ca22 (modelled)"]
    names = [queue["name"] for queue in stats["queues"]]
    assert [name for name in trace.tracks.values() if name in names] == names
    # One slice for each command, named {sequence}_{name}_{command}.
    numbers = []
    for piece in trace.slices:
        sequence, name, command = re.fullmatch(r"(\d+)_(.+)_(\d+)", piece.name).groups()
        numbers.append(int(sequence))
        assert piece.track.startswith(piece.categories) and 0 <= piece.begin <= piece.end
        if name.startswith(("load(", "store(")):
            moved = piece.arguments["transfer_bytes"]
            assert moved > 0 and piece.arguments["transfer"] == [f":{moved}Byte"] and ".py:" in piece.arguments["python"]
        if "flops" in piece.arguments or "vector_ops" in piece.arguments:
            # A nanosecond is a cycle by the figures of the target: 64 lanes, 64e9 operations a second.
            assert int(piece.arguments["comp_cycle"][0]) == pytest.approx(piece.end - piece.begin, abs=1.5)
    assert sorted(numbers) == list(range(len(trace.slices)))
    for queue in stats["queues"]:
        mine = [piece for piece in trace.slices if piece.track == queue["name"]]
        assert len(mine) == queue["commands"]
        assert all(before.end <= after.begin for before, after in zip(mine, mine[1:]))
        occupied = sum(piece.end - piece.begin - piece.arguments.get("stalled_ns", 0) for piece in mine)
        assert occupied == pytest.approx(queue["busy_seconds"] * 1e9, abs=2 * len(mine))
    assert max(piece.end for piece in trace.slices) == round(stats["modelled_seconds"] * 1e9)
    assert sum(piece.arguments.get("flops", 0) for piece in trace.slices) == stats["matmul_flops"]
    assert sum(piece.arguments.get("dram_bytes", 0) for piece in trace.slices) == stats["dram_bytes"]
    assert {name: max(value for _, value in points) for name, points in trace.counters.items()} == {
        memory["name"]: memory["peak_live_bytes"] for memory in stats["memories"]}
    for points in trace.counters.values():
        assert points[-1][1] == 0 and [time for time, _ in points] == sorted(time for time, _ in points)


def test_arrows_lead_from_signals_to_waits(rblnc, attention, tmp_path):
    rblnc.done("run", attention, f"--trace={tmp_path / 'k.pftrace'}")
    slices = Trace((tmp_path / "k.pftrace").read_bytes()).slices
    starts = {flow: piece for piece in slices for flow in piece.flows}
    waits = [piece for piece in slices if "_wait_" in piece.name]
    assert waits and all(len(piece.ends) == 1 for piece in waits)
    assert all("_signal_" in piece.name for piece in starts.values())
    assert sorted(starts) == sorted(piece.ends[0] for piece in waits)
    for piece in waits:
        # The wait is over when the signal has been given, and no sooner.
        assert starts[piece.ends[0]].end <= piece.end
    stalled = [piece for piece in waits if piece.arguments.get("stalled_ns")]
    assert stalled
    for piece in stalled:
        assert starts[piece.ends[0]].end >= piece.begin


def test_a_trace_does_not_need_statistics(rblnc, add, tmp_path):
    process = rblnc.done("run", add, "--arg", "x=ones", "--arg", "y=ones", f"--trace={tmp_path / 't'}")
    assert process.stdout == "o: 1x2x32xf32: min 2, max 2, mean 2\n"
    assert Trace((tmp_path / "t").read_bytes()).slices


# ---- the page -----------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def page(rblnc, attention, tmp_path_factory):
    path = tmp_path_factory.mktemp("page") / "report.html"
    assert rblnc.done("report", attention, "-o", path).stdout == ""
    return path


def test_the_page_needs_nothing_else(page):
    text = page.read_text()
    # The only address is the name of the SVG namespace.
    assert set(re.findall(r"https?://[^\"' ]+", text)) <= {"http://www.w3.org/2000/svg"}
    assert not re.search(r"<(link|img|iframe)|src=|@import|url\(", text)
    assert "default-src 'none'" in text
    data = json.loads(re.search(r'<script type="application/json" id="data">(.*?)</script>', text, re.S)[1])
    assert len(data["slices"]) == sum(queue["commands"] for queue in data["stats"]["queues"])


def test_the_page_shows_the_figures(page, stats, tmp_path):
    process = opened(page, tmp_path, "--dump-dom")
    dom = process.stdout
    errors = [line for line in process.stderr.splitlines() if "CONSOLE" in line]
    assert not errors, errors
    assert 'data-ready="yes"' in dom, "the script did not reach its end"

    def shown(name):
        return re.search(rf'id="{name}">(.*?)</dd>', dom, re.S)[1]

    assert shown("modelled_seconds") == f"{stats['modelled_seconds'] * 1e6:.3f} µs"
    assert shown("share_reached") == f"{100 * stats['roofline']['share_reached']:.1f} %"
    assert stats["bottleneck"] in shown("bottleneck")
    assert f"{stats['dram_over_compulsory']:.3f} times" in shown("dram_bytes")
    rows = re.findall(r"<tr>(.*?)</tr>", dom[dom.index('id="lines"'):dom.index('id="tip"')], re.S)[1:]
    cells = [re.findall(r"<td[^>]*>(.*?)</td>", row) for row in rows]
    assert [row[0] for row in cells] == [f"{line['file']}:{line['line']}" if line["file"] else "-" for line in stats["lines"]]
    for row, line in zip(cells, stats["lines"]):
        assert row[1] == f"{line['seconds'] * 1e6:.3f}"
        assert [int(cell.replace(",", "")) for cell in row[4:]] == [
            line["commands"], line["dma_bytes"], line["dram_bytes"], line["flops"], line["vector_ops"]]
    for queue in stats["queues"]:
        assert f"<td>{queue['name']}</td>" in dom
    assert "matrix peak 32 Top/s" in dom


def test_the_page_is_drawn(page, tmp_path):
    for scheme in ("0", "1"):  # dark, light
        picture = tmp_path / f"{scheme}.png"
        opened(page, tmp_path, f"--screenshot={picture}", "--window-size=1300,1700", f"--blink-settings=preferredColorScheme={scheme}")
        assert picture.stat().st_size > 50_000, "an empty page"
    assert (tmp_path / "0.png").read_bytes() != (tmp_path / "1.png").read_bytes()


def test_the_page_of_given_data(rblnc, add, tmp_path):
    page = rblnc.done("report", add, "--arg", "x=ones", "--arg", "y=zeros", "-o", "-")
    assert page.stderr == "" and page.stdout.startswith("<!doctype html>")
    (tmp_path / "add.html").write_text(page.stdout)
    dom = opened(tmp_path / "add.html", tmp_path, "--dump-dom").stdout
    assert 'data-ready="yes"' in dom and '<h1 id="kernel">vector_add</h1>' in dom
