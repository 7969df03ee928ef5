"""The ways in: spellings of imports, files that import `rebel`, backend="rbln", the compute type, names in messages."""
import os
import subprocess
import sys
from pathlib import Path

import pytest
import torch

import cast_operators as ops
import compile_backends
import rblnc
import sample_kernels
from rblnc import _wording, native, triton
from rblnc.triton import language as tl

FOLDER = Path(__file__).resolve().parent
IMPORTS = ["import {r}.triton.language.extra.rbln.libdevice as rblib",
           "from {r}.triton.language.extra.rbln import libdevice as rblib",
           "from {r}.triton.language.extra import rbln; rblib = rbln.libdevice",
           "import {r}.triton.language.extra.rbln.libdevice; rblib = {r}.triton.language.extra.rbln.libdevice",
           "import {r}.triton.language.extra as extra; rblib = extra.rbln.libdevice",
           "import {r}.triton.language as tl; rblib = tl.extra.rbln.libdevice",
           "from {r}.triton import language; rblib = language.extra.rbln.libdevice",
           "from {r} import triton; rblib = triton.language.extra.rbln.libdevice",
           "import {r}, {r}.triton; rblib = {r}.triton.language.extra.rbln.libdevice",
           "from {r}.triton.language.extra.rbln.libdevice import softmax; import rblnc; rblib = rblnc.libdevice",
           "import importlib; rblib = importlib.import_module('{r}.triton.language.extra.rbln.libdevice')"]


def python(*arguments, cwd=None, **variables):
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), **variables}
    return subprocess.run([sys.executable, *map(str, arguments)], capture_output=True, text=True, check=False, cwd=cwd,
                          env=environment)


def says(done):
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout.split()


@pytest.mark.parametrize("root, variables", [("rblnc", {}), ("rebel", {"RBLNC_AS_REBEL": "1"})])
def test_spellings_of_an_import(root, variables):
    """Each in an interpreter of its own would take a second; each in a child of one process does not."""
    script = "import os, rblnc\n" + "".join(
        f"child = os.fork()\nif not child:\n    try:\n        {statement.format(r=root)}\n"
        "        import rblnc.libdevice\n        os._exit(rblib is not rblnc.libdevice)\n"
        f"    finally:\n        os._exit(1)\nif os.waitpid(child, 0)[1]: print({index})\n"
        for index, statement in enumerate(IMPORTS))
    assert says(python("-c", script, **variables)) == []


def test_modules_of_triton_are_the_same_under_both_names():

    import rblnc.triton.language.math as math
    import rblnc.triton.testing as testing
    assert math is triton_module("triton.language.math") and testing is triton_module("triton.testing")
    assert math.__spec__.name == "triton.language.math" and testing.__name__ == "triton.testing"
    assert tl is triton_module("triton.language") and tl.__spec__.name == "triton.language"
    with pytest.raises(ModuleNotFoundError):
        import rblnc.triton.nothing  # noqa: F401


def triton_module(name):
    return sys.modules[name]


# ---- python -m rblnc exec -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("dtype, backend, size", [("float32", "none", 64), ("bfloat16", "none", 80),
                                                  ("float16", "rbln", 80), ("bfloat16", "aot_eager", 64),
                                                  pytest.param("bfloat16", "inductor", 80, marks=pytest.mark.skipif(
                                                      "inductor" not in compile_backends.AVAILABLE,
                                                      reason="there is no g++, or no Python.h"))])
def test_an_unmodified_file_over_a_packed_cache(dtype, backend, size):
    done = python("-m", "rblnc", "exec", FOLDER / "vendor_style" / "packed_cache_check.py", dtype, backend, size)
    assert says(done) == ["right"]


SCRIPT = """import os, sys
from rebel import triton
from rebel.triton import language as tl
from rebel.triton.language.extra.rbln import libdevice as rblib
import beside
print(__name__, os.path.basename(__file__), *sys.argv[1:], sys.modules["__main__"].triton is triton, rblib.__name__)
"""


@pytest.mark.parametrize("form", [["script.py"], ["-m", "script"]])
def test_a_script_runs_as_main(form, tmp_path):
    (tmp_path / "script.py").write_text(SCRIPT)
    (tmp_path / "beside.py").write_text("")
    done = python("-m", "rblnc", "exec", *form, "one", "--two", cwd=tmp_path)
    assert says(done) == ["__main__", "script.py", "one", "--two", "True", "rblnc.libdevice"]


