"""What the rblib operations compute, in NumPy: the reference that the compiler is tested against.

Those that compute do it with `arithmetic`: NumPy's own, or the device's where a kernel is interpreted.

Written after the formulas of CONVENTION.md, one function per operation, to be read beside it. Scores are
`x[..., i, j]`: query row i, key column j. An index is an int that is already known to be in range.
"""
import numpy as np


class NumpyArithmetic:
    """In the type of the operands."""
    add = staticmethod(np.add)
    subtract = staticmethod(np.subtract)
    multiply = staticmethod(np.multiply)
    maximum = staticmethod(np.maximum)
    exp = staticmethod(np.exp)

    @staticmethod
    def divide(a, b):
        with np.errstate(invalid="ignore", divide="ignore"):
            return a / b

    @staticmethod
    def greatest(x, axis):
        return np.max(x, axis=axis, keepdims=True)

    @staticmethod
    def total(x, axis):
        return np.sum(x, axis=axis, keepdims=True, dtype=x.dtype)


def to_dynamic_index(value):
    return int(value)


def insert(data, updates, index, *, axis):
    out = data.copy()
    count = max(0, min(updates.shape[axis], data.shape[axis] - index))
    out[_rows(axis, index, index + count)] = updates[_rows(axis, 0, count)]
    return out


def masked_softmax(x, mask, *, arithmetic=NumpyArithmetic):
    return softmax(_select(mask > 0, x), axis=-1, arithmetic=arithmetic)


def dynamic_masked_softmax(x, index, *, arithmetic=NumpyArithmetic):
    return softmax(_select(causal(x.shape, index), x), axis=-1, arithmetic=arithmetic)


def flash_attn_tile(x, mask, m_prev=None, *, arithmetic=NumpyArithmetic):
    return _tile(_select(mask > 0, x), m_prev, -1, arithmetic)


def dynamic_flash_attn_tile(x, index, m_prev=None, *, arithmetic=NumpyArithmetic):
    return _tile(_select(causal(x.shape, index), x), m_prev, -1, arithmetic)


def flash_attn_recompute(m_prev, m, s_prev, s_cur, o_prev, o_cur, *, arithmetic=NumpyArithmetic):
    a = _exp_of_difference(m_prev, m, arithmetic)
    return (arithmetic.add(arithmetic.multiply(a, s_prev), s_cur), arithmetic.add(arithmetic.multiply(a, o_prev), o_cur))


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


def window_softmax(x, start, *, window_size, arithmetic=NumpyArithmetic):
    distance = (start + np.arange(x.shape[-2]))[:, None] - np.arange(x.shape[-1])[None, :]
    return softmax(_select((distance >= 0) & (distance < window_size), x), axis=-1, arithmetic=arithmetic)


def nn_pad(x, *, axis, low, high, value):
    widths = [(0, 0)] * x.ndim
    widths[axis] = (low, high)
    return np.pad(x, widths, constant_values=value)


def softmax(x, *, axis, arithmetic=NumpyArithmetic):
    """0 / 0 where a row has nothing visible: NaN, as PyTorch's softmax of such a row."""
    _, p, s = _tile(x, None, axis, arithmetic)
    return arithmetic.divide(p, s)


def causal(shape, index):
    """Row i of the tile sees columns 0..index + i."""
    return np.arange(shape[-1])[None, :] <= index + np.arange(shape[-2])[:, None]


def _rows(axis, start, stop):
    return (slice(None), ) * axis + (slice(start, stop), )


def _select(visible, x):
    """A selection: whatever stands in a masked place, NaN included, has no effect."""
    return np.where(visible, x, np.asarray(-np.inf, dtype=x.dtype))


def _exp_of_difference(a, b, arithmetic):
    """exp(a - b), and 0 where a is minus infinity even if b is as well: nothing visible weighs nothing."""
    with np.errstate(invalid="ignore"):
        return np.where(np.isneginf(a), np.asarray(0, dtype=a.dtype), arithmetic.exp(arithmetic.subtract(a, b)))


def _tile(y, m_prev, axis, arithmetic):
    m = arithmetic.greatest(y, axis)
    if m_prev is not None:
        m = arithmetic.maximum(m, m_prev)
    p = _exp_of_difference(y, m, arithmetic)
    return m, p, arithmetic.total(p, axis)
