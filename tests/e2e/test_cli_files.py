"""What every subcommand does with files: hostile ones, damaged ones, and what it leaves behind."""
import json
import os
import random
import subprocess
import sys

import pytest

from kernels import catalog

TTIR = catalog.TTIR / "3.6.0"
KERNEL = TTIR / "flash_attention.h4l16s192.raw.ttir"
# Small, so that every byte of it can be damaged.
SMALL = TTIR / "vector_add.r2c32.raw.ttir"
WANTS_TTIR = [("compile", "-o", "/dev/null"), ("check",), ("opt",)]
WANTS_BUNDLE = [("run",), ("inspect",)]


def hostile(kind, folder):
    path = folder / "input"
    if kind == "garbage":
        path.write_bytes(random.Random(0).randbytes(100_000))
    elif kind == "empty":
        path.write_bytes(b"")
    elif kind == "folder":
        path.mkdir()
    elif kind == "missing":
        pass
    elif kind == "nested regions":
        path.write_text('"a.b"() ({\n' * 10_000 + "}) : () -> ()\n" * 10_000)
    elif kind == "nested types":
        path.write_text("module { func.func private @f(" + "tuple<" * 10_000 + "i32" + ">" * 10_000 + ") }")
    elif kind == "nested attributes":
        path.write_text("module attributes {a = " + "[" * 10_000 + "]" * 10_000 + "} {}")
    elif kind == "nested locations":
        path.write_text("module {} loc(" + 'callsite("a" at ' * 10_000 + "unknown" + ")" * 10_000 + ")")
    elif kind == "sparse":
        with open(path, "wb") as file:
            file.truncate(2 << 30)
    elif kind == "zeros":
        path.write_bytes(bytes(1 << 20))
    elif kind == "bytecode":
        path.write_bytes(b"ML\xefR" + random.Random(1).randbytes(10_000))
    elif kind == "bundle magic":
        path.write_bytes(b"\x89RBLN\r\n\x1a" + random.Random(2).randbytes(10_000))
    return path


KINDS = ["garbage", "empty", "folder", "missing", "nested regions", "nested types", "nested attributes", "nested locations",
         "sparse", "zeros", "bytecode", "bundle magic"]


@pytest.mark.parametrize("kind", KINDS)
def test_hostile_files(rblnc, kind, tmp_path):
    path = hostile(kind, tmp_path)
    for commands, status, categories in ((WANTS_TTIR, 1, "IC"), (WANTS_BUNDLE, 4, "B")):
        for command, *rest in commands:
            process = rblnc(command, path, *rest)  # which bounds the time, generously
            assert process.returncode == status, f"{command}: {process.returncode}\n{process.stderr}"
            assert any(f"[RBLN-{c}" in process.stderr for c in categories), process.stderr


def test_a_bundle_is_no_kernel_and_a_kernel_no_bundle(rblnc, tmp_path):
    bundle = tmp_path / "k.rbln"
    rblnc.done("compile", SMALL, "-o", bundle)
    assert rblnc("compile", bundle, "-o", tmp_path / "o").returncode == 1
    assert rblnc("run", SMALL).returncode == 4
    assert rblnc("inspect", SMALL).returncode == 4


