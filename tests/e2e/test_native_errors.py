"""What the runtime library refuses from Python, and what it says."""
import pickle
import re
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "kernels"))
from rblnc import native  # noqa: E402

TTIR = ROOT / "kernels" / "ttir" / "3.6.0"
ADD = TTIR / "vector_add.r64c64.raw.ttir"


@pytest.fixture(scope="module")
def add():
    return native.compile(ADD.read_text())


@pytest.fixture
def held():
    return [np.ones(4096, np.float32) for _ in range(3)]


def places(given):
    return [(array.ctypes.data, array.nbytes) for array in given]


@pytest.mark.parametrize("text, code", [("", "RBLN-I002"), ("garbage", "RBLN-I002"), (b"\x00\x01\x02", "RBLN-I002"),
                                        ("module { tt.func @k( }", "RBLN-I005"), (b"ML\xefR\x06", "RBLN-I002"),
                                        ("module { " + "[" * 10000, "RBLN-I004"), ("\ud800", "RBLN-I002")])
def test_garbage_is_no_kernel(text, code):
    with pytest.raises(native.CompileError) as caught:
        native.compile(text)
    assert [entry["code"] for entry in caught.value.diagnostics] == [code]
    assert caught.value.status == 1
    assert f"[{code}]" in str(caught.value) and "error: " in str(caught.value)


@pytest.mark.parametrize("path", sorted((TTIR / "wrong").glob("*.raw.ttir")), ids=lambda path: path.name)
def test_diagnostics_read_as_on_the_command_line(rblnc, path, tmp_path):
    process = rblnc("compile", path, "-o", tmp_path / "wrong.rbln")
    printed = process.stderr.rstrip("\n")
    try:
        warnings = native.compile(path.read_text(), name=str(path)).warnings
    except native.CompileError as error:
        assert error.status == process.returncode
        # The same lines, but for what an option is called; in an exception the errors stand first.
        printed = re.sub(r"--bind (\w+)=VALUE", r'bind={"\1": VALUE}', printed)
        assert sorted(str(error).splitlines()) == sorted(printed.splitlines())
        severities = [entry["severity"] for entry in error.diagnostics]
        assert severities == sorted(severities, key=("error", "warning").index)
        assert error.diagnostics[0]["frames"][0]["line"] > 0
    else:
        assert process.returncode == 0 and len(warnings) == printed.count(": warning: ") > 0


def test_an_unknown_target_is_named():
    with pytest.raises(native.CompileError, match="there is no target 'rbln-x'.*RBLN-I050") as caught:
        native.compile(ADD.read_text(), target="rbln-x")
    assert caught.value.status == 2 and "rbln-ca22" in str(caught.value)


@pytest.mark.parametrize("options, kind, says", [
    ({"bind": {"nothing": 1}}, native.CompileError, "RBLN-I010"),
    ({"shapes": {"x": ()}}, ValueError, "one extent or more"),
    ({"shapes": {"x": (0, 4)}}, ValueError, "at least 1"),
    ({"shapes": {"x": (2**64 + 64, )}}, ValueError, "at least 1"),
    ({"shapes": {"x": (2**40, 2**40)}}, native.CompileError, "too many elements"),
    ({"shapes": {"x": (1.5, )}}, TypeError, "integer"),
    ({"bind": {"x": object()}}, TypeError, "number"),
])
def test_wrong_options(options, kind, says):
    with pytest.raises(kind, match=says):
        native.compile(ADD.read_text(), **options)


def test_text_must_be_text():
    with pytest.raises(TypeError, match="pass str or bytes"):
        native.compile(17)


def test_warnings_are_errors_when_strict():
    with pytest.raises(native.CompileError, match="RBLN-W001"):
        native.compile((TTIR / "vector_add.bf16.raw.ttir").read_text(), strict=True)


def test_errors_pickle():
    with pytest.raises(native.CompileError) as caught:
        native.compile("garbage")
    copy = pickle.loads(pickle.dumps(caught.value))
    assert (str(copy), copy.status, copy.diagnostics) == (str(caught.value), 1, caught.value.diagnostics)


def test_wrong_sizes(add, held):
    with pytest.raises(native.RunError, match="argument 'o' needs 16384 bytes, and its array has 16380.*RBLN-R031"):
        add.run(places([held[0], held[1], held[2][:4095]]))
    with pytest.raises(native.RunError, match="the kernel has 3 arguments, and 2 were given"):
        add.run(places(held[:2]))
    with pytest.raises(native.RunError, match="the kernel has 3 arguments, and 0 were given"):
        add.run([])
    with pytest.raises(native.RunError, match="argument 'x' is at address 0") as caught:
        add.run([(0, 16384), *places(held[1:])])
    assert caught.value.status == 1 and caught.value.diagnostics[0]["code"] == "RBLN-R031"
    assert (held[2] == 1).all()


