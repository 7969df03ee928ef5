"""A wrapper casts a cache and gives the copy to the kernel: what the kernel writes must reach the cache."""
import pytest
import torch

import cast_operators as ops
import compile_backends
from cast_operators import add_rows, add_two, put_row, run
from rblnc import libdevice as rblib

DTYPES = [torch.float32, torch.bfloat16, torch.float16]
F32 = torch.float32


class Opaque:
    """A function whose source triton_op does not read: it looks for kernels, and stumbles over lambdas."""

    def __init__(self, function):
        self._function = function

    def __call__(self, *args):
        return self._function(*args)


# What wrappers make of a cache of (ROWS, COLUMNS) before the kernel gets it; the kernel wants rows of float32.
CASTS = {
    "to": lambda c: c.to(F32),
    "to_keyword": lambda c: c.to(dtype=F32),
    "to_device": lambda c: c.to("cpu", F32),
    "to_like": lambda c: c.to(torch.empty(1)),
    "float": lambda c: c.float(),
    "type": lambda c: c.type(F32),
    "type_as": lambda c: c.type_as(torch.empty(1)),
    "contiguous": lambda c: c.to(F32).contiguous(),
    "twice": lambda c: c.to(F32).to(F32),
    "through_double": lambda c: c.double().float(),
    "view_after": lambda c: c.to(F32).view(-1).view(c.shape),
    "view_before": lambda c: c.view(1, *c.shape)[0].float(),
    "reshape": lambda c: c.float().reshape(2, -1, c.shape[1]).flatten(0, 1),
    "permutes": lambda c: c.t().float().t().contiguous(),
    "permuted_copies": lambda c: c.t().contiguous().float().t().contiguous(),
    "aligned": lambda c: rblib.align_tensor_last_dim_to_64(c.to(F32)),
    "aligned_before": lambda c: rblib.align_tensor_last_dim_to_64(c).to(F32),
    "detached": lambda c: c.detach().to(F32).detach(),
}
CASTS = {name: Opaque(cast) for name, cast in CASTS.items()}


ITSELF = Opaque(lambda cache: cache)


def wrapper(kernel, cast, of=ITSELF):

    def body(state: torch.Tensor, cache: torch.Tensor) -> torch.Tensor:
        given = cast(of(cache))
        padded = rblib.align_tensor_last_dim_to_64(state)
        return run(kernel, padded, given).to(state.dtype)[..., :state.shape[-1]].clone()

    return body


def inputs(dtype, columns=ops.COLUMNS):
    cache = torch.randint(-8, 8, (ops.ROWS, columns)).to(dtype)
    return torch.randint(1, 5, (1, columns)).to(dtype), cache


def expected(kernel, state, cache):
    cache = cache.clone()
    if kernel is put_row:
        cache[-1] = state
    else:
        cache += state
    return state * 2, cache


def check(operator, kernel, dtype, columns=ops.COLUMNS, call=None):
    state, cache = inputs(dtype, columns)
    for _ in range(2):
        want, want_cache = expected(kernel, state, cache)
        got = (call or operator)(state, cache)
        torch.testing.assert_close(got, want, rtol=0, atol=0)
        torch.testing.assert_close(cache, want_cache, rtol=0, atol=0)


@pytest.mark.parametrize("kernel", [add_rows, put_row], ids=["read_and_written", "written"])
@pytest.mark.parametrize("cast", CASTS)
@pytest.mark.parametrize("dtype", DTYPES, ids=str)
def test_casts_in_eager_mode(cast, dtype, kernel):
    check(ops.by_triton_op(wrapper(kernel, CASTS[cast])), kernel, dtype)


@pytest.mark.parametrize("cast", CASTS)
@pytest.mark.parametrize("backend", ["aot_eager"])
def test_casts_in_a_graph(cast, backend):
    torch._dynamo.reset()
    operator = ops.by_triton_op(wrapper(add_rows, CASTS[cast]))
    check(operator, add_rows, torch.bfloat16, call=torch.compile(lambda s, c: operator(s, c), backend=backend,
                                                                 fullgraph=True))


@pytest.mark.parametrize("spelling", ops.SPELLINGS)
@pytest.mark.parametrize("dtype", DTYPES[:2], ids=str)
@pytest.mark.parametrize("cast", ["to", "contiguous", "aligned", "permutes"])
def test_spellings_of_a_registration(spelling, dtype, cast):
    check(ops.SPELLINGS[spelling](wrapper(add_rows, CASTS[cast])), add_rows, dtype)


@pytest.mark.parametrize("columns", [64, 80])
@pytest.mark.parametrize("cast", ["aligned", "aligned_before"])
@pytest.mark.parametrize("backend", [None, *compile_backends.ALL])
def test_heads_that_are_padded(columns, cast, backend):
    """What a kernel writes to the padding has nowhere to go; the rest does."""
    torch._dynamo.reset()
    operator = ops.by_triton_op(wrapper(add_rows, CASTS[cast]))
    call = torch.compile(lambda s, c: operator(s, c), backend=backend) if backend else operator
    for dtype in (torch.float32, torch.bfloat16):
        check(operator, add_rows, dtype, columns, call)


