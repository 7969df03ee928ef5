"""The ten attention operators as PyTorch sees them: schema, fake tensors, opcheck, torch.compile, types, mutation."""
import pytest
import torch
from torch._subclasses.fake_tensor import FakeTensorMode

import compile_backends
import rblnc
from attention_arguments import NAMES, first_call, operator

CACHE = 3


@pytest.mark.parametrize("name", NAMES)
def test_opcheck(name):
    arguments, _ = first_call(name)
    result = torch.library.opcheck(operator(name), tuple(arguments))
    assert set(result.values()) == {"SUCCESS"} and len(result) == 4


@pytest.mark.parametrize("name", NAMES)
def test_result_and_declared_mutation(name):
    arguments, expected = first_call(name)
    before = [argument.clone() for argument in arguments]
    version = arguments[CACHE]._version
    output = operator(name)(*arguments)
    torch.testing.assert_close(output, expected, rtol=1e-5, atol=1e-5)
    changed = [position for position, (old, new) in enumerate(zip(before, arguments)) if not torch.equal(old, new)]
    assert changed == [CACHE] and arguments[CACHE]._version > version
    mutated = [argument.name for argument in operator(name).default._schema.arguments
               if argument.alias_info is not None and argument.alias_info.is_write]
    assert mutated == ["kv_cache"]


@pytest.mark.parametrize("name", NAMES)
def test_fake_tensors(name):
    arguments, expected = first_call(name)
    with FakeTensorMode() as mode:
        output = operator(name)(*[mode.from_tensor(argument) for argument in arguments])
    assert output.shape == expected.shape and output.dtype == expected.dtype and output.is_contiguous()


@pytest.mark.parametrize("backend", compile_backends.ALL)
@pytest.mark.parametrize("name", ["flash_causal_attention_naive_decode", "sliding_window_attention_naive_prefill"])
def test_compiled_model(name, backend):
    torch._dynamo.reset()
    arguments, expected = first_call(name)

    def layer(query, key, value, kv_cache, *rest):
        return operator(name)(query * 1.0, key, value, kv_cache, *rest) + kv_cache.abs().sum() * 0

    eager_cache = arguments[CACHE].clone()
    operator(name)(*arguments[:CACHE], eager_cache, *arguments[CACHE + 1:])
    output = torch.compile(layer, backend=backend, fullgraph=True)(*arguments)
    torch.testing.assert_close(output, expected, rtol=1e-5, atol=1e-5)
    assert torch.equal(arguments[CACHE], eager_cache)


def test_the_operator_is_opaque():
    name = "flash_attention_naive_decode"
    arguments, _ = first_call(name)
    targets = []

    def backend(graph, inputs):
        targets.extend(node.target for node in graph.graph.nodes if node.op == "call_function")
        return graph.forward

    torch._dynamo.reset()
    torch.compile(lambda *tensors: operator(name)(*tensors), backend=backend, fullgraph=True)(*arguments)
    assert [str(target) for target in targets] in ([f"rbln_triton_ops.{name}"], [f"rbln_triton_ops.{name}.default"])


@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16])
def test_model_types(dtype):
    """Computed in float32, rounded back; the cache keeps its type and its identity."""
    name = "causal_attention_naive_decode"
    arguments, _ = first_call(name)
    half = [argument.to(dtype) if argument.is_floating_point() else argument for argument in arguments]
    single = [argument.float() if argument.is_floating_point() else argument for argument in half]
    output, expected = operator(name)(*half), operator(name)(*single)
    assert output.dtype == dtype and half[CACHE].dtype == dtype
    assert torch.equal(output, expected.to(dtype)) and torch.equal(half[CACHE], single[CACHE].to(dtype))


def test_index_types():
    name = "flash_causal_attention_naive_decode"
    arguments, expected = first_call(name)
    short = [argument.to(torch.int16) if argument.dtype == torch.int32 else argument for argument in arguments]
    torch.testing.assert_close(operator(name)(*short), expected, rtol=1e-5, atol=1e-5)


def test_int64_indices_warn():
    name = "flash_causal_attention_naive_prefill"
    arguments, expected = first_call(name)
    long = [argument.to(torch.int64) if argument.dtype == torch.int32 else argument for argument in arguments]
    with pytest.warns(UserWarning, match="int64"):
        output = operator(name)(*long)
    torch.testing.assert_close(output, expected, rtol=1e-5, atol=1e-5)


def test_a_table_of_two_dimensions_in_prefill():
    name = "flash_attention_naive_prefill"
    arguments, expected = first_call(name)
    table = [argument[None] if argument.dtype == torch.int32 and argument.dim() == 1 else argument
             for argument in arguments]
    torch.testing.assert_close(operator(name)(*table), expected, rtol=1e-5, atol=1e-5)


def test_an_operator_of_ones_own():
    from sample_kernels import scale

    @rblnc.torch_op("rblnc_test::scale_and_keep", mutates_args=("kept", ))
    def scale_and_keep(x: torch.Tensor, kept: torch.Tensor, factor: float) -> torch.Tensor:
        output = torch.empty_like(x)
        rblnc.launch(scale, x, output, factor, ROWS=x.shape[0], COLUMNS=x.shape[1])
        scale[(1, )](output, kept, 0.5, ROWS=x.shape[0], COLUMNS=x.shape[1])
        return output

    x, kept = torch.randn(8, 64), torch.zeros(8, 64)
    output = torch.ops.rblnc_test.scale_and_keep(x, kept, 3.0)
    assert torch.equal(output, x * 3) and torch.equal(kept, x * 1.5)
    assert set(torch.library.opcheck(scale_and_keep, (x, kept, 3.0)).values()) == {"SUCCESS"}
    compiled = torch.compile(lambda x, kept: torch.ops.rblnc_test.scale_and_keep(x + 1, kept, 2.0) - kept,
                             backend="aot_eager", fullgraph=True)
    torch.testing.assert_close(compiled(x, kept), (x + 1) * 2 - (x + 1))
