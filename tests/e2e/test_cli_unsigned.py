"""Integers of the IR have no sign: unsigned data and numbers up to the greatest of the width are taken as their bits."""
import numpy as np
import pytest

WIDTHS = (8, 16, 32, 64)


@pytest.mark.parametrize("width", WIDTHS)
def test_unsigned_arrays(workplace, width, tmp_path):
    bundle = workplace.bundle(f"i{width}")
    data = np.arange(64, dtype=np.uint64)
    data = (np.uint64(2 ** width - 1) - data).astype(f"u{width // 8}")
    signed = data.view(f"i{width // 8}")
    for name, array in (("u", data), ("s", signed)):
        np.save(tmp_path / f"{name}.npy", array)
        np.savez(tmp_path / f"{name}.npz", x=array)
        write_safetensors(tmp_path / f"{name}.safetensors", array)
    for spec in ("u.npy", "u.npz", "u.npz:x", "u.safetensors", "u.safetensors:x", "s.npy", "s.npz", "s.safetensors"):
        workplace.done("run", bundle, "--arg", f"x={spec}", "--out", "o=o.npy")
        assert np.array_equal(np.load(tmp_path / "o.npy"), signed), spec
        for expected in ("u.npy", "s.npy", "u.npz", "u.safetensors:x"):
            workplace.done("run", bundle, "--arg", f"x={spec}", "--expect", f"o={expected}")


@pytest.mark.parametrize("width", WIDTHS)
def test_numbers_up_to_the_greatest_of_the_width(workplace, width, tmp_path):
    bundle = workplace.bundle(f"i{width}")
    greatest, least = 2 ** width - 1, -(2 ** (width - 1))
    for spec, value in ((f"64xi{width}={greatest}", -1), (f"64xu{width}={greatest}", -1), (f"64xuint{width}={greatest}", -1),
                        (f"64xint{width}={least}", least), (f"64xi{width}=0x{greatest:x}", -1), (f"64xi{width}={-least}", least),
                        (f"uniform({greatest},{greatest})", -1) if width < 64 else ("64xi64=-1", -1)):
        workplace.done("run", bundle, "--arg", f"x={spec}", "--out", "o=o.npy")
        assert (np.load(tmp_path / "o.npy") == value).all(), spec
    for spec in (f"64xi{width}={greatest + 1}", f"64xi{width}={least - 1}", f"64xu{width}=-1", f"64xu{width}={greatest + 1}"):
        process = workplace("run", bundle, "--arg", f"x={spec}")
        assert process.returncode == 1 and "RBLN-R00" in process.stderr, spec


def test_random_data_over_the_whole_width(workplace, tmp_path):
    bundle = workplace.bundle("i8")
    workplace.done("run", bundle, "--arg", "x=uniform(0,256)", "--out", "o=o.npy")
    values = np.load(tmp_path / "o.npy").view(np.uint8)
    assert values.max() > 127 and len(set(values)) > 30
    assert workplace("run", bundle, "--arg", "x=uniform(0,257)").returncode == 1


def test_other_widths_stay_errors(workplace, tmp_path):
    bundle = workplace.bundle("i16")
    for dtype in (np.uint8, np.int8, np.uint32, np.float16):
        np.save(tmp_path / "x.npy", np.ones(64, dtype))
        assert workplace("run", bundle, "--arg", "x=x.npy").returncode == 1


def test_a_difference_of_unsigned_integers_is_unsigned(workplace, tmp_path):
    bundle = workplace.bundle("i8")
    np.save(tmp_path / "e.npy", np.full(64, 200, np.uint8))
    process = workplace("run", bundle, "--arg", "x=64xu8=255", "--expect", "o=e.npy")
    assert process.returncode == 3 and "255 where 200 was expected" in process.stderr


def write_safetensors(path, array):
    name = {"i": "I", "u": "U"}[array.dtype.kind] + str(8 * array.dtype.itemsize)
    header = f'{{"x":{{"dtype":"{name}","shape":[{array.size}],"data_offsets":[0,{array.nbytes}]}}}}'.encode()
    path.write_bytes(len(header).to_bytes(8, "little") + header + array.tobytes())


def test_files_that_hold_one_array_need_no_name(workplace, tmp_path):
    np.savez(tmp_path / "one.npz", anything=np.ones(64, np.float32))
    np.savez(tmp_path / "two.npz", a=np.ones(64, np.float32), b=np.ones(64, np.float32))
    np.savez(tmp_path / "none.npz")
    workplace.done("run", "k.rbln", "--arg", "x=one.npz")
    for spec, said in (("two.npz", "holds several arrays"), ("one.npz:x", "has no array 'x'"), ("none.npz", "holds no array"),
                       ("one.npz:anythin", "did you mean 'anything'?")):
        process = workplace("run", "k.rbln", "--arg", f"x={spec}")
        assert process.returncode == 1 and said in process.stderr and "[RBLN-R006]" in process.stderr
