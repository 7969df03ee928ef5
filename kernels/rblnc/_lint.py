"""python -m rblnc lint FILE.py ...: the kernels of Python files against the rules of the chip.

Each kernel is traced for every case that is declared for it (_lint_cases.py), and the program's `check` gets the texts:
rules, options, forms and status are its own, and findings name the Python lines.
"""
import argparse
import contextlib
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from rblnc import _lint_cases, _wording
from rblnc._bound import wishes
from rblnc._lint_cases import LintError
from rblnc._lint_findings import Refusal, rewritten

USAGE = "python -m rblnc lint [OPTIONS] FILE.py..."
_EPILOG = """A kernel is checked for the arguments that are declared for it, with @rblnc.lint_case(x=rblnc.TensorSpec((16, 64),
"float32"), ...) above @triton.jit, or as [[lint.case]] in a rblnc.toml. Exit status: that of `rblnc check`."""


@dataclass
class Traced:
    """A kernel for one case. path: of its text. refusal: why there is none, if so. name: as findings have it."""
    path: Path
    function: Any = None
    special: Any = None
    refusal: Any = None
    name: str = ""


def main(arguments):
    """Checks the files and returns the exit status."""
    options = _parse(arguments)
    try:
        with tempfile.TemporaryDirectory(prefix="rblnc-lint-") as folder:
            return _Lint(options, Path(folder).resolve()).run()
    except LintError as error:
        _tell("error", str(error), error.file, error.line)
        return 2
    except KeyboardInterrupt:
        return 130


def _parse(arguments):
    parser = argparse.ArgumentParser(prog="python -m rblnc lint", usage=USAGE, epilog=_EPILOG, allow_abbrev=False,
                                     description="Checks the kernels of Python files against the rules of the chip.")
    parser.add_argument("files", nargs="+", metavar="FILE.py", help="a file with kernels; it is imported")
    parser.add_argument("--strict-specs", action="store_true", help="a kernel for which no case is declared is an error")
    words = "an option of `rblnc check`"
    for option in ("--target", "--target-file", "--select", "--ignore"):
        parser.add_argument(option, action="append", help=words)
    for option in ("--strict", "--statistics", "--verbose"):
        parser.add_argument(option, action="store_true", help=words)
    parser.add_argument("--format", choices=("text", "json", "sarif", "github", "junit"), default="text", help=words)
    config = parser.add_mutually_exclusive_group()
    config.add_argument("--config", help=words)
    config.add_argument("--no-config", action="store_true", help=words)
    return parser.parse_args(arguments)


