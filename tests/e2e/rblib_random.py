"""Random kernels of rblib operations: every operation, rank and axis, indices shared and derived, branches in a row."""
import random

import numpy as np

from rblib_calls import Kernel, with_extent
from rblib_text import ELEMENTS, FORMS

LARGEST = 4000  # elements of a block
EXTENTS = (1, 1, 2, 3, 4, 5, 7, 8, 9, 17)
ADDED = (-3, -1, 1, 2, 5)


class RandomKernel:
    """kernel, and inputs for it: `inputs(number)`."""

    def __init__(self, seed):
        self._random = random.Random(seed)
        self.kernel = Kernel(record=self._choose((True, True, False)))
        self._rows, self._partitions = self._choose((1, 2, 5, 6, 7)), self._choose((2, 3, 4))
        self._table = self._integers("table", 8)
        self._seen = self._integers("seen", self._partitions)
        # By place of an index, the values that all its uses allow; and indices in scope: value, place, what was added.
        self._bounds, self._indices = {}, []
        self._scopes = [[]]
        self._skips, self._outputs = {}, []
        self._operations = [method for name, method in sorted(type(self).__dict__.items()) if name.startswith("op_")]
        for _ in range(self._random.randint(3, 14)):
            self._operation()
        for value in self._random.sample(self._known(), min(4, len(self._known()))):
            self._store(value)
        for name in self._outputs:  # stores may all stand in branches that are never taken
            block = self.kernel.block(name)
            self.kernel.store(block, self.kernel.load(block))

    def inputs(self, number):
        rng = np.random.default_rng(number)
        values = {}
        for name, (shape, element) in self.kernel.arrays.items():
            value = rng.standard_normal(shape) if element == "f32" else np.zeros(shape)
            if element == "f32" and number % 2:
                value[rng.random(shape) < 0.2] = -np.inf
            values[name] = value.astype(ELEMENTS[element])
        tokens = rng.choice([0, self._rows, self._rows * self._partitions, rng.integers(1, self._rows * 2 + 1)])
        values["seen"][...] = np.clip(tokens - self._rows * np.arange(self._partitions), 0, self._rows)
        for (array, place), (low, high) in self._bounds.items():
            chosen = values["seen"][place] if array == "seen" else rng.choice([low, high, (low + high) // 2])
            values[array][place] = np.clip(chosen, low, high)
        return values

    # What there is

    def _choose(self, options):
        return self._random.choice(options)

    def _integers(self, name, count):
        self.kernel.array(name, self._choose([(count, ), (2, count)]), self._choose(("i16", "i32", "i32", "i64")))
        return name

    def _place(self, name):
        return tuple(self._random.randrange(extent) for extent in self.kernel.arrays[name][0])

    def _known(self):
        return [value for scope in self._scopes for value in scope]

    def _keep(self, *values):
        self._scopes[-1].extend(values)

    def _any(self, rank=1):
        known = [value for value in self._known() if len(value.shape) >= rank]
        if known and self._random.random() < 0.8:
            return self._choose(known)
        while True:
            ranks = [n for n in (1, 2, 2, 3, 3, 4, 5, 6) if n >= rank]
            shape = [self._choose(EXTENTS) for _ in range(self._choose(ranks))]
            if np.prod(shape) <= LARGEST:
                return self._of(shape)

    def _of(self, shape):
        """A value of a shape: one that there is, a constant, or one read from an array in some way."""
        known = [value for value in self._known() if value.shape == tuple(shape)]
        if known and self._random.random() < 0.75:
            return self._choose(known)
        kernel, way = self.kernel, self._random.random()
        if way < 0.1:
            value = kernel.full(shape, self._choose((0.0, 1.5, -2.0)))
        elif way < 0.25:
            order = self._random.sample(range(len(shape)), len(shape))
            value = kernel.trans(self._read([shape[order.index(d)] for d in range(len(shape))]), order)
        elif way < 0.35:
            value = kernel.broadcast(self._read([self._choose((1, extent)) for extent in shape]), shape)
        elif way < 0.45:
            value = kernel.reshape(self._read([int(np.prod(shape))]), shape)
        else:
            value = self._read(shape)
        self._keep(value)
        return value

    def _read(self, shape):
        known = [name for name, (extents, _) in self.kernel.arrays.items()
                 if name[0] == "x" and extents == tuple(shape)]
        name = self._choose(known) if known and self._random.random() < 0.4 else None
        block = self.kernel.block(name or self.kernel.array(f"x{len(self.kernel.arrays)}", shape))
        if self._random.random() < 0.6:
            return self.kernel.load(block)
        axis = self._random.randrange(len(shape))
        return self.kernel.dynamic_load(block, axis, self._index(shape[axis]))

    def _index(self, limit=None, is_limited=False):
        """An index that may be 0..limit where it is used; one that is computed with only if is_limited."""
        if self._indices and self._random.random() < 0.6:
            value, place, added = self._choose(self._indices)
        else:
            name = self._choose(("table", "seen"))
            place, added = (name, self._place(name)), 0
            bounds = self._bounds.setdefault(place, (0, self._rows if name == "seen" else 40))
            most = self._rows if name == "seen" else self._choose((-1, bounds[1]))
            value = self.kernel.index(name, *place[1], max=most)
            self._bounds[place] = (bounds[0], bounds[1] if most < 0 else min(bounds[1], most))
            self._indices.append((value, place, 0))
        if added == 0 and self._random.random() < 0.35:
            added = self._choose(ADDED)
            value = self.kernel.plus(value, added)
            self._indices.append((value, place, added))
        low, high = self._bounds[place]
        if limit is not None and (added == 0 or is_limited):
            low, high = max(low, -added), min(high, limit - added)
            if low > high:
                return self.kernel.constant_index(0)
            self._bounds[place] = (low, high)
        return value

    def _axis(self, value, most=10**9):
        axis = self._random.randrange(len(value.shape))
        return axis if value.shape[axis] <= most else None

    def _operation(self):
        self._choose(self._operations)(self)

    # Operations

    def op_insert(self):
        data = self._any()
        axis = self._axis(data)
        rows = self._choose((1, data.shape[axis], self._random.randint(1, data.shape[axis])))
        updates = self._of(with_extent(data.shape, axis, rows))
        self._keep(self.kernel.insert(data, updates, axis, self._index(data.shape[axis])))

    def op_window_insert(self):
        base = self._any()
        axis = self._axis(base, 30)
        if axis is not None:
            new = self._of(with_extent(base.shape, axis, self._choose((1, 2, base.shape[axis]))))
            self._keep(self.kernel.window_insert(base, new, axis, self._index(base.shape[axis], True)))

    def op_window_slice(self):
        buf = self._any()
        axis = self._axis(buf)
        size = self._choose((1, buf.shape[axis], self._random.randint(1, buf.shape[axis])))
        self._keep(self.kernel.window_slice(buf, self._index(buf.shape[axis], True), axis, size))

    def op_pad(self):
        x = self._any()
        axis = self._axis(x, 30)
        if axis is not None:
            self._keep(self.kernel.pad(x, axis, self._choose((0, 0, 1, 3)), self._choose((0, 0, 1, 4)),
                                       self._choose((0.0, -1.5, np.inf))))

    def op_softmax(self):
        x = self._any()
        self._keep(self.kernel.softmax(x, self._axis(x)))

    def _mask(self, x):
        return self._of([*(self._choose((1, extent)) for extent in x.shape[:-1]), x.shape[-1]])

    def op_masked_softmax(self):
        x = self._any(2)
        self._keep(self.kernel.masked_softmax(x, self._mask(x)))

    def op_dynamic_masked_softmax(self):
        self._keep(self.kernel.dynamic_masked_softmax(self._any(2), self._index()))

    def op_window_softmax(self):
        self._keep(self.kernel.window_softmax(self._any(2), self._index(), self._choose((1, 2, 5, 100, 2**31 - 1))))

    def op_tile(self):
        x = self._any(2)
        previous = self._of((*x.shape[:-1], 1)) if self._random.random() < 0.5 else None
        self._keep(*self.kernel.tile(x, self._choose((self._mask(x), self._index())), previous))

    def op_recompute(self):
        o = self._any()
        columns = [self._of((*o.shape[:-1], 1)) for _ in range(4)]
        self._keep(*self.kernel.recompute(*columns, self._of(o.shape), o))

    def op_trans(self):
        x = self._any()
        self._keep(self.kernel.trans(x, self._random.sample(range(len(x.shape)), len(x.shape))))

    def op_reshape(self):
        x = self._any()
        count, shape = int(np.prod(x.shape)), []
        while count > 1 and len(shape) < 4:
            shape.append(self._choose([n for n in range(2, count + 1) if count % n == 0]))
            count //= shape[-1]
        shape.insert(self._random.randint(0, len(shape)), count)
        self._keep(self.kernel.reshape(x, shape))

    def op_broadcast(self):
        x = self._any()
        shape = [self._choose((1, 3, 4)) if extent == 1 else extent for extent in x.shape]
        if np.prod(shape) <= LARGEST:
            self._keep(self.kernel.broadcast(x, shape))

    def op_binary(self):
        x = self._any()
        self._keep(self.kernel.binary(self._choose(("addf", "mulf")), x, self._of(x.shape)))

    def op_dot(self):
        a = self._any(2)
        self._keep(self.kernel.dot(a, self._of((*a.shape[:-2], a.shape[-1], self._choose((1, 3, 8))))))

    def op_store(self):
        self._store(self._any(), self._choose((True, False)))

    def _store(self, value, is_dynamic=False):
        known = [name for name in self._outputs if self.kernel.arrays[name][0] == value.shape]
        if known and self._random.random() < 0.5:
            name = self._choose(known)
        else:
            name = self.kernel.array(f"o{len(self.kernel.arrays)}", value.shape)
            self._outputs.append(name)
        block = self.kernel.block(name)
        if self._random.random() < 0.3:
            self._keep(self.kernel.load(block))
        if is_dynamic:
            axis = self._axis(value)
            self.kernel.dynamic_store(block, value, axis, self._index(value.shape[axis]))
        else:
            self.kernel.store(block, value)
        if self._random.random() < 0.2:
            self._keep(self.kernel.load(block))

    def op_branch(self):
        if len(self._scopes) > 1:
            return  # a branch inside of a branch is refused
        place = self._place("seen")
        if place not in self._skips or self._random.random() < 0.3:
            self._bounds.setdefault(("seen", place), (0, self._rows))
            index = self.kernel.index("seen", *place, max=self._rows)
            self._indices.append((index, ("seen", place), 0))
            self._skips[place] = self.kernel.skip(index, self._rows)
        condition = self.kernel.condition(self._skips[place], self._choose(["== False"] * 4 + list(FORMS)))
        like = [self._any() for _ in range(self._random.randint(0, 3))]
        sizes = self._choose(((3, 0), (4, 0), (2, 0), (0, 2), (2, 2)))
        blocks = [lambda size=size: self._block(like, size) for size in sizes]
        results = self.kernel.branch(condition, like, blocks[0], blocks[1] if like or sizes[1] else None)
        self._keep(*results * 3)  # what comes next mostly goes on with them

    op_another_branch = op_yet_another_branch = op_branch

    def _block(self, like, size):
        indices = list(self._indices)
        self._scopes.append([])
        for _ in range(size):
            self._operation()
        yields = []
        for value in like:
            fitting = [other for other in self._scopes[-1] if other.shape == value.shape]
            if size == 0 and self._random.random() < 0.8:
                yields.append(value)
            elif fitting and self._random.random() < 0.7:
                yields.append(self._choose(fitting))
            else:
                yields.append(self._choose([other for other in self._known() if other.shape == value.shape]))
        self._scopes.pop()
        self._indices = indices
        return yields
