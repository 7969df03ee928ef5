"""Checks of the Python package that need Triton without TRITON_INTERPRET; test_rblib_frontend.py runs this script.

Prints every check that fails, and exits with 1 if any does. Needs no pytest: it runs with every Triton release.
"""
import importlib
import re
import subprocess
import sys
import traceback
import types
import warnings
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "kernels")]

import numpy as np  # noqa: E402
import triton as stock  # noqa: E402
import triton.language as stock_language  # noqa: E402

import rblnc  # noqa: E402
from rblnc import triton  # noqa: E402
from rblnc.triton import language as tl  # noqa: E402
from rblnc.triton.language.extra.rbln import libdevice as rblib  # noqa: E402

X = rblnc.TensorSpec((4, 6, 64), "float32")
INDEX = rblnc.TensorSpec((1, ), "int32")


def refused(pattern, call, *args, **kwargs):
    """The call fails, and somewhere in the chain of its errors is a message like the pattern."""
    try:
        call(*args, **kwargs)
    except Exception as error:
        messages, link = [], error
        while link is not None:
            messages.append(str(link))
            link = link.__cause__ or link.__context__
        assert any(re.search(pattern, message) for message in messages), f"expected {pattern!r}, got {messages}"
        return
    raise AssertionError(f"not refused: {pattern}")


# One wrong call each, in the place of WHAT.
@triton.jit
def wrong_operands(x, i, WHAT: tl.constexpr):
    p = tl.make_block_ptr(base=x, shape=(4, 6, 64), strides=(384, 64, 1), offsets=(0, 0, 0), block_shape=(4, 6, 64),
                          order=(2, 1, 0))
    q = tl.make_block_ptr(base=i, shape=(1,), strides=(1,), offsets=(0,), block_shape=(1,), order=(0,))
    v = tl.load(p)
    n = rblib.to_dynamic_index(q)
    if WHAT == "float index":
        rblib.to_dynamic_index(p)
    if WHAT == "tensor index":
        rblib.to_dynamic_index(v)
    if WHAT == "max":
        rblib.to_dynamic_index(q, -2)
    if WHAT == "skip block":
        rblib.partition_skip(v)
    if WHAT == "skip float":
        rblib.partition_skip(1.5)
    if WHAT == "load tensor":
        rblib.dynamic_load(v)
    if WHAT == "load axis":
        rblib.dynamic_load(p, 3, n)
    if WHAT == "negative index":
        rblib.dynamic_load(p, 1, -1)
    if WHAT == "store shape":
        rblib.dynamic_store(p, tl.reshape(v, (6, 4, 64)), 1, n)
    if WHAT == "store dtype":
        rblib.dynamic_store(p, v.to(tl.float16), 1, n)
    if WHAT == "insert rank":
        rblib.insert(v, tl.reshape(v, (1, 4, 6, 64)), 1, n)
    if WHAT == "insert shape":
        rblib.insert(v, tl.reshape(v, (2, 12, 64)), 1, n)
    if WHAT == "insert dtype":
        rblib.insert(v, v.to(tl.float16), 1, n)
    if WHAT == "window shape":
        rblib.window_insert(v, tl.reshape(v, (8, 3, 64)), 1, n)
    if WHAT == "slice size":
        rblib.window_slice(v, n, 1, 7)
    if WHAT == "pad mode":
        rblib.nn_pad(v, 0.0, 1, (0, 1), "reflect")
    if WHAT == "pad widths":
        rblib.nn_pad(v, 0.0, 1, (0, -1), "constant")
    if WHAT == "softmax dtype":
        rblib.softmax(v.to(tl.int32), 2)
    if WHAT == "mask shape":
        rblib.masked_softmax(v, tl.reshape(v, (4, 12, 32)))
    if WHAT == "m_prev":
        rblib.flash_attn_tile(v, v, v)
    if WHAT == "window size":
        rblib.window_softmax(v, n, 0)
    if WHAT == "recompute":
        rblib.flash_attn_recompute(v, v, v, v, v, v)
    if WHAT == "dot lead":
        tl.dot(tl.reshape(v, (2, 2, 6, 64)), tl.reshape(v, (1, 4, 64, 6)))
    if WHAT == "zero extent":
        tl.zeros([4, 0], dtype=tl.float32)
    if WHAT == "huge block":
        tl.zeros([65536, 65536], dtype=tl.float32)
    tl.store(p, v)


