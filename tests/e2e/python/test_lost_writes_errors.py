"""Plain functions that hand a copy of a cache to write_rtosa, write_kernel or rblib.warmup, and drop it."""
import pytest
import torch

import cast_operators as ops
from cast_operators import COLUMNS, ROWS, add_rows, put_row
from rblnc import libdevice as rblib
from rblnc._lost_writes import LostWriteWarning
from rblnc.arguments import ArgumentError


def in_a_call(kernel, state, copy_of, cache):
    return ops.run(kernel, state, copy_of(cache))


def in_a_list(kernel, state, copy_of, cache):
    output = torch.empty_like(state)
    params = [state, copy_of(cache), output, ROWS, COLUMNS]
    rblib.write_rtosa(kernel.warmup(*params, grid=(1, )), params)
    return output


def helper(kernel, *params):
    compiled = kernel.warmup(*params, grid=(1, ))
    rblib.write_rtosa(compiled, params)
    return compiled


def by_a_helper(kernel, state, copy_of, cache):
    output = torch.empty_like(state)
    params = [state, copy_of(cache), output, ROWS, COLUMNS]
    helper(kernel, *params)
    return output.clone()


def in_a_variable(kernel, state, copy_of, cache):
    copy, output = copy_of(cache), torch.empty_like(state)
    rblib.write_kernel(kernel.warmup(state, copy, output, ROWS, COLUMNS, grid=(1, )))
    return output


def by_rblib_warmup(kernel, state, copy_of, cache):
    output = torch.empty_like(state)
    rblib.warmup(kernel, {"host_layout": "1"}, state, copy_of(cache), output, ROWS, COLUMNS)
    return output


def in_a_loop(kernel, state, copy_of, cache):
    for _ in range(2):
        copy, output = copy_of(cache), torch.empty_like(state)
        params = [state, copy, output]
        ops.launch(kernel, *params)
    return output


FORMS = [in_a_call, in_a_list, by_a_helper, in_a_variable, by_rblib_warmup, in_a_loop]
COPIES = {
    "cast": (lambda cache: cache.float(), lambda: torch.randn(ROWS, COLUMNS).bfloat16()),
    "contiguous": (lambda cache: cache.contiguous(), lambda: torch.randn(COLUMNS, ROWS).t()),
    "view of a cast": (lambda cache: cache.float().view(-1).view(ROWS, COLUMNS), lambda: torch.randn(ROWS, COLUMNS).half()),
    "reshape": (lambda cache: cache.float().reshape(ROWS, COLUMNS), lambda: torch.randn(2, ROWS // 2, COLUMNS).bfloat16()),
    "padded": (lambda cache: rblib.align_tensor_last_dim_to_64(cache), lambda: torch.randn(ROWS, COLUMNS - 16)),
}


@pytest.mark.parametrize("copy", COPIES)
@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.__name__)
def test_a_copy_that_is_dropped(form, copy):
    copy_of, make = COPIES[copy]
    cache = make()
    before = cache.clone()
    with pytest.raises(ArgumentError, match=r"add_rows writes to its argument cache_base, a tensor that nobody reads "
                                            r"afterwards: it is a copy of cache, .* write cache.copy_"):
        form(add_rows, torch.ones(1, COLUMNS), copy_of, cache)
    assert torch.equal(cache, before)


def test_a_copy_of_an_attribute():
    class Model:
        pass

    model = Model()
    model.caches = [torch.randn(ROWS, COLUMNS).bfloat16()]
    with pytest.raises(ArgumentError, match=r"a copy of model.caches\[0\]"):
        ops.run(add_rows, torch.ones(1, COLUMNS), model.caches[0].float())


@pytest.mark.filterwarnings("ignore::rblnc.CompileWarning")
def test_a_copy_that_is_only_written():
    cache = torch.randn(ROWS, COLUMNS).bfloat16()
    with pytest.warns(LostWriteWarning, match="put_row writes to its argument cache_base, .* it is a copy of cache"):
        ops.run(put_row, torch.ones(1, COLUMNS), cache.float())


def test_a_copy_of_what_cannot_be_seen():
    """It may be a scratchpad: the results are there."""
    with pytest.warns(LostWriteWarning, match="what it writes is lost") as caught:
        output = ops.run(add_rows, torch.ones(1, COLUMNS), torch.zeros(ROWS, COLUMNS) + 1)
    assert (output == 2).all()
    assert caught[0].filename.endswith("cast_operators.py")
