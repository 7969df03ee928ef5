"""Computed by rblnc, refused by the vendor's compiler: arguments that are not float32."""
from kernels.cases import Case, read, written
from kernels.optional_triton import tl, triton


@triton.jit
def warn_element_type(x, o, R: tl.constexpr, C: tl.constexpr):  # expect: warn_element_type
    xp = tl.make_block_ptr(base=x, shape=(R, C), strides=(C, 1), offsets=(0, 0), block_shape=(R, C), order=(1, 0))  # expect: warn_element_type
    op = tl.make_block_ptr(base=o, shape=(R, C), strides=(C, 1), offsets=(0, 0), block_shape=(R, C), order=(1, 0))  # expect: warn_element_type
    v = tl.load(xp)  # expect: warn_element_type
    tl.store(op, v)  # expect: warn_element_type


def _case(name, dtype):
    return Case(name, (read("x", (16, 64), dtype), written("o", (16, 64), dtype)), {"R": 16, "C": 64})


CASES = [_case("f16", "float16"), _case("bf16", "bfloat16"), _case("i32", "int32"), _case("i8", "int8")]
