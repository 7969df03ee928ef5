"""Tests of kernels with pytest: compile, run on the emulator, compare with a reference, keep to budgets.

    def test_scale(rblnc_device):
        x, out = torch.randn(24, 64), torch.empty(24, 64)
        run = rblnc_device.run(scale, x, out, 2.0, ROWS=24)
        run.expect(out, x * 2)
        run.gate(modelled_us=30, dram_bytes=12300, scratchpad_bytes=16384)

Where the package is installed pytest finds this module by itself; otherwise `pytest -p rblnc.testing`. The options
`--rblnc-target`, `--rblnc-numerics` and `--rblnc-strict` choose the chip, the arithmetic, and whether warnings of the
compiler fail a test. Until a test asks for the device, nothing else is imported.
"""
import pytest

# torch.testing.assert_close's (relative, absolute) by the element type; everything else is compared exactly.
TOLERANCES = {"float64": (1e-7, 1e-7), "float32": (1.3e-6, 1e-5), "float16": (1e-3, 1e-5), "bfloat16": (1.6e-2, 1e-5)}

# The limits of `gate` with a name of their own: the figure, and how many of the limit's units are one of the figure's.
_LIMITS = {"modelled_us": ("modelled_seconds", 1e6), "scratchpad_bytes": ("peak_scratchpad_bytes", 1)}


class Device:
    """The emulated device, as the options of the command line describe it.

    target: the chip; None for the default. numerics: "ieee", "device", or None for RBLNC_NUMERICS. strict: whether warnings
    of the compiler fail a test.
    """

    def __init__(self, target=None, numerics=None, strict=False):
        self.target, self.numerics, self.strict = target, numerics, strict

    def compile(self, kernel, *args, **kwargs):
        """As rblnc.warmup, for this chip: a rblnc.CompiledKernel. Tensors may be rblnc.TensorSpec."""
        __tracebackhide__ = True
        from rblnc import runtime
        compiled = runtime.warmup(kernel, *args, **{"target": self.target, **kwargs})
        if self.strict and compiled.warnings:
            lines = [f"{_place(next(iter(each['frames']), {}))}: {each['message']} [{each['code']}]"
                     for each in compiled.warnings]
            raise AssertionError("\n".join([f"{compiled.name}: the compiler warns", *lines]))
        return compiled

    def run(self, kernel, *args, numerics=None, seed=0, **kwargs):
        """Compiles the kernel and runs it once, in place, with every check of the emulator: a Run.

        args, kwargs: as for compile. In place of a TensorSpec the kernel gets seeded normal numbers, or zeros where the type
        is no float; they are in the Run's arguments.
        """
        __tracebackhide__ = True
        compiled = self.compile(kernel, *args, **kwargs)
        from rblnc import frontend
        function = frontend.jit_function(kernel)
        given = frontend.bind(function, args, {name: value for name, value in kwargs.items() if name in function.arg_names})
        values = {name: _filled(value, seed + position) for position, (name, value) in enumerate(given.items())}
        return Run(compiled, compiled.profile(**values, numerics=numerics or self.numerics, checks=True), values)


class Run:
    """A kernel that ran. compiled: rblnc.CompiledKernel. profile: rblnc.Profile. arguments: the kernel's, by name."""

    def __init__(self, compiled, profile, arguments):
        self.compiled, self.profile, self.arguments = compiled, profile, arguments

    def expect(self, actual, expected, *, rtol=None, atol=None, equal_nan=False):
        """Fails unless a result is what was expected: assert_close. actual: an array, or the name of an argument."""
        __tracebackhide__ = True
        name = actual if isinstance(actual, str) else "the result"
        result = self.arguments[actual] if isinstance(actual, str) else actual
        assert_close(result, expected, rtol=rtol, atol=atol, equal_nan=equal_nan, name=f"{self.compiled.name}: {name}")

    def gate(self, **limits):
        """Fails when the run needs more than it may: modelled_us, dram_bytes, scratchpad_bytes (the peak), or any other
        number of profile.figures. The figures are the model's, the same on every host. TypeError for a name that is none."""
        __tracebackhide__ = True
        figures = {name: value for name, value in self.profile.figures.items()
                   if isinstance(value, (int, float)) and name != "host_seconds"}
        known = [*_LIMITS, *figures]
        wrong = [name for name in limits if name not in known]
        if wrong or not limits:
            raise TypeError(f"gate takes {', '.join(known)}; not {', '.join(wrong) or 'nothing'}")
        over = []
        for name, limit in limits.items():
            figure, units = _LIMITS.get(name, (name, 1))
            measured = figures[figure] * units
            if not measured <= limit:
                over.append(f"  {name} is {_number(measured)}, and may be {_number(limit)}{self._costliest(figure)}")
        if over:
            raise AssertionError("\n".join([f"{self.compiled.name} on {self.compiled.target} needs more than it may:", *over]))

    def _costliest(self, figure):
        """The Python line with most of a figure that is counted by line; nothing for others."""
        column = {"modelled_seconds": "seconds", "matmul_flops": "flops"}.get(figure, figure)
        lines = [line for line in self.profile.lines if line.file is not None]
        if not lines or not hasattr(lines[0], column):
            return ""
        worst = max(lines, key=lambda line: getattr(line, column))
        share = getattr(worst, column) / (self.profile.figures[figure] or 1)
        return f"; most of it, {share:.1%}, at {worst.file}:{worst.line}"


