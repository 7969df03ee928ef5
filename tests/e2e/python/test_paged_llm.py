"""The model of examples/paged_llm.py in a small setting: every family of operators against the model's own attention."""
import importlib.util
import subprocess
import sys
import types
from pathlib import Path

import pytest

EXAMPLE = Path(__file__).resolve().parents[3] / "examples" / "paged_llm.py"


@pytest.fixture(scope="module")
def example():
    pytest.importorskip("transformers")
    spec = importlib.util.spec_from_file_location("paged_llm", EXAMPLE)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


# Tokens enough for a sequence to fill up a window, and one to cross from a partition into the next (PROMPTS).
@pytest.mark.parametrize("family, model, dtype, cache", [
    ("attention", "llama", "float32", "packed"), ("causal_attention", "qwen3", "bfloat16", "split"),
    ("flash_attention", "qwen3", "float32", "packed"), ("flash_causal_attention", "llama", "bfloat16", "packed"),
    ("sliding_window_attention", "qwen3", "float32", "split"),
])
def test_family(example, family, model, dtype, cache, monkeypatch, capsys):
    monkeypatch.setattr(example, "PROMPTS", (21, 61))
    options = types.SimpleNamespace(model=model, tokens=6, layers=1, seed=3, cache=cache)
    assert example.run(family, dtype, options), capsys.readouterr().out
    # The comparison can fail: rows of the cache that are lost are other logits.
    if family == "causal_attention":
        begin = example.PagedAttention.begin
        monkeypatch.setattr(example.PagedAttention, "begin", lambda self, step, tables, cached, new: begin(
            self, step, tables, [max(count - 1, 0) for count in cached], new))
        assert not example.run(family, dtype, options)


def test_it_says_what_is_missing():
    code = "import sys, runpy; sys.modules['transformers'] = None; runpy.run_path(sys.argv[1], run_name='__main__')"
    found = subprocess.run([sys.executable, "-c", code, str(EXAMPLE)], capture_output=True, text=True,
                           env={**__import__("os").environ, "PYTHONPATH": ":".join(sys.path)}, timeout=300)
    assert found.returncode == 1 and "pip install transformers" in found.stderr
