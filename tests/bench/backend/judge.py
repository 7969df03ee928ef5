"""The figures to reach, and which of them a row misses."""
from backend.rows import DECODE, MATMUL, PREFILL, ROWWISE

BYTES = 1.10  # DRAM bytes over compulsory bytes
TIME = {PREFILL: 1.25, MATMUL: 1.25, DECODE: 1.15, ROWWISE: 1.15}  # modelled time over the roofline bound
BALANCE = 0.85  # mean over greatest time that the engines compute


def missed(row, figures):
    """What a measured row misses, as short words for the table."""
    misses = []
    if figures["bytes_ratio"] > BYTES:
        misses.append("bytes")
    if figures["time_ratio"] > TIME[row.kind]:
        misses.append("time")
    if figures["engine_balance"] < BALANCE:
        misses.append("balance")
    if figures["peak_scratchpad_bytes"] > figures["scratchpad_bytes"]:
        misses.append("scratchpad")
    if row.is_attention and figures["spilled_shared_bytes"] + figures["spilled_dram_bytes"]:
        misses.append("spill")
    return misses
