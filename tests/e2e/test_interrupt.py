"""Ctrl-C ends a run and a compilation: with status 130, without a file, and soon."""
import os
import pty
import signal
import subprocess
import time

import numpy as np
import pytest

KERNEL = """module {{
  tt.func public @product(%a: !tt.ptr<f32> loc("a"), %o: !tt.ptr<f32> loc("o")) {{
    %n = arith.constant {n} : i64
    %one = arith.constant 1 : i64
    %zero = arith.constant 0 : i32
    %pa = tt.make_tensor_ptr %a, [%n, %n], [%n, %one], [%zero, %zero] {{order = array<i32: 1, 0>}} : <tensor<{n}x{n}xf32>>
    %po = tt.make_tensor_ptr %o, [%n, %n], [%n, %one], [%zero, %zero] {{order = array<i32: 1, 0>}} : <tensor<{n}x{n}xf32>>
    %va = tt.load %pa : !tt.ptr<tensor<{n}x{n}xf32>>
    %none = arith.constant dense<0.0> : tensor<{n}x{n}xf32>
    %r = tt.dot %va, %va, %none : tensor<{n}x{n}xf32> * tensor<{n}x{n}xf32> -> tensor<{n}x{n}xf32>
    tt.store %po, %r : !tt.ptr<tensor<{n}x{n}xf32>>
    tt.return
  }}
}}
"""


@pytest.fixture(scope="module")
def product(rblnc, tmp_path_factory):
    """A bundle that runs for a while."""
    folder = tmp_path_factory.mktemp("product")
    (folder / "k.ttir").write_text(KERNEL.format(n=8192))
    rblnc.done("compile", folder / "k.ttir", "-o", folder / "k.rbln")
    return folder / "k.rbln"


def start(rblnc, *arguments, stderr):
    # A shell without job control has its background jobs ignore the signal, and they pass that on.
    return subprocess.Popen([rblnc.binary, *map(str, arguments)], stdout=subprocess.PIPE, stderr=stderr,
                            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler))


def read_until(descriptor, text, seconds=60):
    """What a terminal shows, up to a text."""
    seen, end = b"", time.monotonic() + seconds
    while text not in seen and time.monotonic() < end:
        try:
            seen += os.read(descriptor, 4096)
        except OSError:  # the other end was closed
            break
    assert text in seen, seen
    return seen


def test_a_terminal_sees_how_far_a_run_is_and_ends_it(rblnc, product, tmp_path):
    out = tmp_path / "o.npy"
    terminal, ours = pty.openpty()
    process = start(rblnc, "run", product, "--arg", "a=zeros", "--out", f"o={out}", stderr=ours)
    os.close(ours)
    read_until(terminal, b"rblnc: run ")
    process.send_signal(signal.SIGINT)
    read_until(terminal, b"[RBLN-R015]")
    assert process.wait(timeout=60) == 130
    assert list(tmp_path.iterdir()) == []
    os.close(terminal)


def test_nothing_is_shown_where_there_is_no_terminal(rblnc, product, tmp_path):
    process = start(rblnc, "run", product, "--arg", "a=zeros", stderr=subprocess.PIPE)
    time.sleep(3)
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=60)
    assert process.returncode == 130
    assert b"the run was interrupted here [RBLN-R015]" in said
    assert b"\r" not in said and b"%" not in said


def test_waiting_for_input_ends_at_once(rblnc, tmp_path):
    process = subprocess.Popen([rblnc.binary, "compile", "-", "-o", str(tmp_path / "k.rbln")], stdin=subprocess.PIPE,
                               stderr=subprocess.PIPE)
    time.sleep(1)
    process.send_signal(signal.SIGINT)
    assert process.wait(timeout=60) == 130
    process.stdin.close()
    process.stderr.close()
    assert list(tmp_path.iterdir()) == []


def test_a_bundle_may_change_while_it_runs(rblnc, tmp_path):
    (tmp_path / "k.ttir").write_text(KERNEL.format(n=2048))
    rblnc.done("compile", tmp_path / "k.ttir", "-o", tmp_path / "k.rbln")
    np.save(tmp_path / "a.npy", np.eye(2048, dtype=np.float32))
    process = subprocess.Popen([rblnc.binary, "run", tmp_path / "k.rbln", "--arg", f"a={tmp_path / 'a.npy'}"],
                               stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    time.sleep(0.2)
    os.truncate(tmp_path / "k.rbln", 100)
    process.communicate(timeout=60)
    # It was read before, or it is refused as what it is now.
    assert process.returncode in (0, 4)
