"""Every committed .ttir of every kernel: compile, run on the emulator, compare with the NumPy reference."""
import numpy as np
import pytest

import arrays
from kernels import catalog

ITEMS = catalog.specialisations("basic")
# Ordinary inputs are drawn several times; every other kind of input once.
SEEDS = {"normal": (0, 1, 2)}


def run(rblnc, bundle, item, inputs, folder):
    """One run on the emulator: output name -> array."""
    arguments = []
    for array in item.case.inputs:
        path = folder / f"{array.name}.npy"
        arrays.save(path, inputs[array.name], array.dtype)
        arguments += ["--arg", f"{item.argument_name(array)}={path}"]
    for scalar in item.case.scalars:
        arguments += ["--arg", f"{item.argument_name(scalar)}={inputs[scalar.name]!r}"]
    results = {array.name: folder / f"{array.name}.out.npy" for array in item.case.outputs}
    for array in item.case.outputs:
        arguments += ["--out", f"{item.argument_name(array)}={results[array.name]}"]
    rblnc.done("run", bundle, *arguments)
    return {array.name: arrays.load(results[array.name], array.dtype) for array in item.case.outputs}


def shaped(got, array):
    """Pointer arithmetic says how many elements an argument has, not its shape: such results come back flat."""
    return got.reshape(array.shape) if got.ndim == 1 and got.size == np.prod(array.shape) else got


@pytest.mark.parametrize("item", ITEMS, ids=map(str, ITEMS))
def test_results(rblnc, item, tmp_path):
    bundle = tmp_path / "kernel.rbln"
    rblnc.done("compile", item.path, "-o", bundle)
    module = catalog.load("basic", item.kernel)
    failures = []
    for edge in item.case.edges:
        for seed in SEEDS.get(edge, (0,)):
            inputs = arrays.draw(item.case, edge, seed)
            with np.errstate(all="ignore"):
                expected = module.reference(inputs, item.case)
            results = run(rblnc, bundle, item, inputs, tmp_path)
            for array in item.case.outputs:
                found = arrays.difference(shaped(results[array.name], array), np.asarray(expected[array.name]),
                                          array.dtype, item.case.tolerance)
                if found:
                    failures.append(f"{edge} inputs, seed {seed}: {array.name}: {found}")
    assert not failures, "\n".join(failures)


def test_every_committed_file_has_a_case():
    known = {item.path for folder in ("basic", "wrong") for item in catalog.specialisations(folder)}
    committed = set(catalog.TTIR.rglob("*.ttir"))
    assert known == committed, f"without a case: {committed - known}; not committed: {known - committed}"
