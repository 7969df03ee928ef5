"""Arguments of a call as the addresses that the emulator works on: PyTorch CPU tensors, NumPy arrays and whatever has
DLPack in place, numbers through a few bytes of their own.

Element types are never converted: an argument that is not what the kernel was compiled for is an error that says what to
write instead. A tensor that is not in row-major order is copied into that order, and back where the kernel writes it,
unless the kernel counts with its strides (CONVENTION.md, Arrays).

What a kernel reads through an argument that it does not write is as it was before the call, even where another argument,
which it writes, has the same memory.
"""
import ctypes
import math
import struct
import sys

import numpy as np

from rblnc import strides as memory
from rblnc._values import is_reinterpreted, plain, shape_of

# Element types of a bundle: names that PyTorch and NumPy have for arrays of the same bits.
_ARRAYS = {
    "f64": ("float64", ), "f32": ("float32", ), "f16": ("float16", ), "bf16": ("bfloat16", "uint16"),
    "i64": ("int64", "uint64"), "i32": ("int32", "uint32"), "i16": ("int16", "uint16"), "i8": ("int8", "uint8"),
    "i1": ("bool", ), "f8E4M3FN": ("float8_e4m3fn", ), "f8E5M2": ("float8_e5m2", )
}


def _boolean(value):
    return ctypes.c_uint8(value & 1)


# The same for a kernel whose types in Triton are known, where a number's sign is.
_TRITON_ARRAYS = {
    "fp64": ("float64", ), "fp32": ("float32", ), "fp16": ("float16", ), "bf16": ("bfloat16", "uint16"),
    "i64": ("int64", ), "i32": ("int32", ), "i16": ("int16", ), "i8": ("int8", ), "u64": ("uint64", ),
    "u32": ("uint32", ), "u16": ("uint16", ), "u8": ("uint8", ), "i1": ("bool", ), "u1": ("bool", ),
    "fp8e4nv": ("float8_e4m3fn", ), "fp8e5": ("float8_e5m2", )
}
# What triton.reinterpret calls the types that PyTorch has other names for.
_REINTERPRETED = {"fp64": "float64", "fp32": "float32", "fp16": "float16", "bf16": "bfloat16", "int1": "bool",
                  "fp8e4nv": "float8_e4m3fn", "fp8e5": "float8_e5m2"}
_INTEGERS = {"i1": (_boolean, 1), "i8": (ctypes.c_int8, 8), "i16": (ctypes.c_int16, 16),
             "i32": (ctypes.c_int32, 32), "i64": (ctypes.c_int64, 64)}
_FLOATS = {"f32": ctypes.c_float, "f64": ctypes.c_double}


class ArgumentError(ValueError):
    """An argument does not fit the kernel: wrong shape, size, memory layout or range."""


class ArgumentTypeError(TypeError, ArgumentError):
    """An argument is of the wrong kind or element type."""


class Binder:
    """Checks the arguments of one compiled kernel and finds their addresses.

    arguments: of the bundle, in its order. leaves: for each what the kernel was specialised to (_specialise.Leaf), or None
    for all. Where the shape is None the array must hold as many elements as the kernel reaches.
    """

    def __init__(self, kernel, arguments, leaves=None):
        self._kernel = kernel
        self._slots = []
        for position, argument in enumerate(arguments):
            leaf = leaves[position] if leaves is not None else None
            kind = _TensorSlot if argument.kind == "tensor" else _ScalarSlot
            self._slots.append(kind(kernel, argument, leaf))
        self._tensors = [position for position, argument in enumerate(arguments) if argument.kind == "tensor"]
        self._written = [position for position in self._tensors if arguments[position].direction != "in"]

    def strides(self, values):
        """The strides of the tensors by position, None when all are in row-major order."""
        found = [memory.strides_of(values[position]) for position in self._tensors if position < len(values)]
        if found.count(None) == len(found):
            return None
        strides = [None] * len(self._slots)
        for position, own in zip(self._tensors, found):
            strides[position] = own
        return tuple(strides)

    def __call__(self, values):
        """The Placed arguments of a run."""
        slots = self._slots
        if len(values) != len(slots):
            names = ", ".join(slot.name for slot in slots)
            raise ArgumentTypeError(f"{self._kernel} takes {len(slots)} arguments ({names}), not {len(values)}")
        placed = Placed()
        for slot, value in zip(slots, values):
            placed.places.append(slot.place(value, placed))
        if self._written:
            self._separate(values, placed)
        return placed

    def _separate(self, values, placed):
        """Gives arguments that are read memory of their own where another one, that is written, shares theirs."""
        regions = {position: memory.memory_of(values[position]) for position in self._tensors}
        for position in self._written:
            first, last = regions[position]
            for other, (begin, end) in regions.items():
                if begin >= last or first >= end or other == position or not memory.share_memory(values[position],
                                                                                                 values[other]):
                    continue
                if other in self._written:
                    one, two = self._slots[position].name, self._slots[other].name
                    raise ArgumentError(f"arguments {one} and {two} of {self._kernel} share memory, and the kernel "
                                        f"writes both: pass a copy for one of them")
                address, size = placed.places[other]
                if placed.isolated(address):
                    continue
                own = ctypes.create_string_buffer(ctypes.string_at(address, size), size)
                placed.keep(ctypes.addressof(own), own)
                placed.places[other] = (ctypes.addressof(own), size)


