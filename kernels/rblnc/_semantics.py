"""What the rblib operations compute, in NumPy: the reference that the compiler is tested against.

Written after the formulas of CONVENTION.md, one function per operation, to be read beside it. Scores are
`x[..., i, j]`: query row i, key column j. An index is an int that is already known to be in range.
"""
import numpy as np


def to_dynamic_index(value):
    return int(value)


def insert(data, updates, index, *, axis):
    out = data.copy()
    count = max(0, min(updates.shape[axis], data.shape[axis] - index))
    out[_rows(axis, index, index + count)] = updates[_rows(axis, 0, count)]
    return out


def masked_softmax(x, mask):
    return _normalised(_select(mask > 0, x))


def dynamic_masked_softmax(x, index):
    return _normalised(_select(causal(x.shape, index), x))


def flash_attn_tile(x, mask, m_prev=None):
    return _tile(_select(mask > 0, x), m_prev)


def dynamic_flash_attn_tile(x, index, m_prev=None):
    return _tile(_select(causal(x.shape, index), x), m_prev)


def flash_attn_recompute(m_prev, m, s_prev, s_cur, o_prev, o_cur):
    a = _exp_of_difference(m_prev, m)
    return a * s_prev + s_cur, a * o_prev + o_cur


def partition_skip(index, previous, partition, extent, *, rule="boundary"):
    """Whether partition `partition` lies beyond the current token.

    index: its dynamic index; previous: that of the partition before it; extent: rows in a partition, P.
    With n cached tokens the host passes clamp(n - p * P, 0, P). The partition that the next token goes to is the one
    where that is less than P for the first time, which at n = k * P is 0 just as in the ones beyond. The rule "naive"
    does not look at the previous partition and so loses that token.
    """
    if partition == 0 or index != 0:
        return False
    return True if rule == "naive" else previous < extent


def window_insert(base, new, index, *, axis):
    shape = list(base.shape)
    window, rows = base.shape[axis], new.shape[axis]
    shape[axis] = window + rows
    out = np.zeros(shape, dtype=base.dtype)
    out[_rows(axis, 0, index)] = base[_rows(axis, 0, index)]
    out[_rows(axis, index, index + rows)] = new
    return out


def window_slice(buf, end, *, axis, size):
    shape = list(buf.shape)
    shape[axis] = size
    out = np.zeros(shape, dtype=buf.dtype)
    start = max(0, end - size)
    out[_rows(axis, 0, end - start)] = buf[_rows(axis, start, end)]
    return out


def window_softmax(x, start, *, window_size):
    distance = (start + np.arange(x.shape[-2]))[:, None] - np.arange(x.shape[-1])[None, :]
    return _normalised(_select((distance >= 0) & (distance < window_size), x))


def nn_pad(x, *, axis, low, high, value):
    widths = [(0, 0)] * x.ndim
    widths[axis] = (low, high)
    return np.pad(x, widths, constant_values=value)


def softmax(x, *, axis):
    e = _exp_of_difference(x, np.max(x, axis=axis, keepdims=True))
    return _divided(e, np.sum(e, axis=axis, keepdims=True))


def causal(shape, index):
    """Row i of the tile sees columns 0..index + i."""
    return np.arange(shape[-1])[None, :] <= index + np.arange(shape[-2])[:, None]


def _rows(axis, start, stop):
    return (slice(None), ) * axis + (slice(start, stop), )


def _select(visible, x):
    """A selection: whatever stands in a masked place, NaN included, has no effect."""
    return np.where(visible, x, np.asarray(-np.inf, dtype=x.dtype))


def _exp_of_difference(a, b):
    """exp(a - b), and 0 where a is minus infinity even if b is as well: nothing visible weighs nothing."""
    with np.errstate(invalid="ignore"):
        return np.where(np.isneginf(a), np.asarray(0, dtype=a.dtype), np.exp(a - b))


def _tile(y, m_prev):
    m = np.max(y, axis=-1, keepdims=True)
    if m_prev is not None:
        m = np.maximum(m, m_prev)
    p = _exp_of_difference(y, m)
    return m, p, np.sum(p, axis=-1, keepdims=True, dtype=p.dtype)


def _normalised(y):
    _, p, s = _tile(y, None)
    return _divided(p, s)


def _divided(p, s):
    """0 / 0 where a row has nothing visible: NaN, as PyTorch's softmax of such a row."""
    with np.errstate(invalid="ignore", divide="ignore"):
        return p / s
