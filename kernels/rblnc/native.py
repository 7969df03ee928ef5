"""The compiler and the emulator, from Python: librblnc.so (include/rblnc/rblnc.h) through ctypes.

    bundle = native.compile(text, target="rbln-ca22")
    stats = bundle.run([(x.data_ptr(), x.nbytes), (y.data_ptr(), y.nbytes)])

Arrays are given by address and used in place. Needs neither NumPy nor PyTorch, and nothing is built at import: the
library is looked for when it is first needed (_library.py).
"""
import ctypes
import json
import operator
import os
from typing import NamedTuple

from rblnc import _faults, _wording
from rblnc._library import (NUMERICS, STATUS_DONE, STATUS_INTERNAL, BindOption, CompileOptions, RunOptions, ShapeOption,
                            ArgumentInfo, LibraryError, String, load)
from rblnc._progress import give_back, take

_KINDS = ("tensor", "scalar")
_DTYPES = ("i1", "i8", "i16", "i32", "i64", "f16", "bf16", "f32")
_DIRECTIONS = ("in", "out", "inout")
_REPORTS = ("json", "table", "trace", "page")
_SIZE_LIMIT = 1 << (8 * ctypes.sizeof(ctypes.c_size_t))


class Error(Exception):
    """What rblnc has to say against an input. str() is the text that the command line prints, errors first.

    diagnostics: a list of dictionaries as `rblnc check --format=json` prints them. status: the exit status that the
    command line would have: 1 rejected, 2 usage, 4 a bundle that is none or is damaged, 70 a fault of rblnc, 130 told to
    stop.
    """

    def __init__(self, message="", *, diagnostics=(), status=1):
        super().__init__(message)
        self.diagnostics = list(diagnostics)
        self.status = status


class CompileError(Error):
    """The kernel cannot be compiled."""


class RunError(Error):
    """The kernel cannot run on these arguments, or went wrong while it ran. What it wrote so far stays written.

    stats: of the run, when it ended and only the checks found errors; else None.
    """
    stats = None


class InternalError(Error):
    """A fault of rblnc, not of the kernel: what its own checks found (RBLN-X...), a signal, or no memory. The status is 70.

    The message names a folder with what repeats it. After a signal this process goes on; it compiles in another one.
    """


class InternalCompileError(InternalError, CompileError):
    """A fault of rblnc while it compiled."""


class InternalRunError(InternalError, RunError):
    """A fault of rblnc while it ran a kernel."""


class LibraryNotFound(Error):
    """librblnc.so is not there, or is not one for this package. The message says what to do."""


class Argument(NamedTuple):
    """One argument of a kernel.

    shape: of the array, where the kernel determines it, else None. extent: the elements that the array must have at
    least, 1 for a scalar. nbytes: those in bytes. alignment: what the chip wants; here any address will do.
    """
    name: str
    kind: str  # "tensor" or "scalar"
    dtype: str  # "i1" (a byte), "i8", "i16", "i32", "i64", "f16", "bf16" or "f32"
    direction: str  # "in", "out" or "inout"
    shape: tuple | None
    extent: int
    alignment: int
    nbytes: int


class Stats:
    """What a run tells. findings: warnings of the checks, as dictionaries; empty unless the run was checked."""

    __slots__ = ("_handle", "_library", "_profiled", "findings")

    def __init__(self, library, handle, findings=(), profiled=False):
        self._profiled = profiled
        self._library = library
        self._handle = handle
        self.findings = list(findings)

    def __del__(self):
        self._library.rblnc_result_release(self._handle)

    @property
    def modelled_seconds(self):
        """The device's time, by the emulator's model of it."""
        return self._library.rblnc_result_modelled_seconds(self._handle)

    @property
    def host_seconds(self):
        """The time that the emulation took."""
        return self._library.rblnc_result_host_seconds(self._handle)

    def as_dict(self):
        """Counts and modelled times: what `rblnc run --stats=FILE` writes but for the profile."""
        return json.loads(_made(self._library.rblnc_result_json(self._handle)))

    def report(self, form):
        """A form of the profile as bytes: "json", "table", "trace" or "page". None when the run was not profiled."""
        string = self._library.rblnc_result_report(self._handle, _REPORTS.index(form))
        return _made(string) if self._profiled else None

    def __repr__(self):
        return f"<rblnc stats: {self.modelled_seconds * 1e6:.3f} us modelled, {self.host_seconds * 1e6:.0f} us here>"


