"""Every function of src/check/LibrarySymbols.def has the same bits interpreted as compiled, with exact and with the device's
numbers. test_both_ways.py calls them in kernels."""
import numpy as np
import pytest

import test_library_functions as compiled
from rblnc import _arithmetic, native

pytest.importorskip("torch", reason="PyTorch is not installed; Triton's interpreter needs it")
pytest.importorskip("triton", reason="Triton is not installed")
from rblnc import _interpret_library  # noqa: E402
from rblnc._release import language  # noqa: E402
from rblnc._rules import RblibError  # noqa: E402
from triton.runtime.interpreter import TensorHandle  # noqa: E402

TYPES = {"f": language.float32, "i": language.int32, "l": language.int64}


def interpreted(symbol, result, operands, inputs, numerics):
    """The function on these arrays, whose elements a kernel has loaded."""
    token = _arithmetic.settings.set(_arithmetic.Settings(numerics, "rbln-ca22"))
    try:
        handles = [TensorHandle(_arithmetic.rounded(array, compiled.KINDS[kind][0]), TYPES[kind])
                   for array, kind in zip(inputs, operands)]
        out = _interpret_library.call(None, "", "", symbol, handles, TYPES[result], True)
        return _arithmetic.rounded(np.asarray(out.data), compiled.KINDS[result][0])
    finally:
        _arithmetic.settings.reset(token)


@pytest.mark.parametrize("numerics", ["ieee", "device"])
@pytest.mark.parametrize("name, result, operands, meaning", compiled.ROWS, ids=[row[0] for row in compiled.ROWS])
def test_interpreted_is_compiled(name, result, operands, meaning, numerics):
    symbol = compiled.symbol_of(name, result + operands)
    inputs = [compiled.values(kind, place) for place, kind in enumerate(operands)]
    want = np.zeros(compiled.COUNT, compiled.KINDS[result][1])
    native.compile(compiled.kernel(symbol, result, operands)).run(
        [(array.ctypes.data, array.nbytes) for array in (*inputs, want)], numerics=numerics)
    got = interpreted(symbol, result, operands, inputs, numerics)
    bits = f"i{want.itemsize}"
    differs = np.flatnonzero(got.view(bits) != want.view(bits))
    assert differs.size == 0, [([array[at] for array in inputs], got[at], want[at]) for at in differs[:3]]


@pytest.mark.parametrize("name", ["j0", "cyl_bessel_i1", "fadd_rd"])
def test_functions_that_are_not_supported(name):
    x = np.ones(4, np.float32)
    with pytest.raises(RblibError, match=rf"the library function __nv_{name}f? is not supported: compute it on the host"):
        interpreted(compiled.symbol_of(name, "ff"), "f", "ff" if name == "fadd_rd" else "f", [x, x], "ieee")
