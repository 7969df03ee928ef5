"""What goes wrong in a batch: it is said where, and nothing else is lost by it."""
import os
import signal
import subprocess
import time

import batch_files
import numpy
import pytest


@pytest.fixture(autouse=True)
def own_cache(tmp_path, monkeypatch):
    monkeypatch.setenv("RBLNC_CACHE_DIR", str(tmp_path / "cache"))


@pytest.mark.parametrize("text, line, words", [
    ("[[kernel]]\ninput = 'k.ttir'\nbnd = { N = 1 }", 3, ["bnd", "did you mean 'bind'"]),
    ("[[kernel]]\nname = 'x'", 1, ["no 'input'"]),
    ("[[kernel]\n", 1, []),
    ("kernels = 1", 1, ["'kernels'"]),
    ("[[kernel]]\ninput = 3", 2, ["'input' is an integer", "a string"]),
    ("[[kernel]]\ninput = 'k.ttir'\ntarget = 'rbln-xx'", 3, ["rbln-xx"]),
    ("[[kernel]]\ninput = '{a}.ttir'\nkeys = { b = [1] }", 2, ["{a}"]),
    ("[[kernel]]\ninput = 'k.ttir'\nkeys = { b = 1 }", 3, ["'b' is an integer"]),
    ("[[kernel]]\ninput = 'k.ttir'\nkeys = { b = [1] }\nexclude = [{ c = 1 }]", 4, ["'c'"]),
    ("[[kernel]]\ninput = 'k.ttir'\nbudget = { time = 1 }", 3, ["budget.time"]),
    ("[[kernel]]\ninput = 'k.ttir'\nkeys = { b = [1] }\nexclude = ['1']", 4, ["'exclude' holds a string", "{ key = value }"]),
    ("[[kernel]]\ninput = 'k.ttir'\nkeys = { b = [1] }\nexclude = [{ b = '>1x' }]", 4, ["'>1x'", "no number"]),
    ("[[kernel]]\ninput = 'k.ttir'\nkeys = { b = [1] }\nname = 'k{b'", 4, ["'{b' in 'k{b' names no key"]),
    ("[[kernel]]\ninput = 'k.ttir'\nengines = 4294967297", 3, ["'engines' is 4294967297", "from 1 to 1048576"]),
    ("[[kernel]]\ninput = 'k.ttir'\nrounds = 0", 3, ["'rounds' is 0", "from 1 to 1048576"]),
    ("[[kernel]]\ninput = 'k.ttir'\nseed = -1", 3, ["'seed' is -1", "from 0"]),
    ("[[kernel]]\ninput = 'k.ttir'\natol = -0.5", 3, ["'atol' is -0.5", "from 0"]),
    ("[[kernel]]\ninput = 'k.ttir'\nsplit = 'mots'", 3, ["'split'", "'mots'", "did you mean 'most'"]),
    ("[[kernel]]\ninput = 'k.ttir'\ncompute_dtype = 'f16'", 3, ["'compute_dtype'", "'f16'", "bf16, dlf16"]),
    ("[[kernel]]\ninput = 'k.ttir'\ntarget = ['rbln-ca22', 'rbln-ca22']", 3, ["'rbln-ca22' is given twice"]),
    ("[[kernel]]\ninput = 'k.ttir'\ntarget = []", 3, ["'target' is an empty list"]),
    ("[[kernel]]\ninput = 'k.ttir'\ntarget = 'rbln-ca22'\ntarget_file = 'c.json'", 4, ["exclude each other"]),
    ("[[kernel]]\ninput = 'k.ttir'\nname = 'a/../../b'", 3, ["'a/../../b' leaves the folder"]),
    ("[defaults]\nname = 'x'\n[[kernel]]\ninput = 'k.ttir'", 2, ["'name' is no key of defaults"]),
    ("", 0, ["no kernel"]),
])
def test_broken_manifests(rblnc, tmp_path, text, line, words):
    (tmp_path / "m.toml").write_text(text)
    process = rblnc("batch", "--manifest", tmp_path / "m.toml")
    assert process.returncode == 1 and "RBLN-I052" in process.stderr, process.stderr
    if line:
        assert f"m.toml:{line}:" in process.stderr, process.stderr
    for word in words:
        assert word in process.stderr


@pytest.mark.parametrize("arguments, words", [
    ((), "--manifest"), (("k", "--manifest", "m.toml"), "exclude each other"), (("k", "--shard", "3/2"), "3/2"),
    (("k", "--shard", "0/2"), "0/2"), (("k", "--memory", "much"), "much"), (("k", "-o", ""), "-o")])
def test_usage(rblnc, tmp_path, arguments, words):
    process = rblnc("batch", *arguments)
    assert process.returncode == 2 and words in process.stderr


def test_nothing_to_do(rblnc, tmp_path):
    (tmp_path / "empty").mkdir()
    assert "RBLN-I001" in rblnc("batch", tmp_path / "empty").stderr
    kernels = batch_files.good(tmp_path / "kernels")
    assert "RBLN-I053" in rblnc("batch", kernels, "--filter", "nothing*").stderr
    assert "RBLN-I001" in rblnc("batch", tmp_path / "missing").stderr


def test_two_kernels_of_one_name(rblnc, tmp_path):
    a, b = (batch_files.good(tmp_path / name, ["gelu.r1c256.raw"]) for name in "ab")
    process = rblnc("batch", a, b, "-o", tmp_path / "out")
    assert process.returncode == 1 and "RBLN-I053" in process.stderr and str(b) in process.stderr
    assert not (tmp_path / "out").exists()


