"""`rblnc run`: arguments, results, comparisons, and what is said about wrong ones."""
import json

import numpy as np
import pytest

from kernels import catalog

TTIR = catalog.TTIR / "3.6.0"
SHAPE = (1, 2, 32)


def compiled(rblnc, factory, name):
    path = factory.mktemp("bundle") / "kernel.rbln"
    rblnc.done("compile", TTIR / name, "-o", path)
    return path


@pytest.fixture(scope="module")
def add(rblnc, tmp_path_factory):
    """o = x + y over 1x2x32xf32."""
    return compiled(rblnc, tmp_path_factory, "vector_add.r2c32.raw.ttir")


@pytest.fixture(scope="module")
def add_bf16(rblnc, tmp_path_factory):
    """The same over 1x16x128xbf16."""
    return compiled(rblnc, tmp_path_factory, "vector_add.bf16.raw.ttir")


@pytest.fixture(scope="module")
def attention(rblnc, tmp_path_factory):
    """Has the scalar `scale`."""
    return compiled(rblnc, tmp_path_factory, "flash_attention.h4l16s192.raw.ttir")


def counted(dtype=np.float32, start=0):
    return (np.arange(64) + start).reshape(SHAPE).astype(dtype)


def rejected(process, status, code, *words):
    assert process.returncode == status, process.stderr
    assert f"[RBLN-{code}]" in process.stderr
    for word in words:
        assert word in process.stderr, process.stderr


# ---- where data comes from ----------------------------------------------------------------------------------------


def test_files_of_every_format(rblnc, add, tmp_path):
    np.save(tmp_path / "x.npy", np.asfortranarray(counted()))
    np.savez(tmp_path / "inputs.npz", x=counted(), other=np.zeros(3))
    np.savez_compressed(tmp_path / "packed.npz", x=counted())
    data = counted().tobytes()
    header = json.dumps({"x": {"dtype": "F32", "shape": SHAPE, "data_offsets": [0, len(data)]}}).encode()
    (tmp_path / "x.safetensors").write_bytes(len(header).to_bytes(8, "little") + header + data)
    for spec in ("x.npy", "inputs.npz:x", "packed.npz:x", "x.safetensors:x"):
        out = tmp_path / "o.npy"
        rblnc.done("run", add, "--arg", f"x={tmp_path / spec}", "--arg", "y=ones", "--out", f"o={out}")
        assert np.array_equal(np.load(out), counted(start=1)), spec


def test_shapes_equal_up_to_unit_dimensions(rblnc, add, tmp_path):
    np.save(tmp_path / "x.npy", counted().reshape(2, 1, 32, 1))
    out = tmp_path / "o.npy"
    rblnc.done("run", add, "--arg", f"x={tmp_path / 'x.npy'}", "--arg", "y=zeros", "--out", f"o={out}")
    assert np.array_equal(np.load(out), counted())


def test_literals(rblnc, add, tmp_path):
    out = tmp_path / "o.npy"
    values = ",".join(str(i) for i in range(64))
    rblnc.done("run", add, "--arg", f"x=2x32xf32={values}", "--arg", "y=1x2x32xf32=1", "--out", f"o={out}")
    assert np.array_equal(np.load(out), counted(start=1))


def test_bfloat16_as_bits(rblnc, add_bf16, tmp_path):
    bits = np.full((1, 16, 128), 0x4040, np.uint16)  # 3
    np.save(tmp_path / "x.npy", bits)
    np.save(tmp_path / "y.npy", bits.view("V2"))
    out = tmp_path / "o.npy"
    rblnc.done("run", add_bf16, "--arg", f"x={tmp_path / 'x.npy'}", "--arg", f"y={tmp_path / 'y.npy'}", "--out", f"o={out}")
    assert np.all(np.load(out).view(np.uint16) == 0x40C0)  # 6


