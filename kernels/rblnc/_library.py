"""Finds and loads librblnc.so, and declares its functions as include/rblnc/rblnc.h does."""
import ctypes
import os
import threading
from pathlib import Path

FILE = "librblnc.so"
ABI_VERSION = 1
STATUS_DONE = 0
STATUS_INTERNAL = 70
NUMERICS = ("ieee", "device")

_BUILD = "cmake --preset release && cmake --build --preset release --target rblnc_capi"


class LibraryError(Exception):
    """There is no library that can be used."""


class String(ctypes.Structure):
    _fields_ = [("data", ctypes.c_void_p), ("size", ctypes.c_size_t)]


class BindOption(ctypes.Structure):
    _fields_ = [("name", String), ("value", String)]


class ShapeOption(ctypes.Structure):
    _fields_ = [("name", String), ("extents", ctypes.POINTER(ctypes.c_int64)), ("rank", ctypes.c_size_t)]


class Progress(ctypes.Structure):
    _fields_ = [("size", ctypes.c_size_t), ("step", String), ("fraction", ctypes.c_double), ("seconds", ctypes.c_double),
                ("context", ctypes.c_void_p)]


ProgressFunction = ctypes.CFUNCTYPE(ctypes.c_int32, ctypes.POINTER(Progress))


class CompileOptions(ctypes.Structure):
    _fields_ = [("size", ctypes.c_size_t), ("target", String), ("name", String), ("binds", ctypes.POINTER(BindOption)),
                ("bind_count", ctypes.c_size_t), ("shapes", ctypes.POINTER(ShapeOption)),
                ("shape_count", ctypes.c_size_t), ("strict", ctypes.c_int32), ("naive_partition_skip", ctypes.c_int32),
                ("host_layout", String), ("compute_dtype", String), ("progress", ProgressFunction),
                ("progress_context", ctypes.c_void_p), ("cancel", ctypes.c_void_p), ("cache", String)]


class ArgumentInfo(ctypes.Structure):
    _fields_ = [("size", ctypes.c_size_t), ("name", String), ("kind", ctypes.c_int32), ("dtype", ctypes.c_int32),
                ("direction", ctypes.c_int32), ("has_shape", ctypes.c_int32), ("shape", ctypes.POINTER(ctypes.c_int64)),
                ("rank", ctypes.c_size_t), ("extent", ctypes.c_int64), ("bytes", ctypes.c_uint64),
                ("alignment", ctypes.c_uint32), ("reserved", ctypes.c_uint32)]


class RunOptions(ctypes.Structure):
    _fields_ = [("size", ctypes.c_size_t), ("numerics", ctypes.c_int32), ("checks", ctypes.c_int32),
                ("max_memory_bytes", ctypes.c_uint64), ("profile", ctypes.c_int32), ("reserved", ctypes.c_int32),
                ("progress", ProgressFunction), ("progress_context", ctypes.c_void_p), ("cancel", ctypes.c_void_p),
                ("no_append_checks", ctypes.c_int32), ("reserved_2", ctypes.c_int32)]


class FunctionInfo(ctypes.Structure):
    _fields_ = [("size", ctypes.c_size_t), ("types", String), ("operation", String)]


class Operand(ctypes.Structure):
    _fields_ = [("data", ctypes.c_void_p), ("dtype", ctypes.c_int32), ("reserved", ctypes.c_int32)]