class Placed:
    """The arguments of one run: `places`, (address, bytes) of each. finish() puts results where the caller wants them."""

    def __init__(self):
        self.places = []
        self._alive = {}
        self._results = []

    def keep(self, address, owner):
        """Memory that is this run's own, and what keeps it alive."""
        self._alive[address] = owner

    def isolated(self, address):
        return address in self._alive

    def result(self, value, computed):
        self._results.append((value, computed))

    def finish(self):
        for value, computed in self._results:
            memory.copy_into(value, computed)


class _TensorSlot:

    def __init__(self, kernel, argument, leaf):
        self.name = argument.name
        self._kernel = kernel
        self._argument = argument
        shape = leaf and leaf.shape
        self._shape = None if shape is None else tuple(shape)
        self._strides = leaf and leaf.strides
        # The compiler says so by leaving out the shape: the kernel counts with these strides.
        self._as_it_lies = self._strides is not None and argument.shape is None
        self._is_written = argument.direction != "in"
        # Compiled for a tensor that the kernel leaves: no call can be right.
        reached = None if shape is None else math.prod(shape)
        if self._as_it_lies:
            reached = memory.span(shape, self._strides)
        self._too_small = reached is not None and reached < argument.extent
        kind = leaf.type.removeprefix("*k").removeprefix("*") if leaf else None
        self._names = _TRITON_ARRAYS.get(kind) or _ARRAYS.get(argument.dtype, ())
        self._torch_types = None
        self._numpy_types = tuple(np.dtype(name) for name in self._names if hasattr(np, name) or name == "bool")

    def place(self, value, placed):
        if isinstance(value, np.ndarray):
            return self._numpy(value, placed)
        if is_reinterpreted(value):
            name = _REINTERPRETED.get(str(value.dtype), str(value.dtype))
            if name not in self._names:
                raise self._wrong_type(name, "triton.reinterpret(..., {})")
            return self._torch_memory(value.base, shape_of(value), placed)
        if type(value).__module__.partition(".")[0] == "torch" or hasattr(value, "data_ptr"):
            return self._torch(value, placed)
        raise ArgumentTypeError(f"{self._where()} must be a PyTorch CPU tensor or a NumPy array of {self._names[0]}, "
                                f"not {type(value).__name__}")

    def _torch(self, value, placed):
        if self._torch_types is None:
            torch = sys.modules["torch"]
            self._torch_types = tuple(getattr(torch, name) for name in self._names if hasattr(torch, name))
        if value.dtype not in self._torch_types:
            raise self._wrong_type(str(value.dtype).removeprefix("torch."), ".to(torch.{})")
        return self._torch_memory(value, tuple(value.shape), placed)

    def _torch_memory(self, value, shape, placed):
        """The memory of a tensor whose element type is right; shape: in elements of that type."""
        if value.layout is not sys.modules["torch"].strided:
            raise ArgumentError(f"{self._where()} has the layout {value.layout}; the kernel needs all elements in "
                                "row-major order: pass .to_dense()")
        if not value.is_cpu:
            raise ArgumentError(f"{self._where()} is on device {value.device}; the emulator works on memory of the "
                                "host: pass .cpu()")
        self._check_shape(shape)
        # A view that is negated or conjugated when it is read: its memory holds other numbers.
        is_plain = not (value.is_neg() or value.is_conj())
        if self._strides is None and is_plain:
            if not value.is_contiguous():  # reinterpreted in elements of another size
                raise ArgumentError(f"{self._where()} is not contiguous (shape {tuple(value.shape)}, strides "
                                    f"{value.stride()}), and the kernel takes other elements: pass .contiguous()")
            return value.data_ptr(), value.nbytes
        if not self._as_it_lies:
            return self._copied(value, placed, value.stride())
        if is_plain:
            return value.data_ptr(), memory.span(value.shape, self._strides) * value.element_size()
        image, view = memory.image_of(value, self._strides)
        placed.keep(image.data_ptr(), image)
        if self._is_written:
            placed.result(value, view)
        return image.data_ptr(), image.nbytes

    def _numpy(self, value, placed):
        if value.dtype not in self._numpy_types:
            raise self._wrong_type(str(value.dtype), ".astype(np.{})")
        if self._is_written and not value.flags.writeable:
            raise ArgumentError(f"{self._where()} is written by the kernel, but the array is read-only: pass a copy")
        self._check_shape(value.shape)
        if self._strides is None:
            return value.__array_interface__["data"][0], value.nbytes
        if self._as_it_lies:
            return value.__array_interface__["data"][0], memory.span(value.shape, self._strides) * value.itemsize
        return self._copied(value, placed, value.strides)

    def _copied(self, value, placed, strides):
        """The elements in row-major order, in memory of their own."""
        if self._is_written and memory.overlaps_itself(value.shape, strides):
            raise ArgumentError(f"{self._where()} has elements that are the same memory (shape {tuple(value.shape)}, "
                                f"strides {tuple(strides)}), and the kernel writes it: pass a tensor of its own "
                                "(torch.empty, np.empty, .clone()) and copy from it what is wanted")
        own = memory.copy_of(value)
        address = own.__array_interface__["data"][0] if isinstance(own, np.ndarray) else own.data_ptr()
        placed.keep(address, own)
        if self._is_written:
            placed.result(value, own)
        return address, own.nbytes

    def _check_shape(self, shape):
        expected = self._shape
        if expected is not None and shape != expected:
            if len(shape) != len(expected):
                raise ArgumentError(f"{self._where()} has rank {len(shape)}, shape {shape}; it was compiled for rank "
                                    f"{len(expected)}, shape {expected}: reshape it, or warm the kernel up with it")
            raise ArgumentError(f"{self._where()} has shape {shape}, but it was compiled for {expected}: call warmup "
                                "with this argument to compile for it")
        if self._too_small or expected is None and math.prod(shape) < self._argument.extent:
            reached = self._argument.shape or (self._argument.extent, )
            raise ArgumentError(f"{self._where()} has rank {len(shape)}, shape {shape}; the kernel reaches shape "
                                f"{reached}, {self._argument.extent} elements: pass a tensor that has them, or change "
                                "the kernel's constants")

    def _where(self):
        return f"argument {self.name} of {self._kernel}"

    def _wrong_type(self, found, remedy):
        expected = " or ".join(self._names) or self._argument.dtype
        return ArgumentTypeError(f"{self._where()} holds {found}; the kernel was compiled for {expected}: pass "
                                 f"{remedy.format(self._names[0] if self._names else expected)}, or warm the kernel up "
                                 "with this type")


