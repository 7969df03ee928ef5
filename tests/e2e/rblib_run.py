"""Compiling and running kernels of rblib_text.py, and comparing what they leave with what they mean."""
import numpy as np

import arrays

DTYPES = {"f32": "float32", "f16": "float16", "bf16": "bfloat16", "i64": "int64", "i32": "int32", "i16": "int16"}
TOLERANCES = {"f32": 2e-5, "f16": 2e-3, "bf16": 2e-2}


def compiled(rblnc, kernel, folder, *options):
    source, bundle = folder / "k.ttir", folder / "k.rbln"
    source.write_text(kernel.text())
    rblnc.done("compile", source, "-o", bundle, *options)
    return bundle


def run(rblnc, kernel, inputs, bundle, options=("--no-append-checks", )):
    """The finished process, and what it left in the arrays whose name starts with o, by name. What insert drops is part of
    what it means, so that rows may be lost unless the options say otherwise."""
    folder = bundle.parent
    command, results = ["run", bundle, "--no-defaults", *options], {}
    for name, (_, element) in kernel.arrays.items():
        arrays.save(folder / f"{name}.npy", inputs[name], DTYPES[element])
        command += ["--arg", f"{name}={folder / name}.npy"]
        if name.startswith("o"):
            results[name] = folder / f"{name}.out.npy"
            command += ["--out", f"{name}={results[name]}"]
    process = rblnc(*command)
    if process.returncode != 0:
        return process, {}
    return process, {name: arrays.load(path, DTYPES[kernel.arrays[name][1]]) for name, path in results.items()}


def check(rblnc, kernel, inputs, bundle, tolerance=None):
    process, results = run(rblnc, kernel, inputs, bundle)
    assert process.returncode == 0, process.stderr
    with np.errstate(invalid="ignore", over="ignore"):
        expected = kernel.run(inputs)
    for name, value in results.items():
        near = tolerance or TOLERANCES[kernel.arrays[name][1]]
        np.testing.assert_allclose(value, expected[name].astype(np.float64), rtol=near, atol=near, err_msg=name)