def test_missing_arguments_are_seeded_and_said(rblnc, add, tmp_path):
    def result(*options):
        process = rblnc.done("run", add, "--out", f"o={tmp_path / 'o.npy'}", *options)
        assert process.stderr.count("\n") == 1
        assert "not given: normal random data" in process.stderr
        return np.load(tmp_path / "o.npy")

    assert np.array_equal(result(), result("--seed", "0"))
    assert not np.array_equal(result(), result("--seed", "1"))
    # What one argument gets does not depend on whether another is given.
    y_alone = result("--arg", "x=zeros")
    assert np.allclose(result() - y_alone, result("--arg", "y=zeros"), atol=1e-6)


def test_no_defaults(rblnc, add):
    rejected(rblnc("run", add, "--no-defaults", "--arg", "x=ones"), 1, "R014", "'y'")
    assert rblnc.done("run", add, "--no-defaults", "--arg", "x=ones", "--arg", "y=ones").stderr == ""


def test_results_without_out_are_summed_up(rblnc, add):
    process = rblnc.done("run", add, "--arg", "x=ones", "--arg", "y=ones")
    assert process.stdout == "o: 1x2x32xf32: min 2, max 2, mean 2\n"


# ---- what is rejected ---------------------------------------------------------------------------------------------


def test_names(rblnc, add, attention, tmp_path):
    rejected(rblnc("run", add, "--arg", "z=ones"), 1, "R001", "'z'", "x, y, o")
    rejected(rblnc("run", attention, "--arg", "scael=1"), 1, "R001", "did you mean 'scale'?")
    rejected(rblnc("run", add, "--out", f"x={tmp_path / 'x.npy'}"), 1, "R001", "the kernel does not write it")
    rejected(rblnc("run", add, "--expect", f"z={tmp_path / 'x.npy'}"), 1, "R001")
    rejected(rblnc("run", add, "--arg", "x=ones", "--arg", "x=zeros"), 1, "R002")


@pytest.mark.parametrize("spec", ["x", "=ones", "x=", "x=random", "x=2x32xf32=", "x=uniform(1)", "x=2x32xf32=1,2"])
def test_specifications(rblnc, add, spec):
    rejected(rblnc("run", add, "--arg", spec), 1, "R003")


def test_every_wrong_argument_is_reported_at_once(rblnc, add):
    process = rblnc("run", add, "--arg", "x=random", "--arg", "y=also")
    assert process.stderr.count("[RBLN-R003]") == 2


def test_dtypes(rblnc, add, tmp_path):
    np.save(tmp_path / "x.npy", counted(np.float64))
    rejected(rblnc("run", add, "--arg", f"x={tmp_path / 'x.npy'}"), 1, "R007", "f64", "save it as float32")
    np.save(tmp_path / "c.npy", counted(np.complex64))
    rejected(rblnc("run", add, "--arg", f"x={tmp_path / 'c.npy'}"), 1, "R007", "<c8")
    rejected(rblnc("run", add, "--arg", "x=2x32xi32=1"), 1, "R007")


def test_shapes(rblnc, add, tmp_path):
    np.save(tmp_path / "x.npy", counted().reshape(32, 2))
    rejected(rblnc("run", add, "--arg", f"x={tmp_path / 'x.npy'}"), 1, "R008", "32x2", "1x2x32xf32")


def test_scalars(rblnc, add, attention):
    rejected(rblnc("run", add, "--arg", "x=1.5"), 1, "R012", "1x2x32xf32=1.5")
    rejected(rblnc("run", attention, "--arg", "scale=2xf32=1"), 1, "R012")
    rejected(rblnc("run", attention, "--arg", "scale=1e40"), 1, "R009", "write inf")


