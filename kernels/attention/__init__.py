"""Attention over a paged cache of keys and values: the ten kernels of vLLM RBLN's interface, written anew.

One file per family, a prefill and a decode kernel each; `cases.py` has sizes and arguments, `ttir/` what Triton prints.
"""
import sys
from pathlib import Path

# In a checkout the package lies beside this folder; an installed one takes precedence. pip installs this folder as
# rblnc.attention, where there is nothing beside it.
if __name__ != "rblnc.attention":
    sys.path.append(str(Path(__file__).resolve().parent.parent))
