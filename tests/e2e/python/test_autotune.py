"""triton.autotune chooses by the modelled time, which is the same on every host."""
import pytest
import torch
import triton

import rblnc
from rblnc import native, triton as rblnc_triton
from sample_kernels import add_tiles

CONFIGURATIONS = [triton.Config({"BLOCK": block}) for block in (4, 256)]


def tuned(**options):
    return triton.autotune(configs=CONFIGURATIONS, key=["ROWS"], **options)(add_tiles)


@pytest.fixture
def arguments():
    x, y = torch.randn(256, 64), torch.randn(256, 64)
    return x, y, torch.empty_like(x)


def test_the_configuration_with_the_least_modelled_time(arguments):
    kernel = tuned()
    x, y, output = arguments
    kernel[(1, )](x, y, output, ROWS=256, COLUMNS=64)
    assert torch.equal(output, x + y)
    times = {config.kwargs["BLOCK"]: timings[0] for config, timings in kernel.configs_timings.items()}
    modelled = {}
    for block in (4, 256):
        compiled = rblnc.warmup(add_tiles, x, y, output, ROWS=256, COLUMNS=64, BLOCK=block)
        modelled[block] = compiled(x, y, output).modelled_seconds * 1e3
    assert times == pytest.approx(modelled, rel=1e-6) and modelled[4] != modelled[256]
    assert kernel.best_config.kwargs["BLOCK"] == min(modelled, key=modelled.get)


def test_again_and_with_another_key(arguments):
    kernel = tuned()
    x, y, output = arguments
    for rows in (256, 256, 512):
        x, y = torch.randn(rows, 64), torch.randn(rows, 64)
        output = torch.empty_like(x)
        kernel[(1, )](x, y, output, ROWS=rows, COLUMNS=64)
        assert torch.equal(output, x + y)
    assert len(kernel.cache) == 2


def test_warmup_of_every_configuration(arguments):
    assert len(tuned().warmup(*arguments, ROWS=256, COLUMNS=64, grid=(1, ))) == len(CONFIGURATIONS)


def test_a_configuration_that_does_not_fit_is_passed_over(arguments, monkeypatch):
    compile_ = native.compile

    def too_large(text, **options):
        if "tensor<256x64xf32>" in str(text):
            error = native.CompileError("add_tiles.py:1:1: error: it does not fit [RBLN-P001]")
            error.diagnostics, error.status = [{"severity": "error", "code": "RBLN-P001"}], 1
            raise error
        return compile_(text, **options)

    monkeypatch.setattr(native, "compile", too_large)
    monkeypatch.setenv("RBLNC_CACHE", "0")
    monkeypatch.setattr(triton.knobs.compilation, "always_compile", True)
    kernel = triton.autotune(configs=CONFIGURATIONS, key=["ROWS"])(triton.jit(add_tiles.fn))
    x, y, output = arguments
    kernel[(1, )](x, y, output, ROWS=256, COLUMNS=64)
    assert torch.equal(output, x + y) and kernel.best_config.kwargs["BLOCK"] == 4


def test_a_kernel_of_rblnc_jit(arguments):
    kernel = triton.autotune(configs=CONFIGURATIONS, key=["ROWS"])(rblnc_triton.jit(add_tiles.fn))
    x, y, output = arguments
    kernel[(1, )](x, y, output, ROWS=256, COLUMNS=64)
    assert torch.equal(output, x + y)


def test_results_on_disk(arguments, tmp_path, monkeypatch):
    monkeypatch.setenv("TRITON_CACHE_DIR", str(tmp_path))
    x, y, output = arguments
    first = tuned(cache_results=True)
    first[(1, )](x, y, output, ROWS=256, COLUMNS=64)
    second = tuned(cache_results=True)
    second[(1, )](x, y, output, ROWS=256, COLUMNS=64)
    assert list(tmp_path.glob("*/*.autotune.json"))
    assert second.best_config.kwargs == first.best_config.kwargs and not hasattr(second, "bench_time")
