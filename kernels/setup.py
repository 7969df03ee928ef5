"""Puts librblnc.so and the program rblnc into the package; everything else is in pyproject.toml.

    cmake --preset release && cmake --build --preset release
    pip install ./kernels

They are taken from the newest build of the source tree around this folder (build/*/lib), without those with sanitizers,
which Python cannot load. Such a wheel is for this platform only. Without a build there is no wheel, unless
RBLNC_WITHOUT_LIBRARY=1 asks for one that can print TTIR and interpret kernels, and says what to do for the rest.
"""
import os
import shutil
from pathlib import Path

from setuptools import Distribution, setup
from setuptools.command.bdist_wheel import bdist_wheel
from setuptools.command.build_py import build_py
from setuptools.errors import SetupError

LIBRARY = "librblnc.so"


def built_library():
    """The library to take, or None."""
    # setuptools runs this file in its own folder.
    built = [path for path in Path(os.path.abspath(os.pardir), "build").glob(f"*/lib/{LIBRARY}")
             if path.parts[-3] not in ("asan", "fuzz")]
    return max(built, key=lambda path: path.stat().st_mtime, default=None)


class WithLibrary(build_py):

    def run(self):
        if not self.editable_mode:
            # What an earlier build left in the same folder is not part of this one.
            shutil.rmtree(Path(self.build_lib, "rblnc"), ignore_errors=True)
        super().run()
        if self.editable_mode:
            return  # the source tree's own build is found
        target = Path(self.build_lib, "rblnc", LIBRARY)
        source = built_library()
        if source is not None:
            shutil.copyfile(source, target)
            self._copy_program(source.parents[1] / "bin" / "rblnc")
        elif os.environ.get("RBLNC_WITHOUT_LIBRARY") != "1":
            # pip shows what a build says only when it fails.
            raise SetupError(f"{LIBRARY} has not been built: run `cmake --preset release && cmake --build --preset "
                             "release` in rblnc's source tree first. RBLNC_WITHOUT_LIBRARY=1 makes a package without it, "
                             "which can neither compile nor run kernels")

    def _copy_program(self, program):
        if program.is_file():
            target = Path(self.build_lib, "rblnc", "bin", "rblnc")
            target.parent.mkdir()
            shutil.copy(program, target)


class PlatformDistribution(Distribution):

    def has_ext_modules(self):
        return built_library() is not None


class AnyPython(bdist_wheel):
    """The library is for a platform, but not for a version of Python: it is called through ctypes."""

    def get_tag(self):
        python, abi, platform = super().get_tag()
        return (python, abi, platform) if self.root_is_pure else ("py3", "none", platform)


setup(distclass=PlatformDistribution, cmdclass={"build_py": WithLibrary, "bdist_wheel": AnyPython})
