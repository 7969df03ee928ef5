"""What launches of a thread do just now: run, are recorded, do nothing, or become part of a graph."""
import contextlib
import threading
import weakref

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


def scope():
    """What watches the body of the operator that this thread is in (_origins.Scope), or None."""
    scopes = getattr(_state, "scopes", None)
    return scopes[-1] if scopes else None


@contextlib.contextmanager
def watched(by):
    """Inside of the block `by` is the scope."""
    scopes = _state.__dict__.setdefault("scopes", [])
    scopes.append(by)
    try:
        yield by
    finally:
        scopes.pop()


def warmed_up(compiled, args, kwargs):
    """A kernel has been compiled for these arguments: write_kernel(compiled) and write_rtosa(compiled) run it on them.
    They are held weakly; who warms up and writes has them anyway."""
    if scope() is not None:
        scope().warmed.append(compiled)
    _state.ran = None
    _state.warm = (compiled, [_weak(value) for value in args], {name: _weak(value) for name, value in kwargs.items()})


def warm_arguments(compiled):
    """(args, kwargs) of this thread's last warmup, if it returned this kernel and they are still there; else None."""
    known, args, kwargs = getattr(_state, "warm", None) or (None, [], {})
    if known is not compiled:
        return None
    args, kwargs = [_strong(value) for value in args], {name: _strong(value) for name, value in kwargs.items()}
    return None if any(value is _GONE for value in [*args, *kwargs.values()]) else (args, kwargs)


def ran_warm(compiled):
    """The kernel has run on the arguments of its warmup."""
    _state.ran = compiled


def takes_warm_run(compiled, args, kwargs):
    """Whether this launch has been made already, by the warmup itself. Once for each warmup."""
    ran, _state.ran = getattr(_state, "ran", None), None
    warm = warm_arguments(compiled) if ran is compiled else None
    if warm is None:
        return False
    values, warm_values = [*args, *kwargs.values()], [*warm[0], *warm[1].values()]
    return len(values) == len(warm_values) and all(one is other or _equal(one, other)
                                                   for one, other in zip(values, warm_values))


def _equal(one, other):
    return isinstance(one, (int, float, bool, str)) and one == other


_GONE = object()


def _weak(value):
    """An array by a weak reference, anything else as it is."""
    return weakref.ref(value) if hasattr(value, "shape") and type(value).__weakrefoffset__ else value


def _strong(value):
    if not isinstance(value, weakref.ref):
        return value
    value = value()
    return _GONE if value is None else value


def traced(values):
    """Whether a value stands for a tensor while PyTorch traces, and has no memory."""
    for value in values:
        kind = type(value)
        if kind.__module__.startswith("torch.") and kind.__name__ in ("FakeTensor", "FunctionalTensor"):
            return True
        if isinstance(value, tuple) and traced(value):
            return True
    return False


def unlaunched(values):
    """Whether a launch with these arguments is not to run now."""
    return off() or traced(values)
