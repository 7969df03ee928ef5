"""Plain functions that hand tensors to write_rtosa, write_kernel and rblib.warmup: what is written reaches them, and nobody
is told that it would be lost."""
import numpy as np
import pytest
import torch

import cast_operators as ops
from cast_operators import COLUMNS, ROWS, add_rows
from rblnc import libdevice as rblib
from rblnc._lost_writes import LostWriteWarning
from rblnc.arguments import ArgumentError

pytestmark = pytest.mark.filterwarnings(f"error::{LostWriteWarning.__module__}.{LostWriteWarning.__name__}")


class Model:

    def __init__(self):
        self.cache = torch.zeros(ROWS, COLUMNS)


def launched(state, cache):
    output = torch.empty_like(state)
    ops.launch(add_rows, state, cache, output)
    return output


def kept_in_a_variable(state, cache):
    copy = cache.float()
    output = launched(state, copy)
    cache.copy_(copy)
    return output


def kept_behind_a_handler(state, cache):
    copy = cache.float()
    try:
        return launched(state, copy)
    finally:
        cache.copy_(copy)


def kept_in_a_list(state, cache):
    params = [state, cache.float(), torch.empty_like(state), ROWS, COLUMNS]
    rblib.write_rtosa(add_rows.warmup(*params, grid=(1, )), params)
    cache.copy_(params[1])
    return params[2]


def kept_by_a_closure(state, cache):
    copy = cache.float()

    def back():
        cache.copy_(copy)

    output = launched(state, copy)
    back()
    return output


def kept_by_an_object(state, cache):
    model = Model()
    model.copy = cache.float()
    output = launched(state, model.copy)
    cache.copy_(model.copy)
    return output


def a_view_of_what_is_kept(state, cache):
    copy = cache.float()
    output = launched(state, copy.view(-1).view(ROWS, COLUMNS))
    cache.copy_(copy)
    return output


def an_array_of_what_is_kept(state, cache):
    copy = cache.float()
    output = launched(state, copy.numpy())
    cache.copy_(copy)
    return output


def yielded(state, cache):
    def steps():
        copy = cache.float()
        yield launched(state, copy)
        cache.copy_(copy)

    return [*steps()][0]


FORMS = [kept_in_a_variable, kept_behind_a_handler, kept_in_a_list, kept_by_a_closure, kept_by_an_object,
         a_view_of_what_is_kept, an_array_of_what_is_kept, yielded]


@pytest.mark.parametrize("inference", [False, True])
@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.__name__)
def test_copied_back_by_hand(form, inference):
    with torch.inference_mode(inference):
        state, cache = torch.ones(1, COLUMNS), torch.zeros(ROWS, COLUMNS, dtype=torch.bfloat16)
        for count in (1, 2):
            assert (form(state, cache) == 2).all()
            assert (cache == count).all()


def test_the_tensor_itself():
    model, state = Model(), torch.ones(1, COLUMNS)
    caches = [torch.zeros(ROWS, COLUMNS), torch.zeros(COLUMNS, ROWS).t(), np.zeros((ROWS, COLUMNS), np.float32), model.cache,
              model.cache[:]]
    for cache in caches:
        launched(state, cache)
    assert all((cache == 1).all() for cache in caches[:3]) and (model.cache == 2).all()
    array = np.zeros((2, ROWS, COLUMNS), np.float32)
    launched(state, array[1])
    assert (array[1] == 1).all() and (array[0] == 0).all()


@pytest.mark.filterwarnings(f"ignore::{LostWriteWarning.__module__}.{LostWriteWarning.__name__}")
@pytest.mark.parametrize("between", [False, True])
def test_temporaries_of_a_warmup_are_there_when_it_is_written(between):
    """Casts that only the warmup was given; a kernel that is warmed up in between has arguments of its own."""
    state, output, other = torch.ones(1, COLUMNS).half(), torch.full((1, COLUMNS), float("nan")), torch.zeros(ROWS, COLUMNS)
    compiled = add_rows.warmup(state.float(), other, output, ROWS, COLUMNS, grid=(1, ))
    if between:
        keep = torch.zeros(4, COLUMNS)
        add_rows.warmup(state.float(), keep, torch.empty(1, COLUMNS), 4, COLUMNS, grid=(1, ))
        with pytest.raises(ArgumentError, match="some of them are no longer there. Pass them"):
            rblib.write_kernel(compiled)
        return
    rblib.write_kernel(compiled)
    assert (output == 2).all() and (other == 1).all()
