"""Random kernels of plain Triton operations on arrays that they read and write again and again.

Blocks are tensors of pointers over a flat array: strided, reversed, overlapping, broadcast, masked by ranges, moved by
integers that the kernel reads from arrays that it may have written before. Between loads and stores stand transposes,
broadcasts, reshapes, reductions with ties, products and chains of branches. Integers wrap, so their results are exact;
floats are small.
"""
import random

import numpy as np

from kernel_random_blocks import LENGTH, Blocks
from rblib_text import ELEMENTS, FORMS, Value, tensor

LARGEST = 2048  # elements of a block
ROWS, PARTITIONS = 3, 4  # of a cache that partition_skip is asked about
INTEGERS = {"addi": np.add, "subi": np.subtract, "muli": np.multiply, "maxsi": np.maximum, "minsi": np.minimum,
            "xori": np.bitwise_xor}
FLOATS = {"addf": np.add, "subf": np.subtract, "maxnumf": np.maximum, "minnumf": np.minimum}


class RandomKernel(Blocks):
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

    # Operations

    def _operation(self):
        self._choose(self._operations)(self)

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
