"""What launches of a thread do just now: run, are recorded, do nothing, or become part of a graph."""
import contextlib
import threading

_state = threading.local()


def off():
    """Whether launches of this thread do nothing."""
    return getattr(_state, "off", False)


def record(stats):
    """Keeps the statistics of a run for whoever asked for them."""
    runs = getattr(_state, "runs", None)
    if runs is not None:
        runs.append(stats)


@contextlib.contextmanager
def without_launches():
    """Launches of this thread inside of the block do nothing: only the shapes of results are asked for."""
    outer = getattr(_state, "off", False)
    _state.off = True
    try:
        yield
    finally:
        _state.off = outer


@contextlib.contextmanager
def recorded():
    """The statistics of every launch of this thread inside of the block, in order."""
    outer = getattr(_state, "runs", None)
    _state.runs = runs = []
    try:
        yield runs
    finally:
        _state.runs = outer
        if outer is not None:
            outer.extend(runs)


def traced(values):
    """Whether a value stands for a tensor while PyTorch traces, and has no memory."""
    for value in values:
        kind = type(value)
        if kind.__module__.startswith("torch.") and kind.__name__ in ("FakeTensor", "FunctionalTensor"):
            return True
    return False


def unlaunched(values):
    """Whether a launch with these arguments is not to run now."""
    return off() or traced(values)
