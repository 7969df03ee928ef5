"""Compiled kernels in Python: from a `@triton.jit` function to a call on the emulator.

    compiled = kernel.warmup(x, out, ROWS=64, grid=(1,))     # or rblnc.warmup(kernel, x, out, ROWS=64)
    compiled(x, out)                                          # on PyTorch CPU tensors or NumPy arrays, in place
    compiled.ttir, compiled.rbln                              # the text and the bundle

What is compiled is kept: by the kernel for calls with the same shapes, types and constants, and on disk (cache.py).
"""
import hashlib
import os
import sys
import warnings
from dataclasses import replace
from typing import Any

from rblnc import _bound, _options, _wording, cache, launches
from rblnc import strides as memory
from rblnc._form import Form
from rblnc._profile import Profile
from rblnc._values import constant_key, shape_of
from rblnc.arguments import ArgumentError, Binder

_SETTINGS = (*_options.TARGET_VARIABLES, "RBLNC_PARTITION_SKIP", "RBLNC_STRICT", _options.COMPUTE_VARIABLE)
NUMERICS = ("ieee", "device")


class CompileWarning(UserWarning):
    """The kernel compiles, but the vendor's compiler is known to refuse what it does."""


class GridError(ValueError):
    """A kernel was launched with another grid than (1,)."""


def compile_text(text, *, target=None, name="kernel.ttir", options=None, bind=None, fresh=False):
    """The bundle of a kernel's TTIR, from the cache on disk if it is there and `fresh` does not forbid it.

    bind: {argument: number} makes scalars constants.
    Raises native.CompileError with the compiler's diagnostics. Warnings become CompileWarning, also of what was found.
    """
    from rblnc import native
    options = _options.parse({}) if options is None else options
    bind = {argument: float(value) if isinstance(value, float) else int(value) for argument, value in
            (bind or {}).items()}
    bundle = native.compile(text, target=target or _options.default_target(), name=name, bind=bind,
                            cache=None if fresh else cache.folder(), wording=_wording.warmup, **options.compilation())
    for warning in bundle.warnings:
        _warn(warning)
    if bundle.cache_fault:
        cache.warn(bundle.cache_fault)
    return bundle


def library_version():
    """What tells two builds of the compiler apart: in the keys of Triton's cache."""
    from rblnc import native
    return native.version()


def _warn(diagnostic):
    """A diagnostic of the compiler as a Python warning at the kernel's line."""
    frame = next(iter(diagnostic.get("frames") or ()), {})
    fix = f"; {diagnostic['fix']}" if diagnostic.get("fix") else ""
    warnings.warn_explicit(f"{diagnostic.get('message', '')}{fix} [{diagnostic.get('code', '')}]", CompileWarning,
                           frame.get("file") or "<kernel>", int(frame.get("line") or 0))


