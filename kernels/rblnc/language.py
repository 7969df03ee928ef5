"""`triton.language` under rblnc's name: `from rblnc import language as tl` or `import rblnc.language as tl`."""
import sys

from rblnc._release import language

sys.modules[__name__] = language
