"""Helpers that run on the host, for PyTorch tensors and NumPy arrays alike."""
import os
import sys
from pathlib import Path

import numpy as np

from rblnc import launches

ALIGNMENT = 64


def align_tensor_last_dim_to_64(tensor):
    """The tensor with zeros appended to its last dimension up to a multiple of 64; itself when it already is one."""
    missing = -tensor.shape[-1] % ALIGNMENT
    if missing == 0:
        return tensor
    if isinstance(tensor, np.ndarray):
        return np.pad(tensor, [(0, 0)] * (tensor.ndim - 1) + [(0, missing)])
    import torch
    return torch.nn.functional.pad(tensor, (0, missing))


def artifact_directory():
    """Where write_rtosa puts files: RBLNC_OUTPUT_DIR, or `artifacts` in the user's cache. Never the current folder."""
    from rblnc import cache
    own = os.environ.get("RBLNC_OUTPUT_DIR")
    return Path(own).expanduser() if own else cache.base() / "artifacts"


def write_rtosa(compiled, args=()):
    """Writes `<kernel>-<digest>.ttir` and `.rbln`, and runs the kernel on the arguments, if there are any.

    compiled: what warmup returned. args: what it was warmed up with; constexprs may be among them. The vendor's
    function only exports, and the operator around it returns memory that nobody wrote; here the arguments are computed, in
    place. Without args the body of an operator runs the kernel on those of the warmup, and elsewhere only the files are
    written. Tensors without memory (meta, or fake ones without a trace) are left alone.

    Returns the two paths. Writing the same kernel again changes nothing.
    """
    paths = _write(_checked(compiled, "write_rtosa"))
    if len(args):
        _launch(compiled, args, {})
    elif launches.scope() is not None:
        _launch_warm(compiled)
    return paths


def write_kernel(compiled, args=()):
    """As write_rtosa; without args the kernel runs on those of this thread's last warmup that returned it."""
    paths = _write(_checked(compiled, "write_kernel"))
    if len(args):
        _launch(compiled, args, {})
    else:
        _launch_warm(compiled)
    return paths


def warmup(kernel, *args, **kwargs):
    """Compiles the kernel for these arguments, writes its files and runs it on them; returns the compiled kernel.

    The first argument may be the vendor's `kernel_conf`, a dictionary with "host_layout", which the bundle records; the
    rest of it means nothing here. A write_rtosa or write_kernel of the result that follows, with the same arguments or
    none, belongs to the same launch and does not run the kernel again.
    """
    from rblnc import runtime
    if args and isinstance(args[0], dict):
        configuration, args = args[0], args[1:]
        kwargs.setdefault("host_layout", configuration.get("host_layout"))
    compiled = runtime.warmup(kernel, *args, **kwargs)
    _write(compiled)
    _launch_warm(compiled)
    launches.ran_warm(compiled)
    return compiled


def _checked(compiled, function):
    if not hasattr(compiled, "rbln"):
        raise TypeError(f"{function} takes the compiled kernel that warmup returned, not a {type(compiled).__name__}")
    return compiled


def _launch_warm(compiled):
    if launches.took_warm_run(compiled):
        return
    warm = launches.warm_arguments(compiled)
    if warm is None:
        return
    if any(isinstance(value, launches.Gone) for value in (*warm[0], *warm[1].values())):
        from rblnc.arguments import ArgumentError
        raise ArgumentError(f"{compiled.name} cannot run on the arguments of its warmup: some of them are no longer there. "
                            "Pass them: rblib.write_kernel(compiled, params)")
    _launch(compiled, *warm)


def _launch(compiled, args, kwargs):
    if launches.takes_warm_run(compiled, args, kwargs):
        return
    if all(_has_memory(argument) for argument in (*args, *kwargs.values())):
        if "torch" in sys.modules and launches.scope() is None and not launches.unlaunched([*args, *kwargs.values()]):
            from rblnc import _lost_writes
            _lost_writes.check(compiled, args, kwargs)
        compiled(*args, **kwargs)
        launches.let_go(compiled)


def _write(compiled):
    from rblnc import cache
    stem = f"{compiled.name}-{compiled.hash[:16]}"
    folder = artifact_directory()
    text, bundle = folder / f"{stem}.ttir", folder / f"{stem}.rbln"
    # Each operator call comes by here; the files of a kernel are the same every time.
    if getattr(compiled, "_written", None) != folder or not (text.exists() and bundle.exists()):
        try:
            cache.write_atomically(text, compiled.ttir)
            cache.write_atomically(bundle, compiled.rbln)
        except OSError as error:
            raise OSError(error.errno, f"write_rtosa cannot write to {folder} ({error.strerror}): point "
                          "RBLNC_OUTPUT_DIR to a folder that can be written") from error
        compiled._written = folder
    return text, bundle


def _has_memory(argument):
    """False for TensorSpecs and meta tensors. A fake tensor has none either, but its trace can hold a launch."""
    if isinstance(argument, (int, float, bool, np.ndarray, np.generic)) or argument is None:
        return True
    if type(argument).__name__ in ("SymInt", "SymFloat", "SymBool"):
        return True  # a number that PyTorch follows while it traces
    return hasattr(argument, "data_ptr") and getattr(argument, "device", None) is not None \
        and argument.device.type != "meta"
