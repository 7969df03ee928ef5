"""The cache of compilations: what moves a key, what does not, and what damage does."""
import json
import os
import random
import shutil
import signal
import subprocess
import time

import batch_files
import pytest

KERNEL = "gelu.r1c256.raw"


@pytest.fixture
def kernel(tmp_path):
    return batch_files.good(tmp_path / "kernels", [KERNEL]) / f"{KERNEL}.ttir"


def compile_(rblnc, kernel, cache, *options, environment=None, folder=None):
    process = subprocess.run([rblnc.binary, "compile", kernel, "-o", "-", "--cache", cache, *options],
                             capture_output=True, check=False, env={**os.environ, **(environment or {})}, cwd=folder)
    assert process.returncode == 0, process.stderr
    return process.stdout


def entries(cache):
    return sorted(path.name for path in cache.glob("llvmcache-*"))


@pytest.mark.parametrize("options", [("--target=rbln-ca25", ), ("--engines=1", ), ("--split=none", ), ("--rounds=2", ),
                                     ("--naive-partition-skip", ), ("--host-layout=0", ), ("--emit=rbln-ir", ),
                                     ("--emit=npu", ), ("--target=rbln-ca22,rbln-ca25", )], ids=str)
def test_options_move_the_key(rblnc, kernel, tmp_path, options):
    compile_(rblnc, kernel, tmp_path / "cache")
    compile_(rblnc, kernel, tmp_path / "cache", *options)
    assert len(entries(tmp_path / "cache")) == 2


@pytest.mark.parametrize("change", [
    lambda text: text.replace("256", "512"), lambda text: text + "\n",
    lambda text: text.replace("gelu", "other")], ids=["sizes", "line", "name"])
def test_the_input_moves_the_key(rblnc, kernel, tmp_path, change):
    compile_(rblnc, kernel, tmp_path / "cache")
    kernel.write_text(change(kernel.read_text()))
    compile_(rblnc, kernel, tmp_path / "cache")
    assert len(entries(tmp_path / "cache")) == 2


def test_a_chip_of_ones_own_moves_the_key(rblnc, kernel, tmp_path):
    chip = tmp_path / "mine.json"
    described = json.loads(rblnc.done("targets", "rbln-ca22", "--json").stdout)
    described["name"] = "mine"
    for engines in (8, 4):
        described["figures"]["engines"]["value"] = engines
        chip.write_text(json.dumps(described))
        compile_(rblnc, kernel, tmp_path / "cache", f"--target-file={chip}")
    assert len(entries(tmp_path / "cache")) == 2


def test_what_does_not_move_the_key(rblnc, kernel, tmp_path):
    first = compile_(rblnc, kernel, tmp_path / "cache")
    other = tmp_path / "another folder"
    other.mkdir()
    shutil.copy(kernel, other)
    assert compile_(rblnc, other / kernel.name, tmp_path / "cache") == first
    assert compile_(rblnc, kernel.name, tmp_path / "cache", folder=other) == first
    assert compile_(rblnc, kernel, tmp_path / "cache", environment={"HOME": "/nowhere", "LANG": "ko_KR", "TZ": "Asia/Seoul",
                                                                    "RANK": "3", "OMP_NUM_THREADS": "7"}) == first
    windows = tmp_path / "windows"
    windows.mkdir()
    (windows / kernel.name).write_bytes(kernel.read_bytes().replace(b"\n", b"  \r\n"))
    assert compile_(rblnc, windows / kernel.name, tmp_path / "cache") == first
    shutil.copytree(tmp_path / "cache", tmp_path / "another host")
    assert compile_(rblnc, kernel, tmp_path / "another host") == first
    for cache in ("cache", "another host"):
        assert len(entries(tmp_path / cache)) == 1


def test_a_hit_is_what_compiling_gives(rblnc, kernel, tmp_path):
    fresh = compile_(rblnc, kernel, tmp_path / "cache", "--no-cache")
    assert not (tmp_path / "cache").exists()
    assert [compile_(rblnc, kernel, tmp_path / "cache") for _ in range(2)] == [fresh, fresh]


@pytest.mark.parametrize("damage", [lambda data: b"", lambda data: data[:-1], lambda data: data + b"x",
                                    lambda data: data[:200] + bytes([data[200] ^ 1]) + data[201:], lambda data: b"foreign"],
                         ids=["empty", "cut", "longer", "changed", "foreign"])
def test_damage_is_found(rblnc, kernel, tmp_path, damage):
    whole = compile_(rblnc, kernel, tmp_path / "cache")
    entry, = (tmp_path / "cache").glob("llvmcache-*")
    kept = entry.read_bytes()
    entry.write_bytes(damage(kept))
    assert compile_(rblnc, kernel, tmp_path / "cache") == whole
    assert entry.read_bytes() == kept


def test_info_prune_and_clear(rblnc, tmp_path):
    kernels = batch_files.good(tmp_path / "kernels")
    cache = tmp_path / "cache"
    for name in (batch_files.GOOD[0], batch_files.GOOD[2], batch_files.GOOD[1]):
        compile_(rblnc, kernels / f"{name}.ttir", cache)
        time.sleep(0.02)
    compile_(rblnc, kernels / f"{batch_files.GOOD[0]}.ttir", cache)  # used last
    assert '"entries": 3' in rblnc.done("cache", "info", "--cache", cache, "--json").stdout
    sizes = {name: (cache / name).stat().st_size for name in entries(cache)}
    rblnc.done("cache", "prune", "--cache", cache, "--max-size", str(max(sizes.values()) + 100))
    assert len(entries(cache)) == 1
    before = entries(cache)
    compile_(rblnc, kernels / f"{batch_files.GOOD[0]}.ttir", cache)
    assert entries(cache) == before
    rblnc.done("cache", "clear", "--cache", cache)
    assert not entries(cache)


def test_many_processes_that_are_killed(rblnc, tmp_path):
    """Whatever moment they are killed at, no entry is half there, and the next batch is whole."""
    kernels = batch_files.good(tmp_path / "kernels", [f"{name}.{form}" for name in (
        "gelu.r1c256", "vector_add.r2c32", "log_softmax.r1c64", "cast_chain.r1c128", "masked_add.r1c128") for form in
        ("raw", "opt")])
    command = [rblnc.binary, "batch", kernels, "-o", tmp_path / "out", "--cache", tmp_path / "cache", "-j", "2", "-q"]
    rng = random.Random(5)
    for _ in range(10):
        running = [subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) for _ in range(2)]
        time.sleep(rng.uniform(0.0, 0.3))
        for process in running:
            process.send_signal(signal.SIGKILL)
            process.wait()
        for path in (tmp_path / "out").glob("*.rbln"):
            rblnc.done("inspect", path, "--json")
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert "10 ok" in done.stdout
    fresh = subprocess.run([*command[:4], tmp_path / "fresh", "--no-cache", "-q"], capture_output=True, text=True, check=True)
    assert "10 ok (0 cached)" in fresh.stdout
    for path in (tmp_path / "fresh").glob("*.rbln"):
        assert (tmp_path / "out" / path.name).read_bytes() == path.read_bytes()
