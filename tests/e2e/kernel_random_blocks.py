"""What random kernels of plain Triton operations are made of: numbers, positions, and blocks of arrays with their places.

A class that inherits these sets `_random`, `_element`, `_arrays`, `_scopes` and `_numbers` (kernel_random.py).
"""
import numpy as np

from rblib_calls import Kernel
from rblib_text import ELEMENTS, Value, tensor

LENGTH = 640  # of an array
EXTENTS = (1, 2, 3, 4, 5, 6, 8, 9, 12, 16, 17)


class Blocks(Kernel):

    # What there is

    def _choose(self, options):
        return self._random.choice(options)

    def _known(self):
        return [value for scope in self._scopes for value in scope]

    def _keep(self, value):
        self._scopes[-1].append(value)
        return value

    def _any(self):
        known = self._known()
        if known and self._random.random() < 0.85:
            return self._choose(known[-6:] if self._random.random() < 0.6 else known)
        return self._read(self._shape())

    def _shape(self):
        while True:
            shape = tuple(self._choose(EXTENTS) for _ in range(self._choose((1, 2, 2, 2, 3))))
            if np.prod(shape) <= LENGTH // 2:
                return shape

    def _of(self, shape):
        shape = tuple(shape)
        known = [value for value in self._known() if value.shape == shape]
        if known and self._random.random() < 0.8:
            return self._choose(known)
        if self._random.random() < 0.15 or np.prod(shape) > LENGTH // 2:
            return self._keep(self._splat(self._choose((0, 1, -2)), shape))
        return self._read(shape)

    # Numbers

    def _emit(self, text, shape, compute, element=None):
        return self.emit(text, shape, element or self._element, compute)

    def _splat(self, number, shape, element=None):
        element = element or self._element
        text = float(number) if element == "f32" else number
        return self._emit(f"arith.constant dense<{text}> : {tensor(shape, element)}", shape,
                          lambda env: np.full(shape, number, ELEMENTS[element]), element)

    def _number(self):
        """An integer 0..7 that is known when the kernel runs."""
        known = [number for scope in self._numbers for number in scope]
        if known and self._random.random() < 0.6:
            return self._choose(known)
        name = self._choose(self._arrays) if self._element == "i32" and self._random.random() < 0.6 else "table"
        place = self._random.randrange(self.arrays[name][0][0])
        pointer = self.fresh()
        self.line(f"{pointer} = tt.addptr %{name}, {self.constant(place, 'i32')} : !tt.ptr<i32>, i32")
        value = self.emit(f"tt.load {pointer} : !tt.ptr<i32>", None, "i32", lambda env: int(env["arrays"][name][place]))
        if name != "table":
            value = self.emit(f"arith.andi {value.name}, {self.constant(7, 'i32')} : i32", None, "i32",
                              lambda env, source=value: env[source.name] & 7)
        self._numbers[-1].append(value)
        return value

    def _positions(self, shape, axis):
        extent = shape[axis]
        row = self._emit(f"tt.make_range {{end = {extent} : i32, start = 0 : i32}} : {tensor((extent,), 'i32')}",
                         (extent, ), lambda env: np.arange(extent, dtype=np.int32), "i32")
        for d in range(len(shape)):
            if d != axis:
                row = self._expand(row, d)
        return self._broadcast(row, shape)

    def _expand(self, x, axis):
        shape = (*x.shape[:axis], 1, *x.shape[axis:])
        return self._emit(f"tt.expand_dims {x.name} {{axis = {axis} : i32}} : {x.type} -> {tensor(shape, x.element)}",
                          shape, lambda env: np.expand_dims(env[x.name], axis), x.element)

    def _broadcast(self, x, shape):
        return x if x.shape == tuple(shape) else self.broadcast(x, tuple(shape))

    def _binary(self, op, a, b, compute):
        return self._emit(f"arith.{op} {a.name}, {b.name} : {a.type}", a.shape,
                          lambda env: compute(env[a.name], env[b.name]), a.element)

    # Memory

    def _layout(self, shape, is_store):
        """Strides, and the lowest and highest place relative to the first element."""
        order = list(range(len(shape)))
        if self._random.random() < 0.5:
            self._random.shuffle(order)
        strides, step = [0] * len(shape), 1
        for d in reversed(order):
            if not is_store and self._random.random() < 0.2:
                strides[d] = self._choose((0, 1, 2, 3))  # may overlap
                continue
            strides[d] = step
            step = step * shape[d] + self._choose((0, 0, 0, 1, 3))
        if self._random.random() < 0.15:
            d = self._random.randrange(len(shape))
            strides[d] = -strides[d]
        spans = [stride * (extent - 1) for stride, extent in zip(strides, shape)]
        return strides, sum(min(0, span) for span in spans), sum(max(0, span) for span in spans)

    def _place(self, name, shape, is_store):
        """Pointers to a block somewhere in an array, and a mask or None."""
        while True:
            strides, low, high = self._layout(shape, is_store)
            if high - low < LENGTH:
                break
            if is_store and np.prod(shape) * 2 > LENGTH:
                strides = [int(np.prod(shape[d + 1:])) for d in range(len(shape))]
                low, high = 0, int(np.prod(shape)) - 1
                break
        number, scale = None, 0
        room = LENGTH - 1 - (high - low)
        if self._random.random() < 0.35 and room >= 7:
            number, scale = self._number(), self._choose([s for s in (1, 2, 16, abs(strides[0]) or 1) if 7 * s <= room])
            room -= 7 * scale
        # Few starts, so that blocks meet.
        start = -low + self._choose([s for s in (0, 0, 1, 2, 16, 64, room) if s <= room])
        return self._pointers(name, shape, strides, start, number, scale), self._mask(shape)

    def _pointers(self, name, shape, strides, start, number=None, scale=0):
        total = self._splat(start, shape, "i32")
        for axis, stride in enumerate(strides):
            if shape[axis] == 1:
                continue
            part = self._binary("muli", self._positions(shape, axis), self._splat(stride, shape, "i32"), np.multiply)
            total = self._binary("addi", total, part, np.add)
        base = f"%{name}"
        if number is not None:
            moved = self.emit(f"arith.muli {number.name}, {self.constant(scale, 'i32')} : i32", None, "i32",
                              lambda env: env[number.name] * scale)
            base = self.fresh()
            self.line(f"{base} = tt.addptr %{name}, {moved.name} : !tt.ptr<{self._element}>, i32")
        pointers, result = self.fresh(), self.fresh()
        kind = tensor(shape, f"!tt.ptr<{self._element}>")
        self.line(f"{pointers} = tt.splat {base} : !tt.ptr<{self._element}> -> {kind}")
        self.line(f"{result} = tt.addptr {pointers}, {total.name} : {kind}, {total.type}")

        def compute(env):
            env[result] = (name, env[total.name] + (env[number.name] * scale if number is not None else 0))

        self.step(compute)
        return Value(result, kind, tuple(shape), self._element)

    def _bounded(self, name, shape, is_store):
        """A block pointer that may reach beyond the borders of an array, which are checked."""
        # Pointers of an array's own rank go by its shape.
        extents = [max(1, extent + self._choose((-2, 0, 0, 1, 3))) for extent in shape] if len(shape) > 1 else [LENGTH]
        while np.prod(extents) > LENGTH:
            extents[self._random.randrange(len(shape))] = 1
        strides = [int(np.prod(extents[d + 1:])) for d in range(len(shape))]
        offsets, places = [], []
        for extent in extents:
            constant = self._choose((0, 0, 1, -1, -3, extent - 1, extent, extent + 40))
            if self._random.random() < 0.3:
                number, way = self._number(), self._choose(("addi", "subi"))
                constant = self._choose((0, 1, 4))
                offsets.append(self.emit(f"arith.{way} {number.name}, {self.constant(constant, 'i32')} : i32", None, "i32",
                                         lambda env, n=number, c=constant, s=1 if way == "addi" else -1:
                                         env[n.name] + s * c))
                places.append(offsets[-1])
            else:
                offsets.append(constant)
                places.append(None)
        block = self.block(name, shape, offsets, extents, strides)

        def compute(env):
            total, inside = 0, True
            for d, (offset, place) in enumerate(zip(offsets, places)):
                index = np.arange(shape[d]) + (env[place.name] if place else offset)
                index = index.reshape([-1 if d == axis else 1 for axis in range(len(shape))])
                total, inside = total + index * strides[d], inside & (index >= 0) & (index < extents[d])
            return np.broadcast_to(total, shape), np.broadcast_to(inside, shape)

        axes = f"{{boundaryCheck = array<i32: {', '.join(map(str, range(len(shape))))}>"
        return block, compute, axes

    def _mask(self, shape):
        """None, or a range of positions along one or two axes, with a limit that may be known only at run time."""
        mask = None
        for _ in range(self._choose((0, 0, 1, 1, 2))):
            axis = self._random.randrange(len(shape))
            positions = self._positions(shape, axis)
            if self._random.random() < 0.4:
                number = self._number()
                limit = self._emit(f"tt.splat {number.name} : i32 -> {tensor(shape, 'i32')}", shape,
                                   lambda env, number=number: np.full(shape, env[number.name]), "i32")
            else:
                limit = self._splat(self._choose((-1, 0, 1, 2, shape[axis] // 2, shape[axis])), shape, "i32")
            predicate, compute = self._choose((("slt", np.less), ("sge", np.greater_equal), ("slt", np.less)))
            one = self.emit(f"arith.cmpi {predicate}, {positions.name}, {limit.name} : {positions.type}", shape, "i1",
                            lambda env, a=positions, b=limit, f=compute: f(env[a.name], env[b.name]))
            if mask is None:
                mask = one
            else:
                mask = self.emit(f"arith.andi {mask.name}, {one.name} : {mask.type}", shape, "i1",
                                 lambda env, a=mask, b=one: env[a.name] & env[b.name])
        return mask

    def _get(self, pointers, shape, mask=None):
        other = self._splat(self._choose((0, 1, -3)), shape) if mask else None
        if mask and self._random.random() < 0.3:
            known = [value for value in self._known() if value.shape == tuple(shape)]
            other = self._choose(known) if known else other

        def compute(env):
            name, places = env[pointers.name]
            if mask is None:
                return env["arrays"][name][places]
            chosen = np.where(env[mask.name], places, 0)
            return np.where(env[mask.name], env["arrays"][name][chosen], env[other.name])

        operands = [pointers.name, *([mask.name, other.name] if mask else [])]
        return self._emit(f"tt.load {', '.join(operands)} : {pointers.type}", shape, compute)

    def _put(self, pointers, value, mask):
        operands = [pointers.name, value.name, *([mask.name] if mask else [])]
        self.line(f"tt.store {', '.join(operands)} : {pointers.type}")

        def compute(env):
            name, places = env[pointers.name]
            chosen = env[mask.name] if mask else np.full(value.shape, True)
            env["arrays"][name][places[chosen]] = env[value.name][chosen]

        self.step(compute)

    def _read(self, shape):
        pointers, mask = self._place(self._choose(self._arrays), tuple(shape), False)
        return self._keep(self._get(pointers, tuple(shape), mask))

    def _write(self, value):
        if 0 < np.prod(value.shape) <= LENGTH:
            pointers, mask = self._place(self._choose(self._arrays), value.shape, True)
            self._put(pointers, value, mask)
