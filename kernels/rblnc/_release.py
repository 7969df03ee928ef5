"""The installed Triton release, and the few calls that differ between the releases rblnc knows.

Everything that asks "which Triton is this?" asks here.
"""
import functools

try:
    import triton
    from triton import language
    from triton._C.libtriton import ir
    from triton.runtime import jit as _jit
except ImportError as error:
    raise ImportError("rblnc's kernels need Triton: pip install 'rblnc[triton]'") from error

# Releases whose front end was tested with the limits lifted. 3.9 has no block pointers any more: kernels that use pointers
# or descriptors trace there, and Triton itself refuses tl.make_block_ptr.
KNOWN = tuple((3, minor) for minor in range(10))


# What another kernel passed as an argument is an instance of.
JITCallable = getattr(_jit, "JITCallable", _jit.JITFunction)
# Element types of arrays, by NumPy's and PyTorch's names.
TENSOR_DTYPES = ("float32", "float16", "bfloat16", "float64", "int64", "int32", "int16", "int8", "uint64", "uint32",
                 "uint16", "uint8", "bool", "float8_e4m3fn", "float8_e5m2")


def canonical_type(name):
    """Triton's name of an element type in a signature (fp32, i64, u1, …), from any name of it. KeyError for others."""
    return _jit.type_canonicalisation_dict[name]


def module_map():
    """What stands for modules that a kernel imports: the functions of tl.extra.libdevice are calls by the names that the
    wheel's own library has for them (`__nv_tanhf`), and the compiler knows or refuses each by its name."""
    from triton.language.extra.cuda import libdevice
    return {"triton.language.extra.libdevice": libdevice}


class UnknownTriton(RuntimeError):
    """The installed Triton is not one whose front end rblnc knows how to use."""


def version():
    """(major, minor) of the installed Triton."""
    return tuple(int(part) for part in triton.__version__.split(".")[:2])


@functools.lru_cache(maxsize=1)
def require_known():
    """Raises UnknownTriton with what to install instead, or returns (major, minor)."""
    found = version()
    if found in KNOWN:
        return found
    known = " to ".join(f"{major}.{minor}" for major, minor in (KNOWN[0], KNOWN[-1]))
    raise UnknownTriton(f"Triton {triton.__version__} is installed, and its front end was never tested with rblnc, which "
                        f"knows {known}: pip install 'triton==3.6.0'")


def interpreted():
    """Whether kernels that are decorated now are interpreted with NumPy (TRITON_INTERPRET=1)."""
    if version() >= (3, 4):
        return triton.knobs.runtime.interpret
    import os
    return os.getenv("TRITON_INTERPRET", "0") == "1"


class FrontEnd:
    """What a builtin function is called with while a kernel is traced: `_builder` up to 3.3, `_semantic` after."""

    def __init__(self, builder, semantic):
        self._semantic = semantic
        self.builder = builder if semantic is None else semantic.builder

    def to_tensor(self, value):
        """A number as a constant of the kernel; a tensor stays what it is."""
        if self._semantic is not None:
            return self._semantic.to_tensor(value)
        return language.semantic.to_tensor(value, self.builder)

    def cast(self, value, dtype):
        if self._semantic is not None:
            return self._semantic.cast(value, dtype)
        return language.semantic.cast(value, dtype, self.builder)

    def zeros(self, block_type):
        """The handle of a block of zeros."""
        scalar = self.builder.get_null_value(block_type.element_ty.to_ir(self.builder))
        if self._semantic is not None:
            return self.builder.create_splat(block_type.to_ir(self.builder), scalar)
        return self.builder.create_splat(scalar, list(block_type.shape))

    def input_precision(self, name):
        if self._semantic is not None:
            return self._semantic._str_to_dot_input_precision(name)
        return language.semantic._str_to_dot_input_precision(name, self.builder)

    def make_range(self, block_type, start, end):
        """The handle of start, ..., end - 1."""
        if self._semantic is not None:
            return self.builder.create_make_range(block_type.to_ir(self.builder), start, end)
        return self.builder.create_make_range(start, end)


__all__ = ["JITCallable", "KNOWN", "TENSOR_DTYPES", "FrontEnd", "UnknownTriton", "canonical_type", "interpreted", "ir",
           "language", "module_map", "require_known", "triton", "version"]
