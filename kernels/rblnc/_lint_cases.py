"""The arguments that kernels are checked for: declared beside the kernel, or in the project's rblnc.toml.

    @rblnc.lint_case(x=rblnc.TensorSpec((16, 64), "float32"), out=rblnc.TensorSpec((16, 64), "float32"), ROWS=16)
    @triton.jit
    def softmax(x, out, ROWS: tl.constexpr): ...

    [[lint.case]]                       # [[tool.rblnc.lint.case]] in a pyproject.toml
    kernel = "softmax.py:softmax"       # from the folder of this file
    args = { x = "16x64xf32", out = "16x64xf32", ROWS = 16 }

Needs no Triton to declare; what it needs is imported when a file is read.
"""
import contextlib
import importlib.util
import inspect
import re
import sys
import types
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from collections.abc import Callable

_DECLARED = "_rblnc_lint_cases"
_TENSOR = re.compile(r"(\d+(?:x\d+)*)x([a-z]\w*)")
_DTYPES = {"f64": "float64", "f32": "float32", "f16": "float16", "bf16": "bfloat16", "i64": "int64", "i32": "int32",
           "i16": "int16", "i8": "int8", "u8": "uint8", "i1": "bool", "f8e4m3fn": "float8_e4m3fn", "f8e5m2": "float8_e5m2"}


class LintError(Exception):
    """A declaration, or a file, that cannot be used. file, line: where it stands; line is None for the whole file."""

    def __init__(self, message, file, line=None):
        super().__init__(message)
        self.file, self.line = file, line


@dataclass(frozen=True)
class Case:
    """Arguments of a kernel, by position and by name, and where they are declared."""
    args: tuple
    kwargs: dict
    file: str
    line: int | None = None


def lint_case(*args: Any, **kwargs: Any) -> Callable:
    """Declares arguments that `python -m rblnc lint` checks the kernel for; any number of times, above @triton.jit.

    args, kwargs: as rblnc.warmup takes them, tensors as rblnc.TensorSpec; what triton.autotune or triton.heuristics give
    is left out. For a kernel of another file: `rblnc.lint_case(...)(kernel)`. Changes nothing of how a kernel runs.
    Raises TypeError for what is not decorated with @triton.jit yet.
    """
    caller = sys._getframe(1)
    case = Case(args, kwargs, caller.f_code.co_filename, caller.f_lineno)

    def declare(kernel):
        if isinstance(kernel, types.FunctionType) or not hasattr(kernel, "fn"):
            raise TypeError(f"{getattr(kernel, '__name__', repr(kernel))} is not a kernel yet: write @rblnc.lint_case above "
                            "@triton.jit")
        kernel.__dict__.setdefault(_DECLARED, []).insert(0, case)
        return kernel

    return declare


@dataclass
class Kernel:
    """A kernel of a file. name: as the file has it. function: Triton's, inside of its decorators."""
    name: str
    kernel: Any
    function: Any
    cases: list


def kernels_of(path, configured):
    """The kernels of a file, in its order, each with its cases; without those that others only call.

    configured: {name: [Case]}, what the project says of this file. Raises LintError for a file that cannot be imported,
    and for a configured name that is no kernel of it."""
    from rblnc import frontend
    module = _imported(path)
    found = {}
    for name, value in vars(module).items():
        try:
            function = frontend.jit_function(value)
        except (TypeError, AttributeError):
            continue
        declared = [case for case in value.__dict__.get(_DECLARED, []) if case.file == module.__file__]
        own = function.fn.__code__.co_filename == module.__file__
        cases = declared + configured.get(name, [])
        if (own or cases) and id(value) not in found:
            found[id(value)] = Kernel(name, value, function, cases)
    known = {kernel.name for kernel in found.values()}
    for name, cases in configured.items():
        if name not in known:
            raise LintError(f"there is no kernel '{name}' in {path}", cases[0].file)
    called = {name for kernel in found.values() for name in kernel.function.fn.__code__.co_names
              if name != kernel.name}
    kernels = [kernel for kernel in found.values() if kernel.cases or kernel.name not in called]
    return sorted(kernels, key=lambda kernel: kernel.function.fn.__code__.co_firstlineno)


def expanded(kernel, case):
    """The (args, kwargs) of a case, one for each configuration that triton.autotune would try, with what
    triton.heuristics computes. What the case itself says holds."""
    choices = [dict(case.kwargs)]
    layer = kernel.kernel
    while layer is not kernel.function:
        if configs := getattr(layer, "configs", None):
            choices = [{**config.kwargs, **choice} for choice in choices for config in configs]
        elif isinstance(rules := getattr(layer, "values", None), dict):
            names = kernel.function.arg_names
            for choice in choices:
                given = {**dict(zip(names, case.args)), **choice}
                choice.update({name: rule({**given, **choice}) for name, rule in rules.items() if name not in given})
        layer = layer.fn
    unique = []
    for choice in choices:
        if choice not in unique:
            unique.append(choice)
    return [(case.args, choice) for choice in unique]


