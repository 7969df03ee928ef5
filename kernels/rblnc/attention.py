"""The attention kernels, as `rblnc.attention`, in a checkout: there they lie beside this package.

pip installs them into it, as a folder that takes the place of this file.
"""
from pathlib import Path

__path__ = [str(Path(__file__).resolve().parent.parent / "attention")]