@pytest.mark.parametrize("damage", ["cut", "flip"])
def test_damaged_bundles(rblnc, damage, tmp_path):
    bundle = tmp_path / "k.rbln"
    rblnc.done("compile", SMALL, "-o", bundle)
    whole = bundle.read_bytes()
    # Starting a process a byte would take minutes: the header whole, and places spread over the rest.
    places = sorted({*range(72), *range(72, len(whole), max(1, len(whole) // 150)), len(whole) - 1})
    for place in places:
        if damage == "cut":
            bundle.write_bytes(whole[:place])
        else:
            bundle.write_bytes(whole[:place] + bytes([whole[place] ^ (1 << (place % 8))]) + whole[place + 1:])
        process = rblnc("run", bundle)
        assert process.returncode == 4, f"byte {place}: {process.returncode}\n{process.stderr}"
        assert "[RBLN-B" in process.stderr


def test_the_same_bytes_from_every_folder(rblnc, tmp_path):
    results = []
    for name in ("one", "another/folder"):
        folder = tmp_path / name
        folder.mkdir(parents=True)
        copy = folder / KERNEL.name
        copy.write_bytes(KERNEL.read_bytes())
        subprocess.run([rblnc.binary, "compile", copy.name], cwd=folder, check=True, capture_output=True)
        results.append((folder / KERNEL.with_suffix(".rbln").name).read_bytes())
        rblnc.done("compile", copy, "-o", tmp_path / "third.rbln")
        assert (tmp_path / "third.rbln").read_bytes() == results[-1]
    assert results[0] == results[1]


def test_standard_input_gives_the_same_bundle(rblnc, tmp_path):
    rblnc.done("compile", KERNEL, "-o", tmp_path / "k.rbln")
    with open(KERNEL, "rb") as file:
        process = subprocess.run([rblnc.binary, "compile", "-"], stdin=file, capture_output=True, check=True)
    assert process.stdout == (tmp_path / "k.rbln").read_bytes()


def test_nothing_is_left_behind_on_failure(rblnc, tmp_path):
    wrong = next((TTIR / "wrong").glob("dynamic_loop*.raw.ttir"), None) or next((TTIR / "wrong").glob("*.raw.ttir"))
    assert rblnc("compile", wrong, "-o", tmp_path / "k.rbln").returncode == 1
    assert list(tmp_path.iterdir()) == []
    (tmp_path / "k.rbln").write_text("before")
    assert rblnc("compile", wrong, "-o", tmp_path / "k.rbln").returncode == 1
    assert (tmp_path / "k.rbln").read_text() == "before"
    assert [p.name for p in tmp_path.iterdir()] == ["k.rbln"]


def test_outputs_that_cannot_be_written(rblnc, tmp_path):
    for output in (tmp_path, tmp_path / "none" / "k.rbln", ""):
        process = rblnc("compile", KERNEL, "-o", output) if output else rblnc("compile", KERNEL, "-o", "./")
        assert process.returncode == 1 and "[RBLN-R010]" in process.stderr, process.stderr
    copy = tmp_path / "k.ttir"
    copy.write_bytes(KERNEL.read_bytes())
    assert rblnc("compile", copy, "-o", copy).returncode == 2
    assert copy.read_bytes() == KERNEL.read_bytes()


@pytest.mark.parametrize("form", ["tt", "rbln-ir", "npu"])
def test_intermediate_forms_can_be_read_again(rblnc, form, tmp_path):
    text = rblnc.done("compile", KERNEL, f"--emit={form}").stdout
    path = tmp_path / "k.mlir"
    path.write_text(text)
    once = rblnc.done("opt", path, "--locations").stdout
    path.write_text(once)
    assert rblnc.done("opt", path, "--locations").stdout == once


def test_rbln_ir_is_compiled_on_from(rblnc, tmp_path):
    path = tmp_path / "k.mlir"
    rblnc.done("compile", KERNEL, "--emit=rbln-ir", "-o", path)
    rblnc.done("compile", path, "-o", tmp_path / "ir.rbln")
    rblnc.done("compile", KERNEL, "-o", tmp_path / "tt.rbln")
    arguments = ("--arg", "scale=0.5")
    for name in ("ir", "tt"):
        rblnc.done("run", tmp_path / f"{name}.rbln", *arguments, "--out", f"o={tmp_path / name}.npy")
    assert (tmp_path / "ir.npy").read_bytes() == (tmp_path / "tt.npy").read_bytes()


def test_check_as_json(rblnc):
    wrong = sorted((TTIR / "wrong").glob("*.raw.ttir"))[:2]
    process = rblnc("check", *wrong, KERNEL, "--format=json")
    files = json.loads(process.stdout)["files"]
    assert [file["file"] for file in files] == [str(path) for path in (*wrong, KERNEL)]
    assert files[2]["ok"]
    assert process.returncode == (0 if all(file["ok"] for file in files) else 1)
    for file in files:
        for diagnostic in file["diagnostics"]:
            assert diagnostic["code"].startswith("RBLN-") and diagnostic["message"]


def test_strict_makes_warnings_errors(rblnc):
    warned = next((TTIR / "wrong").glob("warn_*.raw.ttir"))
    lenient, strict = rblnc("check", warned), rblnc("check", "--strict", warned)
    assert lenient.returncode == 0 and "warning: " in lenient.stderr
    assert strict.returncode == 1 and "error: " in strict.stderr
    assert rblnc("compile", "--strict", warned, "-o", "/dev/null").returncode == 1


def test_inspect_as_json(rblnc, tmp_path):
    bundle = tmp_path / "k.rbln"
    rblnc.done("compile", KERNEL, "-o", bundle)
    whole = json.loads(rblnc.done("inspect", bundle, "--json").stdout)
    assert set(whole) == {"schema", "signature", "memory", "program", "provenance"}
    commands = [c for queue in whole["program"][0]["queues"] for c in queue["commands"]]
    assert {"dma", "matmul", "vector"} <= {c["kind"] for c in commands}
    assert all("flash_attention.py:" in c["line"] for c in commands)
    assert "tt.func" in rblnc.done("inspect", bundle, "--section=ttir").stdout
    assert "func.func" in rblnc.done("inspect", bundle, "--section=rbln-ir").stdout


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="needs /dev/full")
def test_a_full_disk_is_not_success(rblnc):
    with open("/dev/full", "w") as full:
        process = subprocess.run([rblnc.binary, "targets"], stdout=full, stderr=subprocess.PIPE, check=False)
    assert process.returncode == 1
    process = rblnc("compile", KERNEL, "-o", "/dev/full")
    assert process.returncode == 1 and "[RBLN-R010]" in process.stderr


def test_a_closed_reader_is_no_crash(rblnc):
    process = subprocess.run(f"{rblnc.binary} explain | true", shell=True, capture_output=True, check=False,
                             env={**os.environ, "LC_ALL": "C"})
    assert b"internal error" not in process.stderr
