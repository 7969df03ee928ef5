"""What `rblnc run --stats`, `--trace` and `rblnc report` show, for a run from Python."""
import html
import json
from functools import cached_property
from pathlib import Path
from typing import NamedTuple


class Line(NamedTuple):
    """What the commands of one Python line did. seconds: their share of the modelled time. busy_seconds: how long they
    occupied their queues, which is more where queues overlap. dma_bytes: moved between memories; dram_bytes: of those,
    from or to DRAM. flops: of matrix products; vector_ops: operations on single numbers."""
    file: str | None
    line: int | None
    seconds: float
    busy_seconds: float
    commands: int
    dma_bytes: int
    dram_bytes: int
    flops: int
    vector_ops: int


class Profile:
    """One profiled run. str() is a table for a terminal; in a notebook it shows as the page.

    stats: native.Stats of the run.
    """

    def __init__(self, stats):
        self.stats = stats

    @property
    def modelled_seconds(self) -> float:
        """The device's time, by the emulator's model of it."""
        return self.stats.modelled_seconds

    @cached_property
    def figures(self) -> dict:
        """All of them: what `rblnc run --stats=FILE` writes."""
        return json.loads(self.stats.report("json"))

    @cached_property
    def lines(self) -> tuple:
        """A Line for each Python line of the kernel that has commands, the longest first. Commands that belong to no line
        have one without file."""
        return tuple(Line(**{name: row[name] for name in Line._fields}) for row in self.figures["lines"])

    @property
    def dram_bytes(self) -> int:
        """Bytes that went from or to DRAM."""
        return self.figures["dram_bytes"]

    def html(self, path=None) -> str:
        """The page of `rblnc report`, which needs nothing else; also written to a file, if one is named."""
        page = self.stats.report("page").decode()
        if path is not None:
            Path(path).write_text(page, encoding="utf-8")
        return page

    def trace(self, path=None) -> bytes:
        """The trace of `rblnc run --trace` for ui.perfetto.dev; also written to a file, if one is named."""
        trace = self.stats.report("trace")
        if path is not None:
            Path(path).write_bytes(trace)
        return trace

    def _repr_html_(self) -> str:
        # A frame of its own: the page has styles and scripts that are not for the notebook.
        return (f'<iframe srcdoc="{html.escape(self.html())}" style="width: 100%; height: 720px; border: 0" '
                'sandbox="allow-scripts"></iframe>')

    def __str__(self):
        return self.stats.report("table").decode().rstrip("\n")

    def __repr__(self):
        return f"<rblnc profile: {self.modelled_seconds * 1e6:.3f} us modelled, {len(self.lines)} lines>"


__all__ = ["Line", "Profile"]
