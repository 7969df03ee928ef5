"""What every rblib operation demands of its operands, and the type of what it returns. Plain Python.

The compiler checks the same rules again (CONVENTION.md has them in words); here they fail at the Python line, before
any text exists. A `Block` stands for a tensor, or for what a block pointer points at.
"""
from dataclasses import dataclass

FLOATS = ("fp16", "bf16", "fp32")
INDICES = ("int16", "int32", "int64")
LARGEST_INDEX = 2**31 - 1


class RblibError(ValueError):
    """An rblib operation was called with operands that it does not take."""


@dataclass(frozen=True)
class Block:
    """Extents, and Triton's name of the element type (fp32, int32, ...)."""
    shape: tuple
    dtype: str

    @property
    def rank(self):
        return len(self.shape)

    def with_extent(self, axis, extent):
        return Block(self.shape[:axis] + (extent, ) + self.shape[axis + 1:], self.dtype)

    def __str__(self):
        return f"<{'x'.join(map(str, self.shape))}x{self.dtype}>"


def require(condition, message):
    if not condition:
        raise RblibError(message)


def integer(value, name, low, high=LARGEST_INDEX):
    require(isinstance(value, int) and not isinstance(value, bool), f"{name} must be a constexpr int, not {value!r}")
    require(low <= value <= high, f"{name} must be in {low}..{high}, not {value}")
    return value


def axis_of(block, axis):
    """A non-negative axis; a negative one counts from the last dimension."""
    integer(axis, "axis", -LARGEST_INDEX)
    require(-block.rank <= axis < block.rank, f"axis {axis} is not a dimension of {block}")
    return axis % block.rank


def floating(block, name):
    require(block.dtype in FLOATS, f"{name} has element type {block.dtype}; it must be one of {', '.join(FLOATS)}")


def same_dtype(block, other, name):
    require(block.dtype == other.dtype, f"{name} has element type {other.dtype}, expected {block.dtype}")


def equal(block, other, name):
    require(block == other, f"{name} is {other}, expected {block}")


def scores(x, name="x"):
    """Rows of query positions and columns of keys: the last two dimensions."""
    floating(x, name)
    require(x.rank >= 2, f"{name} is {x}; it needs at least rank 2, rows of queries and columns of keys")
    return x


def row(x):
    """One number a row of x."""
    return x.with_extent(x.rank - 1, 1)


def to_dynamic_index(pointee, maximum):
    require(pointee.dtype in INDICES, f"data points at {pointee.dtype}; it must be int32 (or int16)")
    require(1 <= pointee.rank <= 2 and all(extent == 1 for extent in pointee.shape),
            f"data must point at one element, a block of shape (1,) or (1, 1), not {pointee}")
    return integer(maximum, "max", -1)


def insert(data, updates, axis):
    same_dtype(data, updates, "updates")
    require(data.rank == updates.rank, f"updates is {updates}, expected rank {data.rank} as data, {data}")
    axis = axis_of(data, axis)
    expected = data.with_extent(axis, updates.shape[axis])
    require(updates.shape == expected.shape and updates.shape[axis] <= data.shape[axis],
            f"updates is {updates}; it must be as data, {data}, except for a smaller extent along axis {axis}")
    return axis


def mask(x, selector):
    scores(x)
    require(selector.dtype in FLOATS, f"mask has element type {selector.dtype}; it must be one of {', '.join(FLOATS)}")
    fits = selector.rank == x.rank and selector.shape[-1] == x.shape[-1] and \
        all(extent in (1, full) for extent, full in zip(selector.shape, x.shape))
    require(fits, f"mask is {selector}; it must have the rank and the columns of x, {x}, and be equal or 1 elsewhere")


def recompute(m_prev, m, s_prev, s_cur, o_prev, o_cur):
    floating(m, "m")
    require(m.rank >= 2 and m.shape[-1] == 1, f"m is {m}; its last extent must be 1")
    for name, other in (("m_prev", m_prev), ("s_prev", s_prev), ("s_cur", s_cur)):
        equal(m, other, name)
    require(o_prev.dtype == m.dtype and o_prev.rank == m.rank and o_prev.shape[:-1] == m.shape[:-1],
            f"o_prev is {o_prev}; it must be as m, {m}, except for the last extent")
    equal(o_prev, o_cur, "o_cur")


def window_insert(base, new, axis):
    same_dtype(base, new, "new")
    require(base.rank == new.rank, f"new is {new}, expected rank {base.rank} as base, {base}")
    axis = axis_of(base, axis)
    expected = base.with_extent(axis, new.shape[axis])
    require(new.shape == expected.shape, f"new is {new}; it must be as base, {base}, except along axis {axis}")
    return axis, base.with_extent(axis, base.shape[axis] + new.shape[axis])


def window_slice(buffer, axis, size):
    axis = axis_of(buffer, axis)
    integer(size, "size", 1)
    require(size <= buffer.shape[axis], f"size {size} exceeds the extent of buf, {buffer}, along axis {axis}")
    return axis, buffer.with_extent(axis, size)


def nn_pad(x, value, axis, widths, mode):
    floating(x, "x")
    axis = axis_of(x, axis)
    require(isinstance(widths, (tuple, list)) and len(widths) == 2, f"widths must be (low, high), not {widths!r}")
    low, high = (integer(width, "a width", 0) for width in widths)
    require(mode == "constant", f"mode must be \"constant\", not {mode!r}")
    require(isinstance(value, (int, float)), f"value must be a constexpr number, not {value!r}")
    extent = x.shape[axis] + low + high
    require(extent <= LARGEST_INDEX, f"the padded extent {extent} is too large")
    return axis, low, high, x.with_extent(axis, extent)
