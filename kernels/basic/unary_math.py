"""One elementwise function per case, on rows of ordinary values."""
import numpy as np

from kernels.cases import Case, erf, read, written
from kernels.optional_triton import tl, triton


@triton.jit
def unary_math(x, o, F: tl.constexpr, R: tl.constexpr, C: tl.constexpr):
    xp = tl.make_block_ptr(base=x, shape=(1, R, C), strides=(R * C, C, 1), offsets=(0, 0, 0),
                           block_shape=(1, R, C), order=(2, 1, 0))
    op = tl.make_block_ptr(base=o, shape=(1, R, C), strides=(R * C, C, 1), offsets=(0, 0, 0),
                           block_shape=(1, R, C), order=(2, 1, 0))
    v = tl.load(xp)
    # Compile-time branches: one case holds one function.
    if F == "abs":
        r = tl.abs(v)
    elif F == "ceil":
        r = tl.ceil(v)
    elif F == "cos":
        r = tl.cos(v)
    elif F == "erf":
        r = tl.erf(v)
    elif F == "exp":
        r = tl.exp(v)
    elif F == "exp2":
        r = tl.exp2(v)
    elif F == "floor":
        r = tl.floor(v)
    elif F == "log":
        r = tl.log(v)
    elif F == "log2":
        r = tl.log2(v)
    elif F == "rsqrt":
        r = tl.rsqrt(v)
    elif F == "sigmoid":
        r = tl.sigmoid(v)
    elif F == "sin":
        r = tl.sin(v)
    elif F == "sqrt":
        r = tl.sqrt(v)
    elif F == "sqrt_rn":
        r = tl.sqrt_rn(v)
    else:
        r = -v
    tl.store(op, r)


_POSITIVE = ("log", "log2", "rsqrt", "sqrt", "sqrt_rn")
# Exact for every input, the infinite ones as well.
_EXACT = ("abs", "ceil", "floor", "neg")


def _case(function, tolerance):
    shape = (1, 16, 64)
    edges = ("normal", "nan") if function in _POSITIVE else ("normal", "zeros", "negative_zero", "nan")
    if function in _EXACT:
        edges = ("normal", "zeros", "large", "negative_zero", "nan", "inf")
    values = "positive" if function in _POSITIVE else "normal"
    return Case(function, (read("x", shape, values=values), written("o", shape)),
                {"F": function, "R": 16, "C": 64}, tolerance, edges)


# Compositions and functions without a 2-ulp promise near their zeros are held to the absolute class.
CASES = [_case(f, "f32") for f in ("cos", "erf", "log", "log2", "sigmoid", "sin")]
CASES += [_case(f, "elementwise") for f in ("exp", "exp2", "rsqrt", "sqrt", "sqrt_rn")]
CASES += [_case(f, "bits") for f in ("abs", "ceil", "floor")]
# Releases before 3.8 subtract from zero, which loses the sign of a zero; later ones negate.
CASES += [_case("neg", "exact")]


def reference(inputs, case):
    functions = {
        "abs": np.abs, "ceil": np.ceil, "cos": np.cos, "erf": erf, "exp": np.exp, "exp2": np.exp2,
        "floor": np.floor, "log": np.log, "log2": np.log2, "neg": np.negative,
        "rsqrt": lambda x: x ** -0.5, "sigmoid": lambda x: np.exp(-np.logaddexp(0.0, -x)), "sin": np.sin,
        "sqrt": np.sqrt, "sqrt_rn": np.sqrt,
    }
    return {"o": functions[case.constexprs["F"]](inputs["x"])}