@pytest.mark.parametrize("place", [(-8, 16384), (8, -16384), (2**64 + 8, 16384), (8, 2**64 + 16384)])
def test_numbers_that_are_no_place(add, held, place):
    with pytest.raises(ValueError, match="argument 2 is at address"):
        add.run([*places(held[:2]), place])


@pytest.mark.parametrize("place", [(1.5, 16384), (8, None), ("8", 16384), (8, ), 8])
def test_places_that_are_no_numbers(add, held, place):
    with pytest.raises((TypeError, ValueError)):
        add.run([*places(held[:2]), place])


def test_numerics_must_be_known(add, held):
    with pytest.raises(ValueError, match="known are ieee, device"):
        add.run(places(held), numerics="exact")


def test_an_index_out_of_range_is_at_its_line():
    bundle = native.compile((ROOT / "kernels/rblib/ttir/3.6.0/to_dynamic_index_i32.ttir").read_text())
    x, o = np.ones((4, 5, 64), np.float32), np.zeros((1, 5, 64), np.float32)
    for last in (4, -1, 2**31 - 1):
        table = np.array([[0, 0, last]], np.int32)
        with pytest.raises(native.RunError, match=r"indices_kernels\.py:\d+:.*RBLN-R034") as caught:
            bundle.run(places([x, table, o]))
        assert caught.value.stats is None
    bundle.run(places([x, np.array([[0, 0, 3]], np.int32), o]))
    assert (o == 2).all()


def test_a_mutated_bundle_is_refused(add):
    rng = np.random.default_rng(0)
    for position in rng.integers(0, len(add.data), 100):
        damaged = bytearray(add.data)
        damaged[position] ^= 1 << rng.integers(0, 8)
        with pytest.raises(native.Error, match="RBLN-B00") as caught:
            native.Bundle.from_bytes(damaged)
        assert caught.value.status == 4


@pytest.mark.parametrize("data", [b"", b"\x89RBLN", b"PK\x03\x04 is no bundle"])
def test_what_is_no_bundle_is_refused(data):
    with pytest.raises(native.Error, match="RBLN-B00"):
        native.Bundle.from_bytes(data)


def run_without(script, package=ROOT / "kernels", **environment):
    """A fresh interpreter, which has not loaded the library yet."""
    return subprocess.run([sys.executable, "-c", "from rblnc import native\n" + script], capture_output=True, text=True,
                          check=False, timeout=60, env={"PYTHONPATH": str(package), **environment})


def test_a_library_that_is_not_there(tmp_path):
    done = run_without("native.compile('x')", RBLNC_LIBRARY=str(tmp_path / "nowhere.so"))
    assert done.returncode == 1
    assert "LibraryNotFound: RBLNC_LIBRARY is" in done.stderr and "there is no such file" in done.stderr


def test_a_file_that_is_no_library(tmp_path):
    path = tmp_path / "librblnc.so"
    path.write_text("no library")
    done = run_without("native.Bundle.from_bytes(b'')", RBLNC_LIBRARY=str(path))
    assert "LibraryNotFound: " in done.stderr and "cannot be loaded" in done.stderr


def test_a_library_of_somebody_else():
    import _ctypes
    done = run_without("native.version()", RBLNC_LIBRARY=_ctypes.__file__)
    assert "LibraryNotFound: " in done.stderr and "is not rblnc's library" in done.stderr


def test_a_library_of_another_version(tmp_path):
    compiler = shutil.which("clang-22") or shutil.which("cc")
    if not compiler:
        pytest.skip("no C compiler")
    (tmp_path / "other.c").write_text("unsigned rblnc_abi_version(void) { return 999; }\n")
    library = tmp_path / "librblnc.so"
    subprocess.run([compiler, "-shared", "-fPIC", "-o", library, tmp_path / "other.c"], check=True)
    done = run_without("native.version()", RBLNC_LIBRARY=str(library))
    assert "LibraryNotFound: " in done.stderr and "has version 999 of the interface, and this package needs 1" in done.stderr


def test_a_package_without_a_library(tmp_path):
    """As pip installs it before anything is built: importing works, compiling says what to do."""
    shutil.copytree(ROOT / "kernels" / "rblnc", tmp_path / "site" / "rblnc",
                    ignore=shutil.ignore_patterns("*.so", "__pycache__"))
    done = run_without("print(native.Error.__name__)\nnative.compile('x')", package=tmp_path / "site")
    assert done.stdout == "Error\n"
    assert "LibraryNotFound: the installed package rblnc has no librblnc.so" in done.stderr
    assert "cmake --preset release" in done.stderr and "RBLNC_LIBRARY" in done.stderr
