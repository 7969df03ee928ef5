"""rblnc as a backend of Triton itself: stock @triton.jit kernels, launches, warmup, triton.compile, caches, hooks."""
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
import torch
import triton
from triton.backends.compiler import GPUTarget
from triton.compiler import ASTSource

import rblnc
from rblnc import backend
from rblnc.arguments import ArgumentError
from sample_kernels import add_tiles, scale, stock_scale

TARGET = GPUTarget("rblnc", "rbln-ca22", 1)
SIGNATURE = {"x": "*fp32", "output": "*fp32", "factor": "fp32", "ROWS": "constexpr", "COLUMNS": "constexpr"}


@pytest.fixture
def x():
    return torch.randn(24, 64, generator=torch.Generator().manual_seed(0))


@pytest.fixture
def caches(tmp_path, monkeypatch):
    """Empty caches of Triton's and rblnc's own, and a kernel that is not in memory."""
    monkeypatch.setenv("TRITON_CACHE_DIR", str(tmp_path / "triton"))
    monkeypatch.setenv("RBLNC_CACHE_DIR", str(tmp_path / "rblnc"))
    return tmp_path


@pytest.mark.parametrize("kernel", [scale, stock_scale], ids=["rblnc.triton.jit", "triton.jit"])
def test_launch(kernel, x):
    output = torch.empty_like(x)
    compiled = kernel[(1, )](x, output, 3.0, ROWS=24, COLUMNS=64)
    assert torch.equal(output, x * 3)
    assert set(compiled.asm) >= {"ttir", "rbln"} and rblnc.Bundle.from_bytes(compiled.asm["rbln"]).kernel == "scale"
    kernel[lambda meta: (1, )](x, output, 4.0, ROWS=24, COLUMNS=64)
    assert torch.equal(output, x * 4)


@pytest.mark.parametrize("kernel", [scale, stock_scale], ids=["rblnc.triton.jit", "triton.jit"])
def test_a_shape_is_a_specialisation(kernel, x):
    """The same strides and constants, another tensor: the kernel is compiled for what it gets."""
    output = torch.zeros(30, 64)
    first = kernel[(1, )](x, output[:24], 2.0, ROWS=16, COLUMNS=64)
    second = kernel[(1, )](x[:16], output[:16], 2.0, ROWS=16, COLUMNS=64)
    assert first is not second
    assert "rblib.shape.0 = dense<[24, 64]>" in first.asm["ttir"]
    assert "rblib.shape.0 = dense<[16, 64]>" in second.asm["ttir"]


def test_warmup_of_a_stock_kernel(x):
    output = torch.zeros_like(x)
    compiled = stock_scale.warmup(x, output, 2.0, ROWS=24, COLUMNS=64, grid=(1, ))
    assert not output.any() and "tt.func" in compiled.asm["ttir"]
    compiled[(1, 1, 1)](x, output, 2.0, 24, 64)
    assert torch.equal(output, x * 2)


def test_warmup_from_types(x):
    output = torch.zeros_like(x)
    compiled = stock_scale.warmup(torch.float32, torch.float32, 2.0, ROWS=24, COLUMNS=64, grid=(1, ))
    compiled[(1, 1, 1)](x, output, 2.0, 24, 64)
    assert torch.equal(output, x * 2)


def test_compile(x):
    output = torch.zeros_like(x)
    source = ASTSource(stock_scale, SIGNATURE, {"ROWS": 24, "COLUMNS": 64})
    compiled = triton.compile(source, target=TARGET)
    assert compiled.metadata.target == TARGET and compiled.name == "scale"
    assert isinstance(compiled.asm["rbln"], bytes) and "tt.make_tensor_ptr" in compiled.asm["ttir"]
    compiled[(1, 1, 1)](x, output, 2.0, 24, 64)
    assert torch.equal(output, x * 2)


def test_compile_of_a_file(x, tmp_path):
    path = tmp_path / "kernel.ttir"
    root = Path(__file__).resolve().parents[3]
    path.write_text((root / "kernels/ttir/3.6.0/vector_add.r64c64.raw.ttir").read_text())
    compiled = triton.compile(str(path), target=TARGET)
    assert rblnc.Bundle.from_bytes(compiled.asm["rbln"]).kernel == "vector_add"


def test_chips_are_targets():
    source = ASTSource(stock_scale, SIGNATURE, {"ROWS": 24, "COLUMNS": 64})
    compiled = triton.compile(source, target=GPUTarget("rblnc", "rbln-cr03", 1))
    assert rblnc.Bundle.from_bytes(compiled.asm["rbln"]).target == "rbln-cr03"


