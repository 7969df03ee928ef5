"""Where what a kernel writes could not reach the tensor that it belongs to, or memory would be returned that nobody wrote,
the operator raises and says why."""
import pytest
import torch

import cast_operators as ops
from cast_operators import ROWS, add_rows, add_two, run
from rblnc import libdevice as rblib
from rblnc.arguments import ArgumentError

SPELLINGS = ["triton_op", "custom_op", "library", "library_implicit", "library_function", "torch_op"]


@pytest.fixture
def arguments():
    return torch.ones(1, 64, dtype=torch.bfloat16), torch.zeros(ROWS, 64, dtype=torch.bfloat16)


class Opaque:

    def __init__(self, function):
        self._function = function

    def __call__(self, *args):
        return self._function(*args)


COMPUTED = {
    "arithmetic": (lambda c: c.float() * 1.0, "mul"),
    "added": (lambda c: c + torch.zeros(ROWS, 64), "add"),
    "clone": (lambda c: c.float().clone(), "clone"),
    "copy": (lambda c: c.to(torch.float32, copy=True).clone(), "to"),
    "cat": (lambda c: torch.cat([c[:2], c[2:]]).float(), "cat"),
    "stack": (lambda c: torch.stack([c, c])[0].float().clone(), "stack"),
    "where": (lambda c: torch.where(torch.ones(1) > 0, c, c).float(), "where"),
    "gathered": (lambda c: c[torch.arange(ROWS)].float(), "index"),
    "filled_in": (lambda c: torch.zeros(ROWS, 64).copy_(c), "copy_"),
    "expanded": (lambda c: c[:1].expand(ROWS, 64).float().contiguous(), "contiguous|to"),
}


@pytest.mark.parametrize("form", COMPUTED)
@pytest.mark.parametrize("backend", [None, "aot_eager"])
def test_a_computed_tensor_is_written(form, backend, arguments):
    torch._dynamo.reset()
    make, name = Opaque(COMPUTED[form][0]), COMPUTED[form][1]

    def body(state: torch.Tensor, cache: torch.Tensor) -> torch.Tensor:
        return run(add_rows, state, make(cache)).to(state.dtype)

    operator = ops.by_triton_op(body)
    call = torch.compile(lambda s, c: operator(s, c), backend=backend) if backend else operator
    with pytest.raises(Exception, match=rf"the kernel add_rows writes to a tensor that `({name})` computed from "
                                        "arguments of .* would be lost"):
        call(*arguments)


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_a_computed_tensor_in_each_spelling(spelling, arguments):
    def body(state: torch.Tensor, cache: torch.Tensor) -> torch.Tensor:
        return run(add_rows, state, cache.float() * 1).to(state.dtype)

    with pytest.raises(ArgumentError, match="`mul` computed from arguments of .* would be lost"):
        ops.SPELLINGS[spelling](body)(*arguments)


@pytest.mark.parametrize("view", [False, True])
def test_a_copy_that_is_kept_across_calls(view, arguments):
    kept = []

    def body(state: torch.Tensor, cache: torch.Tensor) -> torch.Tensor:
        if not kept:
            kept.append(cache.float()[:] if view else cache.float())
        return run(add_rows, state, kept[0]).to(state.dtype)

    operator = ops.by_triton_op(body)
    operator(*arguments)
    assert (arguments[1] == 1).all()
    with pytest.raises(ArgumentError, match="writes to a copy that an earlier call of .* make the copy in each call"):
        operator(*arguments)