WRONG = {
    "float index": "points at fp32", "tensor index": "must be a block pointer", "max": "max must be in -1",
    "skip block": "must be a dynamic index", "skip float": "must be a dynamic index", "load tensor": "block pointer",
    "load axis": "axis 3 is not a dimension of <4x6x64xfp32>", "negative index": "index must be in 0",
    "store shape": "value is <6x4x64xfp32>, expected <4x6x64xfp32>", "store dtype": "value is <4x6x64xfp16>",
    "insert rank": "expected rank 3", "insert shape": "except for a smaller extent along axis 1",
    "insert dtype": "updates has element type fp16", "window shape": "except along axis 1",
    "slice size": "size 7 exceeds", "pad mode": "mode must be", "pad widths": "a width must be in 0",
    "softmax dtype": "element type int32", "mask shape": "must have the rank and the columns of x",
    "m_prev": "m_prev is <4x6x64xfp32>, expected <4x6x1xfp32>", "window size": "window_size must be in 1",
    "recompute": "its last extent must be 1", "dot lead": "leading dimensions must be equal",
    "zero extent": "must be positive", "huge block": "has more than",
}


def check_wrong_operands():
    rblnc.ttir(wrong_operands, X, INDEX, "nothing")
    for what, pattern in WRONG.items():
        try:
            refused(pattern, rblnc.ttir, wrong_operands, X, INDEX, what)
        except AssertionError as error:
            raise AssertionError(f"{what}: {error}") from None


def check_wrong_line():
    """A refused call is reported at its Python line."""
    try:
        rblnc.ttir(wrong_operands, X, INDEX, "slice size")
    except Exception as error:
        assert "rblib.window_slice(v, n, 1, 7)" in str(error), str(error)


def check_arguments():
    refused("grid is", rblnc.ttir, wrong_operands, X, INDEX, "nothing", grid=(2, ))
    refused("not a kernel", rblnc.ttir, print, X)
    refused("missing a required argument: 'i'", rblnc.ttir, wrong_operands, X)
    refused("element type complex64", rblnc.ttir, wrong_operands, np.zeros(3, np.complex64), INDEX, "nothing")
    refused("expected a tensor", rblnc.ttir, wrong_operands, "x", INDEX, "nothing")
    refused("inside of a @triton.jit function", rblib.insert, 1, 2, 3, 4)


@triton.jit
def scalars(x, a, b, c, d, N: tl.constexpr):
    p = tl.make_block_ptr(base=x, shape=(N,), strides=(1,), offsets=(0,), block_shape=(N,), order=(0,))
    tl.store(p, (tl.load(p) * a + b * c + d).to(tl.float16))


def check_scalar_arguments():
    text = rblnc.ttir(scalars, rblnc.TensorSpec((7, ), "float16"), np.array(2.0), np.array(3, np.int32), 4, 0.5, N=7)
    assert "(!tt.ptr<f16>, f32, i32, i32, f32) -> ()" in text, text
    assert "rblib.shape.0 = dense<7> : tensor<1xi32>" in text
    assert "rblib.shape.1" not in text


def check_int64_warns():
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        text = rblnc.ttir(wrong_operands, X, rblnc.TensorSpec((1, ), "int64"), "nothing")
    assert any("int64" in str(warning.message) for warning in caught)
    assert "(!tt.ptr<tensor<1xi64>>) -> i32" in text


@stock.jit
def stock_kernel(x, o, N: tl.constexpr):
    p = tl.make_block_ptr(base=x, shape=(1, N), strides=(N, 1), offsets=(0, 0), block_shape=(1, N), order=(1, 0))
    q = tl.make_block_ptr(base=o, shape=(1, N), strides=(N, 1), offsets=(0, 0), block_shape=(1, N), order=(1, 0))
    tl.store(q, rblib.softmax(tl.load(p), 1))


