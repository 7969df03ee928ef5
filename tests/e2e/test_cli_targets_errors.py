"""Chips that are not there, descriptions with mistakes, and programs that a chip cannot run."""
import json
import random

import pytest

from kernels import catalog

KERNEL = catalog.TTIR / "3.6.0" / "softmax.r64c128.raw.ttir"


@pytest.fixture(scope="module")
def bundle(rblnc, tmp_path_factory):
    path = tmp_path_factory.mktemp("bundle") / "k.rbln"
    rblnc.done("compile", KERNEL, "--target=rbln-ca22,rbln-cr03", "-o", path)
    return path


@pytest.fixture(scope="module")
def chip(rblnc):
    return json.loads(rblnc.done("targets", "rbln-ca22", "--json").stdout)


def rejected(process, status, *words):
    assert process.returncode == status, process.stderr
    for word in words:
        assert word in process.stderr, process.stderr


def test_targets_are_known_and_named_once(rblnc, tmp_path):
    for command in ("compile", "compare"):
        rejected(rblnc(command, KERNEL, "--target=rbln-ca22,rbln-x"), 2, "[RBLN-I050]", "'rbln-x'")
        rejected(rblnc(command, KERNEL, "--target=rbln-ca22,rbln-ca22"), 2, "'rbln-ca22' is given twice")
    rejected(rblnc("compile", KERNEL, "--target=rbln-ca22,rbln-cr03", "--emit=npu"), 2, "one target")
    assert list(tmp_path.iterdir()) == []


def test_programs_are_in_the_bundle(rblnc, bundle):
    for command in ("run", "compare"):
        rejected(rblnc(command, bundle, "--target=rbln-ca12"), 1, "[RBLN-R030]", "rbln-ca22, rbln-cr03")


def test_descriptions_that_cannot_be_read(rblnc, bundle, tmp_path):
    (tmp_path / "folder").mkdir()
    (tmp_path / "empty.json").write_text("")
    (tmp_path / "garbage.json").write_bytes(random.Random(0).randbytes(4096))
    (tmp_path / "deep.json").write_text("[" * 100_000)
    with open(tmp_path / "large.json", "wb") as file:
        file.truncate(2 << 30)
    for name, code in (("none.json", "I001"), ("folder", "I001"), ("empty.json", "I051"), ("garbage.json", "I051"),
                       ("deep.json", "I051"), ("large.json", "I051")):
        for command, path in (("compile", KERNEL), ("compare", KERNEL), ("run", bundle)):
            rejected(rblnc(command, path, "--target-file", tmp_path / name), 1, f"[RBLN-{code}]", name)
    assert rblnc("compile", KERNEL, "--target-file", "/dev/zero", "-o", "-").returncode == 1


def test_descriptions_with_mistakes_name_the_figure(rblnc, chip, tmp_path):
    later = {"dot_chunk_elements"}  # descriptions of earlier releases do not have them
    for key in chip["figures"].keys() - later:
        broken = json.loads(json.dumps(chip))
        del broken["figures"][key]
        (tmp_path / "chip.json").write_text(json.dumps(broken))
        rejected(rblnc("compile", KERNEL, "--target-file", tmp_path / "chip.json", "-o", tmp_path / "k.rbln"), 1,
                 "[RBLN-I051]", f"'{key}'")
    assert not (tmp_path / "k.rbln").exists()


@pytest.mark.parametrize("seed", range(4))
def test_odd_chips(rblnc, chip, seed, tmp_path):
    """Whatever its figures are, a chip that can be described compiles the kernel or is too small for it."""
    generator = random.Random(seed)
    integers = ["engines", "scratchpad_bytes", "shared_bytes", "dram_bytes", "line_elements", "alignment_bytes",
                "dot_chunk_elements"]
    for _ in range(8):
        odd = json.loads(json.dumps(chip))
        odd["name"] = generator.choice(["a/b", "ü", "x" * 300, "mine", "../x"])
        for key in generator.sample(sorted(odd["figures"]), 4):
            if key == "compute_dtype":
                value = generator.choice(["dlf16", "bf16"])
            elif key in integers:
                value = generator.choice([0, 1, 3, 63, 64, 1000, 1024, 4096, 65536, 1 << 40])
            else:
                value = generator.choice([0, 1e-7, 0.5, 1, 1e6, 1e18])
            odd["figures"][key] = {"value": value, "source": "assumed: odd"}
        (tmp_path / "chip.json").write_text(json.dumps(odd))
        process = rblnc("compile", KERNEL, "--target-file", tmp_path / "chip.json", "-o", tmp_path / "k.rbln",
                        "--dump-after=plan", "--dump-dir", tmp_path / "d")
        assert process.returncode in (0, 1), f"{process.stderr}\n{odd}"
        if process.returncode == 0:
            # A scratchpad of a tebibyte is no mistake, but this host cannot emulate it.
            run = rblnc("run", tmp_path / "k.rbln")
            assert run.returncode == 0 or "[RBLN-R032]" in run.stderr, f"{run.stderr}\n{odd}"
        else:
            assert "[RBLN-I051]" in process.stderr or "[RBLN-P" in process.stderr, f"{process.stderr}\n{odd}"


def test_a_program_that_the_chip_cannot_run(rblnc, bundle, chip, tmp_path):
    small = json.loads(json.dumps(chip))
    small["figures"]["engines"]["value"] = 1
    small["figures"]["scratchpad_bytes"]["value"] = 1024
    (tmp_path / "chip.json").write_text(json.dumps(small))
    rejected(rblnc("run", bundle, "--target-file", tmp_path / "chip.json"), 1, "[RBLN-I021]", "--target-file")


def test_a_bundle_is_not_planned_again(rblnc, bundle, chip, tmp_path):
    (tmp_path / "chip.json").write_text(json.dumps(chip))
    rejected(rblnc("compare", bundle, "--target-file", tmp_path / "chip.json"), 2, "has its programs already")


def test_compare_takes_what_compile_and_run_take(rblnc, tmp_path):
    rejected(rblnc("compare", tmp_path / "none.ttir"), 1, "[RBLN-I001]")
    rejected(rblnc("compare", KERNEL, "--arg", "z=ones"), 1, "[RBLN-R001]")
    rejected(rblnc("compare", KERNEL, "--bind", "n"), 2, "NAME=VALUE")
    damaged = tmp_path / "k.rbln"
    damaged.write_bytes(b"\x89RBLN\r\n\x1a" + bytes(100))
    rejected(rblnc("compare", damaged), 4, "[RBLN-B003]")