class CompiledKernel:
    """A kernel compiled for certain shapes, types and constants.

    ttir: the text it was compiled from. rbln: the bundle as bytes, what `rblnc run` takes. bundle: native.Bundle.
    signature: the bundle's arguments in order, each with name, kind, dtype, direction, shape. asm: {"ttir", "rbln"}, as
    Triton's compiled kernels have it. constants: the constexprs by name. warnings: the compiler's, as dictionaries.
    """

    def __init__(self, text, bundle, *, name=None, special=None, bound=frozenset(), leaves=None,
                 options=None):
        """special: what the kernel was specialised to; without it the arguments of the bundle are all there is.
        bound: positions of the scalars among special.leaves that became constants of the bundle. leaves: where Triton
        itself specialised the kernel, what it left for the run."""
        self.ttir = text
        self.bundle = bundle
        self.name = name or bundle.kernel
        self.target = bundle.target
        self.signature = bundle.arguments
        self.warnings = bundle.warnings
        self.options = options
        self.hash = hashlib.sha256(bundle.data).hexdigest()
        self._form = Form(self.name, self.signature, special, bound)
        self.constants = self._form.constants
        if special is not None:
            leaves = [leaf for position, leaf in enumerate(special.leaves) if position not in bound]
        self.leaves = leaves
        self._special = special
        self._bound = bound
        self._strides = memory.strides_in(leaves)
        # The same kernel for tensors with other strides.
        self._variants = {}
        self._bind = Binder(self.name, self.signature, leaves)
        self._outputs = [position for position, argument in enumerate(self.signature) if argument.direction != "in"]

    @property
    def rbln(self) -> bytes:
        return self.bundle.data

    @property
    def asm(self) -> dict:
        return {"ttir": self.ttir, "rbln": self.rbln}

    @property
    def host_layout(self):
        """Positions of the arguments that are named to stay row-major on the device; the emulator keeps all so."""
        return self.options.host_layout if self.options else None

    @property
    def compute_dtype(self):
        return self.options.compute_dtype if self.options else None

    def __call__(self, *args: Any, numerics: str | None = None, checks: bool = False, **kwargs: Any) -> Any:
        """Runs the kernel on the emulator, in place, and returns its statistics (modelled_seconds, as_dict()).

        args: the kernel's tensors and scalars in order; the constexprs may be among them as long as they are those that
        it was compiled for. Raises ArgumentError for arguments that do not fit, native.RunError for what goes wrong
        inside, such as an index out of range, with the line of the kernel.
        """
        return self.launch(self._form.values(args, kwargs), numerics=numerics, checks=checks)

    def profile(self, *args: Any, numerics: str | None = None, checks: bool = False,
                **kwargs: Any) -> Profile | None:
        """Runs the kernel as a call does and returns its Profile (rblnc.Profile): where the modelled time goes by Python
        line, memory and command, as text, as a page and as a trace. None where PyTorch only traces."""
        values = list(map(memory.from_dlpack, self._form.values(args, kwargs)))
        if launches.off() or launches.traced(values):
            return None
        return Profile(self._run(values, numerics or default_numerics(), checks, profile=True))

    def written(self, args, kwargs):
        """Each argument of the signature that the kernel writes, with its value in a call."""
        values = self._form.values(args, kwargs)
        return [(self.signature[position], values[position]) for position in self._outputs
                if position < len(values)]

    def launch(self, values, *, numerics=None, checks=False):
        """As a call, with exactly the arguments of the signature, in order."""
        if launches.off():
            return None
        values = list(map(memory.from_dlpack, values))
        scope = launches.scope()
        if scope is not None:
            scope.before(self.name, values, self._outputs)
        if launches.traced(values):
            from rblnc import _traced_launch
            stats = _traced_launch.launch(self, values)
        else:
            stats = self._run(values, numerics or default_numerics(), checks)
        if scope is not None:
            scope.after(self.name, values, self._outputs)
        return stats

    def _run(self, values, numerics, checks, profile=False):
        strides = self._bind.strides(values)
        if strides != self._strides:
            return self._for_strides(strides, values)._run(values, numerics, checks, profile)
        placed = self._bind(values)
        try:
            stats = self.bundle.run(placed.places, numerics=numerics, checks=checks, profile=profile,
                                    append_checks=_append_checks())
        finally:
            placed.finish()
        self._mark_written(values)
        launches.record(stats)
        return stats

    def _for_strides(self, strides, values):
        """This kernel for tensors with these strides, which decide how it addresses them."""
        strides = strides or (None, ) * len(values)
        special = self._special
        kept = [] if special is None else [position for position in range(len(special.leaves))
                                           if position not in self._bound]
        leaves = list(special.leaves) if kept else []
        for position, own, value in zip(kept, strides, values):
            if own != leaves[position].strides:
                leaves[position] = replace(leaves[position], strides=own, shape=leaves[position].shape or shape_of(value))
        key = tuple((leaf.shape, leaf.strides) for leaf in leaves)
        compiled = self._variants.get(key)
        if compiled is None:
            compiled = self._variants[key] = self._compiled_for(leaves)
            compiled._variants = self._variants
        return compiled

    def _compiled_for(self, leaves):
        text = memory.recorded(self.ttir, leaves) if leaves and self.ttir is not None else None
        if text is None:
            raise ArgumentError(f"{self.name} was compiled for tensors with other strides, and there is nothing to compile "
                                "again: pass .contiguous(), or warm the kernel up with these tensors")

        def compile(bind):
            return compile_text(text, target=self.target, name=f"{self.name}.ttir", options=self.options, bind=bind)

        bundle, bound = _bound.compile_bound(compile, leaves)
        if bound != self._bound:
            raise ArgumentError(f"{self.name} takes other scalars as constants for these strides than it was compiled for: "
                                "warm the kernel up with these tensors")
        return CompiledKernel(text, bundle, name=self.name, special=replace(self._special, leaves=tuple(leaves)),
                              bound=bound, options=self.options)

    def _mark_written(self, values):
        """Autograd must know that tensors have changed: what it saved of them is no longer there."""
        torch = sys.modules.get("torch")
        if torch is None:
            return
        for position in self._outputs:
            value = values[position]
            if isinstance(value, torch.Tensor) and not value.is_inference():
                torch.autograd.graph.increment_version(value)

    def __getitem__(self, grid):
        """compiled[(1,)](*args) is compiled(*args)."""
        check_grid(grid, self.name)
        return self

    def __repr__(self):
        return f"<rblnc kernel {self.name} for {self.target}, {len(self.rbln)} bytes>"