class _Lint:

    def __init__(self, options, folder):
        self._options = options
        self._folder = folder
        self._projects = {}
        # What the names in the temporary folder stand for, longest first when it is used.
        self._shown = {}
        self._traced = []
        self._status = 0

    def run(self):
        from rblnc import _aliases, _library, _program
        try:
            self._program = _program.find()
        except _library.LibraryError as error:
            raise LintError(str(error), "rblnc") from None
        # Kernels are traced, whatever the variable says.
        os.environ["TRITON_INTERPRET"] = "0"
        _aliases.stand_in()
        named = self._named()
        for file in dict.fromkeys(map(os.path.abspath, self._options.files)):
            self._file(file, named or (_lint_cases.Project(None, {}) if self._options.no_config
                                       else _lint_cases.project_of(file)))
        self._bind()
        return self._finish()

    def _named(self):
        if self._options.config is None:
            return None
        # Without [tool.rblnc] the program refuses it.
        return _lint_cases.project_at(self._options.config) or _lint_cases.Project(None, {})

    def _file(self, file, project):
        place = self._place(project) / ("rest" if _shown(file) != file else "root") / _shown(file).lstrip("/")
        try:
            kernels = _lint_cases.kernels_of(file, project.of(file))
        except LintError as error:
            if project.path is not None and error.file == str(project.path):
                raise
            self._add(Traced(place, refusal=_refusal(str(error), error.file, error.line)))
            return
        for kernel in kernels:
            code = kernel.function.fn.__code__
            if not kernel.cases:
                severity = "error" if self._options.strict_specs else "note"
                _tell(severity, f"no case is declared for {kernel.name}, so it is not checked; write @rblnc.lint_case(...) "
                      "above @triton.jit", code.co_filename, code.co_firstlineno)
                self._status = max(self._status, int(self._options.strict_specs))
            self._kernel(kernel, place)

    def _kernel(self, kernel, place):
        from rblnc import _specialise, frontend
        variants = []
        for case in kernel.cases:
            try:
                for args, kwargs in _lint_cases.expanded(kernel, case):
                    values = frontend.bind(kernel.function, args, kwargs)
                    variants.append(_specialise.specialise(kernel.function, values))
            except Exception as error:  # what does not fit the kernel, and what a heuristic raises
                variants.append(_refusal(_message(error), case.file, case.line))
        for number, variant in enumerate(variants, 1):
            suffix = f":{kernel.name}" + (f"[{number}]" if len(variants) > 1 else "")
            known = isinstance(variant, Refusal)
            self._add(Traced(place.with_name(place.name + suffix), kernel.function, None if known else variant,
                             variant if known else None))

    def _add(self, traced):
        traced.name = self._displayed(traced.path)
        traced.path.parent.mkdir(parents=True, exist_ok=True)
        self._write(traced)
        self._traced.append(traced)

    @staticmethod
    def _write(traced):
        """The text of the kernel. Where there is none, what the program has an error for, whose words are replaced."""
        if traced.special is not None:
            traced.refusal = _trace(traced)
        if traced.refusal is not None:
            traced.path.write_text("refused\n")

    def _place(self, project):
        """A folder where the program finds the configuration that holds for the file."""
        known = self._projects.get(project.path)
        if known is None:
            known = self._projects[project.path] = self._folder / str(len(self._projects))
            known.mkdir()
            if project.path is None:
                (known / "rblnc.toml").touch()
            else:
                copy = known / Path(project.path).name
                shutil.copyfile(project.path, copy)
                self._shown[str(copy)] = _shown(project.path)
            self._shown[f"{known}/rest/"] = ""
            self._shown[f"{known}/root/"] = "/"
        return known

    def _displayed(self, text):
        text = str(text)
        for prefix in sorted(self._shown, key=len, reverse=True):
            text = text.replace(prefix, self._shown[prefix])
        return text

    def _bind(self):
        """Numbers that the chip wants as constants become constants, as a call makes them (_bound.py)."""
        while open_ := [each for each in self._traced if each.refusal is None and _has_numbers(each)]:
            options = self._forwarded("target", "target_file", "config", "no_config")
            done = self._check([*options, "--format=json", "--select=C,P", "--ignore=W"], open_)
            try:
                files = {row["file"]: row["diagnostics"] for row in json.loads(done.stdout)["files"]}
            except ValueError:
                return  # the run that counts tells why
            changed = False
            for traced in open_:
                diagnostics = _wording.with_binds(files.get(str(traced.path), []))
                if wished := set(wishes(diagnostics, traced.special.leaves).values()):
                    traced.special = _with_constants(traced.special, wished)
                    self._write(traced)
                    changed = True
            if not changed:
                return

    def _forwarded(self, *names):
        """Options as the program's command line has them."""
        words = []
        for name in names:
            value = getattr(self._options, name)
            option = "--" + name.replace("_", "-")
            if value is True:
                words.append(option)
            elif value:
                words.extend(f"{option}={each}" for each in (value if isinstance(value, list) else [value]))
        return words

    def _check(self, words, traced):
        return subprocess.run([self._program, "check", *words, "--", *(each.path for each in traced)], check=False,
                              capture_output=True, encoding="utf-8")

    def _finish(self):
        # Without a kernel there is still a document to print; its one input is taken out of it again.
        inputs = self._traced
        if not inputs:
            path = self._folder / "none"
            path.write_text("refused\n")
            inputs = [Traced(path, name=str(path))]
        form = self._options.format
        done = self._check(self._forwarded("target", "target_file", "strict", "select", "ignore", "statistics", "verbose",
                                           "format", "config", "no_config"), inputs)
        refusals = {each.name: each.refusal for each in inputs if each.refusal is not None or not self._traced}
        output, errors = self._displayed(done.stdout), self._displayed(done.stderr)
        if done.returncode in (0, 1, 70) and (output or form in ("text", "github")):
            output, errors = rewritten(form, output, errors, refusals)
        if self._traced or done.returncode not in (0, 1):
            self._status = done.returncode if done.returncode < 0 else max(self._status, done.returncode)
        for stream, text in ((sys.stderr, errors), (sys.stdout, output)):
            # As the program writes it, whatever the locale.
            stream.flush()
            stream.buffer.write(text.encode("utf-8", "backslashreplace"))
        return self._status


