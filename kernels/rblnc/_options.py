"""Options of a compilation: what Triton's front end asks of a backend, and what rblnc itself understands.

Needs neither Triton nor PyTorch: Triton imports it while it discovers its backends.
"""
import hashlib
import os
from dataclasses import asdict, dataclass
from typing import Any

# The chip that kernels are compiled for: rblnc's variable first, then the vendor's (RBLN-CA25 is rbln-ca25 here).
TARGET_VARIABLES = ("RBLNC_TARGET", "RBLN_FORCE_NPU_NAME", "RBLN_TARGET_SOC")
DEFAULT_TARGET = "rbln-ca22"
# The type that the chip computes in, and the vendor's variable for it with its words.
COMPUTE_TYPES = ("bf16", "dlf16")
COMPUTE_VARIABLE = "RBLN_COMP_DTYPE"
COMPUTE_WORDS = {"bfloat": "bf16", "dlfloat": "dlf16"}


class OptionError(ValueError):
    """An option of warmup or of a launch has a value that means nothing."""


@dataclass(frozen=True)
class Options:
    """Frozen, so that equal options are one compilation. The first group is read by the front end of some release."""
    backend_name: str = "rblnc"
    arch: str = "rbln"
    num_warps: int = 1
    num_stages: int = 1
    num_ctas: int = 1
    maxnreg: Any = None
    debug: bool = False
    # Overflow checks would fill the text with arithmetic that nothing reads.
    sanitize_overflow: bool = False
    supported_fp8_dtypes: tuple = ("fp8e5", "fp8e4nv")
    deprecated_fp8_dtypes: tuple = ()
    deprecated_fp8_dot_operand_dtypes: tuple = ()
    default_dot_input_precision: str = "ieee"
    allowed_dot_input_precisions: tuple = ("ieee", )
    max_num_imprecise_acc_default: int = 0
    allow_fp8e4nv: bool = True
    allow_fp8e4b15: bool = False
    fpsan_homomorphic_casts: bool = False
    warp_size: int = 1
    extern_libs: Any = None
    instrumentation_mode: str = ""
    enable_fp_fusion: bool = False
    launch_cooperative_grid: bool = False
    launch_pdl: bool = False
    ir_override: Any = None
    # The vendor's: which arguments stay row-major on the device, and the type it computes in. The first is recorded in
    # the bundle's signature; this compiler keeps every array row-major, so results do not depend on it. The second is what
    # numerics="device" rounds to; None is the chip's own.
    host_layout: Any = None
    compute_dtype: Any = None
    # rblnc's own.
    strict: bool = False
    naive_partition_skip: bool = False

    def __post_init__(self):
        object.__setattr__(self, "host_layout", host_layout(self.host_layout))
        if self.compute_dtype not in (None, *COMPUTE_TYPES):
            raise OptionError(f"compute_dtype is {self.compute_dtype!r}; known are {', '.join(COMPUTE_TYPES)}")

    def hash(self):
        """Digest of everything that changes the bundle or what is kept with it."""
        text = "-".join(f"{name}={value}" for name, value in sorted(asdict(self).items()))
        return hashlib.sha256(text.encode()).hexdigest()

    def compilation(self):
        """What native.compile takes besides the text and the target."""
        return {"strict": self.strict, "naive_partition_skip": self.naive_partition_skip,
                "host_layout": ":".join(map(str, self.host_layout or ())), "compute_dtype": self.compute_dtype}


NAMES = frozenset(Options.__dataclass_fields__)


def parse(options):
    """Options from a dictionary that may hold more, as Triton passes it; environment variables fill in rblnc's own."""
    known = {name: value for name, value in options.items() if name in NAMES}
    known.setdefault("naive_partition_skip", _variable("RBLNC_PARTITION_SKIP", "boundary", "naive"))
    known.setdefault("strict", _variable("RBLNC_STRICT", "0", "1"))
    if known.get("compute_dtype") is None:
        known["compute_dtype"] = _compute_dtype()
    return Options(**known)


def _compute_dtype():
    """What RBLN_COMP_DTYPE asks for; None when it is not set."""
    word = os.environ.get(COMPUTE_VARIABLE)
    if word and word not in COMPUTE_WORDS:
        raise OptionError(f"{COMPUTE_VARIABLE} is {word!r}; known are {' and '.join(COMPUTE_WORDS)}")
    return COMPUTE_WORDS[word] if word else None


def _variable(name, usual, other):
    """Whether an environment variable has the other of its two values."""
    value = os.environ.get(name) or usual
    if value not in (usual, other):
        raise OptionError(f"{name} is {value!r}; known are {usual} and {other}")
    return value == other


def host_layout(value):
    """"1:2:3" or [1, 2, 3] as a tuple of positions; None stays None."""
    if value is None:
        return None
    parts = value.split(":") if isinstance(value, str) else value
    try:
        positions = tuple(int(part) for part in parts)
    except (TypeError, ValueError):
        positions = (-1, )
    if any(position < 0 for position in positions):
        raise OptionError(f"host_layout is {value!r}; write the positions of arguments as \"1:2:3\" or [1, 2, 3]")
    return positions


def default_target():
    """The chip to compile for when the caller names none."""
    for variable in TARGET_VARIABLES:
        name = os.environ.get(variable)
        if name:
            return name.lower()
    return DEFAULT_TARGET