@pytest.mark.parametrize("backend", [None, "aot_eager"])
def test_two_copies_of_the_same_memory(backend, arguments):
    torch._dynamo.reset()

    def one_launch(state: torch.Tensor, cache: torch.Tensor) -> torch.Tensor:
        return run(add_two, state, cache.float(), cache.float()).to(state.dtype)

    def two_launches(state: torch.Tensor, cache: torch.Tensor) -> torch.Tensor:
        first, second = cache.float(), cache[1:].float()
        run(add_rows, state, first)
        return run(add_rows, state, second).to(state.dtype)

    def written_between(state: torch.Tensor, cache: torch.Tensor) -> torch.Tensor:
        copy = cache.float()
        cache.zero_()
        return run(add_rows, state, copy).to(state.dtype)

    for body, words in ((one_launch, "another argument of the kernel has the same memory"),
                        (two_launches, "made before those values were last written"),
                        (written_between, "made before those values were last written")):
        operator = ops.by_triton_op(body)
        call = torch.compile(lambda s, c: operator(s, c), backend=backend) if backend else operator
        with pytest.raises(Exception, match=f"a copy of the argument cache.*{words}"):
            call(*arguments)


def test_an_undeclared_mutation_of_an_own_operator(arguments):
    def body(state: torch.Tensor, cache: torch.Tensor) -> torch.Tensor:
        return run(add_rows, state, cache.float()).to(state.dtype)

    with pytest.raises(ArgumentError, match=r"writes to cache, which .* does not declare: write mutates_args=\('cache',\)"):
        ops.by_torch_op(body, mutates=())(*arguments)


# ---- Memory that nobody wrote -------------------------------------------------------------------------------------------


def forgets(state: torch.Tensor, cache: torch.Tensor) -> torch.Tensor:
    return torch.empty_like(state)


def forgets_and_casts(state: torch.Tensor, cache: torch.Tensor) -> torch.Tensor:
    out = torch.empty_like(state.to(torch.float32))
    return out[..., :64].to(state.dtype).clone()


def only_warms_up(state: torch.Tensor, cache: torch.Tensor) -> torch.Tensor:
    out = torch.full((1, 64), float("nan"))
    add_rows.warmup(state.float(), cache.float(), out, ROWS, 64, grid=(1, ))
    return out.to(state.dtype)


def only_warms_up_memory(state: torch.Tensor, cache: torch.Tensor) -> torch.Tensor:
    out = torch.empty(1, 64)
    add_rows.warmup(state.float(), cache.float(), out, ROWS, 64, grid=(1, ))
    return out.to(state.dtype)


def runs_for_another_tensor(state: torch.Tensor, cache: torch.Tensor) -> torch.Tensor:
    run(add_rows, state, cache.float())
    return torch.empty_like(state)


UNWRITTEN = {"forgets": (forgets, "memory that nobody wrote: it runs no kernel"),
             "forgets_and_casts": (forgets_and_casts, "memory that nobody wrote: it runs no kernel"),
             "only_warms_up": (only_warms_up, r"warms add_rows up and never runs it. Add rblib.write_rtosa"),
             "only_warms_up_memory": (only_warms_up_memory, r"warms add_rows up and never runs it. Add rblib.write_rtosa"),
             "another_tensor": (runs_for_another_tensor, "none of its kernels writes that tensor")}


@pytest.mark.parametrize("spelling", SPELLINGS)
@pytest.mark.parametrize("body", UNWRITTEN)
def test_unwritten_memory(spelling, body, arguments):
    function, words = UNWRITTEN[body]
    with pytest.raises(ArgumentError, match=words):
        ops.SPELLINGS[spelling](function)(*arguments)


@pytest.mark.parametrize("spelling", ["triton_op", "custom_op"])
@pytest.mark.parametrize("backend", ["eager", "aot_eager"])
def test_unwritten_memory_in_a_graph(spelling, backend, arguments):
    torch._dynamo.reset()
    for function, words in UNWRITTEN.values():
        operator = ops.SPELLINGS[spelling](function)
        with pytest.raises(Exception, match=words):
            torch.compile(lambda s, c: operator(s, c), backend=backend)(*arguments)


def test_write_kernel_of_something_else():
    with pytest.raises(TypeError, match="write_kernel takes the compiled kernel that warmup returned, not a str"):
        rblib.write_kernel("kernel")
