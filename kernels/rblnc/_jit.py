"""`@triton.jit` for the NPU: Triton's own functions, traced and interpreted with the front end's limits lifted."""
import sys

import numpy as np

from rblnc import _limits, backend, launches, runtime
from rblnc import strides as memory
from rblnc._release import interpreted
from rblnc._values import is_tuple, like, plain
from triton.runtime.jit import JITFunction


class Kernel(JITFunction):
    """A jitted function. Other kernels may call it, stock ones included."""

    def run(self, *args, grid, warmup, **kwargs):
        """A launch on the emulator, whatever device is active; by Triton's launcher where the release has room for it."""
        if warmup:
            return self.warmup(*args, grid=grid, **kwargs)
        if launches.unlaunched(args) or not backend.available():
            runtime.launch(self, *args, grid=grid, **kwargs)
            return None
        with backend.active():
            kwargs = {name: _launchable(value) for name, value in kwargs.items()}
            return super().run(*map(_launchable, args), grid=grid, warmup=False, **kwargs)

    def warmup(self, *args, grid=(1, ), **kwargs):
        """Compiles without running: a runtime.CompiledKernel. Takes the options of runtime.warmup, such as
        host_layout="1:2:3"."""
        return runtime.warmup(self, *args, grid=grid, **kwargs)


def _launchable(value):
    """An argument as Triton's launcher takes it: numbers for NumPy's and 0-d tensors, NumPy arrays with a data_ptr."""
    value = memory.from_dlpack(plain(value))
    if isinstance(value, np.ndarray):
        return ArrayArgument(value)
    return like(value, map(_launchable, value)) if is_tuple(value) else value


class ArrayArgument:
    """A NumPy array that Triton takes for a tensor; the backend's launcher takes the array out again."""

    def __init__(self, array):
        self.rblnc_array = array
        self.shape = array.shape
        self.dtype = str(array.dtype)

    def data_ptr(self):
        return self.rblnc_array.__array_interface__["data"][0]


def _interpreted_kernel(function, options):
    from triton.runtime.interpreter import InterpretedFunction

    from rblnc import _interpret

    class InterpretedKernel(InterpretedFunction):
        """A jitted function under TRITON_INTERPRET=1: launching it computes with NumPy, on the host."""

        def __init__(self, fn, **kwargs):
            super().__init__(fn, **kwargs)
            # A method in 3.6, an attribute of the instance in 3.2.
            launch = self.run

            def run(*args, grid, warmup=False, **kwargs):
                if warmup:
                    raise TypeError(f"{fn.__name__} was decorated under TRITON_INTERPRET=1, so it is interpreted and "
                                    "is not compiled: unset the variable before importing Triton")
                with _limits.lifted(), _interpret.launch():
                    kwargs = {name: plain(value) for name, value in kwargs.items()}
                    return launch(*map(plain, args), grid=grid, warmup=False, **kwargs)

            self.run = run

        def __getitem__(self, grid):
            return lambda *args, **kwargs: self.run(*args, grid=grid, **kwargs)

    return InterpretedKernel(function, **options)


def jit(function=None, **options):
    """Decorates a kernel: `@jit` or `@jit(noinline=True)`, with the options of triton.jit."""

    def decorate(fn):
        if not callable(fn):
            raise TypeError(f"@jit decorates a function, not {fn!r}")
        if "torch" in sys.modules:
            # A graph that torch.compile finds in its cache calls the operator without anybody having traced here.
            from rblnc import _operators, _traced_launch  # noqa: F401
            _operators.install()
        return _interpreted_kernel(fn, options) if interpreted() else Kernel(fn, **options)

    return decorate if function is None else decorate(function)


__all__ = ["jit"]
