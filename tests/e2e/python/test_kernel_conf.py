"""The newer shape of the vendor's files: kernel_conf, write_kernel, operators that only have a shape."""
import pytest
import torch

import cast_operators as ops
import compile_backends
from cast_operators import ROWS, add_rows
from rblnc import libdevice as rblib
from rblnc.frontend import TensorSpec

__triton_op_files__ = rblib.collect_triton_op_files()

kernel_conf = {"vector_inputs": 2, "host_layout": [1], "indices": []}


def warmup(func, *args):
    host_layout = ":".join(map(str, kernel_conf["host_layout"]))
    kernel = func.warmup(*args, grid=(1, ), host_layout=host_layout)
    rblib.write_kernel(kernel)
    return kernel


def by_write_kernel(state, cache):
    out = torch.empty_like(state)
    warmup(add_rows, state, cache, out, *cache.shape)
    return out


def by_rblib_warmup(state, cache):
    out = torch.empty_like(state)
    rblib.warmup(add_rows, kernel_conf, state, cache, out, *cache.shape)
    return out


def by_rblib_warmup_without_conf(state, cache):
    out = torch.empty_like(state)
    rblib.warmup(add_rows, state, cache, out, *cache.shape, host_layout="1")
    return out


def by_warmup_and_write_rtosa(state, cache):
    out = torch.empty_like(state)
    params = [state, cache, out, *cache.shape]
    rblib.write_rtosa(rblib.warmup(add_rows, kernel_conf, *params), params)
    return out


def by_warmup_and_write_kernel(state, cache):
    out = torch.empty_like(state)
    rblib.write_kernel(rblib.warmup(add_rows, kernel_conf, state, cache, out, *cache.shape))
    return out


def by_casts(state, cache):
    given = state.to(torch.float32)
    out = torch.empty_like(given)
    rblib.warmup(add_rows, kernel_conf, given, cache.to(torch.float32), out, *cache.shape)
    return out.to(state.dtype)


FORMS = [by_write_kernel, by_rblib_warmup, by_rblib_warmup_without_conf, by_warmup_and_write_rtosa,
         by_warmup_and_write_kernel, by_casts]


def shape_only(state: torch.Tensor, cache: torch.Tensor) -> torch.Tensor:
    return torch.empty_like(state)


def nan_only(state: torch.Tensor, cache: torch.Tensor) -> torch.Tensor:
    return torch.full_like(state, float("nan"))


def inputs(dtype=torch.float32):
    return torch.full((1, 64), 3.0, dtype=dtype), torch.zeros(ROWS, 64, dtype=dtype)


@pytest.mark.parametrize("form", FORMS)
def test_a_wrapper_called_as_it_is(form):
    state, cache = inputs()
    for turn in (1, 2, 3):
        assert (form(state, cache) == 6).all() and (cache == 3 * turn).all()


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("body", [shape_only, nan_only])
@pytest.mark.parametrize("backend", [None, *compile_backends.ALL])
def test_an_operator_that_only_has_a_shape(form, body, backend, monkeypatch):
    torch._dynamo.reset()
    operator = ops.by_triton_op(body)
    monkeypatch.setitem(globals(), f"{operator._qualified_op_name.partition('::')[2]}_wrapper", form)
    call = torch.compile(lambda s, c: operator(s, c) + 1, backend=backend) if backend else lambda s, c: operator(s, c) + 1
    state, cache = inputs(torch.bfloat16 if form is by_casts else torch.float32)
    for turn in (1, 2):
        assert (call(state, cache) == 7).all() and (cache == 3 * turn).all()


@pytest.mark.parametrize("spelling", ["custom_op", "library", "library_implicit", "library_function"])
def test_other_spellings(spelling, monkeypatch):
    operator = ops.SPELLINGS[spelling](shape_only)
    monkeypatch.setitem(globals(), f"{operator._qualified_op_name.partition('::')[2]}_wrapper", by_casts)
    state, cache = inputs(torch.bfloat16)
    assert (operator(state, cache) == 6).all() and (cache == 3).all()


def test_the_layout_of_a_kernel_conf_is_recorded():
    state, cache = inputs()
    compiled = rblib.warmup(add_rows, kernel_conf, state, cache, torch.empty_like(state), *cache.shape)
    assert compiled.host_layout == (1, )


def test_shapes_alone_are_only_compiled():
    state, cache = TensorSpec((1, 64), "float32"), TensorSpec((ROWS, 64), "float32")
    compiled = rblib.warmup(add_rows, kernel_conf, state, cache, state, ROWS, 64)
    text, bundle = rblib.write_kernel(compiled)
    assert text.read_text() == compiled.ttir and bundle.read_bytes() == compiled.rbln


def test_a_second_launch_is_one():
    """Only the write that belongs to a warmup is taken for the same launch."""
    state, cache = inputs()
    params = [state, cache, torch.empty_like(state), *cache.shape]
    compiled = rblib.warmup(add_rows, kernel_conf, *params)
    rblib.write_rtosa(compiled, params)
    assert (cache == 3).all()
    rblib.write_rtosa(compiled, params)
    assert (cache == 6).all()
    rblib.warmup(add_rows, kernel_conf, *params)
    other = torch.zeros_like(cache)
    rblib.write_rtosa(compiled, [state, other, *params[2:]])
    assert (cache == 9).all() and (other == 3).all()