def test_the_status_of_a_script_is_its_own(tmp_path):
    (tmp_path / "script.py").write_text("import sys\nsys.exit(5)\n")
    assert python("-m", "rblnc", "exec", tmp_path / "script.py").returncode == 5
    (tmp_path / "script.py").write_text("import rebel.triton\nrebel.capture_reports()\n")
    done = python("-m", "rblnc", "exec", tmp_path / "script.py")
    assert done.returncode == 1 and "rblnc stands in for rebel, and of that package it has triton only" in done.stderr


@pytest.mark.parametrize("how", ["exec", "variable"])
def test_an_installed_vendor_package_is_left_alone(how, tmp_path):
    (tmp_path / "rebel").mkdir()
    (tmp_path / "rebel" / "__init__.py").write_text("triton = 'the vendor has its own'\n")
    (tmp_path / "script.py").write_text("import rblnc\nfrom rebel import triton\nprint(triton)\n")
    start = ["-m", "rblnc", "exec"] if how == "exec" else []
    done = python(*start, tmp_path / "script.py", RBLNC_AS_REBEL="1" if how == "variable" else "0")
    assert says(done) == ["the", "vendor", "has", "its", "own"]


# ---- torch.compile(backend="rbln") ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("imports", ["import rblnc, torch", "import torch, rblnc", "import torch, rblnc.triton",
                                     "import torch, torch._dynamo, rblnc", "import rblnc.attention.operators, torch"])
def test_the_backend_is_found(imports):
    script = (f"{imports}\nf = torch.compile(lambda x: x + 1, backend='rbln', dynamic=False, "
              "options={'mode': ['strict']})\nprint(f(torch.ones(2)).tolist(), "
              "'rbln' in torch.compiler.list_backends())")
    assert says(python("-c", script)) == ["[2.0,", "2.0]", "True"]


@pytest.mark.parametrize("options", [{}, {"options": {"mode": ["strict"]}}, {"options": {}}, {"fullgraph": True},
                                     {"dynamic": True}])
def test_the_backend_runs_kernels(options):
    from test_cast_caches import CASTS, check, wrapper
    torch._dynamo.reset()
    operator = ops.by_triton_op(wrapper(ops.add_rows, CASTS["to"]))
    check(operator, ops.add_rows, torch.bfloat16, call=torch.compile(lambda s, c: operator(s, c), backend="rbln",
                                                                     **options))


# ---- compute_dtype ------------------------------------------------------------------------------------------------------------


def rounded(value, bits):
    """To so many bits of significand, ties to even; the exponents of the test fit every type."""
    mantissa, exponent = torch.frexp(value)
    return torch.ldexp((mantissa * 2**bits).round(), exponent - bits)


BITS = {"bf16": 8, "dlf16": 10}


def add(dtype, numerics, target=None):
    torch.manual_seed(1)
    x, o = torch.randn(16, 64), torch.zeros(16, 64)
    sample_kernels.scale.warmup(x, o, 1.0, 16, 64, compute_dtype=dtype, target=target)(x, o, 1.0, numerics=numerics)
    return x, o


@pytest.mark.parametrize("target", [None, "rbln-ca25", "rbln-cr03"])
@pytest.mark.parametrize("dtype", BITS)
def test_the_compute_type_decides_the_rounding(dtype, target):
    x, o = add(dtype, "device", target)
    assert torch.equal(o, rounded(x, BITS[dtype]))
    x, o = add(dtype, "ieee", target)
    assert torch.equal(o, x)


@pytest.mark.parametrize("target, own", [("rbln-ca22", "dlf16"), ("rbln-cr03", "bf16")])
@pytest.mark.parametrize("word, dtype", [("bfloat", "bf16"), ("dlfloat", "dlf16"), ("", None)])
def test_the_vendors_variable(word, dtype, target, own, monkeypatch):
    monkeypatch.setenv("RBLN_COMP_DTYPE", word)
    x, o = add(None, "device", target)
    assert torch.equal(o, rounded(x, BITS[dtype or own]))
    # What the caller says counts more.
    x, o = add("bf16", "device", target)
    assert torch.equal(o, rounded(x, 8))