@pytest.mark.parametrize("spelling", ["triton_op", "custom_op", "torch_op", "library"])
@pytest.mark.parametrize("mutates", [(), ("cache", )], ids=["undeclared", "declared"])
@pytest.mark.parametrize("backend", compile_backends.ALL)
def test_backends(spelling, mutates, backend):
    """triton_op is traced into; the others stay calls, which a graph may only move when they declare what they change."""
    if spelling == "torch_op" and not mutates:
        pytest.skip("rblnc's own operators declare what they change")
    torch._dynamo.reset()
    operator = ops.SPELLINGS[spelling](wrapper(add_rows, CASTS["to"]), mutates=mutates)
    compiled = torch.compile(lambda s, c: operator(s, c) + 1 - 1, backend=backend, fullgraph=True)
    check(operator, add_rows, torch.bfloat16, call=compiled)


@pytest.mark.parametrize("backend", compile_backends.ALL)
def test_a_graph_uses_the_cache_before_and_after(backend):
    torch._dynamo.reset()
    operator = ops.by_triton_op(wrapper(add_rows, CASTS["to"]))

    def model(state, cache):
        before = cache.sum()
        output = operator(state, cache) + operator(state, cache)
        return output, before, cache * 2

    state, cache = inputs(torch.bfloat16)
    start = cache.clone()
    output, before, after = torch.compile(model, backend=backend, fullgraph=True)(state, cache)
    torch.testing.assert_close(output, state * 4)
    torch.testing.assert_close(before, start.sum())
    torch.testing.assert_close(cache, start + 2 * state)
    torch.testing.assert_close(after, 2 * cache)


@pytest.mark.parametrize("dynamic", [None, True])
@pytest.mark.parametrize("cast", ["to", "aligned", "permutes", "reshape"])
def test_dynamic_shapes(dynamic, cast):
    torch._dynamo.reset()
    operator = ops.by_triton_op(wrapper(add_rows, CASTS[cast]))
    compiled = torch.compile(lambda s, c: operator(s, c), backend="aot_eager", dynamic=dynamic, fullgraph=True)
    for rows in (4, 6, 8):
        state, cache = torch.ones(1, 64, dtype=torch.bfloat16), torch.zeros(rows, 64, dtype=torch.bfloat16)
        compiled(state, cache)
        assert (cache == 1).all(), rows


@pytest.mark.parametrize("mode", [torch.no_grad, torch.inference_mode, torch.enable_grad])
@pytest.mark.parametrize("made_in", [torch.no_grad, torch.inference_mode])
@pytest.mark.parametrize("spelling", ["triton_op", "library_implicit", "torch_op"])
def test_gradient_modes(mode, made_in, spelling):
    operator = ops.SPELLINGS[spelling](wrapper(add_rows, CASTS["to"]))
    with made_in():
        state, cache = inputs(torch.bfloat16)
        start = cache.clone()
    if made_in is torch.inference_mode and mode is not torch.inference_mode and spelling == "torch_op":
        pytest.skip("PyTorch itself forbids to mutate an inference tensor then")
    with mode():
        operator(state, cache)
    assert torch.equal(cache, start + state)


@pytest.mark.parametrize("backend", [None, *compile_backends.ALL])
def test_inference_mode_in_a_graph(backend):
    torch._dynamo.reset()
    operator = ops.by_triton_op(wrapper(add_rows, CASTS["to"]))
    call = torch.compile(lambda s, c: operator(s, c), backend=backend) if backend else operator
    with torch.inference_mode():
        check(operator, add_rows, torch.bfloat16, call=call)


@pytest.mark.parametrize("cast", ["to", "permutes", "aligned"])
def test_a_cache_that_wants_a_gradient(cast):
    operator = ops.by_triton_op(wrapper(add_rows, CASTS[cast]))
    state, cache = inputs(torch.bfloat16)
    start = cache.clone()
    cache.requires_grad_()
    version = cache._version
    with torch.no_grad():
        operator(state, cache)
    assert torch.equal(cache, start + state) and cache._version > version


@pytest.mark.parametrize("backend", [None, "aot_eager"])
def test_a_part_of_a_cache(backend):
    """Only the part that was cast is written; a packed cache holds keys and values side by side."""
    torch._dynamo.reset()
    operator = ops.by_triton_op(wrapper(add_rows, CASTS["to"], of=Opaque(lambda cache: cache[:, 1].contiguous())))
    call = torch.compile(lambda s, c: operator(s, c), backend=backend) if backend else operator
    state = torch.ones(1, 64, dtype=torch.bfloat16)
    cache = torch.zeros(6, 2, 64, dtype=torch.bfloat16)
    call(state, cache)
    assert (cache[:, 1] == 1).all() and (cache[:, 0] == 0).all()