def test_a_number_that_is_one_becomes_a_constant(x):
    """As everywhere in Triton; the launch still takes it."""
    output = torch.empty_like(x)
    compiled = stock_scale[(1, )](x, output, 1, ROWS=24, COLUMNS=64)
    assert torch.equal(output, x)
    assert len(rblnc.Bundle.from_bytes(compiled.asm["rbln"]).arguments) == 2


def test_larger_than_the_front_end_allows():
    """Extents that are no powers of two, and more than 2^20 elements, in a stock kernel."""
    x = torch.randn(3 * 2**10 + 1, 384)
    output = torch.empty_like(x)
    stock_scale[(1, )](x, output, 2.0, ROWS=x.shape[0], COLUMNS=384)
    assert torch.equal(output, x * 2)


def test_disk_cache(caches, x):
    source = ASTSource(stock_scale, SIGNATURE, {"ROWS": 24, "COLUMNS": 64})
    hits = []
    triton.knobs.compilation.listener = lambda *, cache_hit, **_: hits.append(cache_hit)
    try:
        first = triton.compile(source, target=TARGET)
        second = triton.compile(source, target=TARGET)
    finally:
        triton.knobs.compilation.listener = None
    assert hits == [False, True] and first.asm["rbln"] == second.asm["rbln"] and first.hash == second.hash
    names = {path.name for path in (caches / "triton").glob("*/*")}
    assert {"scale.ttir", "scale.rbln", "scale.source", "scale.json"} <= names
    output = torch.empty_like(x)
    second[(1, 1, 1)](x, output, 2.0, 24, 64)
    assert torch.equal(output, x * 2)


def test_another_process_uses_the_disk_cache(caches):
    script = ("import torch, json, rblnc.triton, triton\nfrom sample_kernels import stock_scale\nhits = []\n"
              "triton.knobs.compilation.listener = lambda *, cache_hit, **_: hits.append(cache_hit)\n"
              "x = torch.ones(24, 64)\nstock_scale[(1,)](x, x, 2.0, ROWS=24, COLUMNS=64)\n"
              "print(json.dumps([hits, x.sum().item()]))")
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    for expected in (False, True):
        done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, env=environment,
                              check=False)
        assert done.returncode == 0, done.stderr
        assert json.loads(done.stdout) == [[expected], 2.0 * 24 * 64]


def test_launch_hooks(x):
    seen = []
    triton.knobs.runtime.launch_enter_hook.add(lambda metadata: seen.append(metadata.get()["name"]))
    triton.knobs.runtime.launch_exit_hook.add(lambda metadata: seen.append("done"))
    try:
        stock_scale[(1, )](x, torch.empty_like(x), 2.0, ROWS=24, COLUMNS=64)
    finally:
        triton.knobs.runtime.launch_enter_hook.calls.clear()
        triton.knobs.runtime.launch_exit_hook.calls.clear()
    assert seen == ["scale", "done"]


def test_in_place(x):
    expected = x * 2
    stock_scale[(1, )](x, x, 2.0, ROWS=24, COLUMNS=64)
    assert torch.equal(x, expected)


def test_activation():
    backend.activate("rbln-ca25")
    try:
        assert backend.is_active()
        target = triton.runtime.driver.active.get_current_target()
        assert (target.backend, target.arch) == ("rblnc", "rbln-ca25")
        x = torch.ones(16, 64)
        compiled = add_tiles[(1, )](x, x, torch.empty_like(x), ROWS=16, COLUMNS=64, BLOCK=8)
        assert rblnc.Bundle.from_bytes(compiled.asm["rbln"]).target == "rbln-ca25"
    finally:
        backend.activate()


def test_another_active_device_is_left_alone(x):
    """A kernel of rblnc's jit runs on the emulator while another driver is active, and that driver stays active."""

    class Other(type(triton.runtime.driver.active)):

        def get_current_target(self):
            raise AssertionError("the kernel was launched on the other device")

    Other.__name__ = "OtherDriver"
    other = Other()
    triton.runtime.driver.set_active(other)
    try:
        output = torch.empty_like(x)
        scale[(1, )](x, output, 2.0, ROWS=24, COLUMNS=64)
        assert torch.equal(output, x * 2) and triton.runtime.driver.active is other
    finally:
        backend.activate()


def test_arguments_are_checked(x):
    compiled = stock_scale.warmup(x, x, 2.0, ROWS=24, COLUMNS=64, grid=(1, ))
    with pytest.raises(ArgumentError, match=r"\(12, 64\)"):
        compiled[(1, 1, 1)](x[:12], x[:12], 2.0, 24, 64)