def warmup(kernel: Any, *args: Any, grid: Any = (1, ), target: str | None = None, **kwargs: Any) -> CompiledKernel:
    """Compiles a kernel for these arguments without running it, or finds it compiled. Returns a CompiledKernel.

    kernel: what @triton.jit returned, rblnc's or Triton's own. args, kwargs: the kernel's arguments, constexprs
    included; of a tensor only shape, strides and element type matter, so rblnc.TensorSpec, meta and fake tensors do, and a bare
    torch.dtype does where the kernel's block pointers say the rest. kwargs may also hold options (_options.py): the
    vendor's host_layout="1:2:3" (positions of arguments, not counting the result, the last one that the kernel only
    writes) is recorded in the bundle and changes no result, compute_dtype="bf16" or "dlf16" is the type that numerics="device" rounds
    to; Triton's num_warps, num_stages and num_ctas mean nothing here. target: the chip, e.g. "rbln-ca25".

    Raises GridError unless grid is (1,), TypeError for arguments that do not fit the kernel, Triton's CompilationError
    for what its front end refuses and native.CompileError for what the chip does not take.
    """
    from rblnc import frontend
    function = frontend.jit_function(kernel)
    check_grid(grid, function.__name__)
    names = function.arg_names
    args = tuple(map(memory.from_dlpack, args))
    kwargs = {name: memory.from_dlpack(value) for name, value in kwargs.items()}
    options = {name: kwargs.pop(name) for name in tuple(kwargs) if name in _options.NAMES and name not in names}
    target = target or _options.default_target()
    key = (_specialisation(function, args, kwargs), target, tuple((name, str(value)) for name, value in options.items()),
           settings(), _globals(function))
    known = function.__dict__.setdefault("_rblnc_compiled", {})
    compiled = _found(function, args, kwargs, key, known)
    if compiled is None:
        compiled = _made(function, args, kwargs, key, known, options, target)
    launches.warmed_up(compiled, args, kwargs)
    return compiled


def _found(function, args, kwargs, key, known):
    """The compiled kernel if there is one. Where scalars have to be constants, `known` has their positions for the key,
    and the kernels for the key and their values."""
    try:
        found = known.get(key)
    except TypeError as error:
        raise TypeError(f"{function.__name__}: a constexpr is not hashable: {error}") from None
    if found is None or isinstance(found, CompiledKernel):
        return found
    return known.get((key, _bound_values(_special(function, args, kwargs), found)))


