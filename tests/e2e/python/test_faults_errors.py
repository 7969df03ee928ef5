"""A fault of the library is an exception at every door of the package, and the process goes on right after it."""
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

FOLDER = Path(__file__).resolve().parent
DOORS = ["native.compile", "warmup", "rblnc.warmup", "launch", "kernel[grid]", "triton's kernel[grid]", "torch_op",
         "torch.compile eager", "torch.compile aot_eager"]
KINDS = ["SIGSEGV", "SIGBUS", "SIGFPE", "SIGILL", "SIGTRAP", "SIGABRT", "stack overflow", "terminate", "fatal error",
         "usage error", "no memory", "no memory in LLVM"]
SURROUNDINGS = ["twice", "threads", "faulthandler", "handlers", "progress"]


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory):
    scratch = tmp_path_factory.mktemp("faults")
    environment = dict(os.environ, RBLNC_CACHE="0", TMPDIR=str(scratch), FAULT_LOG=str(scratch / "log"),
                       PYTHONPATH=os.pathsep.join(sys.path), TRITON_ALWAYS_COMPILE="1")
    done = subprocess.run([sys.executable, FOLDER / "fault_doors.py"], env=environment, stdout=subprocess.PIPE, check=True,
                          timeout=300)
    return json.loads(done.stdout)


def test_every_case_is_looked_at(outcomes):
    assert set(outcomes) == {*(f"compile: {door}" for door in DOORS), *(f"run: {kind}" for kind in KINDS), *SURROUNDINGS,
                             "other calls"}


@pytest.mark.parametrize("door", DOORS)
def test_x001_a_fault_of_the_compiler_is_an_exception(outcomes, door):
    outcome = outcomes[f"compile: {door}"]
    assert "InternalCompileError" in outcome["classes"], outcome["text"]
    assert "SIGSEGV at address 0x0 in the compiler [RBLN-X001]" in outcome["text"]
    folder = Path(re.search(r"please report it with the folder (\S+)", outcome["text"])[1])
    assert "tt.func" in (folder / "kernel.ttir").read_text()
    assert "rblnc compile kernel.ttir" in (folder / "command.txt").read_text()
    assert outcome["right"], outcome


@pytest.mark.parametrize("kind", KINDS)
def test_x001_a_fault_of_the_emulator_is_an_exception(outcomes, kind):
    outcome = outcomes[f"run: {kind}"]
    assert "InternalRunError" in outcome["classes"], outcome["text"]
    assert "[RBLN-X001]" in outcome["text"]
    folder = Path(re.search(r"please report it with the folder (\S+)", outcome["text"])[1])
    assert (folder / "kernel.rbln").stat().st_size > 0
    assert "output: tensor, f32, 2048 bytes" in (folder / "command.txt").read_text()
    assert outcome["right"], outcome


@pytest.mark.parametrize("surroundings", SURROUNDINGS)
def test_x001_faults_are_caught_whatever_else_the_process_does(outcomes, surroundings):
    outcome = outcomes[surroundings]
    assert "InternalCompileError" in outcome["classes"], outcome["text"]
    assert outcome["right"], outcome


def test_the_other_process_says_what_this_one_would(outcomes):
    assert "SIGABRT in the compiler" in outcomes["twice"]["text"]
    assert "the process that compiles ended with status -6" in outcomes["twice"]["text"]
    assert "SIGFPE in the compiler" in outcomes["twice"]["text"]
    assert "kernel.ttir:1" in outcomes["twice"]["rejected"] and "RBLN-I005" in outcomes["twice"]["rejected"]


def test_x001_the_calls_beside_compiling_and_running_are_caught_too(outcomes):
    outcome = outcomes["other calls"]
    assert "InternalError" in outcome["classes"], outcome["text"]
    assert outcome["right"], outcome
