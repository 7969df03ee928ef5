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
