"""`@triton.jit` for the NPU: Triton's own functions, traced and interpreted with the front end's limits lifted."""
from rblnc import _limits
from rblnc._release import interpreted
from triton.runtime.jit import JITFunction


class Kernel(JITFunction):
    """A jitted function. Other kernels may call it, stock ones included."""

    def run(self, *args, **kwargs):
        with _limits.lifted():
            return super().run(*_limits.scalar_arguments(args), **kwargs)


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
                    return None
                with _limits.lifted(), _interpret.launch():
                    return launch(*_limits.scalar_arguments(args), grid=grid, warmup=False, **kwargs)

            self.run = run

        def __getitem__(self, grid):
            return lambda *args, **kwargs: self.run(*args, grid=grid, **kwargs)

    return InterpretedKernel(function, **options)


def jit(function=None, **options):
    """Decorates a kernel: `@jit` or `@jit(noinline=True)`, with the options of triton.jit."""

    def decorate(fn):
        if not callable(fn):
            raise TypeError(f"@jit decorates a function, not {fn!r}")
        return _interpreted_kernel(fn, options) if interpreted() else Kernel(fn, **options)

    return decorate if function is None else decorate(function)


__all__ = ["jit"]
