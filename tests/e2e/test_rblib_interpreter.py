"""Every rblib operation under Triton's interpreter against NumPy loops, and what it refuses."""
import numpy as np
import pytest

pytest.importorskip("triton", reason="Triton is not installed")
torch = pytest.importorskip("torch", reason="PyTorch is not installed; Triton's interpreter needs it")

from kernels.cases import Array  # noqa: E402
from kernels.rblib import catalog  # noqa: E402

TOLERANCE = 1e-5
PROBES = catalog.probes()


def run(probe, given):
    """Launches the kernel; returns its outputs by name."""
    tensors = {}
    for argument in probe.arguments:
        if isinstance(argument, Array):
            # An element that the kernel does not write must show.
            start = given.get(argument.name, np.full(argument.shape, np.nan))
            tensors[argument.name] = torch.from_numpy(np.array(start, dtype=argument.dtype))
        else:
            tensors[argument.name] = torch.tensor(given[argument.name])
    probe.load()[(1, )](*tensors.values(), **probe.constexprs)
    return {a.name: tensors[a.name].numpy() for a in probe.arguments if isinstance(a, Array) and a.direction != "in"}


@pytest.mark.parametrize("probe", PROBES, ids=[probe.name for probe in PROBES])
@pytest.mark.filterwarnings("ignore:rblib.to_dynamic_index. the array is int64")
def test_results(probe):
    sets = probe.inputs(np.random.default_rng(0))
    for number, given in enumerate(sets):
        results, expected = run(probe, given), probe.reference(given)
        assert results.keys() == expected.keys()
        for name, value in expected.items():
            np.testing.assert_allclose(results[name], value, rtol=TOLERANCE, atol=TOLERANCE,
                                       err_msg=f"{name} of input set {number}")


def refused(name, changes, pattern):
    """Runs the named probe with some inputs replaced: it stops with a message like the pattern."""
    probe = next(probe for probe in PROBES if probe.name == name)
    given = {**probe.inputs(np.random.default_rng(0))[0], **changes}
    with pytest.raises(Exception, match=pattern):
        run(probe, given)


@pytest.mark.parametrize("name, changes, pattern", [
    ("insert_rows", {"index": [13]}, r"the index is 13, not in 0\.\.12"),
    ("insert_rows", {"index": [-1]}, r"the index is -1, not in 0\.\.12"),
    ("dynamic_rows_axis1", {"count": [11]}, r"the index is 11, not in 0\.\.10"),
    ("slide_window_one", {"start": [[7]]}, r"the index is 7, not in 0\.\.6"),
    ("slide_window_one", {"end": [[8]]}, r"the index is 8, not in 0\.\.7"),
    ("to_dynamic_index_i32", {"table": [[0, 0, 4]]}, r"covers 4\.\.4 along axis 0 of an array with 4"),
    ("to_dynamic_index_i16", {"table": [0, 0, -1]}, r"the index is -1, not in"),
    ("foreign_geometry", {"block": [3]}, r"covers 3\.\.3 along axis 1 of an array with 3"),
    ("partition_skip_max", {"offsets": [[0] * 4, [7, 0, 0, 0]]}, r"the index is 7, not in 0\.\.6"),
])
def test_an_index_out_of_range_stops_the_kernel(name, changes, pattern):
    refused(name, changes, pattern)


def test_a_tensor_that_is_not_contiguous():
    probe = next(probe for probe in PROBES if probe.name == "softmax_last")
    shape = probe.arguments[0].shape
    outputs = [torch.zeros(shape), torch.zeros(shape[::-1]).permute(2, 1, 0)]
    x = torch.randn(shape[::-1], generator=torch.Generator().manual_seed(1)).permute(2, 1, 0)
    for given, output in zip((x.contiguous(), x), outputs):
        probe.load()[(1, )](given, output, **probe.constexprs)
    assert torch.equal(*outputs) and outputs[0].any()


def test_outside_of_a_kernel():
    from rblnc import libdevice
    with pytest.raises(ValueError, match="inside of a @triton.jit function only"):
        libdevice.softmax(torch.zeros(3), 0)