def _trace(traced):
    """Writes the text of a kernel; returns a Refusal where Triton has none. In a process of its own: Triton's front end
    ends the process for some kernels, and the others have to be checked all the same."""
    from rblnc import frontend
    answer = traced.path.with_name(traced.path.name + ".refusal")
    sys.stdout.flush()
    sys.stderr.flush()
    child = os.fork()
    if child == 0:
        try:
            with contextlib.redirect_stdout(sys.stderr):
                try:
                    text = frontend.trace(traced.function, traced.special)
                    here = re.escape(json.dumps(os.getcwd())[1:-1])
                    traced.path.write_text(re.sub(rf'loc\("{here}/', 'loc("', text), encoding="utf-8")
                except Exception as error:  # whatever a kernel's own code and Triton raise
                    message, line, column = _described(traced.function, error)
                    answer.write_text(json.dumps([message, line, column]), encoding="utf-8")
            sys.stderr.flush()
        finally:
            os._exit(0)
    _, status = os.waitpid(child, 0)
    code = traced.function.fn.__code__
    if os.WIFSIGNALED(status):
        name = signal.Signals(os.WTERMSIG(status)).name
        return _refusal(f"Triton's front end was ended by {name} while it traced {traced.function.__name__}",
                        code.co_filename, code.co_firstlineno)
    if answer.is_file():
        message, line, column = json.loads(answer.read_text(encoding="utf-8"))
        answer.unlink()
        return _refusal(message, code.co_filename, line, column)
    if not traced.path.is_file():
        return _refusal(f"{traced.function.__name__} could not be traced", code.co_filename, code.co_firstlineno)
    return None


def _described(function, error):
    """The message, line and column of an exception while a kernel was traced."""
    node = getattr(error, "node", None)
    first = getattr(function, "starting_line_number", function.fn.__code__.co_firstlineno)
    line, column = first, None
    if getattr(node, "lineno", None):
        # Triton parses the function from its `def`, behind the decorators.
        source = getattr(function, "raw_src", None) or []
        skipped = next((index for index, text in enumerate(source) if text.strip().startswith("def ")), 0)
        line, column = first + skipped + node.lineno - 1, node.col_offset + 1
    where = ""
    while type(error.__cause__) is type(error):
        # In a function that the kernel calls.
        error = error.__cause__
        name = re.search(r"def (\w+)", str(getattr(error, "src", "")))
        number = getattr(getattr(error, "node", None), "lineno", None)
        where = f" (line {number} of {name[1]})" if name and number else ""
    said, inner = getattr(error, "error_message", None), error.__cause__ or error.__context__
    # Triton may hide the exception that it repeats.
    message = _message(inner) if inner is not None and said in (None, repr(inner)) else said or _message(error)
    return message + where, line, column


def _message(error):
    """What an exception says, with its kind unless that says nothing."""
    text = str(error).strip()
    return text if isinstance(error, TypeError) and text else f"{type(error).__name__}: {text}"


def _has_numbers(traced):
    """Whether arguments are numbers with a known value."""
    return any(isinstance(leaf.value, (int, float)) for leaf in traced.special.leaves)


def _with_constants(special, positions):
    """The specialisation with the numbers at these positions of its leaves as constants."""
    from rblnc._specialise import CONSTANT
    bound = [special.leaves[position] for position in positions]
    parameters = list(special.signature)
    signature = dict(special.signature)
    for leaf in bound:
        name = parameters[leaf.path[0]]
        signature[name] = _replaced(signature[name], leaf.path[1:], CONSTANT)
    leaves = tuple(leaf for position, leaf in enumerate(special.leaves) if position not in positions)
    constants = {**special.constants, **{leaf.path: leaf.value for leaf in bound}}
    return replace(special, signature=signature, constants=constants, leaves=leaves)


def _replaced(kind, path, value):
    if not path:
        return value
    return type(kind)(_replaced(each, path[1:], value) if index == path[0] else each for index, each in enumerate(kind))


def _refusal(message, file, line=None, column=None):
    # No form takes control characters.
    return Refusal(re.sub(r"[\x00-\x08\x0b-\x1f\x7f]", "?", message), _shown(file), line, column)


def _shown(path):
    """Below the current folder, from there; else the whole path."""
    path, here = os.path.abspath(path), os.path.join(os.getcwd(), "")
    return path.removeprefix(here)


def _tell(severity, message, file, line=None):
    file = _shown(file) if os.path.exists(file) else file
    print(f"{file}{f':{line}' if line else ''}: {severity}: {message}", file=sys.stderr)