@pytest.mark.parametrize("backend", [None, *compile_backends.ALL])
@pytest.mark.parametrize("packed", [False, True])
def test_keys_and_values_apart(backend, packed):
    torch._dynamo.reset()

    def body(state: torch.Tensor, cache: torch.Tensor) -> torch.Tensor:
        keys, values = (cache[:, 0], cache[:, 1]) if packed else (cache[0], cache[1])
        return run(add_two, state, keys.float().contiguous(), values.float().contiguous()).to(state.dtype)

    operator = ops.by_triton_op(body)
    call = torch.compile(lambda s, c: operator(s, c), backend=backend) if backend else operator
    state = torch.ones(1, 64, dtype=torch.bfloat16)
    cache = torch.zeros(*((4, 2) if packed else (2, 4)), 64, dtype=torch.bfloat16)
    for turn in (1, 2):
        call(state, cache)
        keys, values = (cache[:, 0], cache[:, 1]) if packed else cache
        assert (keys == turn).all() and (values == 2 * turn).all()


@pytest.mark.parametrize("backend", [None, "aot_eager"])
def test_several_kernels_on_one_copy_and_on_new_copies(backend):
    torch._dynamo.reset()

    def body(state: torch.Tensor, cache: torch.Tensor) -> torch.Tensor:
        copy = cache.float()
        run(add_rows, state, copy)
        run(add_rows, state, copy)
        return run(add_rows, state, cache.float()).to(state.dtype) + cache[0]

    operator = ops.by_triton_op(body)
    call = torch.compile(lambda s, c: operator(s, c), backend=backend) if backend else operator
    state, cache = torch.ones(1, 64, dtype=torch.bfloat16), torch.zeros(4, 64, dtype=torch.bfloat16)
    assert (call(state, cache) == 5).all() and (cache == 3).all()


@pytest.mark.parametrize("backend", [None, "aot_eager"])
def test_memory_of_its_own_stays_its_own(backend):
    """clone() and to(copy=True) ask for it; what the operator returns is an output."""
    torch._dynamo.reset()
    bodies = [lambda c: c.clone(), lambda c: c.to(F32, copy=True), lambda c: c * 1, lambda c: c.float()]
    for own in map(Opaque, bodies):

        def body(state: torch.Tensor, cache: torch.Tensor, own=own) -> torch.Tensor:
            copy = own(cache)
            run(add_rows, state, copy)
            return copy

        def plain(state: torch.Tensor, cache: torch.Tensor) -> torch.Tensor:
            return body(state, cache)

        name = ops.fresh()
        torch.library.triton_op(name, plain, mutates_args=())
        torch.library.register_fake(name, lambda state, cache: torch.empty_like(cache, dtype=F32))
        operator = ops._of(name)
        call = torch.compile(lambda s, c: operator(s, c), backend=backend) if backend else operator
        state, cache = torch.ones(1, 64), torch.zeros(4, 64)
        if own._function is bodies[-1]:
            cache = cache.bfloat16()
        assert (call(state, cache) == 1).all() and (cache == 0).all()


def test_a_wrapper_that_copies_back_itself():
    def body(state: torch.Tensor, cache: torch.Tensor) -> torch.Tensor:
        copy = cache * 1.0
        copy = copy.float()
        out = run(add_rows, state, copy)
        cache.copy_(copy)
        return out.to(state.dtype)

    check(ops.by_triton_op(body), add_rows, torch.bfloat16)


def test_an_operator_within_an_operator():
    inner = ops.by_triton_op(wrapper(add_rows, CASTS["to"]))

    def body(state: torch.Tensor, cache: torch.Tensor) -> torch.Tensor:
        return inner(state, cache.half()).to(state.dtype)

    check(ops.by_triton_op(body), add_rows, torch.bfloat16)


def test_a_numpy_view_of_a_copy():
    def body(state: torch.Tensor, cache: torch.Tensor) -> torch.Tensor:
        copy = cache.float().numpy()
        return run(add_rows, state, copy).to(state.dtype)

    check(ops.by_custom_op(body), add_rows, torch.bfloat16)


def test_bits_that_the_kernel_does_not_write_stay():
    operator = ops.by_triton_op(wrapper(put_row, CASTS["to"]))
    cache = torch.arange(-2**15, 2**15, dtype=torch.int16).view(torch.bfloat16).reshape(-1, 64)
    cache = torch.where(cache.isnan(), 0, cache)
    state, start = torch.ones(1, 64, dtype=torch.bfloat16), cache.clone()
    operator(state, cache)
    assert torch.equal(cache[:-1].view(torch.int16), start[:-1].view(torch.int16)) and (cache[-1] == 1).all()


@pytest.mark.parametrize("spelling", ["triton_op", "custom_op"])
def test_tensors_without_memory(spelling):
    operator = ops.SPELLINGS[spelling](wrapper(add_rows, CASTS["to"]))
    state, cache = inputs(torch.bfloat16)
    assert operator(state.to("meta"), cache.to("meta")).shape == state.shape
    from torch._subclasses.fake_tensor import FakeTensorMode
    with FakeTensorMode() as mode:
        assert operator(mode.from_tensor(state), mode.from_tensor(cache)).shape == state.shape
