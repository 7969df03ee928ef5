"""Compiled kernels as objects: what warmup returns, and calls on PyTorch tensors and NumPy arrays in place."""
import gc
import threading
import warnings

import numpy as np
import pytest
import torch

import rblnc
from rblnc import launches
import sample_kernels
from sample_kernels import scale, stock_scale, take_rows


@pytest.fixture
def x():
    return torch.randn(24, 64, generator=torch.Generator().manual_seed(0))


def test_warmup_returns_a_compiled_kernel_and_runs_nothing(x):
    output = torch.full_like(x, 7)
    compiled = scale.warmup(x, output, 2.0, ROWS=24, COLUMNS=64, grid=(1, ), host_layout="0:1", compute_dtype="bf16")
    assert torch.equal(output, torch.full_like(x, 7))
    assert "tt.func" in compiled.ttir and compiled.asm == {"ttir": compiled.ttir, "rbln": compiled.rbln}
    assert rblnc.Bundle.from_bytes(compiled.rbln).kernel == compiled.name == "scale"
    assert [argument.kind for argument in compiled.signature] == ["tensor", "tensor", "scalar"]
    assert compiled.host_layout == (0, 1) and compiled.compute_dtype == "bf16"
    assert compiled.constants == {"ROWS": 24, "COLUMNS": 64}
    assert b"--host-layout=0:1" in compiled.rbln


def test_call_on_tensors(x):
    output = torch.empty_like(x)
    compiled = scale.warmup(x, output, 2.0, 24, 64)
    stats = compiled(x, output, 3.0)
    assert torch.equal(output, x * 3)
    assert stats.modelled_seconds > 0 and isinstance(stats.as_dict(), dict)


@pytest.mark.parametrize("call", [
    lambda compiled, x, output: compiled(x, output, 4.0, 24, 64),
    lambda compiled, x, output: compiled(x, output, factor=4.0),
    lambda compiled, x, output: compiled(x, output, torch.tensor(4.0, dtype=torch.bfloat16)),
    lambda compiled, x, output: compiled(x, output, np.float64(4), ROWS=24),
    lambda compiled, x, output: compiled[(1, )](x, output, 4),
    lambda compiled, x, output: rblnc.launch(scale, x, output, 4.0, ROWS=24, COLUMNS=64),
    lambda compiled, x, output: rblnc.launch(stock_scale, x, output, 4.0, 24, 64),
    lambda compiled, x, output: scale[(1, )](x, output, 4.0, ROWS=24, COLUMNS=64),
], ids=["constexprs", "keywords", "0-d tensor", "NumPy number", "grid", "launch", "launch of Triton's own", "kernel"])
def test_ways_to_call(x, call):
    output = torch.empty_like(x)
    call(scale.warmup(x, output, 2.0, 24, 64), x, output)
    assert torch.equal(output, x * 4)


def test_numpy_arrays_are_used_in_place():
    x = np.random.default_rng(0).standard_normal((24, 64)).astype(np.float32)
    for run in (scale.warmup(x, x, 2.0, 24, 64), lambda *args: scale[(1, )](*args, ROWS=24, COLUMNS=64)):
        output = np.zeros_like(x)
        run(x, output, 2.0)
        assert np.array_equal(output, x * 2)


def test_a_view_is_used_in_place(x):
    whole = torch.zeros(3, 24, 64)
    scale.warmup(x, whole[1], 2.0, 24, 64)(x, whole[1], 2.0)
    assert torch.equal(whole[1], x * 2) and not whole[0].any() and not whole[2].any()


def test_a_plain_kernel_compiles_without_warnings(x):
    """3.7 says that block pointers are deprecated, which on the NPU they are not."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        scale.warmup(x[:3].clone(), x[:3].clone(), 2.0, 3, 64)


def test_warmup_from_shapes_alone(x):
    spec = rblnc.TensorSpec((24, 64), "float32")
    output = torch.empty_like(x)
    for arguments in ((spec, spec, 2.0), (x.to("meta"), x.to("meta"), 2.0), (torch.float32, torch.float32, 2.0)):
        output.zero_()
        rblnc.warmup(scale, *arguments, ROWS=24, COLUMNS=64)(x, output, 2.0)
        assert torch.equal(output, x * 2)


def test_the_same_specialisation_is_one_kernel(x):
    first = scale.warmup(x, x, 2.0, 24, 64)
    assert scale.warmup(x.clone(), x, 9.0, 24, 64) is first
    assert scale.warmup(x[:12].clone(), x[:12].clone(), 2.0, 12, 64) is not first
    assert scale.warmup(x, x, 2.0, 24, 64, target="rbln-ca25") is not first


def test_dynamic_index():
    x, output = torch.randn(16, 64), torch.ones(16, 64)
    count = torch.tensor([[5]], dtype=torch.int32)
    take_rows[(1, )](x, count, output, ROWS=16)
    assert torch.equal(output[:5], x[:5]) and not output[5:].any()


def test_threads_run_one_kernel_at_once(x):
    compiled = scale.warmup(x, x, 2.0, 24, 64)
    outputs = [torch.empty_like(x) for _ in range(4)]
    threads = [threading.Thread(target=lambda i=i: [compiled(x, outputs[i], float(i)) for _ in range(50)])
               for i in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for factor, output in enumerate(outputs):
        assert torch.equal(output, x * factor)


def test_a_call_keeps_nothing(x):
    output = torch.empty_like(x)
    compiled = scale.warmup(x, output, 2.0, 24, 64)
    compiled(x, output, 2.0)
    gc.collect()
    before = len(gc.get_objects())
    for _ in range(100):
        compiled(x, output, 2.0)
    gc.collect()
    assert len(gc.get_objects()) <= before + 20


def test_recorded_runs(x):
    with launches.recorded() as runs:
        scale[(1, )](x, torch.empty_like(x), 2.0, ROWS=24, COLUMNS=64)
    assert len(runs) == 1 and runs[0].modelled_seconds > 0


def test_a_global_constant_that_changes_is_another_kernel(monkeypatch):
    x, output = torch.zeros(4, 64), torch.empty(4, 64)
    for value in (5.0, 6.0, 5.0):
        monkeypatch.setattr(sample_kernels, "STEP", type(sample_kernels.STEP)(value))
        sample_kernels.add_step.warmup(x, output, 4)(x, output)
        assert (output == value).all()


def test_autograd_sees_that_a_result_was_written(x):
    compiled = scale.warmup(x, x, 2.0, *x.shape)
    weight, output = torch.ones_like(x, requires_grad=True), torch.zeros_like(x)
    product = (weight * output).sum()
    compiled(x, output, 2.0)
    with pytest.raises(RuntimeError, match="modified by an inplace operation"):
        product.backward()
