"""Finds the program `rblnc`: what the command line of the package runs."""
import os
from pathlib import Path

from rblnc import _library


def find():
    """The path of the program: in the package, else beside the library. Raises _library.LibraryError when there is none."""
    own = Path(__file__).resolve().with_name("bin") / "rblnc"
    if own.is_file():
        return own
    library = _library.find()
    # build/<kind>/lib/librblnc.so and build/<kind>/bin/rblnc; the same below an installation's prefix.
    beside = library.parent.parent / "bin" / "rblnc"
    if beside.is_file():
        return beside
    raise _library.LibraryError(f"there is no program rblnc beside {library}: build it with `cmake --build --preset release "
                                "--target rblnc` in rblnc's source tree")


def run(arguments):
    """Becomes the program. Returns only when there is none, with the status of a usage error."""
    import sys
    try:
        program = find()
    except _library.LibraryError as error:
        print(f"rblnc: error: {error}", file=sys.stderr)
        return 2
    os.execv(program, ["rblnc", *arguments])