def _imported(path):
    """The module that a file is, imported under its own name where it is part of a package."""
    path = Path(path).resolve()
    if not path.is_file():
        raise LintError("it is a folder: name its Python files" if path.is_dir() else "there is no such file", path)
    folder, names = path.parent, [path.stem]
    while (folder / "__init__.py").is_file():
        names.insert(0, folder.name)
        folder = folder.parent
    sys.path.insert(0, str(folder))
    try:
        # What the file prints is no finding.
        with contextlib.redirect_stdout(sys.stderr):
            if len(names) > 1:
                module = importlib.import_module(".".join(names))
                if Path(module.__file__).resolve() == path:
                    return module
            name = f"_rblnc_lint_{len(sys.modules)}_{path.stem}"
            spec = importlib.util.spec_from_file_location(name, path)
            if spec is None:
                raise LintError("it is no Python file", path)
            module = sys.modules[name] = importlib.util.module_from_spec(spec)
            spec.loader.exec_module(module)
            return module
    except (LintError, KeyboardInterrupt):
        raise
    except BaseException as error:  # whatever the file raises, SystemExit included
        line = error.lineno if isinstance(error, SyntaxError) and error.filename == str(path) else None
        for frame in inspect.getinnerframes(error.__traceback__, context=0):
            line = frame.lineno if frame.filename == str(path) else line
        raise LintError(f"it cannot be imported: {type(error).__name__}: {error}", path, line) from None
    finally:
        sys.path.remove(str(folder))


class Project:
    """What a rblnc.toml, or a pyproject.toml with [tool.rblnc], says of kernels. path: None where there is none.
    Raises LintError for one that is wrong."""

    def __init__(self, path, table):
        self.path = path
        self._cases = {}
        # What is no table, the program tells.
        section = table.get("lint", {}) if isinstance(table, dict) else {}
        unknown = set(section) - {"case"} if isinstance(section, dict) else {"lint"}
        if unknown:
            raise self._error(f"there is no key '{min(unknown)}' in [lint]; its cases are [[lint.case]]")
        cases = section.get("case", [])
        if not isinstance(cases, list):
            raise self._error("'case' must be a list of tables: [[lint.case]]")
        for case in cases:
            self._add(case)

    def of(self, file):
        """{kernel: [Case]} of a Python file."""
        return self._cases.get(Path(file).resolve(), {})

    def _add(self, case):
        if not isinstance(case, dict) or set(case) - {"kernel", "args"} or not isinstance(case.get("args", {}), dict):
            raise self._error("a [[lint.case]] has the keys 'kernel' and 'args', a table")
        file, colon, name = str(case.get("kernel", "")).rpartition(":")
        if not colon or not file or not name:
            raise self._error(f"kernel = {case.get('kernel')!r}; expected \"file.py:name\"")
        args = {key: self._value(name, key, value) for key, value in case.get("args", {}).items()}
        cases = self._cases.setdefault((Path(self.path).parent / file).resolve(), {})
        cases.setdefault(name, []).append(Case((), args, str(self.path)))

    def _value(self, kernel, name, value):
        """A text like 16x64xf32 is a tensor; anything else stays what it is."""
        if isinstance(value, list):
            return tuple(self._value(kernel, name, element) for element in value)
        tensor = _TENSOR.fullmatch(value) if isinstance(value, str) else None
        if tensor is None:
            return value
        from rblnc.frontend import TensorSpec
        if tensor[2] not in _DTYPES:
            raise self._error(f"{kernel}: {name} = '{value}': there is no type {tensor[2]}; known are {', '.join(_DTYPES)}")
        return TensorSpec(tuple(map(int, tensor[1].split("x"))), _DTYPES[tensor[2]])

    def _error(self, message):
        return LintError(message, self.path)


def project_at(path):
    """The Project of a file that is named; None for a pyproject.toml without [tool.rblnc]."""
    try:
        text = Path(path).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise LintError(f"it cannot be read: {error}", path) from None
    toml = _toml()
    if toml is None:
        raise LintError("reading it needs Python 3.11, or: pip install tomli", path)
    try:
        table = toml.loads(text)
    except toml.TOMLDecodeError as error:
        raise LintError(str(error), path) from None
    if Path(path).name == "pyproject.toml":
        tools = table.get("tool", {})
        table = tools.get("rblnc") if isinstance(tools, dict) else None
    return None if table is None else Project(path, table)


def project_of(file):
    """The Project that holds for a file, found as `rblnc check` finds it: the nearest one upwards."""
    for folder in Path(file).resolve().parents:
        for name in ("rblnc.toml", "pyproject.toml"):
            if (folder / name).is_file() and (project := project_at(folder / name)) is not None:
                return project
    return Project(None, {})


def _toml():
    for name in ("tomllib", "tomli"):
        if importlib.util.find_spec(name) is not None:
            return importlib.import_module(name)
    return None


__all__ = ["Case", "Kernel", "LintError", "Project", "expanded", "kernels_of", "lint_case", "project_at", "project_of"]
