"""What the ways in refuse."""
import os
import subprocess
import sys

import pytest
import torch

import rblnc
import sample_kernels
from rblnc import native

X = torch.zeros(16, 64)


@pytest.mark.parametrize("dtype", ["fp8", "bfloat", "float16", 16, torch.bfloat16])
def test_a_compute_type_that_is_none(dtype):
    with pytest.raises(ValueError, match="compute_dtype is .*; known are bf16, dlf16"):
        sample_kernels.scale.warmup(X, X, 1.0, 16, 64, compute_dtype=dtype)


def test_native_refuses_it_too():
    with pytest.raises(native.CompileError, match="compute_dtype is 'fp8', and bf16 and dlf16 are known") as caught:
        native.compile(rblnc.ttir(sample_kernels.scale, X, X, 1.0, 16, 64), compute_dtype="fp8")
    assert caught.value.status == 2


@pytest.mark.parametrize("word", ["bf16", "dlf16", "BFLOAT", "float"])
def test_a_word_that_the_vendors_variable_does_not_know(word, monkeypatch):
    monkeypatch.setenv("RBLN_COMP_DTYPE", word)
    with pytest.raises(ValueError, match=f"RBLN_COMP_DTYPE is '{word}'; known are bfloat and dlfloat"):
        sample_kernels.scale.warmup(X, X, 1.0, 16, 64)


@pytest.mark.parametrize("options", [["strict"], "strict", 3])
def test_options_of_the_backend(options):
    torch._dynamo.reset()
    with pytest.raises(Exception, match="pass a dictionary"):
        from rblnc import _dynamo
        _dynamo.rbln(None, (), options=options)


def run(*arguments, **variables):
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), **variables}
    return subprocess.run([sys.executable, *arguments], capture_output=True, text=True, check=False, env=environment)


@pytest.mark.parametrize("arguments, words", [([], "needs a script, not nothing"), (["-m"], "needs a module, not nothing"),
                                              (["--nothing"], "not the option '--nothing'"),
                                              (["nowhere.py"], "nowhere.py cannot be read: No such file")])
def test_exec_without_a_script(arguments, words):
    done = run("-m", "rblnc", "exec", *arguments)
    assert done.returncode == 2 and words in done.stderr and "usage: python -m rblnc exec" in done.stderr


def test_a_variable_that_is_neither_0_nor_1():
    done = run("-c", "import rblnc", RBLNC_AS_REBEL="yes")
    assert done.returncode == 1 and "RBLNC_AS_REBEL is 'yes'; known are 0 and 1" in done.stderr