class Bundle:
    """A compiled kernel. May run in several threads at once; pickles as its bytes.

    data: the .rbln file. kernel, target, digest: as `rblnc inspect` prints them. arguments: in the order of the kernel's
    signature. warnings: of the compiler, as dictionaries; empty when the bundle was read. cached: whether compile() found
    it in the cache. cache_fault: why compile() could not keep it there; empty when it could, or was not asked to.
    """

    def __init__(self, library, handle, warnings=()):
        self._handle = handle
        self._library = library
        self._data = None
        self.warnings = list(warnings)
        self.kernel = _text(library.rblnc_bundle_kernel(handle))
        self.target = _text(library.rblnc_bundle_target(handle))
        self.digest = _text(library.rblnc_bundle_digest(handle))
        self.cached = bool(library.rblnc_bundle_is_cached(handle))
        self.cache_fault = _text(library.rblnc_bundle_cache_fault(handle))
        self.arguments = _arguments(library, handle)
        self._buffers = ctypes.c_size_t * (2 * len(self.arguments))

    @classmethod
    def from_bytes(cls, data):
        """Opens and verifies the bytes of a .rbln file. Raises Error with status 4 when they are none."""
        library = _load()
        data = bytes(data)
        handle, diagnostics = ctypes.c_void_p(), ctypes.c_void_p()
        status = library.rblnc_bundle_open(data, len(data), ctypes.byref(handle), ctypes.byref(diagnostics))
        if status != STATUS_DONE:
            raise _error(Error, library, diagnostics, status)
        return cls(library, handle)

    def __del__(self):
        handle = self.__dict__.pop("_handle", None)
        if handle is not None:
            self._library.rblnc_bundle_release(handle)

    @property
    def data(self):
        if self._data is None:
            size = ctypes.c_size_t()
            address = self._library.rblnc_bundle_data(self._handle, ctypes.byref(size))
            self._data = ctypes.string_at(address, size.value)
        return self._data

    def run(self, arguments, *, numerics="ieee", checks=False, profile=False, progress=None, append_checks=True):
        """Runs the kernel on the emulator, in place, and returns Stats. Other Python threads go on meanwhile.

        arguments: (address, bytes) of the array of each of self.arguments, in their order; tensors are row-major,
        scalars are where their bytes are. The caller keeps the arrays alive. numerics: "ieee", or "device" for the
        chip's rounding. checks: look for uninitialised reads, races and divisions by zero, which takes time. profile: keep
        what Stats.report tells, which takes time too. progress: called with (step, fraction or None, seconds) some times a
        second while the run goes on; a true result stops it. Without one, a terminal sees how far a run of more than two
        seconds is. Ctrl-C stops the run. append_checks: stop where rows that rblib.insert puts into a partition would be lost.

        Raises RunError for an array that is too small, for an index that is out of range, for rows that are lost, and for what the checks find
        (then its attribute stats is set).
        """
        if numerics not in NUMERICS:
            raise ValueError(f"numerics is {numerics!r}; known are {', '.join(NUMERICS)}")
        flat = []
        for address, size in arguments:
            # ctypes would take whatever is left of a number in 64 bits.
            if not (0 <= address < _SIZE_LIMIT and 0 <= size < _SIZE_LIMIT):
                raise ValueError(f"argument {len(flat) // 2} is at address {address} with {size} bytes; neither can be "
                                 "negative or beyond the address space")
            flat += (address, size)
        count = len(flat) // 2
        buffers = self._buffers if count == len(self.arguments) else ctypes.c_size_t * len(flat)
        try:
            buffers = buffers(*flat)
        except TypeError:
            buffers = buffers(*map(operator.index, flat))  # NumPy's integers
        library = self._library
        result, diagnostics = ctypes.c_void_p(), ctypes.c_void_p()
        listener = take(progress)
        options = RunOptions(_RUN_OPTIONS_SIZE, NUMERICS.index(numerics), bool(checks), 0, bool(profile), 0, listener.function,
                             no_append_checks=not append_checks)
        status = library.rblnc_run(self._handle, buffers, count, ctypes.byref(options), ctypes.byref(result),
                                   ctypes.byref(diagnostics))
        _finish(library, listener, diagnostics)
        stats = Stats(library, result, profiled=bool(profile)) if result else None
        if status != STATUS_DONE:
            error = _error(RunError, library, diagnostics, status)
            error.stats = stats
            if isinstance(error, InternalError):
                _faults.explain_run(error, self, flat[1::2])
            raise error
        if diagnostics:
            stats.findings = _taken(library, diagnostics)[1]
        return stats

    def __reduce__(self):
        return Bundle.from_bytes, (self.data, )

    def __repr__(self):
        names = ", ".join(argument.name for argument in self.arguments)
        return f"<rblnc bundle {self.kernel}({names}) for {self.target}>"


