"""Dynamic indices out of range stop the emulator, at the Python line that uses them."""
import re

import numpy as np
import pytest

from kernels.rblib import catalog
from test_rblib_emulator import command, compiled

PROBES = {probe.name: probe for probe in catalog.probes()}


@pytest.mark.parametrize("name, changes, value, bounds", [
    ("insert_rows", {"index": [13]}, 13, "0 to 12"),
    ("insert_rows", {"index": [-1]}, -1, "0 to 12"),
    ("dynamic_rows_axis1", {"count": [11]}, 11, "0 to 10"),
    ("slide_window_one", {"start": [[7]]}, 7, "0 to 6"),
    ("slide_window_one", {"end": [[8]]}, 8, "0 to 7"),
    ("to_dynamic_index_i32", {"table": [[0, 0, 4]]}, 4, "0 to 3"),
    ("to_dynamic_index_i16", {"table": [0, 0, -1]}, -1, "0 to 3"),
    ("to_dynamic_index_i64", {"table": [2**32, 2**32, 2**32]}, 2**32, "0 to 3"),
    ("foreign_geometry", {"block": [3]}, 3, "0 to 2"),
    ("partition_skip_max", {"offsets": [[0] * 4, [7, 0, 0, 0]]}, 7, "0 to 6"),
])
def test_index_out_of_range(rblnc, name, changes, value, bounds, tmp_path):
    probe = PROBES[name]
    bundle = compiled(rblnc, probe, "3.6.0", tmp_path)
    given = {**probe.inputs(np.random.default_rng(0))[0], **changes}
    # An index that leaves no place for new rows is found first (RBLN-R037).
    process = rblnc(*command(probe, "3.6.0", given, bundle, tmp_path)[0], "--no-append-checks")
    assert process.returncode == 1
    assert "RBLN-R034" in process.stderr
    assert re.search(rf"'{next(iter(changes))}\[\d+\]' is {value}, and must be {bounds}\b", process.stderr)
    assert f"{probe.file}_kernels.py:" in process.stderr
