"""Bundles on disk: found by content, shared by processes, never trusted."""
import os
import stat
import subprocess
import sys
import warnings
from concurrent.futures import ThreadPoolExecutor

import pytest

import rblnc
from rblnc import cache, native, runtime

SPEC = rblnc.TensorSpec((16, 64), "float32")


@pytest.fixture
def text():
    from sample_kernels import scale
    return rblnc.ttir(scale, SPEC, SPEC, 2.0, ROWS=16, COLUMNS=64)


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setenv("RBLNC_CACHE_DIR", str(tmp_path / "cache"))
    return tmp_path / "cache"


@pytest.fixture
def compilations(monkeypatch):
    """How often the compiler really ran."""
    runs = []
    compile_ = native.compile
    monkeypatch.setattr(native, "compile", lambda *args, **kwargs: runs.append(1) or compile_(*args, **kwargs))
    return runs


def entries(folder):
    return sorted(folder.glob("*.rbln"))


def test_a_second_compilation_reads_the_first_one(text, folder, compilations):
    first = runtime.compile_text(text)
    second = runtime.compile_text(text)
    assert first.data == second.data and len(compilations) == 1
    assert [entry.read_bytes() for entry in entries(folder)] == [first.data]


def test_what_decides_the_bundle_decides_the_entry(text, folder, compilations, monkeypatch):
    runtime.compile_text(text)
    runtime.compile_text(text, target="rbln-ca25")
    runtime.compile_text(text + "\n")
    monkeypatch.setattr(runtime, "library_version", lambda: "another build")
    runtime.compile_text(text)
    assert len(compilations) == 4 == len(entries(folder))


@pytest.mark.parametrize("damage", [lambda data: b"", lambda data: data[:-1], lambda data: data[:100] + b"\xff" * 8
                                    + data[108:], lambda data: b"not a bundle"],
                         ids=["empty", "cut", "changed", "foreign"])
def test_a_damaged_entry_is_compiled_again(text, folder, compilations, damage):
    whole = runtime.compile_text(text).data
    entry, = entries(folder)
    entry.write_bytes(damage(whole))
    assert runtime.compile_text(text).data == whole and len(compilations) == 2
    assert entry.read_bytes() == whole


def test_switched_off(text, folder, compilations, monkeypatch):
    monkeypatch.setenv("RBLNC_CACHE", "0")
    runtime.compile_text(text)
    runtime.compile_text(text)
    assert len(compilations) == 2 and not folder.exists()


def test_a_folder_that_cannot_be_written_costs_a_warning(text, tmp_path, monkeypatch):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("RBLNC_CACHE_DIR", str(tmp_path / "file" / "below"))
    with pytest.warns(UserWarning, match="RBLNC_CACHE_DIR"):
        assert runtime.compile_text(text).data


def test_default_folders(monkeypatch, tmp_path):
    monkeypatch.delenv("RBLNC_CACHE_DIR")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert cache.directory() == tmp_path / "rblnc" / "bundles"
    monkeypatch.setenv("XDG_CACHE_HOME", "relative")
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    assert cache.directory() == tmp_path / "home" / ".cache" / "rblnc" / "bundles"


def test_many_writers_leave_a_whole_entry(folder):
    data = [bytes([i]) * 100_000 for i in range(8)]
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda i: cache.put("entry", data[i % 8]), range(64)))
    assert cache.get("entry") in data
    assert [path.name for path in folder.iterdir()] == ["entry.rbln"]
    mask = os.umask(0)
    os.umask(mask)
    assert stat.S_IMODE((folder / "entry.rbln").stat().st_mode) == 0o666 & ~mask


def test_processes_share_the_folder(text, folder, tmp_path):
    (tmp_path / "kernel.ttir").write_text(text)
    script = ("import sys; from rblnc import runtime\n"
              "sys.stdout.write(runtime.compile_text(open('kernel.ttir').read()).digest)")
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    running = [subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True, env=environment,
                                cwd=tmp_path) for _ in range(4)]
    digests = {process.communicate()[0] for process in running}
    assert len(digests) == 1 and digests != {""} and len(entries(folder)) == 1


def test_a_relative_reader_leaves_no_files_behind(text, folder, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    before = set(tmp_path.iterdir())
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        runtime.compile_text(text)
    assert set(tmp_path.iterdir()) - before == {folder}
