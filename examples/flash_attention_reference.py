"""Random inputs for a flash attention kernel, and attention in float64 to compare its result with.

    flash_attention_reference.py make DIR     writes q.npy, k.npy and v.npy
    flash_attention_reference.py check DIR    compares o.npy with the reference and reads stats.json
"""
import json
import sys
from pathlib import Path

import numpy as np

HEADS, QUERIES, KEYS, DIMENSION = 2, 64, 256, 64
SCALE = 0.125
# Of the largest magnitude: what sums of a few hundred products in float32 may lose.
TOLERANCE = 1e-5


def make(folder):
    rng = np.random.default_rng()
    for name, length in (("q", QUERIES), ("k", KEYS), ("v", KEYS)):
        np.save(folder / f"{name}.npy", rng.standard_normal((HEADS, length, DIMENSION)).astype(np.float32))


def attention(q, k, v):
    scores = np.einsum("hld,hsd->hls", q, k) * SCALE
    weights = np.exp(scores - scores.max(axis=-1, keepdims=True))
    return np.einsum("hls,hsd->hld", weights / weights.sum(axis=-1, keepdims=True), v)


def check(folder):
    q, k, v, result = (np.load(folder / f"{name}.npy").astype(np.float64) for name in "qkvo")
    expected = attention(q, k, v)
    if result.shape != expected.shape:
        return f"the result has the shape {result.shape}, not {expected.shape}"
    error = np.max(np.abs(result - expected)) / np.max(np.abs(expected))
    print(f"error:        {error:.2e} of the largest magnitude (at most {TOLERANCE:.0e})")
    stats = json.loads((folder / "stats.json").read_text())
    print(f"modelled time: {stats['modelled_seconds'] * 1e6:.2f} us on {stats['target']}")
    return None if error <= TOLERANCE else "the result is wrong"  # a NaN is not <= either


if __name__ == "__main__":
    action, folder = sys.argv[1], Path(sys.argv[2])
    folder.mkdir(parents=True, exist_ok=True)
    sys.exit({"make": make, "check": check}[action](folder))
