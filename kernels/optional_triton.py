"""`triton` and `triton.language` when they are installed, stand-ins otherwise.

A kernel file holds three things: the kernel, its cases and its NumPy reference. Only the first needs Triton; the
stand-ins let an environment without it import the file for the other two. They carry just what is evaluated while a
kernel file is imported (the decorator and the annotations); calling a kernel without Triton fails.
"""
try:
    import triton
    import triton.language as tl
except ImportError:

    class _MissingKernel:
        """What `@triton.jit` returns when there is no Triton."""

        def __init__(self, function):
            self.fn = function
            self.__name__ = function.__name__

        def __call__(self, *args, **kwargs):
            raise ModuleNotFoundError(f"kernel {self.__name__} needs Triton, which is not installed")

    class _MissingTriton:
        jit = staticmethod(_MissingKernel)

    class _MissingLanguage:
        constexpr = object

    triton = _MissingTriton
    tl = _MissingLanguage

__all__ = ["tl", "triton"]
