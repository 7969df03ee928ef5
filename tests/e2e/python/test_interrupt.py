"""Ctrl-C in Python ends a call of the library, and what was asked to hear of progress can end it too."""
import os
import signal
import threading
import time

import numpy as np
import pytest

import rblnc
from rblnc import native
from rblnc.attention import sliding_window_attention

KERNEL = """module {
  tt.func public @product(%a: !tt.ptr<f32> loc("a"), %o: !tt.ptr<f32> loc("o")) {
    %n = arith.constant 8192 : i64
    %one = arith.constant 1 : i64
    %zero = arith.constant 0 : i32
    %pa = tt.make_tensor_ptr %a, [%n, %n], [%n, %one], [%zero, %zero] {order = array<i32: 1, 0>} : <tensor<8192x8192xf32>>
    %po = tt.make_tensor_ptr %o, [%n, %n], [%n, %one], [%zero, %zero] {order = array<i32: 1, 0>} : <tensor<8192x8192xf32>>
    %va = tt.load %pa : !tt.ptr<tensor<8192x8192xf32>>
    %none = arith.constant dense<0.0> : tensor<8192x8192xf32>
    %r = tt.dot %va, %va, %none : tensor<8192x8192xf32> * tensor<8192x8192xf32> -> tensor<8192x8192xf32>
    tt.store %po, %r : !tt.ptr<tensor<8192x8192xf32>>
    tt.return
  }
}
"""


@pytest.fixture(scope="module")
def bundle():
    return native.compile(KERNEL)


@pytest.fixture(scope="module")
def places():
    held = [np.zeros((8192, 8192), np.float32) for _ in range(2)]
    yield [(array.ctypes.data, array.nbytes) for array in held]


def interrupt_soon():
    threading.Timer(0.3, lambda: os.kill(os.getpid(), signal.SIGINT)).start()


def test_a_run_ends_with_keyboard_interrupt(bundle, places):
    for _ in range(2):  # the second run uses the first one's listener
        interrupt_soon()
        with pytest.raises(KeyboardInterrupt):
            bundle.run(places)


def test_what_a_handler_raises_comes_out_of_the_run(bundle, places):

    class Alarm(Exception):
        pass

    def raise_alarm(*_):
        raise Alarm

    before = signal.signal(signal.SIGINT, raise_alarm)
    try:
        interrupt_soon()
        with pytest.raises(Alarm):
            bundle.run(places)
    finally:
        signal.signal(signal.SIGINT, before)


def test_progress_is_told_and_can_stop_the_run(bundle, places):
    heard = []

    def progress(step, fraction, seconds):
        heard.append((step, fraction, seconds))
        return len(heard) == 3

    with pytest.raises(native.RunError) as caught:
        bundle.run(places, progress=progress)
    assert caught.value.status == 130
    assert [entry["code"] for entry in caught.value.diagnostics] == ["RBLN-R015"]
    assert [step for step, _, _ in heard] == ["run"] * 3
    assert all(0 <= fraction <= 1 for _, fraction, _ in heard)
    assert [seconds for _, _, seconds in heard] == sorted(seconds for _, _, seconds in heard)


def test_an_exception_of_the_progress_function_is_raised(bundle, places):

    def progress(*_):
        raise ValueError("enough")

    with pytest.raises(ValueError, match="enough"):
        bundle.run(places, progress=progress)


def test_other_threads_run_on(bundle, places):
    """A thread that is not the main one hears of its own call."""
    caught = []

    def work():
        try:
            bundle.run(places, progress=lambda *_: True)
        except native.RunError as error:
            caught.append(error.status)

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert caught == [130]


@pytest.mark.parametrize("after", [0.2, 1.0, 1.8])
def test_a_long_compilation_ends_soon(after):
    """The plan of a window of 4096 rows has tens of thousands of operations. In seconds of the process, which are the
    same on a host that is busy."""
    f32, i32, spec = "float32", "int32", rblnc.TensorSpec
    query, new, index = spec((1, 4, 2, 512, 128), f32), spec((1, 4, 1, 512, 128), f32), spec((1, 1), i32)
    text = rblnc.ttir(sliding_window_attention.sliding_window_attention_naive_prefill, query, new, new,
                      spec((2, 2, 4, 1, 4096, 128), f32), query, index, index, 0.125, spec((1, ), i32), 0.125, NUM_HEAD=4,
                      NUM_GROUP=2, HEAD_DIM=128, QUERY_LEN=512, NUM_BATCH=1, NUM_BLOCK=2, DIM_BLOCK_TABLE=1,
                      WINDOW_SIZE=4096)
    begin, asked = time.process_time(), []

    def progress(*_):
        if not asked and time.process_time() - begin > after:
            asked.append(time.process_time())
        return bool(asked)

    with pytest.raises(native.CompileError) as caught:
        native.compile(text, progress=progress)
    assert time.process_time() - asked[0] < 0.3
    assert [entry["code"] for entry in caught.value.diagnostics] == ["RBLN-R015"]


def test_short_calls_hear_nothing():
    heard = []
    text = KERNEL.replace("8192", "64")
    small = native.compile(text, progress=lambda *given: heard.append(given))
    held = [np.ones((64, 64), np.float32) for _ in range(2)]
    start = time.monotonic()
    small.run([(array.ctypes.data, array.nbytes) for array in held], progress=lambda *given: heard.append(given))
    assert (held[1] == 64).all()
    assert not heard or time.monotonic() - start > 0.05
