"""The cache of compilations: found by what decides them, shared by processes and doors, never trusted."""
import os
import stat
import subprocess
import sys
import warnings
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

import rblnc
from rblnc import _options, cache, native, runtime

ROOT = Path(__file__).resolve().parents[3]
SPEC = rblnc.TensorSpec((16, 64), "float32")


@pytest.fixture
def text():
    from sample_kernels import scale
    return rblnc.ttir(scale, SPEC, SPEC, 2.0, ROWS=16, COLUMNS=64)


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setenv("RBLNC_CACHE_DIR", str(tmp_path / "cache"))
    return tmp_path / "cache"


def entries(folder):
    return sorted(folder.glob("llvmcache-*"))


def rblnc_(*arguments):
    """The program, which looks into the same folder of the environment."""
    return subprocess.run([os.environ["RBLNC"], *map(str, arguments)], capture_output=True, text=True, check=False)


def test_a_second_compilation_reads_the_first_one(text, folder):
    first = runtime.compile_text(text)
    second = runtime.compile_text(text)
    assert first.data == second.data and (first.cached, second.cached) == (False, True)
    assert list(folder.iterdir()) == entries(folder) and len(entries(folder)) == 1


def test_what_decides_the_bundle_decides_the_entry(text, folder):
    options = _options.parse({})
    ways = [{}, {"target": "rbln-ca25"}, {"name": "other.ttir"}, {"bind": {"factor": 2.0}}, {"bind": {"factor": 3.0}},
            *({"options": replace(options, **{name: value})} for name, value in
              (("strict", True), ("naive_partition_skip", True), ("host_layout", "0"), ("compute_dtype", "dlf16")))]
    made = [runtime.compile_text(text, **way) for way in ways] + [runtime.compile_text(text + "\n")]
    assert not any(bundle.cached for bundle in made)
    assert len(entries(folder)) == len(made) == 10


@pytest.mark.parametrize("damage", [lambda data: b"", lambda data: data[:-1], lambda data: data[:100] + b"\xff" * 8
                                    + data[108:], lambda data: b"not an entry"],
                         ids=["empty", "cut", "changed", "foreign"])
def test_a_damaged_entry_is_compiled_again(text, folder, damage):
    whole = runtime.compile_text(text).data
    entry, = entries(folder)
    kept = entry.read_bytes()
    entry.write_bytes(damage(kept))
    again = runtime.compile_text(text)
    assert again.data == whole and not again.cached
    assert entry.read_bytes() == kept


@pytest.mark.parametrize("variable", [("RBLNC_CACHE", "0"), ("RBLNC_CACHE", "Off"), ("TRITON_ALWAYS_COMPILE", "1")], ids="=".join)
def test_switched_off(text, folder, monkeypatch, variable):
    monkeypatch.setenv(*variable)
    assert not any(runtime.compile_text(text).cached for _ in range(2))
    assert not folder.exists()


def test_fresh_finds_nothing(text, folder):
    runtime.compile_text(text)
    assert not runtime.compile_text(text, fresh=True).cached


def test_a_folder_that_cannot_be_written_costs_a_warning(text, tmp_path, monkeypatch):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("RBLNC_CACHE_DIR", str(tmp_path / "file" / "below"))
    with pytest.warns(UserWarning, match="RBLNC_CACHE_DIR") as seen:
        assert runtime.compile_text(text).data
    assert len(seen) == 1


def test_warnings_and_refusals_are_said_again(folder):
    text = (ROOT / "kernels/ttir/3.6.0/vector_add.bf16.raw.ttir").read_text()
    said = []
    for _ in range(2):
        with pytest.warns(rblnc.CompileWarning) as seen:
            bundle = runtime.compile_text(text)
        said.append(([str(warning.message) for warning in seen], bundle.warnings))
        with pytest.raises(native.CompileError) as refused:
            runtime.compile_text(text, options=_options.parse({"strict": True}))
        said.append((str(refused.value), refused.value.diagnostics))
    assert bundle.cached and len(said[0][0]) == 3 and said[:2] == said[2:]
    assert len(entries(folder)) == 2


DOORS = [((), {}), (("--target=rbln-ca25", ), {"target": "rbln-ca25"}), (("--bind=factor=2.5", ), {"bind": {"factor": 2.5}}),
         (("--host-layout=0", ), {"host_layout": [0]}), (("--compute-dtype=dlf16", ), {"compute_dtype": "dlf16"}),
         (("--shape=x=16x64", ), {"shapes": {"x": (16, 64)}}), (("--strict", "--naive-partition-skip"),
                                                                {"strict": True, "naive_partition_skip": True})]


@pytest.mark.parametrize("options, keywords", DOORS, ids=[" ".join(options) or "defaults" for options, _ in DOORS])
@pytest.mark.parametrize("first", ["compile", "batch", "python"])
def test_the_doors_share_entries(text, tmp_path, first, options, keywords):
    """What one of them compiled, the others find."""
    folder, kernel = tmp_path / "cache", tmp_path / "kernels" / "scale.ttir"
    kernel.parent.mkdir()
    kernel.write_text(text)

    def compile_():
        done = rblnc_("compile", kernel, "-o", tmp_path / "out.rbln", "--cache", folder, "-v", *options)
        assert done.returncode == 0, done.stderr
        return ": hit" in done.stderr, (tmp_path / "out.rbln").read_bytes()

    def batch():
        done = rblnc_("batch", kernel.parent, "-o", tmp_path / "out", "--cache", folder, *options)
        assert done.returncode == 0, done.stderr
        return "(1 cached)" in done.stdout, (tmp_path / "out" / "scale.rbln").read_bytes()

    def python():
        bundle = native.compile(text, name="scale.ttir", cache=folder, **keywords)
        return bundle.cached, bundle.data

    doors = {"compile": compile_, "batch": batch, "python": python}
    hit, data = doors.pop(first)()
    assert not hit
    assert [door() for door in doors.values()] == [(True, data)] * 2
    assert len(entries(folder)) == 1


def test_the_doors_share_the_folder_of_the_environment(text, tmp_path, monkeypatch):
    (tmp_path / "kernel.ttir").write_text(text)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("RBLNC_CACHE_DIR", "~/mine")
    assert not runtime.compile_text(text).cached
    assert ": hit" in rblnc_("compile", tmp_path / "kernel.ttir", "-v").stderr
    assert len(entries(tmp_path / "mine")) == 1


def test_default_folders(monkeypatch, tmp_path):
    monkeypatch.delenv("RBLNC_CACHE_DIR")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert cache.directory() == tmp_path / "rblnc" / "bundles"
    monkeypatch.setenv("XDG_CACHE_HOME", "relative")
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    assert cache.directory() == tmp_path / "home" / ".cache" / "rblnc" / "bundles"


def test_many_writers_leave_a_whole_entry(text, folder):
    """Threads of a process compile, and what is kept for graphs is written, at once."""
    with ThreadPoolExecutor(8) as pool:
        assert len({bundle.data for bundle in pool.map(lambda _: runtime.compile_text(text), range(16))}) == 1
        data = [bytes([i]) * 100_000 for i in range(8)]
        list(pool.map(lambda i: cache.put("entry", data[i % 8]), range(64)))
    assert cache.get("entry") in data
    assert set(folder.iterdir()) == {*entries(folder), folder / "entry.rbln"}
    mask = os.umask(0)
    os.umask(mask)
    assert {stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()} == {0o666 & ~mask}


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
