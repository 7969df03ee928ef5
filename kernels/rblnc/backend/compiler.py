"""The compiler half of the backend: TTIR as traced, then the bundle.

Triton imports this module while it is itself being imported; nothing here may need more of it than triton.backends.
"""
import functools
import hashlib

from rblnc import __version__, _options
from rblnc._values import shape_of
from rblnc.strides import strides_of
from triton.backends.compiler import BaseBackend, GPUTarget

SHAPE_PREFIX = "S"


class RblncBackend(BaseBackend):
    """Two stages: `ttir`, what the front end leaves (no pass may touch block pointers), and `rbln`, the bundle."""

    binary_ext = "rbln"
    # The shape and the strides of a tensor specialise a kernel, as its alignment does for a GPU.
    supports_native_tensor_specialization = False

    @staticmethod
    def supports_target(target: GPUTarget):
        return target.backend == "rblnc"

    def hash(self):
        from rblnc import runtime
        return f"rblnc-{__version__}-{runtime.library_version()}-{self.target.arch}"

    def parse_options(self, options):
        from rblnc import backend
        backend.register()
        return _options.parse({**options, "arch": str(self.target.arch)})

    def get_codegen_implementation(self, options):
        from rblnc import _limits
        return {"min_dot_size": _limits.any_dot_size}

    def get_module_map(self):
        from rblnc._release import module_map
        return module_map()

    def load_dialects(self, context):
        """Triton's own dialects are all there is."""

    def pack_metadata(self, metadata):
        return ()

    @staticmethod
    def get_tensor_specialization(arg, **kwargs):
        # A MockTensor stands for any shape.
        if type(arg).__name__ == "MockTensor" or len(getattr(arg, "shape", ())) == 0:
            return ""
        strides = strides_of(getattr(arg, "rblnc_array", arg))
        return SHAPE_PREFIX + "x".join(map(str, shape_of(arg))) + (
            "" if strides is None else "@" + "x".join(map(str, strides)))

    @staticmethod
    def get_int_specialization(arg, **kwargs):
        return ""

    @staticmethod
    def parse_attr(desc):
        if not desc.startswith(SHAPE_PREFIX):
            return []
        return [["rblib.shape." + desc.removeprefix(SHAPE_PREFIX), 1]]

    def add_stages(self, stages, options, language=None):
        stages["ttir"] = functools.partial(self.make_ttir, options=options)
        stages["rbln"] = functools.partial(self.make_rbln, options=options)

    def make_ttir(self, module, metadata, options):
        metadata["name"] = module.get_entry_func_name()
        metadata["shared"] = 0
        return str(module)

    def make_rbln(self, source, metadata, options):
        """The bundle, or where the launch has to make it the text. Raises native.CompileError, and DoesNotFit, which autotuning takes for a configuration too large."""
        from rblnc import native, runtime
        from rblnc._release import triton
        text = str(source)
        try:
            bundle = runtime.compile_text(text, target=str(self.target.arch), options=options,
                                          name=f"{metadata.get('name', 'kernel')}.ttir",
                                          fresh=triton.knobs.compilation.always_compile)
        except native.CompileError as error:
            from rblnc import _bound
            from rblnc.backend.driver import UNBOUND
            from rblnc.backend.errors import translated
            if _bound.needs_values(error):
                return UNBOUND + text.encode()
            raise translated(error) from None
        metadata["name"] = bundle.kernel
        metadata["shared"] = 0
        metadata["digest"] = hashlib.sha256(bundle.data).hexdigest()
        return bundle.data