def check_stock_jit():
    """Kernels decorated by Triton's own jit, and autotuned ones, are traced as well."""
    spec = rblnc.TensorSpec((1, 80), "float32")
    assert "rblib.softmax" in rblnc.ttir(stock_kernel, spec, spec, 80)
    tuned = triton.heuristics({"N": lambda arguments: 80})(stock_kernel)
    assert "rblib.softmax" in rblnc.ttir(tuned, spec, spec, 80)


def check_limits_hold_elsewhere():
    """Outside of rblnc the front end keeps its limits."""
    rblnc.ttir(stock_kernel, X, X, 80)
    refused("power of 2", stock_language.block_type, stock_language.float32, [3])


def check_small_kernels_print_in_custom_form():
    """Nothing but the size of the blocks makes the text generic."""
    spec = rblnc.TensorSpec((1, 64), "float32")
    text = rblnc.ttir(stock_kernel, spec, spec, 64)
    assert "tt.call @rblib.softmax(%" in text and '"tt.' not in text


def check_dot_is_one_operation():
    from kernels.rblib import catalog
    probe = next(probe for probe in catalog.probes() if probe.name == "dot_rank5")
    arguments = [rblnc.TensorSpec(a.shape, a.dtype) if hasattr(a, "shape") else a.value for a in probe.arguments]
    text = rblnc.ttir(probe.load(), *arguments, **probe.constexprs)
    assert "(tensor<1x3x7x1x128xf32>, tensor<1x3x7x128x48xf32>, tensor<1x3x7x1x48xf32>)" in text
    assert "tt.reshape" not in text


def check_names_of_modules():
    assert rblnc.language is stock_language is tl and importlib.import_module("rblnc.language") is stock_language
    assert triton.language is stock_language and triton.cdiv is stock.cdiv
    for name in ("language", "language.extra.rbln", "language.extra.rbln.libdevice"):
        name = f"rblnc.triton.{name}"
        assert isinstance(importlib.import_module(name), types.ModuleType), name
    assert rblib.collect_triton_op_files() == [__file__]


def python(code, **environment):
    import os
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "kernels"), **environment}
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=environment, check=False)


def check_import_without_triton():
    done = python("import sys; sys.modules['triton'] = None; import rblnc; print(rblnc.__version__); rblnc.triton")
    assert done.stdout.strip() == rblnc.__version__, done.stderr
    assert "pip install 'rblnc[triton]'" in done.stderr, done.stderr


def check_unknown_release():
    for version, reason in (("3.10.0", "never tested"), ("2.3.0", "never tested")):
        done = python(f"import triton; triton.__version__ = '{version}'; import rblnc; rblnc.ttir(None)")
        assert "UnknownTriton" in done.stderr and reason in done.stderr, done.stderr


def check_interpreted_kernel_has_no_text():
    code = (f"import sys; sys.path.insert(0, r'{ROOT}'); import rblnc; from kernels.rblib import softmax_kernels as k;"
            "rblnc.ttir(k.softmax_along)")
    done = python(code, TRITON_INTERPRET="1")
    assert "decorated under TRITON_INTERPRET=1" in done.stderr, done.stderr


def check_alignment():
    align = rblnc.align_tensor_last_dim_to_64
    x = np.arange(160, dtype=np.float32).reshape(2, 80)
    y = align(x)
    assert y.shape == (2, 128) and (y[:, :80] == x).all() and (y[:, 80:] == 0).all()
    assert align(y) is y and rblib.align_tensor_last_dim_to_64 is align


def main():
    failures = 0
    for name, check in list(globals().items()):
        if not name.startswith("check_"):
            continue
        try:
            check()
        except Exception:
            failures += 1
            print(f"{name}, Triton {stock.__version__}:\n{traceback.format_exc()}")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
