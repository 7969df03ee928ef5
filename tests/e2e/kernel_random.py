"""Random kernels of plain Triton operations on arrays that they read and write again and again.

Blocks are tensors of pointers over a flat array: strided, reversed, overlapping, broadcast, masked by ranges, moved by
integers that the kernel reads from arrays that it may have written before. Between loads and stores stand transposes,
broadcasts, reshapes, reductions with ties, products and chains of branches. Integers wrap, so their results are exact;
floats are small.
"""
import random

import numpy as np

from rblib_calls import Kernel
from rblib_text import ELEMENTS, FORMS, Value, tensor

LARGEST = 2048  # elements of a block
LENGTH = 640  # of an array
ROWS, PARTITIONS = 3, 4  # of a cache that partition_skip is asked about
EXTENTS = (1, 2, 3, 4, 5, 6, 8, 9, 12, 16, 17)
INTEGERS = {"addi": np.add, "subi": np.subtract, "muli": np.multiply, "maxsi": np.maximum, "minsi": np.minimum,
            "xori": np.bitwise_xor}
FLOATS = {"addf": np.add, "subf": np.subtract, "maxnumf": np.maximum, "minnumf": np.minimum}


class RandomKernel(Kernel):
    """`inputs(number)` makes inputs."""

    def __init__(self, seed):
        super().__init__()
        self._random = random.Random(seed)
        self._element = self._random.choice(("i32", "i32", "f32"))
        self._is_float = self._element == "f32"
        self._functions = FLOATS if self._is_float else INTEGERS
        self._sum, self._greater = ("addf", "maxnumf") if self._is_float else ("addi", "maxsi")
        self._arrays = [self.array(f"o{n}", (LENGTH, ), self._element) for n in range(self._random.randint(1, 3))]
        self._table = self.array("table", (16, ), "i32")
        self.array("seen", (PARTITIONS, ), "i32")
        self._skips = [[]]
        self._scopes, self._numbers = [[]], [[]]
        operations = [method for name, method in sorted(type(self).__dict__.items()) if name.startswith("op_")]
        self._operations = operations + [type(self).op_load, type(self).op_store] * 3
        for _ in range(self._random.randint(4, 22)):
            self._operation()
        for value in self._random.sample(self._known(), min(2, len(self._known()))):
            self._write(value)
        for name in self._arrays:  # every array is read and written, so all are results
            whole = self._pointers(name, (LENGTH, ), (1, ), 0)
            self._put(whole, self._get(whole, (LENGTH, )), None)

    def inputs(self, number):
        rng = np.random.default_rng(number)
        values = {name: rng.integers(-3, 4, shape).astype(ELEMENTS[element])
                  for name, (shape, element) in self.arrays.items()}
        values["table"] = rng.integers(0, 8, 16)
        values["seen"] = np.clip(rng.integers(0, ROWS * PARTITIONS) - ROWS * np.arange(PARTITIONS), 0, ROWS)
        return values

    # What there is

    def _choose(self, options):
        return self._random.choice(options)

    def _operation(self):
        self._choose(self._operations)(self)

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

    def op_load_bounded(self):
        shape, name = self._shape(), self._choose(self._arrays)
        block, places, axes = self._bounded(name, shape, False)

        def compute(env):
            place, inside = places(env)
            return np.where(inside, env["arrays"][name][np.where(inside, place, 0)], 0)

        self._keep(self._emit(f"tt.load {block.name} {axes}, padding = 1 : i32}} : {block.type}", shape, compute))

    def op_store_bounded(self):
        value, name = self._any(), self._choose(self._arrays)
        block, places, axes = self._bounded(name, value.shape, True)
        self.line(f"tt.store {block.name}, {value.name} {axes}}} : {block.type}")

        def compute(env):
            place, inside = places(env)
            env["arrays"][name][place[inside]] = env[value.name][inside]

        self.step(compute)

    op_another_load_bounded, op_another_store_bounded = op_load_bounded, op_store_bounded

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

    # Operations

    def op_load(self):
        self._read(self._shape())

    def op_store(self):
        self._write(self._any())

    def op_update(self):
        """In place: what is loaded through pointers is stored through them again."""
        shape = self._shape()
        pointers, mask = self._place(self._choose(self._arrays), shape, True)
        value = self._get(pointers, shape, mask)
        op, compute = self._choose(sorted(self._functions.items()))
        self._put(pointers, self._keep(self._small(self._binary(op, value, self._of(shape), compute))), mask)

    def _small(self, x):
        """Floats stay small."""
        if not self._is_float:
            return x
        low, high = self._splat(-1000, x.shape), self._splat(1000, x.shape)
        return self._binary("minnumf", self._binary("maxnumf", x, low, np.maximum), high, np.minimum)

    def op_binary(self):
        x = self._any()
        op, compute = self._choose(sorted(self._functions.items()))
        y = self._of(x.shape)
        if len(x.shape) > 1 and len(set(x.shape)) == 1 and self._random.random() < 0.5:
            order = self._random.sample(range(len(x.shape)), len(x.shape))
            y = self.trans(x, order)
        self._keep(self._small(self._binary(op, x, y, compute)))

    op_another_binary = op_yet_another_binary = op_binary

    def op_select(self):
        x = self._any()
        y = self._of(x.shape)
        less = "cmpf olt" if self._is_float else "cmpi slt"
        chosen = self.emit(f"arith.{less}, {x.name}, {y.name} : {x.type}", x.shape, "i1",
                           lambda env: env[x.name] < env[y.name])
        a, b = self._of(x.shape), self._of(x.shape)
        self._keep(self._emit(f"arith.select {chosen.name}, {a.name}, {b.name} : {chosen.type}, {a.type}", x.shape,
                              lambda env: np.where(env[chosen.name], env[a.name], env[b.name])))

    def op_positions(self):
        x = self._any()
        positions = self._positions(x.shape, self._random.randrange(len(x.shape)))
        if self._element != "i32":
            source, conversion = positions, {"f32": "sitofp", "i16": "trunci", "i64": "extsi"}[self._element]
            positions = self._emit(f"arith.{conversion} {source.name} : {source.type} to {x.type}", x.shape,
                                   lambda env: env[source.name].astype(ELEMENTS[self._element]))
        self._keep(self._small(self._binary(self._sum, x, positions, np.add)))

    def op_trans(self):
        x = self._any()
        self._keep(self.trans(x, self._random.sample(range(len(x.shape)), len(x.shape))))

    def op_reshape(self):
        x = self._any()
        count, shape = int(np.prod(x.shape)), []
        while count > 1 and len(shape) < 3:
            shape.append(self._choose([n for n in range(2, count + 1) if count % n == 0]))
            count //= shape[-1]
        shape.insert(self._random.randint(0, len(shape)), count)
        self._keep(self.reshape(x, shape))

    def op_broadcast(self):
        x = self._any()
        shape = tuple(self._choose((1, 3, 8)) if extent == 1 else extent for extent in x.shape)
        if np.prod(shape) <= LARGEST:
            self._keep(self._broadcast(x, shape))

    def op_expand(self):
        x = self._any()
        if len(x.shape) < 4:
            axis = self._random.randint(0, len(x.shape))
            wide = self._expand(x, axis)
            extent = self._choose((1, 2, 3, 8, x.shape[0]))
            shape = (*x.shape[:axis], extent, *x.shape[axis:])
            if np.prod(shape) <= LARGEST:
                self._keep(self._broadcast(wide, shape))

    def _combined(self, x, axis, op):
        shape = (*x.shape[:axis], *x.shape[axis + 1:])
        result, element = tensor(shape, x.element) if shape else x.element, x.element
        lines = (f'({x.name}) <{{axis = {axis} : i32}}> ({{ ^bb0(%a: {element}, %b: {element}): %c = arith.{op} %a, %b '
                 f': {element} tt.reduce.return %c : {element} }}) : ({x.type}) -> {result}')
        function = self._functions[op]

        def compute(env):
            with np.errstate(over="ignore"):
                return np.asarray(function.reduce(env[x.name], axis=axis), ELEMENTS[element])

        return self._emit(f'"tt.reduce"{lines}', shape if shape else None, compute)

    def op_reduce(self):
        x = self._any()
        axis = self._random.randrange(len(x.shape))
        op = self._choose((self._sum, self._greater))
        result = self._combined(x, axis, op)
        if result.shape:  # a block without the axis is refused
            result = self._expand(result, axis)
        else:
            shape = self._shape()
            result = self._emit(f"tt.splat {result.name} : {x.element} -> {tensor(shape, x.element)}", shape,
                                lambda env, source=result: np.full(shape, env[source.name], ELEMENTS[x.element]))
        result = self._keep(self._small(result))
        if self._random.random() < 0.6 and len(result.shape) == len(x.shape):
            self._keep(self._broadcast(result, x.shape) if np.prod(result.shape) * x.shape[axis] == np.prod(x.shape)
                       else result)

    op_another_reduce = op_reduce

    def op_argmax(self):
        """The first of the greatest, and its position."""
        x = self._any()
        axis = self._random.randrange(len(x.shape))
        if self._element != "i32" or len(x.shape) < 2:
            return
        y = self._positions(x.shape, axis)
        shape = (*x.shape[:axis], *x.shape[axis + 1:])
        kind, name = tensor(shape, "i32"), self.fresh()
        is_first = self._random.random() < 0.7
        self.line(f'{name}:2 = "tt.reduce"({x.name}, {y.name}) <{{axis = {axis} : i32}}> ({{ ^bb0(%a: i32, %i: i32, '
                  f'%b: i32, %j: i32): %e = arith.cmpi eq, %a, %b : i32 %l = arith.cmpi '
                  f'{"slt" if is_first else "sgt"}, %i, %j : i32 %t = arith.andi %e, %l : i1 %g = arith.cmpi sgt, %a, '
                  f'%b : i32 %w = arith.ori %g, %t : i1 %v = arith.select %w, %a, %b : i32 %p = arith.select %w, %i, %j'
                  f' : i32 tt.reduce.return %v, %p : i32, i32 }}) : ({x.type}, {y.type}) -> ({kind}, {kind})')

        def compute(env):
            values = env[x.name]
            env[f"{name}#0"] = values.max(axis)
            place = values.argmax(axis) if is_first else values.shape[axis] - 1 - np.flip(values, axis).argmax(axis)
            env[f"{name}#1"] = place.astype(np.int32)

        self.step(compute)
        for n in (0, 1):
            self._keep(self._expand(Value(f"{name}#{n}", kind, shape, "i32"), axis))

    def op_dot(self):
        if not self._is_float:
            return
        a = self._any()
        if len(a.shape) not in (2, 3):
            return
        if self._random.random() < 0.3:
            b = self.trans(a, [*range(len(a.shape) - 2), len(a.shape) - 1, len(a.shape) - 2])
        else:
            b = self._of((*a.shape[:-2], a.shape[-1], self._choose((1, 3, 8, a.shape[-2]))))
        a, b = self._tiny(a), self._tiny(b)
        if np.prod((*a.shape[:-1], b.shape[-1])) <= LARGEST:
            self._keep(self._small(self.dot(a, b)))

    def _tiny(self, x):
        low, high = self._splat(-8, x.shape), self._splat(8, x.shape)
        return self._binary("minnumf", self._binary("maxnumf", x, low, np.maximum), high, np.minimum)

    def op_branch(self):
        if len(self._scopes) > 1:
            return  # a branch inside of a branch is refused
        known = [skip for scope in self._skips for skip in scope]
        if not known or self._random.random() < 0.6:
            known = [self.skip(self.index("seen", self._random.randrange(PARTITIONS), max=ROWS), ROWS)]
            self._skips[-1] += known
        condition = self.condition(self._choose(known), self._choose(["== False"] * 4 + list(FORMS)))
        like = [self._any() for _ in range(self._random.randint(0, 3))]
        sizes = self._choose(((3, 0), (4, 0), (2, 2), (0, 2), (1, 1)))
        blocks = [lambda size=size: self._block(like, size) for size in sizes]
        for result in self.branch(condition, like, blocks[0], blocks[1] if like or sizes[1] else None):
            self._keep(result)

    op_another_branch = op_yet_another_branch = op_branch

    def _block(self, like, size):
        self._scopes.append([])
        self._numbers.append([])
        self._skips.append([])
        for _ in range(size):
            self._operation()
        yields = []
        for value in like:
            fitting = [other for other in self._scopes[-1] if other.shape == value.shape]
            if fitting and self._random.random() < 0.7:
                yields.append(self._choose(fitting))
            else:
                yields.append(value if self._random.random() < 0.6 else self._choose(
                    [other for other in self._known() if other.shape == value.shape]))
        self._scopes.pop()
        self._numbers.pop()
        self._skips.pop()
        return yields
