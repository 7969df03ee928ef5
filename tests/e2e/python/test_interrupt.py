"""Ctrl-C in Python ends a call of the library, and what was asked to hear of progress can end it too."""
import os
import signal
import threading
import time

import numpy as np
import pytest

from rblnc import native

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


def test_short_calls_hear_nothing():
    heard = []
    text = KERNEL.replace("8192", "64")
    small = native.compile(text, progress=lambda *given: heard.append(given))
    held = [np.ones((64, 64), np.float32) for _ in range(2)]
    start = time.monotonic()
    small.run([(array.ctypes.data, array.nbytes) for array in held], progress=lambda *given: heard.append(given))
    assert (held[1] == 64).all()
    assert not heard or time.monotonic() - start > 0.05
