"""Casts of memory that reaches a kernel another way: caches from outside of the operator, NumPy and DLPack, operators within
operators."""
import numpy as np
import pytest
import torch

import cast_operators as ops
from cast_operators import COLUMNS, ROWS, add_rows, put_row, run
from rblnc.arguments import ArgumentError

SPELLINGS = ["triton_op", "custom_op", "library"]


def numbers():
    return torch.ones(1, COLUMNS).bfloat16() * 3, torch.randint(-8, 8, (ROWS, COLUMNS)).bfloat16()


@pytest.mark.parametrize("spelling", SPELLINGS)
@pytest.mark.parametrize("kernel", [add_rows, put_row], ids=["read_and_written", "written"])
def test_a_cache_from_outside(spelling, kernel):
    """Of a closure, a global, or an object's attribute."""
    state, outside = numbers()

    def body(state: torch.Tensor, cache: torch.Tensor) -> torch.Tensor:
        return run(kernel, state, outside[1:].float()).to(state.dtype)

    operator = ops.SPELLINGS[spelling](body)
    for _ in range(2):
        want = outside.clone()
        want[1:] = want[1:] + state if kernel is add_rows else want[1:]
        want[-1] = want[-1] if kernel is add_rows else state
        operator(state, torch.zeros(1))
        assert torch.equal(outside, want)


def test_what_is_computed_from_a_cache_from_outside():
    state, outside = numbers()

    def body(state: torch.Tensor, cache: torch.Tensor) -> torch.Tensor:
        return run(add_rows, state, outside.float() * 1).to(state.dtype)

    with pytest.raises(ArgumentError, match="`mul` computed from .* would be lost"):
        ops.by_custom_op(body)(state, torch.zeros(1))


def test_memory_that_the_body_makes_is_its_own():
    def body(state: torch.Tensor, cache: torch.Tensor) -> torch.Tensor:
        run(add_rows, state, torch.tensor([[1.0] * COLUMNS] * ROWS) * 2)
        return run(add_rows, state, cache.float()).to(state.dtype)

    state, cache = numbers()
    want = cache + state
    ops.by_custom_op(body)(state, cache)
    assert torch.equal(cache, want)


SAME_MEMORY = {
    "numpy": lambda copy: torch.from_numpy(copy.numpy()),
    "rows of numpy": lambda copy: torch.from_numpy(copy.numpy()[1:4]),
    "dlpack": torch.from_dlpack,
    "numpy by dlpack": lambda copy: np.from_dlpack(copy),
    "buffer": lambda copy: torch.frombuffer(memoryview(copy.numpy()), dtype=torch.float32).view(copy.shape),
}


@pytest.mark.parametrize("form", SAME_MEMORY)
def test_a_copy_by_another_way(form):
    def body(state: torch.Tensor, cache: torch.Tensor) -> torch.Tensor:
        return run(add_rows, state, SAME_MEMORY[form](cache.float())).to(state.dtype)

    state, cache = numbers()
    want = cache.clone()
    want[slice(1, 4) if form == "rows of numpy" else slice(None)] += state
    ops.by_custom_op(body)(state, cache)
    assert torch.equal(cache, want)


def test_an_output_by_another_way():
    def body(state: torch.Tensor, cache: torch.Tensor) -> torch.Tensor:
        state = state.float()
        output = torch.empty_like(state)
        ops.launch(add_rows, state, cache.float(), torch.from_numpy(output.numpy()))
        return output.to(cache.dtype)

    state, cache = numbers()
    assert torch.equal(ops.by_custom_op(body)(state, cache), state * 2)


@pytest.mark.parametrize("outer", ["triton_op", "custom_op"])
@pytest.mark.parametrize("inner", ["triton_op", "custom_op", "torch_op"])
@pytest.mark.parametrize("backend", [None, "aot_eager"])
def test_an_operator_within_an_operator(outer, inner, backend):
    """While PyTorch traces, the inner one does not run: what it declares to write is all that is known."""
    torch._dynamo.reset()

    def body(state: torch.Tensor, cache: torch.Tensor) -> torch.Tensor:
        return run(add_rows, state, cache.float()).to(state.dtype)

    within = ops.SPELLINGS[inner](body, mutates=("cache", ))

    def around(state: torch.Tensor, cache: torch.Tensor) -> torch.Tensor:
        return within(state, cache[1:4].half()).to(state.dtype)

    operator = ops.SPELLINGS[outer](around)
    call = torch.compile(lambda s, c: operator(s, c), backend=backend) if backend else operator
    state, cache = numbers()
    want = cache.clone()
    want[1:4] += state
    call(state, cache)
    assert torch.equal(cache, want)


@pytest.mark.parametrize("layout", ["split", "packed"])
@pytest.mark.parametrize("backend", [None, "aot_eager"])
def test_an_attention_operator_within_an_operator(layout, backend):
    from rblnc.attention import operators
    torch._dynamo.reset()

    def body(state: torch.Tensor, cache: torch.Tensor) -> torch.Tensor:
        query, scale, index = torch.ones(1, 1, 1, 1, 64), torch.tensor(1.0), torch.zeros(1, 1, dtype=torch.int32)
        with operators.cache_layout(layout):
            output = torch.ops.rbln_triton_ops.causal_attention_naive_decode(query, query, query, cache.float(), index,
                                                                             scale, index, scale)
        return output.reshape(1, 64).to(state.dtype)

    operator = ops.by_triton_op(body)
    call = torch.compile(lambda s, c: operator(s, c), backend=backend) if backend else operator
    cache = torch.zeros((2, 3, 1, 1, 64, 64) if layout == "split" else (3, 2, 1, 1, 64, 64), dtype=torch.bfloat16)
    call(numbers()[0], cache)
    assert cache.sum() == 2 * 64
