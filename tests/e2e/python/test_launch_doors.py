"""A plain function that reads a copy of a cache after a kernel has written to it hears nothing, whatever launches the kernel;
torch.compile takes such functions; and threads that an operator starts write to its arguments."""
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
import torch

import compile_backends
import rblnc
from cast_operators import COLUMNS, ROWS, SPELLINGS
from launch_doors import CONTEXTS, DOORS, stock_grid
from rblnc._lost_writes import LostWriteWarning

pytestmark = pytest.mark.filterwarnings(f"error::{LostWriteWarning.__module__}.{LostWriteWarning.__name__}")
BACK = {
    "to": lambda cache: cache.to(torch.float32), "float": lambda cache: cache.float(),
    "type": lambda cache: cache.type(torch.float32), "clone": lambda cache: cache.float().clone(),
    "sum": lambda cache: cache.float() + 0,
    "empty_like": lambda cache: torch.empty_like(cache, dtype=torch.float32).copy_(cache)
}


def step(door, copy_of, state, cache):
    copy, output = copy_of(cache), torch.empty_like(state)
    door(state, copy, output)
    cache.copy_(copy)
    return output + 1


def fresh():
    return torch.ones(1, COLUMNS), torch.zeros(ROWS, COLUMNS, dtype=torch.bfloat16)


@pytest.mark.parametrize("form", BACK)
@pytest.mark.parametrize("door", DOORS, ids=lambda door: door.__name__)
def test_a_copy_that_is_read(door, form):
    state, cache = fresh()
    for count in (1, 2):
        assert (step(door, BACK[form], state, cache) == 3).all() and (cache == count).all()


@pytest.mark.parametrize("context", CONTEXTS, ids=lambda context: context.__name__)
def test_the_tensor_itself(context):
    state, _ = fresh()
    cache = torch.zeros(ROWS, COLUMNS)
    context(DOORS[0], state, cache, torch.empty_like(state))
    assert (cache == 1).all()


@pytest.mark.parametrize("backend", compile_backends.ALL)
@pytest.mark.parametrize("door", DOORS, ids=lambda door: door.__name__)
def test_a_compiled_function(door, backend):
    if door is stock_grid:
        pytest.skip("torch.compile has a way of its own with Triton's own kernels")
    if backend == "inductor" and door is not DOORS[7]:
        pytest.skip("inductor takes what aot_eager does, and seconds for it")
    torch._dynamo.reset()
    state, cache = fresh()
    function = torch.compile(step, backend=backend)
    for count in (1, 2):
        assert (function(door, BACK["float"], state, cache) == 3).all() and (cache == count).all()


def in_a_thread(door, state, copy, output):
    thread = threading.Thread(target=door, args=(state, copy, output))
    thread.start()
    thread.join()


def in_a_pool(door, state, copy, output):
    with ThreadPoolExecutor(1) as pool:
        pool.submit(door, state, copy, output).result()


@pytest.mark.parametrize("spelling", ["triton_op", "torch_op", "library"])
@pytest.mark.parametrize("elsewhere", [in_a_thread, in_a_pool], ids=lambda way: way.__name__)
@pytest.mark.parametrize("door", [DOORS[0], DOORS[2], DOORS[4], DOORS[7]], ids=lambda door: door.__name__)
def test_a_thread_of_an_operator(door, elsewhere, spelling):

    def body(state: torch.Tensor, cache: torch.Tensor) -> torch.Tensor:
        output = torch.empty_like(state)
        elsewhere(door, state, cache.float(), output)
        return output

    operator = SPELLINGS[spelling](body, mutates=("cache", ))
    state, cache = fresh()
    for count in (1, 2):
        assert (operator(state, cache) == 2).all() and (cache == count).all()


def test_a_graph_launches_what_it_holds():
    """rblnc::launch in a graph: PyTorch knows who reads what it writes."""
    torch._dynamo.reset()

    def body(state: torch.Tensor, cache: torch.Tensor) -> torch.Tensor:
        output = torch.empty_like(state)
        rblnc.launch(DOORS[0].__globals__["add_rows"], state, cache.float(), output, ROWS, COLUMNS)
        return output

    operator = SPELLINGS["triton_op"](body, mutates=("cache", ))
    state, cache = fresh()
    assert (torch.compile(lambda *given: operator(*given) + 1, backend="aot_eager", fullgraph=True)(state, cache) == 3).all()
    assert (cache == 1).all()