def test_the_compute_type_of_an_operator_and_a_launch(monkeypatch):
    from rblnc import backend
    monkeypatch.setenv("RBLNC_NUMERICS", "device")
    operator = ops.by_triton_op(keep)
    x = torch.randn(1, 64)
    for word, bits in (("bfloat", 8), ("dlfloat", 10)):
        monkeypatch.setenv("RBLN_COMP_DTYPE", word)
        assert torch.equal(operator(x, torch.zeros(4, 64)), rounded(rounded(x, bits) * 2, bits))
        o = torch.zeros(4, 64)
        y = torch.randn(4, 64)
        sample_kernels.scale[(1, )](y, o, 1.0, ROWS=4, COLUMNS=64)
        assert torch.equal(o, rounded(y, bits))
    assert backend.available()


def keep(state: torch.Tensor, cache: torch.Tensor) -> torch.Tensor:
    return ops.run(ops.add_rows, state, cache)


def test_the_compute_type_is_recorded():
    x = torch.zeros(16, 64)
    compiled = sample_kernels.scale.warmup(x, x, 1.0, 16, 64, compute_dtype="bf16")
    assert compiled.compute_dtype == "bf16" and b"--compute-dtype=bf16" in compiled.rbln
    again = native.Bundle.from_bytes(compiled.rbln)
    assert again.data == compiled.rbln
    text = rblnc.ttir(sample_kernels.scale, x, x, 1.0, 16, 64)
    bundles = {dtype: native.compile(text, compute_dtype=dtype).data for dtype in (None, "bf16", "dlf16")}
    assert len(set(bundles.values())) == 3


# ---- Messages -----------------------------------------------------------------------------------------------------------------


@triton.jit
def put(state_base, cache_base, N: tl.constexpr):
    s = tl.load(tl.make_block_ptr(state_base, (1, 64), (64, 1), (0, 0), (1, 64), (1, 0)))
    tl.store(tl.make_block_ptr(cache_base, (N, 64), (64, 1), (1, 0), (1, 64), (1, 0)), s)


@triton.jit
def put_and_return(state_base, cache_base, out_base, N: tl.constexpr):
    s = tl.load(tl.make_block_ptr(state_base, (1, 64), (64, 1), (0, 0), (1, 64), (1, 0)))
    tl.store(tl.make_block_ptr(cache_base, (N, 64), (64, 1), (1, 0), (1, 64), (1, 0)), s)
    tl.store(tl.make_block_ptr(out_base, (1, 64), (64, 1), (0, 0), (1, 64), (1, 0)), s * 2.0)


def test_host_layout_counts_a_cache_that_is_only_written():
    state, cache = torch.ones(1, 64), torch.zeros(4, 64)
    for layout in ("1", [1], "0:1", [0]):
        put.warmup(state, cache, 4, grid=(1, ), host_layout=layout)
        put_and_return.warmup(state, cache, state, 4, grid=(1, ), host_layout=layout)


def test_messages_of_warmup_name_its_own_words():
    state, cache = torch.ones(1, 64), torch.zeros(4, 64)
    with pytest.raises(rblnc.CompileError) as caught:
        put.warmup(state, cache, 4, grid=(1, ), host_layout="7")
    assert "host_layout names position 7" in str(caught.value) and "--" not in str(caught.value)
    assert "--" not in str([{**entry, "frames": None} for entry in caught.value.diagnostics])
    with pytest.raises(native.CompileError) as caught:
        native.compile(rblnc.ttir(put, state, cache, 4), bind={"nothing": 1})
    assert "bind names 'nothing'" in str(caught.value) and "--" not in str(caught.value)


@pytest.mark.parametrize("text, by_native, by_warmup", [
    ("declare n as tl.constexpr, or compile with --bind n=VALUE --bind m=VALUE",
     'declare n as tl.constexpr, or compile with bind={"n": VALUE, "m": VALUE}', "declare n as tl.constexpr"),
    ("bind it: --bind s=VALUE, or make it a tl.constexpr", 'bind it: bind={"s": VALUE}, or make it a tl.constexpr',
     "make it a tl.constexpr"),
    ("declare the array: --shape x=EXTENTxEXTENT, or use a block pointer",
     'declare the array: shapes={"x": (EXTENT, EXTENT)}, or use a block pointer', "use a block pointer"),
    ("as in --shape x=64", 'as in shapes={"x": (64,)}', 'as in shapes={"x": (64,)}'),
    ("compile it with --target=rbln-ca22", 'compile it with target="rbln-ca22"', 'compile it with target="rbln-ca22"'),
    ("x -- y", "x -- y", "x -- y")])
def test_words_of_the_command_line(text, by_native, by_warmup):
    assert (_wording.native(text), _wording.warmup(text)) == (by_native, by_warmup)