def compile(text, *, target=None, name="kernel.ttir", bind=None, shapes=None, strict=False, naive_partition_skip=False,
            host_layout=None, compute_dtype=None, cache=None, progress=None, wording=_wording.native):
    """Compiles a kernel's TTIR, or RBLN IR, and returns a Bundle. The same text and options give the same bytes.

    text: str or bytes; not MLIR bytecode. target: a chip as `rblnc targets` lists them, rbln-ca22 by default. name: of
    the input in messages. bind: {argument: number} makes scalars constants. shapes: {argument: (2, 16)} declares the
    real shapes of arrays. strict: warnings are errors. naive_partition_skip: rblib.partition_skip without the look at the
    element before. host_layout: positions of arguments that stay row-major on the device, [1, 2, 3] or "1:2:3", counted
    from 0 without the result (the last one that the kernel only writes); the bundle says so, and results are the same.
    compute_dtype: "bf16" or "dlf16", the type that numerics="device" rounds to, the chip's own by default. cache: a
    folder where results are kept and looked for first, the same that `rblnc compile --cache` and `rblnc batch` take; what
    is found there is what compiling gives, warnings and refusals too. progress: as for Bundle.run. Ctrl-C stops the
    compilation. wording: how diagnostics name options.

    Raises CompileError with the compiler's diagnostics.
    """
    library = _load()
    text = _bytes(text)
    if library.rblnc_is_faulted():
        options = dict(target=target, name=name, bind=bind, shapes=shapes, strict=strict, host_layout=host_layout,
                       naive_partition_skip=naive_partition_skip, compute_dtype=compute_dtype, cache=cache, wording=wording)
        return _faults.compile_apart(text, options, progress, library.rblnc_path)
    kept = []  # what the structs point to
    binds = [BindOption(_string(key, kept), _string(_number(value), kept)) for key, value in (bind or {}).items()]
    declared = [_shape(key, shape, kept) for key, shape in (shapes or {}).items()]
    options = CompileOptions(size=ctypes.sizeof(CompileOptions), target=_string(target or "", kept),
                             name=_string(name, kept), binds=(BindOption * len(binds))(*binds), bind_count=len(binds),
                             shapes=(ShapeOption * len(declared))(*declared), shape_count=len(declared),
                             strict=bool(strict), naive_partition_skip=bool(naive_partition_skip),
                             host_layout=_string(_positions(host_layout), kept),
                             compute_dtype=_string(compute_dtype or "", kept),
                             cache=_string(os.fsencode(cache or ""), kept))
    listener = take(progress)
    options.progress = listener.function
    handle, diagnostics = ctypes.c_void_p(), ctypes.c_void_p()
    status = library.rblnc_compile(text, len(text), ctypes.byref(options), ctypes.byref(handle),
                                   ctypes.byref(diagnostics))
    del kept
    _finish(library, listener, diagnostics)
    if status != STATUS_DONE:
        error = _error(CompileError, library, diagnostics, status, wording)
        if isinstance(error, InternalError):
            options = dict(bind=bind or {}, shapes=shapes or {}, strict=bool(strict), host_layout=_positions(host_layout),
                           naive_partition_skip=bool(naive_partition_skip), compute_dtype=compute_dtype)
            _faults.explain_compilation(error, text, target, options)
        raise error
    return Bundle(library, handle, _wording.reworded(_taken(library, diagnostics)[1], wording))


