"""A copy of a cache that a plain function hands to a kernel and drops is an error, whatever launches the kernel."""
import threading

import pytest
import torch

from cast_operators import COLUMNS, ROWS, SPELLINGS
from launch_doors import CONTEXTS, DOORS, stock_grid
from rblnc._lost_writes import LostWriteWarning
from rblnc.arguments import ArgumentError

LOST = r"add_rows writes to its argument cache_base, a tensor that nobody reads afterwards: it is a copy of "
CASTS = {
    "to": lambda cache: cache.to(torch.float32), "type": lambda cache: cache.type(torch.float32),
    "empty_like": lambda cache: torch.empty_like(cache, dtype=torch.float32).copy_(cache),
    "sum": lambda cache: cache + torch.zeros((), dtype=torch.float32).expand(ROWS, COLUMNS),
    "clone of a cast": lambda cache: cache.float().clone()
}
PLAIN = {
    "sum": lambda cache: cache + 0, "clone": lambda cache: cache.clone(),
    "index_select": lambda cache: cache.index_select(0, torch.arange(ROWS))
}


def fresh(dtype=torch.bfloat16):
    return torch.ones(1, COLUMNS), torch.randn(ROWS, COLUMNS).to(dtype), torch.empty(1, COLUMNS)


@pytest.mark.parametrize("context", CONTEXTS, ids=lambda context: context.__name__)
@pytest.mark.parametrize("door", [DOORS[0], DOORS[2], DOORS[4]], ids=lambda door: door.__name__)
def test_a_cast_that_is_dropped(door, context):
    state, cache, output = fresh()
    before = cache.clone()
    with pytest.raises(ArgumentError, match=LOST):
        context(door, state, cache, output)
    assert torch.equal(cache, before)


@pytest.mark.parametrize("form", CASTS)
@pytest.mark.parametrize("door", [DOORS[0], DOORS[5]], ids=lambda door: door.__name__)
def test_other_casts_that_are_dropped(door, form):
    state, cache, output = fresh()
    with pytest.raises(ArgumentError, match=LOST):
        door(state, CASTS[form](cache), output)


def test_a_copy_in_another_order():
    state, _, output = fresh()
    cache = torch.randn(COLUMNS, ROWS).t()
    for door in DOORS:
        with pytest.raises(ArgumentError, match=LOST):
            door(state, cache.contiguous(), output)


@pytest.mark.parametrize("form", PLAIN)
@pytest.mark.parametrize("door", [DOORS[0], DOORS[4]], ids=lambda door: door.__name__)
def test_memory_of_its_own_that_is_dropped(door, form):
    """It may be a scratchpad, so it is a warning."""
    state, cache, output = fresh(torch.float32)
    with pytest.warns(LostWriteWarning, match="cache_base, .* what it writes is lost"):
        door(state, PLAIN[form](cache), output)


@pytest.mark.parametrize("backend", ["eager", "aot_eager"])
@pytest.mark.parametrize("door", [DOORS[0], DOORS[4], DOORS[7]], ids=lambda door: door.__name__)
def test_a_compiled_function_that_drops_a_cast(door, backend):
    torch._dynamo.reset()

    def step(state, cache):
        output = torch.empty_like(state)
        door(state, cache.float(), output)
        return output + 1

    state, cache, _ = fresh()
    with pytest.raises(ArgumentError, match=LOST):
        torch.compile(step, backend=backend)(state, cache)


@pytest.mark.parametrize("door", [door for door in DOORS if door is not stock_grid], ids=lambda door: door.__name__)
def test_a_graph_that_may_not_break(door):
    torch._dynamo.reset()
    state, cache, output = fresh(torch.float32)

    def step(state, cache, output):
        door(state, cache, output)
        return output + 1

    with pytest.raises(Exception, match=r"make the function an operator, with\s+torch.library.triton_op or rblnc.torch_op"):
        torch.compile(step, backend="eager", fullgraph=True)(state, cache, output)


@pytest.mark.parametrize("spelling", ["torch_op", "library"])
def test_a_cast_that_a_thread_of_an_operator_makes_and_drops(spelling):

    def body(state: torch.Tensor, cache: torch.Tensor) -> torch.Tensor:
        output = torch.empty_like(state)

        def work():
            try:
                DOORS[0](state, cache.float(), output)
            except ArgumentError:
                output.zero_()  # nobody else hears of it

        thread = threading.Thread(target=work)
        thread.start()
        thread.join()
        return output

    state, cache, _ = fresh()
    with pytest.raises(ArgumentError, match=LOST):
        SPELLINGS[spelling](body, mutates=("cache", ))(state, cache)
