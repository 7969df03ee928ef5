"""compiled.profile: what the command line shows of a run, from Python."""
import html
import json
import os
import subprocess

import numpy as np
import pytest
import rblnc
import torch
from perfetto import Trace

from sample_kernels import scale

ROWS, COLUMNS = 32, 128


@pytest.fixture(scope="module")
def compiled():
    x = torch.zeros(ROWS, COLUMNS)
    return scale.warmup(x, x, 2.0, ROWS, COLUMNS)


@pytest.fixture(scope="module")
def profile(compiled):
    x, output = torch.randn(ROWS, COLUMNS), torch.zeros(ROWS, COLUMNS)
    profile = compiled.profile(x, output, 2.0)
    assert torch.equal(output, x * 2)
    return profile


def test_its_time_is_that_of_a_call(compiled, profile):
    x, output = torch.randn(ROWS, COLUMNS), torch.zeros(ROWS, COLUMNS)
    assert profile.modelled_seconds == compiled(x, output, 2.0).modelled_seconds
    assert profile.dram_bytes == profile.figures["dram_bytes"] == 2 * ROWS * COLUMNS * 4 + 4  # the factor


def test_lines(profile):
    assert sum(line.dram_bytes for line in profile.lines) == profile.dram_bytes
    assert [line.seconds for line in profile.lines] == sorted((line.seconds for line in profile.lines), reverse=True)
    moved = [line for line in profile.lines if line.dram_bytes]
    assert moved and all(line.file.endswith("sample_kernels.py") and line.line > 0 for line in moved)
    assert 0 < sum(line.seconds for line in profile.lines) <= profile.modelled_seconds * (1 + 1e-9)


def test_forms(profile, tmp_path):
    page = profile.html(tmp_path / "page.html")
    assert page.lstrip().lower().startswith("<!doctype html") and (tmp_path / "page.html").read_text() == page
    frame = profile._repr_html_()
    assert html.unescape(frame[frame.index('srcdoc="') + 8:frame.index('" style')]) == page
    assert "modelled time" in str(profile) and str(profile).startswith("scale on ")
    trace = profile.trace(tmp_path / "k.pftrace")
    assert (tmp_path / "k.pftrace").read_bytes() == trace
    assert len(Trace(trace).slices) == sum(line.commands for line in profile.lines)
    assert "us modelled" in repr(profile)


def test_a_run_that_is_not_profiled_has_no_report(compiled):
    x = np.zeros((ROWS, COLUMNS), np.float32)
    assert compiled(x, x.copy(), 2.0).report("json") is None


@pytest.mark.skipif("RBLNC" not in os.environ, reason="needs the program")
def test_the_program_says_the_same(compiled, profile, tmp_path):
    (tmp_path / "k.rbln").write_bytes(compiled.rbln)
    subprocess.run([os.environ["RBLNC"], "run", tmp_path / "k.rbln", "--arg", "factor=2", f"--stats={tmp_path / 's.json'}"],
                   check=True, capture_output=True)
    said = json.loads((tmp_path / "s.json").read_text())
    assert said.pop("schema") == 1
    assert said == {name: value for name, value in profile.figures.items() if name != "host_seconds"}


def test_arguments_are_checked(compiled):
    with pytest.raises(rblnc.ArgumentError):
        compiled.profile(torch.zeros(3, 3), torch.zeros(ROWS, COLUMNS), 2.0)