def test_a_report_does_not_replace_a_kernel(rblnc, tmp_path):
    kernels = batch_files.good(tmp_path / "kernels", ["gelu.r1c256.raw"])
    path = kernels / "gelu.r1c256.raw.ttir"
    before = path.read_bytes()
    process = rblnc("batch", kernels, "--json", path)
    assert process.returncode == 2 and path.read_bytes() == before


def test_a_kernel_that_takes_too_long(rblnc, tmp_path):
    kernels = batch_files.good(tmp_path / "kernels")
    os.mkfifo(kernels / "pipe.ttir")  # nobody ever writes to it
    process = rblnc("batch", kernels, "--timeout", "2", "-j", 1)
    assert process.returncode == 1 and "RBLN-P020" in process.stderr and "3 ok" in process.stdout


def test_a_kernel_that_needs_too_much_memory(rblnc, tmp_path):
    kernels = batch_files.good(tmp_path / "kernels")
    (kernels / "large.ttir").write_text("module {\n" + "// a comment\n" * 20_000_000 + "}\n")
    process = rblnc("batch", kernels, "--memory", "512MiB", "-j", 1)
    assert process.returncode == 1 and "RBLN-P021" in process.stderr and "3 ok" in process.stdout


def test_results_that_differ(rblnc, tmp_path):
    batch_files.good(tmp_path / "kernels", ["vector_add.r2c32.raw"])
    numpy.save(tmp_path / "zeros.npy", numpy.zeros((2, 32), numpy.float32))
    (tmp_path / "m.toml").write_text("[[kernel]]\ninput = 'kernels/vector_add.r2c32.raw.ttir'\n"
                                     "expect = { OUT = 'zeros.npy' }\n")
    signature = rblnc.done("compile", tmp_path / "kernels/vector_add.r2c32.raw.ttir", "-o", tmp_path / "k.rbln")
    name = [line.split(":")[0] for line in rblnc.done("run", tmp_path / "k.rbln").stdout.splitlines()][-1]
    (tmp_path / "m.toml").write_text((tmp_path / "m.toml").read_text().replace("OUT", name))
    process = rblnc("batch", "--manifest", tmp_path / "m.toml")
    assert process.returncode == 3 and "RBLN-R011" in process.stderr and "1 differ" in process.stdout, signature


def test_a_budget_that_does_not_suffice(rblnc, tmp_path):
    batch_files.good(tmp_path / "kernels", ["vector_add.r2c32.raw"])
    (tmp_path / "m.toml").write_text("[[kernel]]\ninput = 'kernels/vector_add.r2c32.raw.ttir'\n"
                                     "budget = { time_us = 0.001, dram_bytes = 1 }\n")
    process = rblnc("batch", "--manifest", tmp_path / "m.toml")
    assert process.returncode == 3 and process.stderr.count("RBLN-R016") == 2


def test_output_that_cannot_be_written(rblnc, tmp_path):
    kernels = batch_files.good(tmp_path / "kernels")
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "gelu.r1c256.raw.rbln").mkdir()
    process = rblnc("batch", kernels, "-o", tmp_path / "out")
    assert process.returncode == 1 and "RBLN-R010" in process.stderr and "2 ok" in process.stdout


def test_a_cache_that_cannot_be_written(rblnc, tmp_path):
    kernels = batch_files.good(tmp_path / "kernels")
    (tmp_path / "file").write_text("")
    process = rblnc("batch", kernels, "--cache", tmp_path / "file" / "below")
    assert process.returncode == 0 and "3 ok (0 cached)" in process.stdout
    assert process.stderr.count("not kept") == 1, process.stderr


def test_fail_fast(rblnc, tmp_path):
    kernels = batch_files.good(tmp_path / "kernels")
    (kernels / "a-loop.ttir").write_text(batch_files.REFUSED)
    process = rblnc("batch", kernels, "-x", "-j", 1)
    assert process.returncode == 1 and "1 refused" in process.stdout and "not finished" in process.stdout


def test_an_interrupt_keeps_what_is_done(rblnc, tmp_path):
    kernels = batch_files.good(tmp_path / "kernels")
    os.mkfifo(kernels / "zz.ttir")
    process = subprocess.Popen([rblnc.binary, "batch", kernels, "-o", tmp_path / "out", "-j", "1", "--json",
                                tmp_path / "r.json"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    deadline = time.monotonic() + 60
    while len(list((tmp_path / "out").glob("*.rbln"))) < 3 and time.monotonic() < deadline:
        time.sleep(0.05)
    process.send_signal(signal.SIGINT)
    out, _ = process.communicate(timeout=60)
    assert process.returncode == 130 and "3 ok" in out and "1 not finished" in out
    assert (tmp_path / "r.json").exists() and len(list((tmp_path / "out").iterdir())) == 3


def test_a_process_that_dies_is_one_failure(rblnc, tmp_path):
    kernels = batch_files.good(tmp_path / "kernels")
    os.mkfifo(kernels / "aa.ttir")
    process = subprocess.Popen([rblnc.binary, "batch", kernels, "-j", "1"], stdout=subprocess.PIPE,
                               stderr=subprocess.PIPE, text=True)
    deadline = time.monotonic() + 60
    worker = []
    while not worker and time.monotonic() < deadline:
        worker = subprocess.run(["ps", "-o", "pid=", "--ppid", str(process.pid)], capture_output=True, text=True,
                                check=False).stdout.split()
        time.sleep(0.05)
    os.kill(int(worker[0]), signal.SIGKILL)
    out, err = process.communicate(timeout=60)
    assert process.returncode == 70 and "3 ok" in out and "1 internal" in out
    assert "RBLN-X001" in err and "signal 9" in err
