"""What launches of a thread do just now: run, are recorded, do nothing, or become part of a graph."""
import contextlib
import threading
import weakref

_state = threading.local()
# Warmups that a thread remembers the arguments of.
_MOST_WARM = 16


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
    The last ones of a thread are held, as they may be casts that nobody else has; those before, and those of kernels that
    have run, weakly."""
    if scope() is not None:
        scope().warmed.append(compiled)
    _state.ran = None
    warm = _state.__dict__.setdefault("warm", {})
    if warm and (last := next(reversed(warm))) is not compiled:
        let_go(last)
    warm.pop(compiled, None)
    warm[compiled] = [*args], {**kwargs}
    if len(warm) > _MOST_WARM:
        del warm[next(iter(warm))]


def let_go(compiled):
    """The kernel has run, or another one has been warmed up: the arguments of its warmup are no longer kept alive."""
    known = getattr(_state, "warm", {}).get(compiled)
    if known is not None:
        args, kwargs = known
        args[:] = map(_weak, args)
        kwargs.update({name: _weak(value) for name, value in kwargs.items()})


def warm_arguments(compiled):
    """(args, kwargs) of this thread's last warmup that returned this kernel; None when there was none. A Gone where one of
    them is no longer there."""
    known = getattr(_state, "warm", {}).get(compiled)
    if known is None:
        return None
    args, kwargs = known
    return [_strong(value) for value in args], {name: _strong(value) for name, value in kwargs.items()}


def warm_containers():
    """What this module holds tensors in."""
    return [container for known in getattr(_state, "warm", {}).values() for container in known]


def ran_warm(compiled):
    """The kernel has run on the arguments of its warmup."""
    _state.ran = compiled


def took_warm_run(compiled):
    """Whether the kernel has been launched on the arguments of its warmup, by the warmup itself. Once for each warmup."""
    ran, _state.ran = getattr(_state, "ran", None), None
    return ran is compiled


def takes_warm_run(compiled, args, kwargs):
    """Whether this launch has been made already, by the warmup itself. Once for each warmup."""
    warm = warm_arguments(compiled) if took_warm_run(compiled) else None
    if warm is None:
        return False
    values, warm_values = [*args, *kwargs.values()], [*warm[0], *warm[1].values()]
    return len(values) == len(warm_values) and all(one is other or _equal(one, other)
                                                   for one, other in zip(values, warm_values))


def _equal(one, other):
    return isinstance(one, (int, float, bool, str)) and one == other


class Gone:
    """In the place of an argument that is no longer there."""


def _weak(value):
    """What has memory by a weak reference, anything else as it is."""
    has_memory = hasattr(value, "__array_interface__") or hasattr(value, "data_ptr") and value.device.type != "meta"
    return weakref.ref(value) if has_memory and type(value).__weakrefoffset__ else value


def _strong(value):
    if not isinstance(value, weakref.ref):
        return value
    value = value()
    return Gone() if value is None else value


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
