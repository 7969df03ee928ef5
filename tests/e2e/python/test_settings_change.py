"""What the environment says between two launches decides the second: the target first of all, at every door."""
import numpy as np
import pytest

import rblnc
from rblnc import _options
from sample_kernels import scale, stock_scale

ROWS = 4


def arrays():
    return np.arange(ROWS * 64, dtype=np.float32).reshape(ROWS, 64), np.zeros((ROWS, 64), np.float32)


def warmed(kernel, x, o):
    return rblnc.warmup(kernel, x, o, 2.0, ROWS=ROWS, COLUMNS=64)


TARGETS = ("rbln-ca22", "rbln-ca25", "rbln-ca12", "rbln-cr03")


@pytest.mark.parametrize("kernel", [scale, stock_scale], ids=["own", "stock"])
@pytest.mark.parametrize("variable", _options.TARGET_VARIABLES)
def test_a_target_that_changes_between_launches(kernel, variable, monkeypatch):
    x, o = arrays()
    spelled = {target: target if variable == "RBLNC_TARGET" else target.upper() for target in TARGETS}
    seen = {}
    for target in (*TARGETS, *TARGETS):
        try:
            monkeypatch.setenv(variable, spelled[target])
            compiled = warmed(kernel, x, o)
        except ValueError:  # the vendor's variables name fewer chips
            assert variable != "RBLNC_TARGET"
            continue
        assert compiled.target == target
        assert seen.setdefault(target, compiled) is compiled, "a kernel that was compiled for a target is found again"
        stats = rblnc.launch(kernel, x, o, 2.0, ROWS=ROWS, COLUMNS=64)
        assert stats.as_dict()["target"] == target
        np.testing.assert_array_equal(o, 2 * x)
        o[:] = 0
    assert len(seen) >= 2 and len({id(compiled) for compiled in seen.values()}) == len(seen)
    monkeypatch.delenv(variable)
    assert warmed(kernel, x, o).target == "rbln-ca22"


@pytest.mark.parametrize("kernel", [scale, stock_scale], ids=["own", "stock"])
def test_an_explicit_target_and_the_environment_do_not_mix(kernel, monkeypatch):
    x, o = arrays()
    monkeypatch.setenv("RBLNC_TARGET", "rbln-ca25")
    first = rblnc.warmup(kernel, x, o, 2.0, ROWS=ROWS, COLUMNS=64, target="rbln-cr03")
    assert first.target == "rbln-cr03"
    assert warmed(kernel, x, o).target == "rbln-ca25"
    assert rblnc.warmup(kernel, x, o, 2.0, ROWS=ROWS, COLUMNS=64, target="rbln-cr03") is first


@pytest.mark.parametrize("variable, values", [("RBLNC_PARTITION_SKIP", ("naive", None)),
                                              (_options.COMPUTE_VARIABLE, ("dlfloat", "bfloat", None))])
def test_other_settings_that_change_between_launches(variable, values, monkeypatch):
    x, o = arrays()
    compiled = {}
    for value in (*values, *values):
        if value is None:
            monkeypatch.delenv(variable, raising=False)
        else:
            monkeypatch.setenv(variable, value)
        kernel = warmed(scale, x, o)
        assert compiled.setdefault(value, kernel) is kernel
    assert len({id(kernel) for kernel in compiled.values()}) == len(set(values))


def test_numerics_that_change_between_runs_of_one_kernel(monkeypatch):
    x, o = arrays()
    x += np.float32(1 / 3)
    compiled = warmed(scale, x, o)
    results = []
    for numerics in ("ieee", "device", "ieee"):
        monkeypatch.setenv("RBLNC_NUMERICS", numerics)
        compiled(x, o, 2.0)
        results.append(o.copy())
    np.testing.assert_array_equal(results[0], results[2])
    np.testing.assert_array_equal(results[0], 2 * x)
    assert (results[1] != results[0]).any()
