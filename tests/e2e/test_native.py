"""The runtime library from Python: kernels of kernels/ compiled, run and compared with their NumPy references."""
import json
import pickle
import subprocess
import sys
import threading
import time
from pathlib import Path

import numpy as np
import pytest

import arrays
from kernels import catalog

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "kernels"))
from rblnc import native  # noqa: E402

TTIR = ROOT / "kernels" / "ttir" / "3.6.0"
KERNELS = [("vector_add", "r64c64"), ("softmax", "r64c128"), ("layer_norm", "r32c128"), ("inplace_add", "r48c64"),
           ("flash_attention", "h4l16s192"), ("matmul_k_loop", "m32k256n64"), ("top1", "r32c128"), ("gelu", "bf16"),
           ("masked_add", "i32_mask")]
ADD = TTIR / "vector_add.r64c64.raw.ttir"


def compiled(path=ADD, **options):
    return native.compile(path.read_bytes(), name=path.name, **options)


def places(*given):
    return [(array.ctypes.data, array.nbytes) for array in given]


def memory_of(values, argument):
    """An array as the argument has it; NumPy has no bfloat16, so those are words."""
    if argument.dtype == "bf16":
        return arrays.to_bf16_bits(values)
    kind = {"f32": np.float32, "f16": np.float16, "i32": np.int32, "i16": np.int16, "i8": np.int8}[argument.dtype]
    return np.ascontiguousarray(values, dtype=kind)


@pytest.mark.parametrize("name, variant", KERNELS)
def test_kernels_compute_their_references(name, variant):
    module = catalog.load("basic", name)
    case = next(case for case in module.CASES if case.name == variant)
    bundle = compiled(TTIR / f"{name}.{variant}.raw.ttir")
    inputs = arrays.draw(case, "normal", 1)
    expected = module.reference(inputs, case)
    held = []
    for argument in bundle.arguments:
        values = inputs.get(argument.name)
        held.append(memory_of(np.zeros(argument.extent) if values is None else values, argument))
    bundle.run(places(*held), checks=True)
    outputs = {array.name: array for array in case.outputs}
    compared = 0
    for argument, memory in zip(bundle.arguments, held):
        if argument.direction == "in":
            continue
        array = outputs[argument.name]
        got = arrays.from_bf16_bits(memory) if argument.dtype == "bf16" else memory
        got = got.reshape(array.shape)
        got = got.astype(np.float64) if got.dtype.kind == "f" else got
        difference = arrays.difference(got, np.asarray(expected[argument.name]), array.dtype, case.tolerance)
        assert difference is None, f"{argument.name}: {difference}"
        compared += 1
    assert compared == len(outputs)


def test_a_bundle_describes_itself(rblnc, tmp_path):
    bundle = compiled()
    path = tmp_path / "add.rbln"
    path.write_bytes(bundle.data)
    inspected = json.loads(rblnc.done("inspect", path, "--json").stdout)
    assert bundle.digest in json.dumps(inspected)
    assert (bundle.kernel, bundle.target, bundle.warnings) == ("vector_add", "rbln-ca22", [])
    assert [argument.name for argument in bundle.arguments] == ["x", "y", "o"]
    assert bundle.arguments[2] == native.Argument("o", "tensor", "f32", "out", (1, 64, 64), 4096, 64, 16384)
    scalar = compiled(TTIR / "inplace_add.r32c64.raw.ttir").arguments[2]
    assert scalar == native.Argument("alpha", "scalar", "f32", "in", None, 1, scalar.alignment, 4)


def test_the_program_makes_the_same_bytes(rblnc, tmp_path):
    path = tmp_path / "add.rbln"
    rblnc.done("compile", ADD, "-o", path)
    assert path.read_bytes() == compiled().data == native.compile(ADD.read_text()).data


def test_options_are_those_of_the_program(rblnc, tmp_path):
    source = TTIR / "inplace_add.r32c64.raw.ttir"
    path = tmp_path / "inplace.rbln"
    rblnc.done("compile", source, "-o", path, "--target", "rbln-ca25", "--bind", "alpha=0.5", "--shape", "y=2x32x64",
               "--naive-partition-skip", "--host-layout=1:0")
    bundle = compiled(source, target="rbln-ca25", bind={"alpha": np.float32(0.5)}, shapes={"y": (2, 32, 64)},
                      naive_partition_skip=True, host_layout=(1, 0))
    assert bundle.data == path.read_bytes()
    x, y = np.ones((32, 64), np.float32), np.full((2, 32, 64), 2, np.float32)
    bundle.run(places(x, y))
    assert (x == 2).all()


def test_statistics_are_those_of_the_program(rblnc, tmp_path):
    bundle = compiled()
    path = tmp_path / "add.rbln"
    path.write_bytes(bundle.data)
    printed = json.loads(rblnc.done("run", path, "--stats=-", "--out", f"o={tmp_path}/o.npy").stdout)
    held = [np.zeros(4096, np.float32) for _ in range(3)]
    stats = bundle.run(places(*held))
    mine = stats.as_dict()
    assert mine["modelled_seconds"] == stats.modelled_seconds == printed["modelled_seconds"]
    assert mine["host_seconds"] == stats.host_seconds > 0
    del mine["host_seconds"]
    # The program profiles the run too.
    assert mine == {key: printed[key] for key in mine} and mine["kernel"] == "vector_add"


