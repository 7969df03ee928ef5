"""Files in the vendor's manner, with nothing but their import root changed."""
import importlib.util
from pathlib import Path

import pytest
import torch
from kernels.attention import cases

import compile_backends
import paged_attention as model

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
def scaled_residual(tmp_path_factory):
    load("scaled_residual", tmp_path_factory)
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