def assert_close(actual, expected, *, rtol=None, atol=None, equal_nan=False, name="the result"):
    """Fails unless |actual - expected| <= atol + rtol * |expected| for every element, computed in float64.

    Without tolerances those of torch.testing.assert_close hold, of the less precise of the two types. A NaN equals nothing,
    or another NaN with equal_nan; an infinity equals itself. Shapes must be equal, types need not be.
    """
    __tracebackhide__ = True
    import numpy as np
    if (rtol is None) != (atol is None):
        raise TypeError("rtol and atol are given together, or not at all")
    relative, absolute = max(TOLERANCES.get(_type(each), (0, 0)) for each in (actual, expected))
    if rtol is not None:
        relative, absolute = rtol, atol
    result, wanted = _array(actual), _array(expected)
    if result.shape != wanted.shape:
        raise AssertionError(f"{name} has the shape {result.shape}, and {wanted.shape} was expected")
    with np.errstate(invalid="ignore", over="ignore"):
        close = result == wanted
        if relative or absolute:
            a, b = result.astype(np.float64), wanted.astype(np.float64)
            off = np.abs(a - b)
            close |= np.isfinite(b) & (off <= absolute + relative * np.abs(b))
        if equal_nan:
            close |= (result != result) & (wanted != wanted)
        if close.all():
            return
        off = np.abs(result.astype(np.float64) - wanted.astype(np.float64))
        allowed = absolute + relative * np.abs(wanted.astype(np.float64))
        # The farthest from what is allowed; NaN, or an infinity that is none, is farther than anything.
        excess = np.where(close, -np.inf, np.nan_to_num(off - allowed, nan=np.inf))
    worst = np.unravel_index(np.argmax(excess), excess.shape)
    place = ", ".join(map(str, worst))
    raise AssertionError(
        f"{name} differs in {int((~close).sum())} of {close.size} elements; the worst is [{place}]: {result[worst]}, and "
        f"{wanted[worst]} was expected, off by {off[worst]:.6g}, which may be {allowed[worst]:.6g} "
        f"(rtol={relative:g}, atol={absolute:g})")


def _filled(value, seed):
    """An array for a TensorSpec; anything else as it is."""
    from rblnc._values import is_tuple, like
    from rblnc.frontend import TensorSpec
    if is_tuple(value):
        return like(value, [_filled(element, seed + position) for position, element in enumerate(value)])
    if not isinstance(value, TensorSpec):
        return value
    import numpy as np
    dtype = str(value.dtype).rpartition(".")[2]
    is_float = dtype.startswith(("float", "bfloat"))
    data = np.random.default_rng(seed).standard_normal(value.shape) if is_float else np.zeros(value.shape)
    if hasattr(np, dtype) or dtype == "bool":
        return data.astype(dtype)
    import torch  # NumPy has no such type
    return torch.from_numpy(data).to(getattr(torch, dtype))


def _type(array):
    return str(getattr(array, "dtype", "")).rpartition(".")[2]


def _array(value):
    """A NumPy array: of float64 for floats, which NumPy has not all of, else of the integers."""
    import numpy as np
    if hasattr(value, "detach"):
        value = value.detach().cpu()
        value = value.double().numpy() if value.is_floating_point() else value.numpy()
    array = np.asarray(value)
    return array if array.dtype.kind in "biu" else array.astype(np.float64)


def _number(value):
    return f"{value:.6g}" if isinstance(value, float) else str(value)


def _place(frame):
    return ":".join(str(frame[key]) for key in ("file", "line") if frame.get(key)) or "rblnc"


def pytest_addoption(parser):
    group = parser.getgroup("rblnc", "kernels of the RBLN NPU")
    group.addoption("--rblnc-target", metavar="CHIP", help="the chip that rblnc_device is")
    group.addoption("--rblnc-numerics", choices=("ieee", "device"),
                    help="ieee: every type as it is; device: rounded as the chip rounds")
    group.addoption("--rblnc-strict", action="store_true", help="warnings of the compiler fail a test")


@pytest.fixture
def rblnc_device(request):
    """The emulated device (rblnc.testing.Device): compile(kernel, ...), run(kernel, ...)."""
    option = request.config.getoption
    return Device(option("--rblnc-target"), option("--rblnc-numerics"), option("--rblnc-strict"))


__all__ = ["Device", "Run", "TOLERANCES", "assert_close"]
