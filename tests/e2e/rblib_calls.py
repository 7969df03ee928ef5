"""rblib operations for kernels of rblib_text.py, each with its meaning as loops or plain NumPy."""
import struct

import numpy as np

from rblib_text import ELEMENTS, Text, Value, tensor


def rows_of(array, axis):
    return np.moveaxis(array, axis, 0)


def with_extent(shape, axis, extent):
    return (*shape[:axis], extent, *shape[axis + 1:])


class Kernel(Text):

    def __init__(self, record=True):
        super().__init__(record)
        self._places = {}  # array and offsets of each index, by name

    def call(self, op, operands, results, compute=None, **constants):
        """results: (shape, element) each, shape None for a scalar; compute returns as many values."""
        inputs = ", ".join(operand.type for operand in operands)
        types = [element if shape is None else tensor(shape, element) for shape, element in results]
        outputs = types[0] if len(types) == 1 else f"({', '.join(types)})"
        name = self.fresh()
        names = [name] if len(types) == 1 else [f"{name}#{n}" for n in range(len(types))]
        left = f"{name}:{len(types)} = " if len(types) > 1 else f"{name} = " if types else ""
        self.line(f"{left}tt.call @{self.declare(op, inputs, outputs, constants)}"
                  f"({', '.join(operand.name for operand in operands)}) : ({inputs}) -> {outputs}")

        def run(env):
            values = compute(env)
            env.update(zip(names, [values] if len(names) == 1 else values or ()))

        self.step(run)
        values = [Value(n, t, tuple(shape or ()), element) for n, t, (shape, element) in zip(names, types, results)]
        return values[0] if len(values) == 1 else values

    # Indices

    def index(self, array, *offsets, max=-1):
        """rblib.to_dynamic_index(array[offsets], max)"""
        data = self.block(array, (1, ) * len(offsets), offsets)
        value = self.call("to_dynamic_index", [data], [(None, "i32")], lambda env: int(data.view(env).item()), max=max)
        self._places[value.name] = (array, offsets)
        return value

    def constant_index(self, number):
        name = self.fresh()
        self.line(f"{name} = arith.constant {number} : i32")
        self.step(lambda env: env.__setitem__(name, number))
        return Value(name, "i32", (), "i32")

    def plus(self, index, number):
        op = "addi" if number >= 0 else "subi"
        return self.emit(f"arith.{op} {index.name}, {self.constant(abs(number), 'i32')} : i32", None, "i32",
                         lambda env: env[index.name] + number)

    def skip(self, index, rows, naive=False):
        """rblib.partition_skip(index) of partitions of `rows` rows."""
        array, place = self._places[index.name]

        def compute(env):
            off, p = env["arrays"][array], place[-1]
            return p > 0 and off[place] == 0 and (naive or off[(*place[:-1], p - 1)] < rows)

        return self.call("partition_skip", [index], [(None, "i1")], compute)

    # Memory

    def dynamic_load(self, block, axis=None, index=None):

        def compute(env):
            out = np.zeros(block.shape, ELEMENTS[block.element])
            rows = block.shape[axis or 0] if index is None else np.clip(env[index.name], 0, block.shape[axis])
            rows_of(out, axis or 0)[:rows] = rows_of(block.view(env), axis or 0)[:rows]
            return out

        operands, constants = ([block], {}) if index is None else ([block, index], {"axis": axis})
        return self.call("dynamic_load", operands, [(block.shape, block.element)], compute, **constants)

    def dynamic_store(self, block, value, axis=None, index=None):

        def compute(env):
            rows = block.shape[axis or 0] if index is None else np.clip(env[index.name], 0, block.shape[axis])
            rows_of(block.view(env), axis or 0)[:rows] = rows_of(env[value.name], axis or 0)[:rows]

        operands, constants = ([block, value], {}) if index is None else ([block, value, index], {"axis": axis})
        self.call("dynamic_store", operands, [], compute, **constants)

    # Blocks of a cache

    def insert(self, data, updates, axis, index):

        def compute(env):
            out, new, off = env[data.name].copy(), rows_of(env[updates.name], axis), env[index.name]
            for r, row in enumerate(new):
                if 0 <= off + r < data.shape[axis]:
                    rows_of(out, axis)[off + r] = row
            return out

        return self.call("insert", [data, updates, index], [(data.shape, data.element)], compute, axis=axis)

    def window_insert(self, base, new, axis, index):
        shape = with_extent(base.shape, axis, base.shape[axis] + new.shape[axis])

        def compute(env):
            out, off = np.zeros(shape, ELEMENTS[base.element]), env[index.name]
            rows_of(out, axis)[:off] = rows_of(env[base.name], axis)[:off]
            rows_of(out, axis)[off:off + new.shape[axis]] = rows_of(env[new.name], axis)
            return out

        return self.call("window_insert", [base, new, index], [(shape, base.element)], compute, axis=axis)

    def window_slice(self, buf, end, axis, size):
        shape = with_extent(buf.shape, axis, size)

        def compute(env):
            out, last = np.zeros(shape, ELEMENTS[buf.element]), env[end.name]
            for r, source in enumerate(range(max(0, last - size), last)):
                rows_of(out, axis)[r] = rows_of(env[buf.name], axis)[source]
            return out

        return self.call("window_slice", [buf, end], [(shape, buf.element)], compute, axis=axis, size=size)

    def pad(self, x, axis, low, high, value):
        shape = with_extent(x.shape, axis, low + x.shape[axis] + high)

        def compute(env):
            out = np.full(shape, value, ELEMENTS[x.element])
            rows_of(out, axis)[low:low + x.shape[axis]] = rows_of(env[x.name], axis)
            return out

        bits, = struct.unpack("<i", struct.pack("<f", value))
        return self.call("nn_pad", [x], [(shape, x.element)], compute, axis=axis, low=low, high=high, value_bits=bits)

    # Softmax and flash attention

    def softmax(self, x, axis):
        return self.call("softmax", [x], [(x.shape, x.element)], lambda env: _softmax(env[x.name], axis), axis=axis)

    def masked_softmax(self, x, mask):
        return self.call("masked_softmax", [x, mask], [(x.shape, x.element)],
                         lambda env: _softmax(np.where(env[mask.name] > 0, env[x.name], -np.inf), -1))

    def dynamic_masked_softmax(self, x, index):
        return self.call("dynamic_masked_softmax", [x, index], [(x.shape, x.element)],
                         lambda env: _softmax(_seen(env[x.name], env[index.name]), -1))

    def window_softmax(self, x, start, window):
        return self.call("window_softmax", [x, start], [(x.shape, x.element)],
                         lambda env: _softmax(_seen(env[x.name], env[start.name], window), -1), window_size=window)

    def tile(self, x, chosen, previous=None):
        """flash_attn_tile with a mask, or dynamic_flash_attn_tile with an index: m, p, s."""
        is_dynamic = chosen.type == "i32"
        column = (*x.shape[:-1], 1)

        def compute(env):
            scores, choice = env[x.name], env[chosen.name]
            y = _seen(scores, choice) if is_dynamic else np.where(choice > 0, scores, -np.inf)
            m = y.max(-1, keepdims=True)
            if previous is not None:
                m = np.maximum(m, env[previous.name])
            p = _exp(y, m)
            return tuple(v.astype(np.float32) for v in (m, p, p.sum(-1, keepdims=True)))

        return self.call("dynamic_flash_attn_tile" if is_dynamic else "flash_attn_tile",
                         [x, chosen, *([] if previous is None else [previous])],
                         [(column, x.element), (x.shape, x.element), (column, x.element)], compute)

    def recompute(self, m_prev, m, s_prev, s_cur, o_prev, o_cur):
        operands = [m_prev, m, s_prev, s_cur, o_prev, o_cur]

        def compute(env):
            before, now, s0, s1, o0, o1 = (env[value.name] for value in operands)
            a = _exp(before, now)
            return (a * s0 + s1).astype(np.float32), (a * o0 + o1).astype(np.float32)

        return self.call("flash_attn_recompute", operands, [(m.shape, m.element), (o_cur.shape, m.element)], compute)


def _seen(x, index, window=None):
    """Row i sees column j if 0 <= index + i - j, and that is less than the window."""
    y = np.full(x.shape, -np.inf)
    for i in range(x.shape[-2]):
        for j in range(x.shape[-1]):
            if 0 <= index + i - j < (2**40 if window is None else window):
                y[..., i, j] = x[..., i, j]
    return y


def _exp(a, b):
    with np.errstate(invalid="ignore", over="ignore"):
        return np.where(np.isneginf(a), 0, np.exp(a.astype(np.float64) - b))


def _softmax(y, axis):
    with np.errstate(invalid="ignore"):
        e = _exp(y, y.max(axis, keepdims=True))
        return (e / e.sum(axis, keepdims=True)).astype(np.float32)
