"""Every kernel under Triton's own interpreter against its NumPy reference.

It shows that a kernel and its reference mean the same, without a compiler: what disagrees in test_kernels.py is then
the compiler's. Runs where Triton and PyTorch (the interpreter's tensors) are installed.
"""
import numpy as np
import pytest

pytest.importorskip("triton", reason="Triton is not installed")
torch = pytest.importorskip("torch", reason="PyTorch is not installed; Triton's interpreter needs it")

import arrays  # noqa: E402
from kernels import catalog  # noqa: E402

# The interpreter computes in NumPy, which has no bfloat16: it adds raw bits and cuts off instead of rounding.
THROUGH_BFLOAT16 = {("cast_chain", "brain")}
# Its maximum of a number and NaN is NaN, where the compiled operation gives the number.
NAN_DIFFERS = {"maximum", "minimum"}
# NumPy's float32 exp is up to 3 units off; what is shown here is that kernel and reference mean the same.
WIDER = {"elementwise": "f32"}


def uses_bfloat16(case):
    return any(a.dtype == "bfloat16" for a in case.arrays)


CASES = [(kernel, case) for kernel in catalog.kernel_names("basic") for case in catalog.load("basic", kernel).CASES
         if not uses_bfloat16(case)]


def to_tensor(values, dtype):
    if dtype == "bfloat16":
        return torch.from_numpy(np.asarray(values, dtype=np.float32)).to(torch.bfloat16)
    return torch.from_numpy(np.array(values).astype(dtype))


def from_tensor(tensor):
    if tensor.dtype == torch.bfloat16:
        tensor = tensor.to(torch.float32)
    array = tensor.numpy()
    return array.astype(np.float64) if array.dtype.kind == "f" else array


@pytest.mark.parametrize("kernel, case", CASES, ids=[f"{kernel}.{case.name}" for kernel, case in CASES])
@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_kernel_and_reference_agree(kernel, case):
    module = catalog.load("basic", kernel)
    failures = []
    for edge in case.edges:
        if edge == "nan" and case.name in NAN_DIFFERS:
            continue
        inputs = arrays.draw(case, edge, seed=0)
        arguments = []
        for argument in case.arguments:
            if argument in case.arrays:
                # Outputs start as NaN: an element that is never written must show.
                start = inputs.get(argument.name)
                if start is None:
                    start = np.full(argument.shape, -77 if argument.dtype.startswith("int") else np.nan)
                arguments.append(to_tensor(start, argument.dtype))
            else:
                arguments.append(inputs[argument.name])
        getattr(module, kernel)[(1,)](*arguments, **case.constexprs)
        expected = module.reference(inputs, case)
        for argument, tensor in zip(case.arguments, arguments):
            if argument in case.outputs and (kernel, argument.name) not in THROUGH_BFLOAT16:
                found = arrays.difference(from_tensor(tensor), np.asarray(expected[argument.name]), argument.dtype,
                                          WIDER.get(case.tolerance, case.tolerance))
                failures += [f"{edge}: {argument.name}: {found}"] if found else []
    assert not failures, "\n".join(failures)
