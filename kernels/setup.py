"""Puts librblnc.so into the package when it has been built; everything else is in pyproject.toml.

    cmake --preset release && cmake --build --preset release
    pip install ./kernels

The library is taken from the newest build of the source tree around this folder (build/*/lib), without those with
sanitizers, which Python cannot load. Such a wheel is for this platform only. Without a build the package installs all the
same, and says what to do when the compiler or the emulator is needed.
"""
import os
import shutil
from pathlib import Path

from setuptools import Distribution, setup
from setuptools.command.bdist_wheel import bdist_wheel
from setuptools.command.build_py import build_py

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
        if source is None:
            self.announce(f"rblnc: {LIBRARY} has not been built; the package goes without it", level=3)
        else:
            shutil.copyfile(source, target)


class PlatformDistribution(Distribution):

    def has_ext_modules(self):
        return built_library() is not None


class AnyPython(bdist_wheel):
    """The library is for a platform, but not for a version of Python: it is called through ctypes."""

    def get_tag(self):
        python, abi, platform = super().get_tag()
        return (python, abi, platform) if self.root_is_pure else ("py3", "none", platform)


setup(distclass=PlatformDistribution, cmdclass={"build_py": WithLibrary, "bdist_wheel": AnyPython})