_HANDLE = ctypes.c_void_p
_OUT = ctypes.POINTER(ctypes.c_void_p)
# Name: result, arguments. A handle is a c_void_p; what it points to is the library's own.
_FUNCTIONS = {
    "rblnc_version": (String, []),
    "rblnc_build_id": (String, []),
    "rblnc_diagnostics_text": (String, [_HANDLE]),
    "rblnc_diagnostics_json": (String, [_HANDLE]),
    "rblnc_diagnostics_release": (None, [_HANDLE]),
    "rblnc_contain_faults": (None, [ctypes.c_int32]),
    "rblnc_is_faulted": (ctypes.c_int32, []),
    "rblnc_provoke_fault": (ctypes.c_int, [String, String]),
    "rblnc_compile": (ctypes.c_int, [ctypes.c_char_p, ctypes.c_size_t, ctypes.POINTER(CompileOptions), _OUT, _OUT]),
    "rblnc_bundle_open": (ctypes.c_int, [ctypes.c_char_p, ctypes.c_size_t, _OUT, _OUT]),
    "rblnc_bundle_release": (None, [_HANDLE]),
    "rblnc_bundle_data": (ctypes.c_void_p, [_HANDLE, ctypes.POINTER(ctypes.c_size_t)]),
    "rblnc_bundle_kernel": (String, [_HANDLE]),
    "rblnc_bundle_target": (String, [_HANDLE]),
    "rblnc_bundle_digest": (String, [_HANDLE]),
    "rblnc_bundle_is_cached": (ctypes.c_int32, [_HANDLE]),
    "rblnc_bundle_cache_fault": (String, [_HANDLE]),
    "rblnc_bundle_argument_count": (ctypes.c_size_t, [_HANDLE]),
    "rblnc_bundle_argument": (ctypes.c_int, [_HANDLE, ctypes.c_size_t, ctypes.POINTER(ArgumentInfo)]),
    # The buffers are an array of (address, bytes) pairs of integers of a pointer's width.
    "rblnc_run": (ctypes.c_int, [_HANDLE, ctypes.c_void_p, ctypes.c_size_t, ctypes.POINTER(RunOptions), _OUT, _OUT]),
    "rblnc_result_modelled_seconds": (ctypes.c_double, [_HANDLE]),
    "rblnc_result_host_seconds": (ctypes.c_double, [_HANDLE]),
    "rblnc_result_json": (String, [_HANDLE]),
    "rblnc_result_report": (String, [_HANDLE, ctypes.c_int]),
    "rblnc_result_release": (None, [_HANDLE]),
    "rblnc_compute": (ctypes.c_int, [String, ctypes.c_uint64, ctypes.c_int32, ctypes.c_void_p, ctypes.POINTER(Operand),
                                     ctypes.c_size_t, ctypes.c_size_t, ctypes.c_int32, String, _OUT]),
    "rblnc_library_function": (ctypes.c_int, [String, ctypes.POINTER(FunctionInfo)]),
    "rblnc_target_figure": (ctypes.c_int, [String, String, ctypes.POINTER(ctypes.c_double)]),
}

_lock = threading.Lock()
_loaded = None


def load():
    """The library, loaded once. Raises LibraryError with what to do; the next call looks again."""
    global _loaded
    if _loaded is None:
        with _lock:
            if _loaded is None:
                _loaded = _open(find())
    return _loaded


def find():
    """The path of the library: RBLNC_LIBRARY, else beside this file, else in the build folder of the source tree.

    Raises LibraryError when there is none.
    """
    wished = os.environ.get("RBLNC_LIBRARY")
    if wished:
        path = Path(wished)
        if not path.is_file():
            raise LibraryError(f"RBLNC_LIBRARY is {wished!r}, and there is no such file: point it to {FILE}, or unset it "
                               "to use the package's own")
        return path.absolute()
    own = Path(__file__).resolve().with_name(FILE)
    if own.is_file():
        return own
    tree = Path(__file__).resolve().parents[2]
    if not (tree / "CMakeLists.txt").is_file():
        raise LibraryError(f"the installed package rblnc has no {FILE}: it was installed before the library was built. In "
                           f"rblnc's source tree run `{_BUILD}`, then `pip install --force-reinstall --no-deps "
                           f"./kernels`; or set RBLNC_LIBRARY to the path of {FILE}")
    built = built_libraries(tree)
    if not built:
        raise LibraryError(f"{FILE} has not been built: run `{_BUILD}` in {tree}, or set RBLNC_LIBRARY to its path")
    return built[0]


def built_libraries(tree):
    """The libraries in the build folders of a source tree: the release build first, then the newest.

    Builds with sanitizers are left out, because Python cannot load them.
    """
    built = [path for path in Path(tree).glob(f"build/*/lib/{FILE}") if path.parts[-3] not in ("asan", "fuzz")]
    return sorted(built, key=lambda path: (path.parts[-3] != "release", -path.stat().st_mtime))


def _open(path):
    try:
        library = ctypes.CDLL(str(path))
    except OSError as error:
        raise LibraryError(f"{path} cannot be loaded: {error}. `tests/setup.sh build` in rblnc's source tree installs "
                           "what it needs") from None
    try:
        library.rblnc_abi_version.restype = ctypes.c_uint32
        found = library.rblnc_abi_version()
    except AttributeError:
        raise LibraryError(f"{path} is not rblnc's library") from None
    if found != ABI_VERSION:
        raise LibraryError(f"{path} has version {found} of the interface, and this package needs {ABI_VERSION}: build the "
                           f"library from the sources that the package is from (`{_BUILD}`), or install that package "
                           "again")
    for name, (result, arguments) in _FUNCTIONS.items():
        function = getattr(library, name, None)
        if function is None:
            raise LibraryError(f"{path} is older than this package, which needs its {name}: build the library anew "
                               f"(`{_BUILD}`)")
        function.restype = result
        function.argtypes = arguments
    library.rblnc_path = str(path)
    # A core dump says where a fault is; an exception lets the process live.
    library.rblnc_contain_faults(os.environ.get("RBLNC_CONTAIN_FAULTS", "1") != "0")
    return library
