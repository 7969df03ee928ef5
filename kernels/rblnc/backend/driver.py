"""The driver half of the backend: CPU tensors in, the emulator, modelled time out.

Triton imports this module while it is itself being imported; nothing here may need more of it than triton.backends.
"""
from rblnc import _options
from rblnc._values import pick
from triton.backends.compiler import GPUTarget
from triton.backends.driver import DriverBase

# There is no limit that Triton should check: the compiler plans the memories itself.
_UNLIMITED = 1 << 60


# In front of the TTIR of a kernel of which scalars have to become constants: the launch, which knows them, compiles it.
UNBOUND = b"// values of scalars are needed\n"


class RblncDriver(DriverBase):
    """One device, the emulator, working on tensors in the host's memory."""

    def __init__(self, target=None):
        super().__init__()
        self._target = target
        self.utils = _Utilities()
        self.launcher_cls = Launcher

    @classmethod
    def is_active(cls):
        """Triton wants one active driver. A GPU that is there is what its users expect; else it is the emulator."""
        from triton.backends import backends
        return not any(backend.driver is not cls and backend.driver.is_active() for backend in backends.values())

    def get_current_target(self):
        return GPUTarget("rblnc", self._target or _options.default_target(), 1)

    def get_active_torch_device(self):
        import torch
        return torch.device("cpu")

    def get_device_interface(self):
        import torch
        return torch.cpu

    def get_current_device(self):
        # Triton keeps compiled kernels per device: another chip is another one, and so are other settings.
        from rblnc import runtime
        return self._target or _options.default_target(), runtime.settings()

    def set_current_device(self, device):
        """There is only one."""

    def get_current_stream(self, device):
        return 0

    def map_python_to_cpp_type(self, ty):
        raise NotImplementedError("rblnc's kernels are not launched through C++")

    def get_benchmarker(self):
        return modelled_time

    def get_empty_cache_for_benchmark(self):
        import torch
        return torch.empty(0)

    def clear_cache(self, cache):
        """The model's caches are software's, and empty at every launch."""


def modelled_time(kernel_call, *, quantiles=None, **kwargs):
    """Triton's benchmarker: the time in ms that the model of the chip says, which every run repeats exactly."""
    from rblnc import launches
    with launches.recorded() as runs:
        kernel_call()
    milliseconds = sum(stats.modelled_seconds for stats in runs) * 1e3
    return milliseconds if quantiles is None else [milliseconds] * len(quantiles)


class _Utilities:
    """What Triton asks of a driver when it loads a kernel."""

    def get_device_properties(self, device):
        return {"max_shared_mem": _UNLIMITED, "max_num_regs": _UNLIMITED, "multiprocessor_count": 1, "warpSize": 1}

    def load_binary(self, name, kernel, shared, device):
        """(module, function, registers, spills, most threads); the function is what Launcher gets."""
        from rblnc import native
        if kernel.startswith(UNBOUND):
            text = kernel.removeprefix(UNBOUND).decode()
            return text, text, 0, 0, _UNLIMITED
        bundle = native.Bundle.from_bytes(kernel)
        return bundle, bundle, 0, 0, _UNLIMITED

    def unload_module(self, module):
        """The bundle goes with its last reference."""


class Launcher:
    """Runs one compiled kernel: picks the arguments that are not constants, checks them, calls the emulator."""

    def __init__(self, src, metadata):
        from rblnc import _limits
        self._metadata = metadata
        self._leaves = _limits.source_leaves(src)
        self._compiled = None

    def __call__(self, grid_x, grid_y, grid_z, stream, function, metadata, launch_metadata, enter, leave, *args):
        if (grid_x, grid_y, grid_z) != (1, 1, 1):
            from rblnc import runtime
            runtime.check_grid((grid_x, grid_y, grid_z), self._metadata.name)
        if enter is not None:
            enter(launch_metadata)
        values = [_array(pick(leaf.path, args)) for leaf in self._leaves]
        if self._compiled is None:
            self._compiled = self._unbound(function) if isinstance(function, str) else self._kernel(function, self._leaves)
        self._compiled.launch(values)
        if leave is not None:
            leave(launch_metadata)

    def _kernel(self, bundle, leaves):
        from rblnc import runtime
        return runtime.CompiledKernel(None, bundle, name=self._metadata.name, leaves=leaves)

    def _unbound(self, text):
        from rblnc import _bound, runtime
        metadata = self._metadata
        options = _options.parse({name: getattr(metadata, name) for name in _options.NAMES if hasattr(metadata, name)})

        def compile(bind):
            return runtime.compile_text(text, target=str(metadata.target.arch), name=f"{metadata.name}.ttir",
                                        options=options, bind=bind)

        return _bound.Variants(self._leaves, compile, self._kernel)


def _array(value):
    return getattr(value, "rblnc_array", value)
