"""`rblnc run --stats`, `rblnc run --trace` and `rblnc report`: what is rejected, and that nothing is left behind then."""
import pytest

from kernels import catalog


@pytest.fixture(scope="module")
def add(rblnc, tmp_path_factory):
    path = tmp_path_factory.mktemp("bundle") / "add.rbln"
    rblnc.done("compile", catalog.TTIR / "3.6.0" / "vector_add.r2c32.raw.ttir", "-o", path)
    return path


def rejected(process, status, *words):
    assert process.returncode == status, process.stderr
    for word in words:
        assert word in process.stderr, process.stderr


def test_places_that_cannot_be_written(rblnc, add, tmp_path):
    rejected(rblnc("run", add, f"--trace={tmp_path / 'none' / 't'}"), 1, "[RBLN-R010]")
    rejected(rblnc("run", add, f"--stats={tmp_path}"), 1, "[RBLN-R010]")
    rejected(rblnc("report", add, "-o", tmp_path / "none" / "r.html"), 1, "[RBLN-R010]")
    assert list(tmp_path.iterdir()) == []


def test_nothing_replaces_another_file(rblnc, add, tmp_path):
    before = add.read_bytes()
    rejected(rblnc("run", add, f"--trace={add}"), 1, "[RBLN-R010]", "the trace would replace the bundle")
    rejected(rblnc("report", add, "-o", add), 1, "[RBLN-R010]", "the report would replace the bundle")
    one = tmp_path / "one"
    rejected(rblnc("run", add, f"--stats={one}", f"--trace={one}"), 1, "[RBLN-R010]", "would replace the statistics")
    rejected(rblnc("run", add, f"--trace={one}", f"--out=o={one}"), 1, "[RBLN-R010]", "would replace the result 'o'")
    assert add.read_bytes() == before and not one.exists()


def test_wrong_arguments_leave_no_report(rblnc, add, tmp_path):
    page = tmp_path / "r.html"
    rejected(rblnc("report", add, "-o", page, "--arg", "z=ones"), 1, "[RBLN-R001]", "'z'")
    rejected(rblnc("report", add, "-o", page, "--arg", "x=1.5"), 1, "[RBLN-R012]")
    rejected(rblnc("report", add, "-o", page, "--no-defaults"), 1, "[RBLN-R014]")
    rejected(rblnc("run", add, "--no-defaults", f"--trace={page}"), 1, "[RBLN-R014]")
    assert not page.exists()


def test_what_is_no_bundle(rblnc, tmp_path):
    (tmp_path / "k.rbln").write_text("hello")
    rejected(rblnc("report", tmp_path / "k.rbln", "-o", tmp_path / "r.html"), 4)
    assert not (tmp_path / "r.html").exists()


def test_usage(rblnc, add):
    assert rblnc("report").returncode == 2
    assert rblnc("report", add, "--stats").returncode == 2
    assert rblnc("run", add, "--trace").returncode == 2