def _made(function, args, kwargs, key, known, options, target):
    special = _special(function, args, kwargs)
    compiled, bound = _compile(function, special, _options.parse(options), target)
    if bound:
        known[key] = bound
        key = key, _bound_values(special, bound)
    known[key] = compiled
    return compiled


def _special(function, args, kwargs):
    from rblnc import _specialise, frontend
    return _specialise.specialise(function, frontend.bind(function, args, kwargs))


def _compile(function, special, options, target):
    """The compiled kernel, and the positions of the scalars that it was compiled for the values of."""
    from rblnc import frontend
    text = frontend.trace(function, special)

    def compile(bind):
        return compile_text(text, target=target, name=f"{function.__name__}.ttir", options=options, bind=bind)

    bundle, bound = _bound.compile_bound(compile, special.leaves)
    return CompiledKernel(text, bundle, name=function.__name__, special=special, bound=bound, options=options), bound


def _bound_values(special, bound):
    return tuple(constant_key(special.leaves[position].value) for position in sorted(bound))


def settings():
    """The environment variables that decide what a kernel is compiled to, as they are now."""
    return tuple(map(os.environ.get, _SETTINGS))


def launch(kernel: Any, *args: Any, grid: Any = (1, ), **kwargs: Any) -> Any:
    """Compiles a kernel for these arguments if need be and runs it on them. The same arguments as warmup.

    Returns the statistics of the run, or None where PyTorch only traces.
    """
    if launches.off():
        return None
    names = kernel.arg_names if hasattr(kernel, "arg_names") else ()
    compiled = warmup(kernel, *args, grid=grid, **kwargs)
    return compiled(*args, **{name: value for name, value in kwargs.items() if name in names})


def check_grid(grid, name, arguments=None):
    """A grid may be (1,), (1, 1), (1, 1, 1) or a function that returns one of them."""
    if grid == (1, ):
        return
    if callable(grid):
        grid = grid(arguments or {})
    extents = tuple(grid) if isinstance(grid, (tuple, list)) else (grid, )
    if not extents or any(extent != 1 for extent in extents):
        raise GridError(f"{name}: the grid is {extents}, but a kernel of the NPU is one program: launch it with "
                        "grid=(1,) and walk the tiles with tl.static_range inside of the kernel")


def _append_checks():
    """RBLNC_APPEND_CHECKS: 0 lets rows be lost that rblib.insert puts into a partition."""
    value = os.environ.get("RBLNC_APPEND_CHECKS", "1")
    if value not in ("0", "1"):
        raise ValueError(f"RBLNC_APPEND_CHECKS is {value!r}; known are 0 and 1")
    return value == "1"


def default_numerics():
    """RBLNC_NUMERICS: `ieee` (every type as it is) or `device` (rounded as the chip rounds)."""
    numerics = os.environ.get("RBLNC_NUMERICS", "ieee")
    if numerics not in NUMERICS:
        raise ValueError(f"RBLNC_NUMERICS is {numerics!r}; known are {', '.join(NUMERICS)}")
    return numerics


def _specialisation(function, args, kwargs):
    """What of the arguments decides the compiled kernel. TypeError for more than the kernel takes."""
    from rblnc import _specialise
    parameters = function.params
    if len(args) > len(parameters):
        raise TypeError(f"{function.__name__} takes {len(parameters)} arguments, not {len(args)}")
    key = [_specialise.key(parameter, value) for parameter, value in zip(parameters, args)]
    if kwargs:
        named = {parameter.name: parameter for parameter in parameters}
        for name, value in kwargs.items():
            if name not in named:
                raise TypeError(f"{function.__name__}: got an unexpected keyword argument {name!r}")
            key.append((name, _specialise.key(named[name], value)))
    return tuple(key)


def _globals(function):
    """The values that the global constants of the kernel have now."""
    _ = function.cache_key  # Triton looks for them when it makes this
    return tuple((name, str(scope.get(name))) for (name, _), (_, scope) in function.used_global_vals.items())


__all__ = ["CompileWarning", "CompiledKernel", "GridError", "check_grid", "compile_text", "launch", "warmup"]
