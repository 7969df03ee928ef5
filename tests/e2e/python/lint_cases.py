"""Runs `python -m rblnc lint` for the tests, and declares the kernels of this tree for it."""
import json
import os
import subprocess
import sys

from conftest import ROOT

HEAD = """import rblnc
from rblnc import triton
from rblnc.triton import language as tl
T = rblnc.TensorSpec((16, 64), "float32")
"""
# A kernel with one warning (W007) in the line that is given.
BODY = """    x_ptr = tl.make_block_ptr(x, (16, 64), (64, 1), (0, 0), (16, 64), (1, 0))
    out_ptr = tl.make_block_ptr(out, (16, 64), (64, 1), (0, 0), (16, 64), (1, 0))
    tl.store(out_ptr, tl.exp2(tl.load(x_ptr)))
"""
KERNEL = "@triton.jit\ndef power(x, out):\n" + BODY
DECLARED = "@rblnc.lint_case(T, out=T)\n" + KERNEL

SHORT = {"float32": "f32", "float16": "f16", "bfloat16": "bf16", "float64": "f64", "int64": "i64", "int32": "i32",
         "int16": "i16", "int8": "i8"}


def lint(*words, cwd, **variables):
    path = [] if os.environ.get("RBLNC_INSTALLED") == "1" else [str(ROOT / "kernels")]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([*path, os.environ.get("PYTHONPATH", "")]), **variables}
    return subprocess.run([sys.executable, "-m", "rblnc", "lint", *map(str, words)], capture_output=True, text=True,
                          check=False, cwd=cwd, env=environment)


def findings(*words, cwd):
    """{input: [(code, file, line)]} of a run that has to give a document."""
    done = lint(*words, "--format=json", cwd=cwd)
    assert done.returncode in (0, 1), done.stderr
    return {file["file"]: [(each["code"][5:], *((each["frames"][0]["file"], each["frames"][0]["line"])
                                                if each["frames"] else (None, None))) for each in file["diagnostics"]]
            for file in json.loads(done.stdout)["files"]}


def configuration(folder):
    """The text of a rblnc.toml with every case of the kernels in a folder of kernels/."""
    from kernels import catalog
    entries = []
    for name in catalog.kernel_names(folder):
        for case in catalog.load(folder, name).CASES:
            arguments = {array.name: json.dumps("x".join(map(str, array.shape)) + "x" + SHORT[array.dtype])
                         for array in case.arrays}
            arguments.update({scalar.name: repr(scalar.value) for scalar in case.scalars})
            arguments.update({key: json.dumps(value) for key, value in case.constexprs.items()})
            table = ", ".join(f"{key} = {value}" for key, value in arguments.items())
            entries.append(f'[[lint.case]]\nkernel = "{ROOT}/kernels/{folder}/{name}.py:{name}"\nargs = {{ {table} }}\n')
    return "\n".join(entries)
