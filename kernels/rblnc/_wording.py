"""The compiler's messages name options as its command line has them; who calls from Python wrote something else."""
import re

# Phrases of the command line and what stands for them in a call of native.compile.
_NATIVE = (
    (r"--bind [\w.]+=[^\s,;]+(?: --bind [\w.]+=[^\s,;]+)*", lambda m: f"bind={{{_binds(m[0])}}}"),
    (r"--shape (?P<name>[\w.]+)=(?P<value>[\w-]+(?:x[\w-]+)*)", lambda m: f'shapes={{"{m["name"]}": ({_extents(m)})}}'),
    (r"--target=([\w-]+)", r'target="\1"'),
    (r"--bind\b", "bind"),
    (r"--shape\b", "shapes"),
    (r"--host-layout\b", "host_layout"),
    (r"--compute-dtype\b", "compute_dtype"),
    (r"--naive-partition-skip\b", "naive_partition_skip"),
    (r"--strict\b", "strict"),
    (r"--numerics=(\w+)", r'numerics="\1"'),
    (r"arrays are given to rblnc run; ", ""),
)
# With warmup constants are constexprs, and shapes are those of the tensors.
_WARMUP = (
    (r", or compile with(?: --bind [\w.]+=[^\s,;]+)+", ""),
    (r"bind it: --bind [\w.]+=VALUE, or make it a tl\.constexpr", "make it a tl.constexpr"),
    (r"declare the array: --shape [\w.]+=\S+, or use a block pointer", "use a block pointer"),
    (r", or declare the array with --shape", ""),
)


def _binds(text):
    pairs = (word.split("=") for word in text.split() if word != "--bind")
    return ", ".join(f'"{name}": {value}' for name, value in pairs)


def _extents(match):
    extents = match["value"].split("x")
    return ", ".join(extents) + ("," if len(extents) == 1 else "")


def native(text):
    """The message for a caller of native.compile."""
    return _replaced(text, _NATIVE)


def warmup(text):
    """The message for a caller of warmup, or of a launch."""
    return native(_replaced(text, _WARMUP))


def _replaced(text, phrases):
    if "--" not in text and "rblnc run" not in text:
        return text
    for pattern, replacement in phrases:
        text = re.sub(pattern, replacement, text)
    return text


def with_binds(diagnostics):
    """The diagnostics, with "binds" in those whose fix is to make scalar arguments constants: the names of these."""
    for diagnostic in diagnostics:
        names = re.findall(r"--bind (\S+?)=VALUE", str(diagnostic.get("fix") or ""))
        if names:
            diagnostic["binds"] = names
    return diagnostics


def reworded(value, wording):
    """A diagnostic, or a list of them, with every text in it in other words; names of files stay."""
    if isinstance(value, str):
        return wording(value)
    if isinstance(value, list):
        return [reworded(element, wording) for element in value]
    if isinstance(value, dict):
        return {key: element if key == "frames" else reworded(element, wording) for key, element in value.items()}
    return value