class _ScalarSlot:

    def __init__(self, kernel, argument, leaf):
        self.name = argument.name
        self._kernel = kernel
        self._dtype = argument.dtype

    def place(self, value, placed):
        value = plain(value)
        if hasattr(value, "shape"):
            raise ArgumentTypeError(f"argument {self.name} of {self._kernel} is a scalar ({self._dtype}), but a "
                                    f"tensor of shape {tuple(value.shape)} was passed: pass a number or a 0-d tensor")
        cell = self._cell(value)
        placed.keep(ctypes.addressof(cell), cell)
        return ctypes.addressof(cell), ctypes.sizeof(cell)

    def _cell(self, value):
        dtype = self._dtype
        if dtype in _INTEGERS:
            if not isinstance(value, int):
                raise self._wrong_type(value)
            kind, bits = _INTEGERS[dtype]
            # Unsigned numbers have the same types as signed ones.
            if not -(1 << bits - 1) <= value < 1 << bits:
                raise self._out_of_range(value)
            return kind(value)
        if not isinstance(value, (int, float)) or isinstance(value, bool):
            raise self._wrong_type(value)
        try:
            value = float(value)
        except OverflowError:
            raise self._out_of_range(value) from None
        if dtype in _FLOATS:
            return _FLOATS[dtype](value)
        if dtype == "f16":
            with np.errstate(over="ignore"):
                return ctypes.c_uint16(int(np.float16(value).view(np.uint16)))
        if dtype == "bf16":
            return ctypes.c_uint16(_bfloat16_bits(value))
        raise ArgumentTypeError(f"argument {self.name} of {self._kernel} is a scalar of type {dtype}, which Python "
                                "cannot pass: make it a tensor of one element")

    def _out_of_range(self, value):
        return ArgumentError(f"argument {self.name} of {self._kernel} is {value}, which {self._dtype} cannot hold")

    def _wrong_type(self, value):
        return ArgumentTypeError(f"argument {self.name} of {self._kernel} is a scalar of type {self._dtype}, not "
                                 f"{type(value).__name__}: pass a number or a 0-d tensor")


def _bfloat16_bits(value):
    """A double rounded to nearest, ties to even."""
    if value != value:
        return 0x7FC0 | 0x8000 * (math.copysign(1, value) < 0)
    single = ctypes.c_float(value).value
    bits = struct.unpack("<I", struct.pack("<f", single))[0]
    if single != value and not math.isinf(single):
        # Rounded to odd instead, so that the second rounding sees on which side of a tie the double was.
        bits = (bits - (abs(single) > abs(value))) | 1
    return (bits + 0x7FFF + (bits >> 16 & 1)) >> 16


__all__ = ["ArgumentError", "ArgumentTypeError", "Binder"]
