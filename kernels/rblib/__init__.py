"""One small kernel for every rblib operation, and for every limit of Triton's front end that rblnc lifts.

`catalog.py` finds them; each file declares its PROBES: arguments, inputs with the indices that matter, and the result
in plain NumPy loops, written after CONVENTION.md and not after the package's own NumPy code.
"""
import sys
from pathlib import Path

# In a checkout the package lies beside this folder; an installed one takes precedence.
sys.path.append(str(Path(__file__).resolve().parent.parent))