def version():
    """The version of the library and its build: what tells two compilers apart, for keys of caches."""
    library = _load()
    return f"{_text(library.rblnc_version())} {_text(library.rblnc_build_id())}".rstrip()


def library_path():
    """The library that is used. Raises LibraryNotFound when there is none."""
    return _load().rblnc_path


def _load():
    try:
        return load()
    except LibraryError as error:
        raise LibraryNotFound(str(error), status=2) from None


def _made(string):
    """The bytes of a text that the library always has something for."""
    if not string.size:
        raise InternalError("rblnc had no memory, or a fault, while it made the report of a run [RBLN-X001]", status=70)
    return ctypes.string_at(string.data, string.size)


def _text(string):
    # A bundle that somebody else made may have names that are no UTF-8.
    return ctypes.string_at(string.data, string.size).decode("utf-8", "replace") if string.size else ""


def _bytes(text):
    if isinstance(text, str):
        # Text that is no Unicode is for the compiler to refuse.
        return text.encode("utf-8", "surrogatepass")
    if isinstance(text, (bytes, bytearray, memoryview)):
        return bytes(text)
    raise TypeError(f"the kernel's text is {type(text).__name__}; pass str or bytes, str(module) for a module of Triton")


def _string(text, kept):
    data = _bytes(text)
    kept.append(data)
    return String(ctypes.cast(ctypes.c_char_p(data), ctypes.c_void_p), len(data))


def _positions(layout):
    return layout if isinstance(layout, str) else ":".join(map(str, layout or ()))


def _number(value):
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    try:
        return str(operator.index(value))
    except TypeError:
        return repr(float(value))


def _shape(name, shape, kept):
    extents = [operator.index(extent) for extent in shape]
    if not extents or any(not 1 <= extent < 1 << 63 for extent in extents):
        raise ValueError(f"the shape of {name!r} is {tuple(shape)}; it has one extent or more, each at least 1")
    array = (ctypes.c_int64 * len(extents))(*extents)
    kept.append(array)
    return ShapeOption(_string(name, kept), array, len(extents))


def _arguments(library, handle):
    result = []
    info = ArgumentInfo(size=ctypes.sizeof(ArgumentInfo))
    for index in range(library.rblnc_bundle_argument_count(handle)):
        status = library.rblnc_bundle_argument(handle, index, ctypes.byref(info))
        if status != STATUS_DONE:
            raise Error(f"argument {index} of the bundle cannot be read", status=status)
        result.append(Argument(_text(info.name), _KINDS[info.kind], _DTYPES[info.dtype], _DIRECTIONS[info.direction],
                               _extents(info) if info.has_shape and info.kind == 0 else None,
                               info.extent, info.alignment, info.bytes))
    return tuple(result)


def _extents(info):
    return tuple(info.shape[:info.rank]) if info.rank else ()


def _taken(library, diagnostics):
    """The text and the list of diagnostics that a call handed out; releases them."""
    if not diagnostics:
        return "", []
    try:
        text = _text(library.rblnc_diagnostics_text(diagnostics))
        entries = json.loads(_text(library.rblnc_diagnostics_json(diagnostics)))
        return text.rstrip("\n"), _wording.with_binds(entries)
    finally:
        library.rblnc_diagnostics_release(diagnostics)


def _finish(library, listener, diagnostics):
    """After a call: raises what its listener raised, KeyboardInterrupt above all."""
    try:
        give_back(listener)
    except BaseException:
        _taken(library, diagnostics)
        raise


def _error(kind, library, diagnostics, status, wording=_wording.native):
    text, entries = _wording.reworded(list(_taken(library, diagnostics)), wording)
    if status == STATUS_INTERNAL:
        kind = {CompileError: InternalCompileError, RunError: InternalRunError}.get(kind, InternalError)
    return kind(text or f"rblnc failed with status {status}", diagnostics=entries, status=status)


_RUN_OPTIONS_SIZE = ctypes.sizeof(RunOptions)

__all__ = ["Argument", "Bundle", "CompileError", "Error", "InternalError", "LibraryNotFound", "RunError", "Stats", "compile",
           "library_path", "version"]
