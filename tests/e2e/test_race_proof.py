"""The proof that queues do not race (src/bundle/prove): a compiled program that loses a wait is refused, or else the
wait was implied: other ways to look for races find none either."""
import random
import re

import pytest

from kernels import catalog
from race_oracle import Program

ATTENTION = "attention/ttir/3.6.0"
# Kernels, and the least part of their waits that nothing else implies.
KERNELS = {
    "ttir/3.6.0/softmax.r64c128.raw.ttir": 1.0,
    "ttir/3.6.0/flash_attention.h4l16s192.raw.ttir": 0.5,
    f"{ATTENTION}/causal_attention_decode.h3g7d80.ttir": 0.7,
    f"{ATTENTION}/flash_causal_attention_decode.h3g7d80.ttir": 0.6,
    f"{ATTENTION}/sliding_window_attention_decode.h3g7d80.ttir": 0.4,
    "../tests/bench/ttir/matmul.m16k4096n14336_f16.ttir": 1.0,
}
REMOVED = 30
#: Lengths of sequences and numbers of blocks of the runs, so that branches are taken and left out.
RUNS = [("1", 33, 11), ("2", 33, 11), ("3", 3, 2), ("4", 64, 11)]
WAIT = re.compile(r"npu\.wait <\w+ \d+> \d+ reaches \d+")


def commands(rblnc, path, *options):
    """Device commands without locations, and where their waits are."""
    text = rblnc.done("compile", path, "--emit=npu", *options).stdout
    return text, list(WAIT.finditer(text))


def without(text, wait):
    """The wait stays, so that skips still count their commands, and waits for nothing."""
    return text[:wait.start()] + re.sub(r"reaches \d+", "reaches 0", wait.group()) + text[wait.end():]


def races(rblnc, bundle):
    """What the emulator's own checks say in a few runs."""
    found = []
    for seed, lengths, blocks in RUNS:
        options = ["--seed", seed]
        signature = rblnc.done("inspect", bundle, "--section=signature").stdout
        for name, bound in (("seq_idx", lengths), ("block_table", blocks)):
            if re.search(rf"\b{name}\b", signature):
                options += ["--arg", f"{name}=uniform(0,{bound})"]
        process = rblnc("run", bundle, *options)
        assert process.returncode == 0 or "RBLN-R04" in process.stderr, process.stderr
        found += re.findall(r"RBLN-R04[12]", process.stderr)
    return found


@pytest.mark.parametrize("name", KERNELS, ids=[name.split("/")[-1] for name in KERNELS])
def test_a_lost_wait_is_refused_or_implied(rblnc, name, tmp_path):
    path = catalog.TTIR.parent / name
    text, waits = commands(rblnc, path)
    edited, bundle = tmp_path / "edited.mlir", tmp_path / "edited.rbln"
    edited.write_text(text)
    rblnc.done("compile", edited, "-o", bundle)
    generator = random.Random(name)
    chosen = generator.sample(waits, min(len(waits), REMOVED))
    tested = Program(text).tested()
    outcomes = [set(), set(tested)] + [{r for r in tested if generator.random() < 0.5} for _ in range(6 if tested else 0)]
    assert not any(Program(text).races(zero) for zero in outcomes)
    refused = 0
    for wait in chosen:
        edited.write_text(without(text, wait))
        process = rblnc("compile", edited, "-o", bundle)
        if process.returncode:
            assert process.returncode == 1 and "[RBLN-I024]" in process.stderr, process.stderr
            refused += 1
        else:
            assert not races(rblnc, bundle), wait.group()
            program = Program(edited.read_text())
            assert not any(program.races(zero) for zero in outcomes), wait.group()
    assert refused >= KERNELS[name] * len(chosen), f"{refused} of {len(chosen)}"


def test_without_any_wait(rblnc, tmp_path):
    """All at once: the first races are told, not thousands."""
    text, _ = commands(rblnc, catalog.TTIR / "3.6.0" / "softmax.r64c128.raw.ttir", "--split=most")
    edited = tmp_path / "edited.mlir"
    edited.write_text(re.sub(r"(npu\.wait <\w+ \d+> \d+ reaches) \d+", r"\1 0", text))
    process = rblnc("compile", edited, "-o", tmp_path / "edited.rbln")
    assert process.returncode == 1
    assert process.stderr.count("[RBLN-I024]") == 4
