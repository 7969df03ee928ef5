"""Inline assembly of another machine."""
from kernels.cases import Case, updated
from kernels.optional_triton import tl, triton


@triton.jit
def unsupported_assembly(x, R: tl.constexpr, C: tl.constexpr):
    xp = tl.make_block_ptr(base=x, shape=(R, C), strides=(C, 1), offsets=(0, 0), block_shape=(R, C), order=(1, 0))
    v = tl.load(xp)
    r = tl.inline_asm_elementwise("ex2.approx.f32 $0, $1;", "=f,f", [v], tl.float32, True, 1)  # expect: C003
    tl.store(xp, r)


CASES = [Case("r16c64", (updated("x", (16, 64)),), {"R": 16, "C": 64})]
