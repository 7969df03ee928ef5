"""An atomic update of one number."""
from kernels.cases import Case, updated
from kernels.optional_triton import tl, triton


@triton.jit
def unsupported_atomic(total, STEP: tl.constexpr):
    tl.atomic_add(total, STEP)  # expect: C003


CASES = [Case("step1", (updated("total", (1,)),), {"STEP": 1.0})]
