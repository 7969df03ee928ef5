"""python -m rblnc exec [-m] SCRIPT [ARG ...]: runs a file, or a module, that is written for the vendor's compiler.

`from rebel import triton`, `from rebel.triton import language as tl` and so on find rblnc, unless the vendor's package is
installed; nothing in the file has to be edited. The processes that the script starts with the same Python are on their own:
RBLNC_AS_REBEL=1 and `import rblnc` do there what this command does here.
"""
import io
import os
import runpy
import sys
import types

USAGE = "usage: python -m rblnc exec [-m] SCRIPT [ARG ...]"
_HELP = f"""{USAGE}

Runs a Python file that imports `rebel` with rblnc in its place. With -m, a module.
An installed vendor package is never replaced."""


def main(arguments):
    """Runs the script as __main__; returns an exit status when there is none to run."""
    if arguments[:1] in (["-h"], ["--help"]):
        print(_HELP)
        return 0
    module = arguments[:1] == ["-m"]
    rest = arguments[1:] if module else arguments
    if not rest or rest[0].startswith("-"):
        return _fail(f"exec needs a {'module' if module else 'script'}, not "
                     + (f"the option {rest[0]!r}" if rest else "nothing"))
    from rblnc import _aliases
    sys.argv = list(rest)
    sys.path[0] = os.getcwd() if module else os.path.dirname(os.path.abspath(rest[0]))
    _aliases.stand_in()
    if module:
        runpy.run_module(rest[0], run_name="__main__", alter_sys=True)
        return 0
    try:
        with io.open_code(os.path.abspath(rest[0])) as file:
            source = file.read()
    except OSError as error:
        return _fail(f"{rest[0]} cannot be read: {error.strerror}")
    main = types.ModuleType("__main__")
    main.__dict__.update(__file__=rest[0], __builtins__=__builtins__, __package__=None, __cached__=None)
    # It stays: functions that run at exit, threads and pickles look for it.
    sys.modules["__main__"] = main
    exec(compile(source, rest[0], "exec"), main.__dict__)
    return 0


def _fail(message):
    print(f"rblnc: error: {message}\n{USAGE}", file=sys.stderr)
    return 2
