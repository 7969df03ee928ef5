"""Files in the vendor's manner, with nothing but their import root changed."""
import importlib.util
import os
import subprocess
import sys
from pathlib import Path

import pytest
import torch
from kernels.attention import cases

import compile_backends
import paged_attention as model
import sample_kernels
from rblnc import host

FOLDER = Path(__file__).resolve().parent / "vendor_style"


def load(name, tmp_path_factory):
    """The module of a file whose `rebel` is replaced by `rblnc`."""
    text = (FOLDER / f"{name}.py").read_text()
    assert text.count("from rebel") == 3
    path = tmp_path_factory.mktemp("vendor") / f"{name}.py"
    path.write_text(text.replace("from rebel", "from rblnc"))
    spec = importlib.util.spec_from_file_location(name, path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def scaled_residual_file(tmp_path_factory):
    return load("scaled_residual", tmp_path_factory)


@pytest.fixture
def scaled_residual(scaled_residual_file):
    return torch.ops.rbln_triton_ops.scaled_residual


@pytest.fixture(scope="module")
def cached_decode(tmp_path_factory):
    load("cached_decode", tmp_path_factory)
    return torch.ops.rbln_triton_ops.cached_decode


@pytest.fixture
def arguments():
    return torch.randn(1, 96, 64), torch.randn(1, 96, 64), torch.tensor(1.5)


def test_an_element_wise_operator(scaled_residual, arguments):
    x, residual, scale = arguments
    torch.testing.assert_close(scaled_residual(*arguments), x * scale + residual)


@pytest.mark.parametrize("backend", compile_backends.ALL)
def test_in_a_compiled_model(scaled_residual, arguments, backend):
    """triton_op is traced into; the launch is in the graph all the same."""
    torch._dynamo.reset()
    x, residual, scale = arguments
    compiled = torch.compile(lambda x, residual, scale: scaled_residual(x + 1, residual, scale) * 2, backend=backend,
                             fullgraph=True)
    for _ in range(2):
        torch.testing.assert_close(compiled(x, residual, scale), ((x + 1) * scale + residual) * 2)
    torch.testing.assert_close(compiled(x, residual, scale * 3), ((x + 1) * scale * 3 + residual) * 2)


@pytest.mark.skipif("inductor" not in compile_backends.AVAILABLE, reason="there is no g++, or no Python.h")
def test_a_compiled_model_from_the_cache_of_another_process(tmp_path):
    """The second process traces nothing: it loads the graph and has to find the kernel in it."""
    (tmp_path / "operators.py").write_text((FOLDER / "scaled_residual.py").read_text().replace("from rebel",
                                                                                              "from rblnc"))
    script = ("import operators, torch\nfrom torch._dynamo.utils import counters\n"
              "model = torch.compile(lambda *tensors: torch.ops.rbln_triton_ops.scaled_residual(*tensors) + 1)\n"
              "x = torch.randn(1, 96, 64)\n"
              "torch.testing.assert_close(model(x, x, torch.tensor(1.5)), x * 2.5 + 1)\n"
              "print(counters['aot_autograd']['autograd_cache_hit'])")
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(tmp_path), *sys.path]),
                   "TORCHINDUCTOR_CACHE_DIR": str(tmp_path / "inductor"), "RBLNC_CACHE_DIR": str(tmp_path / "rblnc")}
    for hits in ("0", "1"):
        done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, env=environment,
                              check=False)
        assert done.returncode == 0, done.stderr
        assert done.stdout.split() == [hits]


@pytest.mark.parametrize("call", [
    lambda rblib, kernel, params: kernel.warmup(*params, grid=(1, )),
    lambda rblib, kernel, params: rblib.warmup(kernel, *params),
    lambda rblib, kernel, params: rblib.warmup(kernel, {"vector_inputs": 2, "host_layout": [1]}, *params),
], ids=["kernel", "rblib", "kernel_conf"])
def test_the_helpers_of_rblib(arguments, call, scaled_residual_file):
    """The kernel's own warmup compiles; rblib's runs it as well."""
    from rblnc import libdevice as rblib
    x, residual, scale = arguments
    output = torch.zeros_like(x)
    params = [x, residual, output, scale, 96, 64, 32]
    compiled = call(rblib, scaled_residual_file.scaled_residual, params)
    text, bundle = rblib.write_rtosa(compiled)
    assert text.read_text() == compiled.ttir and bundle.read_bytes() == compiled.rbln
    rblib.write_rtosa(compiled, params)
    torch.testing.assert_close(output, x * scale + residual)


def test_opcheck(scaled_residual, arguments):
    assert set(torch.library.opcheck(scaled_residual, arguments).values()) == {"SUCCESS"}


def test_artifacts_go_to_their_folder_not_to_the_current_one(scaled_residual, arguments, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("RBLNC_OUTPUT_DIR", str(tmp_path / "artifacts"))
    scaled_residual(*arguments)
    assert [path.name for path in tmp_path.iterdir()] == ["artifacts"]
    names = sorted(path.suffix for path in (tmp_path / "artifacts").iterdir())
    assert names == [".rbln", ".ttir"]


@pytest.mark.parametrize("size", [0, 1])
def test_paged_decode(cached_decode, size):
    """Outputs and the whole cache over several steps; the cache changes although mutates_args is empty, as it does with
    the vendor's files."""

    def call(step, arguments, cache):
        known = {**arguments, "kv_cache": cache, "dummy0": arguments["qk_scale"]}
        output = cached_decode(*[known[name] for name in ("query", "key", "value", "kv_cache", "qk_scale", "seq_idx",
                                                          "block_table", "dummy0")])
        return torch.nn.functional.pad(output, (0, -output.shape[-1] % 64))

    session = model.Session("flash_causal_attention", cases.SIZES[size])
    steps, failures = model.run_scenario(session, "decode", call)
    assert steps >= 4 and not failures, "\n".join(failures)


@pytest.mark.parametrize("dynamic", [None, True])
def test_a_cache_is_written_under_dynamic_shapes(dynamic):
    """Extents reach the launch as symbols then; what it writes must still be in the graph."""

    @torch.library.triton_op(f"rbln_triton_ops::keep_scaled_{dynamic}", mutates_args=("kept", ))
    def keep_scaled(x: torch.Tensor, kept: torch.Tensor) -> torch.Tensor:
        output = torch.empty_like(x)
        for target in (kept, output):
            arguments = [x, target, 2.0, x.shape[0], x.shape[1]]
            host.write_rtosa(sample_kernels.scale.warmup(*arguments), arguments)
        return output

    torch._dynamo.reset()
    compiled = torch.compile(lambda x, kept: keep_scaled(x, kept) + 1.0,
                             backend="aot_eager", fullgraph=True, dynamic=dynamic)
    for rows in (4, 6, 5):
        x, kept = torch.randn(rows, 64), torch.zeros(rows, 64)
        torch.testing.assert_close(compiled(x, kept), 2 * x + 1)
        torch.testing.assert_close(kept, 2 * x)
