"""What tests/bench/figures.py says of kernels that do not compile, of wrong results, and of wrong options."""
import dataclasses

import pytest

from kernels import catalog
from test_figures import ROWS, figures

from backend import table
from backend.measure import Failure, Tool, measure

ROW = ROWS["causal_attention_decode.h8g4d64"]


@pytest.fixture(scope="module")
def tool(rblnc):
    return Tool(rblnc.binary, "rbln-ca22")


def test_a_kernel_that_is_refused_shows_its_code(tool, tmp_path):
    row = dataclasses.replace(ROW, path=catalog.TTIR / "3.6.0" / "wrong" / "runtime_branch.n4.raw.ttir")
    with pytest.raises(Failure, match="error: ") as failure:
        measure(row, tool, tmp_path, False)
    assert failure.value.code.startswith("RBLN-C")
    result = {"name": ROW.name, "target": "rbln-ca22", "error": failure.value.code, "message": str(failure.value)}
    assert failure.value.code in table.line(result) and table.why(result) == []
    assert table.summary([result]) == "0 of 1 rows reach their figures on rbln-ca22"


def test_a_missing_text_is_an_error(tool, tmp_path):
    with pytest.raises(Failure):
        measure(dataclasses.replace(ROW, path=tmp_path / "none.ttir"), tool, tmp_path, False)


class Off:
    """The row's work with one number of one result changed."""

    def __init__(self, result):
        self.result = result

    def __getattr__(self, name):
        return getattr(ROW.work, name)

    def expected(self, arguments):
        expected = ROW.work.expected(arguments)
        expected[self.result].flat[-1] += 1e-3
        return expected


@pytest.mark.parametrize("result", ["output", "kv_cache"])
def test_a_wrong_number_is_found(tool, tmp_path, result):
    with pytest.raises(Failure, match=f"^{result}: 1 of") as failure:
        measure(dataclasses.replace(ROW, work=Off(result)), tool, tmp_path, True)
    assert failure.value.code == "wrong"


@pytest.mark.parametrize("arguments, message", [
    (["--only", "nothing"], "no row is called so"),
    (["--target", "rbln-none"], "RBLN-I050"),
    (["--target", "rbln-ca22,"], "--target is one chip or several"),
    (["--rblnc", "none/rblnc"], "none/rblnc"),
    (["--compare", "none.json"], "none.json"),
    (["--compare", __file__], "test_figures_errors.py"),
])
def test_wrong_options_are_refused(rblnc, arguments, message):
    process = figures(rblnc, *arguments)
    assert process.returncode == 2 and message in process.stderr and "Traceback" not in process.stderr


def test_a_base_that_is_no_table_is_refused(rblnc, tmp_path):
    for number, text in enumerate(("[]", "{}", '{"rows": 1}', '{"rows": [{}]}', '{"rows": [1]}',
                                    '{"rows": [{"name": "a", "target": "b", "missed": []}]}')):
        (tmp_path / f"{number}.json").write_text(text)
        process = figures(rblnc, "--compare", tmp_path / f"{number}.json")
        assert process.returncode == 2 and "it is not what --json prints" in process.stderr, text
