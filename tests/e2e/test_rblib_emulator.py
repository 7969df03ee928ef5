"""Every rblib operation compiled and run on the emulator, against NumPy loops, and what a run stops at."""
import numpy as np
import pytest

from kernels.cases import Array
from kernels.rblib import catalog

TOLERANCE = 1e-5
VERSIONS = ("3.2.0", "3.6.0")
PROBES = catalog.probes()
ITEMS = [(version, probe) for version in VERSIONS for probe in PROBES]


def compiled(rblnc, probe, version, folder):
    bundle = folder / "kernel.rbln"
    rblnc.done("compile", catalog.TTIR / probe.relative_path(version), "-o", bundle)
    return bundle


def command(probe, version, given, bundle, folder):
    """The arguments of a run and where it leaves its results."""
    arguments, results = ["run", bundle], {}
    for position, argument in enumerate(probe.arguments):
        # Older releases do not write down what an argument is called.
        name = f"arg{position}" if version == "3.2.0" else argument.name
        if not isinstance(argument, Array):
            arguments += ["--arg", f"{name}={given[argument.name]!r}"]
            continue
        if argument.name in given:
            path = folder / f"{argument.name}.npy"
            np.save(path, np.array(given[argument.name], dtype=argument.dtype))
            arguments += ["--arg", f"{name}={path}"]
        if argument.direction != "in":
            results[argument.name] = folder / f"{argument.name}.out.npy"
            arguments += ["--out", f"{name}={results[argument.name]}"]
    return arguments, results


@pytest.mark.parametrize("version, probe", ITEMS, ids=[f"{probe.name}-{version}" for version, probe in ITEMS])
def test_results(rblnc, version, probe, tmp_path):
    bundle = compiled(rblnc, probe, version, tmp_path)
    for number, given in enumerate(probe.inputs(np.random.default_rng(0))):
        arguments, results = command(probe, version, given, bundle, tmp_path)
        # What insert drops is part of what it means.
        rblnc.done(*arguments, "--no-append-checks")
        expected = probe.reference(given)
        assert results.keys() == expected.keys()
        for name, value in expected.items():
            np.testing.assert_allclose(np.load(results[name]), value, rtol=TOLERANCE, atol=TOLERANCE,
                                       err_msg=f"{name} of input set {number}")