def test_files(rblnc, add, tmp_path):
    (tmp_path / "text.npy").write_text("hello")
    (tmp_path / "empty.npy").write_bytes(b"")
    (tmp_path / "folder.npy").mkdir()
    np.save(tmp_path / "whole.npy", counted())
    (tmp_path / "short.npy").write_bytes((tmp_path / "whole.npy").read_bytes()[:-1])
    np.savez(tmp_path / "a.npz", x=counted(), z=counted())
    for name, code in (("text.npy", "R005"), ("empty.npy", "R005"), ("short.npy", "R005"), ("none.npy", "R004"),
                       ("folder.npy", "R004"), ("a.npz", "R006"), ("a.npz:y", "R006")):
        rejected(rblnc("run", add, "--arg", f"x={tmp_path / name}"), 1, code, name.split(":")[0])


def test_outputs_that_cannot_be_written(rblnc, add, tmp_path):
    rejected(rblnc("run", add, "--out", f"o={tmp_path / 'none' / 'o.npy'}"), 1, "R010")
    rejected(rblnc("run", add, "--out", f"o={tmp_path}"), 1, "R010")
    rejected(rblnc("run", add, f"--stats={tmp_path / 'none' / 's.json'}"), 1, "R010")
    assert list(tmp_path.iterdir()) == []


# ---- comparisons and statistics -----------------------------------------------------------------------------------


def test_expectations(rblnc, add, tmp_path):
    arguments = ("--arg", "x=ones", "--arg", "y=ones")
    expected = np.full(SHAPE, 2.0)
    np.save(tmp_path / "e.npy", expected)  # float64
    process = rblnc.done("run", add, *arguments, "--expect", f"o={tmp_path / 'e.npy'}")
    assert process.stdout.startswith("o: as expected")
    expected[0, 1, 5] += 0.5
    expected[0, 0, 3] += 0.25
    np.save(tmp_path / "e.npy", expected)
    process = rblnc("run", add, *arguments, "--expect", f"o={tmp_path / 'e.npy'}")
    rejected(process, 3, "R011", "2 of 64", "[0, 1, 5]", "2 where 2.5 was expected")
    rblnc.done("run", add, *arguments, "--expect", f"o={tmp_path / 'e.npy'}", "--atol", "0.5")
    rblnc.done("run", add, *arguments, "--expect", f"o={tmp_path / 'e.npy'}", "--rtol", "0.3")
    np.save(tmp_path / "e.npy", expected.reshape(32, 2))
    rejected(rblnc("run", add, *arguments, "--expect", f"o={tmp_path / 'e.npy'}"), 1, "R008")


def test_tolerances_are_usage(rblnc, add, tmp_path):
    assert rblnc("run", add, "--rtol", "0.1").returncode == 2
    assert rblnc("run", add, "--expect", f"o={tmp_path / 'e.npy'}", "--rtol", "-1").returncode == 2
    assert rblnc("run", add, "--expect", f"o={tmp_path / 'e.npy'}", "--rtol", "nan").returncode == 2


def test_statistics(rblnc, add, tmp_path):
    rblnc.done("run", add, "--arg", "x=ones", "--arg", "y=ones", f"--stats={tmp_path / 's.json'}")
    stats = json.loads((tmp_path / "s.json").read_text())
    assert stats["kernel"] == "vector_add" and stats["target"] == "rbln-ca22" and stats["numerics"] == "ieee"
    assert stats["modelled_seconds"] > 0
    process = rblnc.done("run", add, "--arg", "x=ones", "--arg", "y=ones", "--out", f"o={tmp_path / 'o.npy'}", "--stats=-")
    assert json.loads(process.stdout)["modelled_seconds"] == stats["modelled_seconds"]


def test_device_numerics_round(rblnc, add, tmp_path):
    out = tmp_path / "o.npy"
    arguments = ("--arg", "x=1x2x32xf32=1.0009765625", "--arg", "y=zeros", "--out", f"o={out}")
    rblnc.done("run", add, *arguments)
    assert np.all(np.load(out) == np.float32(1.0009765625))
    rblnc.done("run", add, *arguments, "--numerics=device")
    assert np.all(np.load(out) == 1)  # DLFloat16 has 9 bits of fraction; half of the last one rounds to even
