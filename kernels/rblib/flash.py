"""Probes of flash_attn_tile, dynamic_flash_attn_tile and flash_attn_recompute."""
import numpy as np

from kernels.cases import read, written
from kernels.rblib.catalog import Probe
from kernels.rblib.softmax import SHAPE, G, H, L, P, causal, masks, scores


def _columns(rows):
    """Row statistics as the kernel takes them: the same in every column."""
    return np.broadcast_to(rows[..., None], rows.shape + (P, )).astype(np.float32).copy()


def _tile(name, is_causal, previous):

    def inputs(rng):
        sets = []
        for index, mask in zip((0, 17, P), masks(rng)):
            visible = causal(index) if is_causal else mask > 0
            before = np.array(6 * rng.standard_normal(SHAPE[:-1]))
            before[..., 0] = -np.inf  # a row that saw nothing yet
            if not is_causal:
                mask = mask.copy()
                mask[..., 1, :] = 0  # a row that sees nothing in this tile
                visible = mask > 0
            sets.append({"x": scores(rng, visible), "mask": mask, "index": np.array([index], np.int32),
                         "m_prev": _columns(before)})
        return sets

    def reference(given):
        visible = causal(int(given["index"][0])) if is_causal else given["mask"] > 0
        visible = np.broadcast_to(visible, SHAPE)
        m, p, s = (np.zeros(SHAPE) for _ in range(3))
        for place in np.ndindex(SHAPE[:-1]):
            seen = given["x"][place][visible[place]].astype(np.float64)
            high = max(seen.max(initial=-np.inf), given["m_prev"][place][0] if previous else -np.inf)
            m[place] = high
            p[place][visible[place]] = np.exp(seen - high)
            s[place] = p[place].sum()
        return {"m": m, "p": p, "s": s}

    arguments = (read("x", SHAPE), read("mask", (1, 1, 1, L, P)), read("index", (1, ), "int32"), read("m_prev", SHAPE),
                 written("m", SHAPE), written("p", SHAPE), written("s", SHAPE))
    constants = {"H": H, "G": G, "L": L, "P": P, "CAUSAL": is_causal, "PREVIOUS": previous}
    return Probe(name, "tile", arguments, constants, inputs, reference, "flash")


def _recompute(name, rows, columns):
    names = ("m_prev", "m", "s_prev", "s_cur", "o_prev", "o_cur")

    def inputs(rng):
        given = {key: rng.standard_normal((rows, columns)) for key in names}
        for key in names[:4]:
            given[key][:] = given[key][:, :1]
        given["m"] = np.maximum(given["m"], given["m_prev"])
        # Nothing visible so far, and still nothing.
        given["m_prev"][0] = given["m_prev"][1] = given["m"][1] = -np.inf
        return [{key: value.astype(np.float32) for key, value in given.items()}]

    def reference(given):
        s, o = np.zeros((rows, columns)), np.zeros((rows, columns))
        for r in range(rows):
            before, now = float(given["m_prev"][r, 0]), float(given["m"][r, 0])
            a = 0.0 if before == -np.inf else np.exp(before - now)
            s[r] = a * given["s_prev"][r] + given["s_cur"][r]
            o[r] = a * given["o_prev"][r] + given["o_cur"][r]
        return {"s": s, "o": o}

    arguments = tuple(read(key, (rows, columns)) for key in names) + (written("s", (rows, columns)),
                                                                      written("o", (rows, columns)))
    return Probe(name, "recompute", arguments, {"R": rows, "D": columns}, inputs, reference, "flash")


PROBES = [_tile("flash_attn_tile", False, False), _tile("flash_attn_tile_previous", False, True),
          _tile("dynamic_flash_attn_tile", True, False), _tile("dynamic_flash_attn_tile_previous", True, True),
          _recompute("flash_attn_recompute", 7, 64)]