def test_bundles_open_from_bytes_and_pickle():
    bundle = compiled()
    for other in (native.Bundle.from_bytes(bundle.data), native.Bundle.from_bytes(bytearray(bundle.data)),
                  pickle.loads(pickle.dumps(bundle))):
        assert (other.data, other.digest, other.arguments) == (bundle.data, bundle.digest, bundle.arguments)
        x, y, o = np.ones(4096, np.float32), np.ones(4096, np.float32), np.zeros(4096, np.float32)
        other.run(places(x, y, o))
        assert (o == 2).all()


def test_device_numerics_round():
    bundle = compiled()
    x, y, o = np.full(4096, 1 / 3, np.float32), np.zeros(4096, np.float32), np.zeros(4096, np.float32)
    bundle.run(places(x, y, o))
    assert (o == x).all()
    bundle.run(places(x, y, o), numerics="device")
    assert (o != x).all() and np.allclose(o, x, rtol=2**-9)


def test_the_naive_rule_loses_the_token_at_a_border():
    """6 tokens fill the first of four partitions of 6 rows: the next token's row is the first of the second one."""
    source = (ROOT / "kernels/rblib/ttir/3.6.0/partition_skip_max.ttir").read_text()
    x = np.random.default_rng(0).standard_normal((24, 64)).astype(np.float32)
    offsets = np.array([[77] * 4, [6, 0, 0, 0]], np.int32)
    sums = {}
    for naive in (False, True):
        sums[naive] = np.zeros((6, 64), np.float32)
        native.compile(source, naive_partition_skip=naive).run(places(x, offsets, sums[naive]))
    whole = x[:6].copy()
    assert np.array_equal(sums[True], whole)
    whole[0] += x[6]
    assert np.allclose(sums[False], whole, rtol=1e-6)


def test_one_bundle_runs_in_many_threads():
    bundle = compiled(TTIR / "softmax.r64c128.raw.ttir")
    rng = np.random.default_rng(0)
    inputs = [rng.standard_normal((64, 128)).astype(np.float32) for _ in range(8)]
    outputs = [np.zeros((64, 128), np.float32) for _ in inputs]
    expected = [np.zeros((64, 128), np.float32) for _ in inputs]
    for x, o in zip(inputs, expected):
        bundle.run(places(x, o))
    start = threading.Barrier(len(inputs))

    def work(x, o):
        start.wait()
        for _ in range(50):
            o[:] = 0
            bundle.run(places(x, o))

    threads = [threading.Thread(target=work, args=pair) for pair in zip(inputs, outputs)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all(np.array_equal(o, e) for o, e in zip(outputs, expected, strict=True))
    assert not np.array_equal(outputs[0], outputs[1])


def test_the_lock_of_the_interpreter_is_released():
    """Another thread counts while a kernel runs."""
    bundle = compiled(ROOT / "kernels/attention/ttir/3.6.0/flash_attention_prefill.h8g4d64.ttir")
    held = [np.zeros(argument.nbytes, np.uint8) for argument in bundle.arguments]
    counted, running = 0, threading.Event()
    rounds = 20

    def work():
        running.set()
        for _ in range(rounds):
            bundle.run(places(*held))
        running.clear()

    thread = threading.Thread(target=work)
    thread.start()
    while thread.is_alive():
        counted += running.is_set()
        time.sleep(0)
    # Who keeps the lock while a kernel runs lets others have it between two runs only.
    assert counted > 10 * rounds


def test_warnings_come_with_the_bundle():
    bundle = compiled(TTIR / "vector_add.bf16.raw.ttir")
    assert [warning["code"] for warning in bundle.warnings] == ["RBLN-W001"] * 3
    assert bundle.warnings[0]["severity"] == "warning" and bundle.warnings[0]["frames"][0]["line"] == 14
    assert native.Bundle.from_bytes(bundle.data).warnings == []


def test_the_library_leaves_the_process_alone():
    """No output, no signal handler, no locale, no process and no thread is left behind."""
    script = f"""
import locale, os, sys
sys.path.insert(0, {str(ROOT / "kernels")!r})
from rblnc import native
def state():
    fields = dict(line.split(":", 1) for line in open("/proc/self/status"))
    # Signals 32 and 33 are the C library's own, which it handles from the first thread on, whoever starts it.
    handlers = int(fields["SigCgt"], 16) & ~(3 << 31)
    return (handlers, fields["SigBlk"], fields["SigIgn"], fields["Threads"], locale.setlocale(locale.LC_ALL),
            dict(os.environ), open(f"/proc/self/task/{{os.getpid()}}/children").read())
before = state()
text = open({str(ADD)!r}).read()
bundle = native.compile(text)
cells = (native.ctypes.c_float * 4096)()
for text in ("", "garbage", "module {{ tt.func public @k( }}", b"ML\\xefR..."):
    try:
        native.compile(text)
    except native.CompileError:
        pass
try:
    native.Bundle.from_bytes(b"garbage")
except native.Error:
    pass
address = native.ctypes.addressof(cells)
bundle.run([(address, 16384)] * 3, checks=True).as_dict()
assert state() == before, (state(), before)
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False, timeout=120)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
