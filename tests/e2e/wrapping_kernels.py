"""Random kernels of rank 1 to 3 whose offsets, masks and block pointers come from integers of all widths, and what they
compute when integers wrap."""
import math
import random

import numpy as np

from wrapping_integers import PREDICATES, WIDTHS, Integers, Overflow, Value, numbers, tensor_type

EXTENT = 256     # elements of the array that is read, and of the one that is written in places
OTHER, BEFORE, NEW = -7, -9, 5
SHAPES = {1: [(8, )], 2: [(4, 8), (8, 4), (1, 8), (8, 1)], 3: [(2, 4, 8), (2, 2, 4), (1, 4, 8)]}
ARRAYS = {1: (EXTENT, ), 2: (16, 16), 3: (4, 8, 8)}


def strides_of(shape):
    return [math.prod(shape[d + 1:]) for d in range(len(shape))]


class Program(Integers):
    """One kernel as text, and its result by `expected`."""

    def __init__(self, seed):
        super().__init__(seed)
        choice = self.random.choice
        # Scalars, each an argument, an element of an array, or a dynamic index that is read from one.
        self.inputs = [(name, choice(WIDTHS), choice(["argument", "argument", "loaded", "dynamic"]))
                       for name in "abc"[:choice([1, 2, 2, 3])]]
        self.shape = choice(SHAPES[choice([1, 2, 2, 3])])
        self.rank = len(self.shape)
        self.array, self.written = (EXTENT, ), None
        self.leaves = False  # whether the block leaves the array where its mask is not looked at, in the last evaluation
        self.scalars = []
        self.index_is_out = False  # whether a dynamic index is out of its bounds in the last evaluation
        for name, width, kind in self.inputs:
            value = Value(f"%{name}", width, lambda given, name=name: numbers(given[name]))
            if kind == "dynamic" and width > 8:
                value = self.dynamic_index(value)
            elif kind != "argument":
                value.name = self.emit(f"tt.load %{name} : !tt.ptr<i{width}>")
            self.scalars.append(value)
        for _ in range(self.random.randint(0, 4)):
            self.scalars.append(self.computed(self.scalars))
        self.kind = choice(["mask", "mask", "offsets", "offsets", "chain", "one", "store", "block", "block", "stored_block"])
        getattr(self, self.kind)()

    def dynamic_index(self, value):
        one, zero = self.constant(1, 64).name, self.constant(0, 32).name
        pointer = self.emit(f"tt.make_tensor_ptr {value.name}, [{one}], [{one}], [{zero}] {{order = array<i32: 0>}} : "
                            f"!tt.ptr<tensor<1xi{value.width}>>")
        name = self.emit(f"tt.call @rblib.to_dynamic_index.{value.width}({pointer}) : "
                         f"(!tt.ptr<tensor<1xi{value.width}>>) -> i32")

        def index(given):
            number = value.numbers(given)
            self.index_is_out |= not 0 <= number < 2**31
            return number

        return Value(name, 32, index)

    # ---- Blocks --------------------------------------------------------------------------------------------------------

    def positions(self, axis, width, start=0):
        """The position along an axis, of extent 1 along the others."""
        extent = self.shape[axis]
        shape = tuple(extent if d == axis else 1 for d in range(self.rank))
        if extent == 1:
            return self.constant(0, width, self.shape)
        name = self.emit(f"tt.make_range {{end = {extent + start} : i32, start = {start} : i32}} : tensor<{extent}xi32>")
        counted = numbers(range(start, start + extent)).reshape(shape)
        value = Value(name, 32, lambda given: counted, (extent, ))
        is_late = self.random.random() < 0.3
        if not is_late:
            value = self.cast(value, width, "extsi")
        for d in range(self.rank):
            if d != axis:
                longer = (*value.shape[:d], 1, *value.shape[d:])
                name = self.emit(f"tt.expand_dims {value.name} {{axis = {d} : i32}} : {value.type} -> "
                                 f"{tensor_type(longer, f'i{value.width}')}")
                value = Value(name, value.width, value.numbers, longer)
        return self.cast(value, width, "extsi")

    def spread(self, value, shape=None):
        """The value over the whole block, or over a shape."""
        shape = self.shape if shape is None else shape
        if value.shape == shape:
            return value
        op = "broadcast" if value.shape else "splat"
        name = self.emit(f"tt.{op} {value.name} : {value.type} -> {tensor_type(shape, f'i{value.width}')}")
        return Value(name, value.width, value.numbers, shape)

    def scaled(self, value, factor):
        return value if factor == 1 else self.binary("muli", value, self.constant(factor, value.width, value.shape))

    def in_order(self, width, is_plain=False):
        """The position in row-major order, or one with other strides and starts."""
        result = None
        for axis, stride in enumerate(strides_of(self.shape)):
            is_odd = not is_plain and self.random.random() < 0.2
            start = 4 if is_odd and self.random.random() < 0.5 else 0
            part = self.positions(axis, width, start)
            part = self.spread(self.scaled(part, self.number(width) if is_odd and not start else stride))
            result = self.either("addi", result, part) if result else part
        return result

    def either(self, op, a, b):
        return self.binary(op, *((a, b) if self.random.random() < 0.5 else (b, a)))

    def with_scalar(self, op, block, scalar):
        return self.either(op, block, self.spread(scalar, block.shape))

    def block_of(self, scalar):
        """A block that depends on the scalar and the position."""
        width, form = scalar.width, self.random.random()
        if form < 0.3:
            block = self.with_scalar(self.random.choice(["addi", "addi", "subi"]), self.in_order(width), scalar)
        elif form < 0.5:
            # (scalar + row) * stride + column
            row = self.with_scalar("addi", self.positions(0, width), scalar)
            block = self.spread(self.scaled(row, self.random.choice([math.prod(self.shape[1:]), self.number(width)])))
            for axis in range(1, self.rank):
                part = self.scaled(self.positions(axis, width), strides_of(self.shape)[axis])
                block = self.either("addi", block, self.spread(part))
        elif form < 0.65:
            block = self.with_scalar("addi", self.in_order(width), scalar)
            block = self.with_scalar(self.random.choice(["addi", "subi"]), block, self.partner(scalar, self.scalars))
        elif form < 0.75:
            block = self.spread(self.with_scalar("muli", self.positions(0, width), scalar))
        elif form < 0.85:
            block = self.either("addi", self.scaled(self.spread(scalar), self.number(width)), self.in_order(width))
        else:
            block = self.changed(self.with_scalar("addi", self.in_order(width), scalar))
        for _ in range(self.random.choice([0, 0, 0, 1, 2])):
            op, number = self.random.choice(["addi", "subi", "muli"]), self.constant(self.number(width), width, block.shape)
            block = self.binary(op, block, number)
        block = self.spread(block)
        wider = [other for other in WIDTHS if other > width]
        if wider and self.random.random() < 0.5:
            block = self.cast(block, self.random.choice(wider))
        elif width > 8 and self.random.random() < 0.1:
            block = self.cast(block, self.random.choice([other for other in WIDTHS if other < width]))
        return block

    def changed(self, block):
        """What many offsets have that are no sums."""
        op = self.random.choice(["andi", "remsi", "divsi", "shli", "shrsi", "minsi", "maxsi", "divui", "select", "minus"])
        if op == "minus":
            return self.binary("subi", self.constant(0, block.width, block.shape), block)
        number = self.constant(self.random.choice([1, 2, 3, 4, 15]) % block.width or 1, block.width, block.shape)
        if op == "select":
            place = self.in_order(block.width, True)
            return self.select(self.compare(self.random.choice(["slt", "sge"]), place, number), block,
                               self.binary("addi", place, number))
        return self.binary(op, block, number)

    # ---- Memory --------------------------------------------------------------------------------------------------------

    def pointers(self, base, offsets):
        kind = tensor_type(self.shape, "!tt.ptr<i32>")
        start = self.emit(f"tt.splat {base} : !tt.ptr<i32> -> {kind}")
        return self.emit(f"tt.addptr {start}, {offsets.name} : {kind}, {offsets.type}"), kind

    def put(self, name):
        """Stores a block as the whole output."""
        pointers, kind = self.pointers("%o", self.in_order(32, True))
        self.statement(f"tt.store {pointers}, {name} : {kind}")

    def load(self, pointers, kind, mask):
        """Puts what is loaded where the mask holds."""
        self.put(self.emit(f"tt.load {pointers}, {mask.name}, {self.constant(OTHER, 32, self.shape).name} : {kind}"
                           if mask else f"tt.load {pointers} : {kind}"))

    def read(self, offsets, mask):
        """What a load gives: None if it reads outside of the array."""
        mask, offsets = np.broadcast_to(mask, self.shape), np.broadcast_to(offsets, self.shape)
        outside = ((offsets < 0) | (offsets >= EXTENT)).astype(bool)
        self.leaves = bool(outside.any())
        if np.any(mask & outside):
            return None
        return np.where(mask, 100 + offsets, OTHER).astype(np.int64)

    def both(self, a, b):
        name = self.emit(f"arith.andi {a.name}, {b.name} : {a.type}")
        return Value(name, 1, lambda given: a.numbers(given) & b.numbers(given), a.shape)

    def limited(self, scalar, predicates=tuple(PREDICATES)):
        """Positions along one axis, compared with a scalar."""
        positions = self.spread(self.positions(self.random.randrange(self.rank), scalar.width))
        return self.compare(self.random.choice(predicates), positions, self.spread(scalar))

    def inside(self, offsets):
        least, most = (self.constant(number, offsets.width, self.shape) for number in (0, EXTENT))
        low = self.compare("sge", offsets, least)
        return low if offsets.width == 8 else self.both(low, self.compare("slt", offsets, most))

    # ---- Kinds of kernels: each sets `result` --------------------------------------------------------------------------

    def mask(self):
        scalar = self.scalars[-1]
        limit = self.spread(scalar) if self.random.random() < 0.5 else self.block_of(scalar)
        axis = self.random.randrange(self.rank)
        place = self.spread(self.positions(axis, limit.width)) if self.random.random() < 0.6 else self.in_order(limit.width)
        sides = (place, limit) if self.random.random() < 0.7 else (limit, place)
        mask = self.compare(self.random.choice(list(PREDICATES)), *sides)
        if self.random.random() < 0.3:
            mask = self.both(mask, self.limited(self.random.choice(self.scalars)))
        offsets = self.in_order(32, True)
        self.load(*self.pointers("%x", offsets), mask)
        self.result = lambda given: self.read(offsets.numbers(given), mask.numbers(given))

    def offsets(self):
        offsets = self.block_of(self.scalars[-1])
        mask = self.inside(offsets)
        self.load(*self.pointers("%x", offsets), mask)
        self.result = lambda given: self.read(offsets.numbers(given), mask.numbers(given))

    def chain(self):
        """A pointer that moves several times, before and after it is a block."""
        parts, pointer = self.random.choices(self.scalars[-2:], k=self.random.choice([1, 2])), "%x"
        for part in parts:
            pointer = self.emit(f"tt.addptr {pointer}, {part.name} : !tt.ptr<i32>, {part.type}")
        parts = [*parts, self.in_order(self.random.choice([16, 32, 64]))]
        pointers, kind = self.pointers(pointer, parts[-1])
        if self.random.random() < 0.4:
            parts.append(self.spread(self.random.choice(self.scalars)))
            pointers = self.emit(f"tt.addptr {pointers}, {parts[-1].name} : {kind}, {parts[-1].type}")
        mask = self.limited(self.random.choice(self.scalars), ["slt", "sge", "ult"]) if self.random.random() < 0.5 else None
        self.load(pointers, kind, mask)

        def result(given):
            # Addresses have 64 bits.
            offsets = Overflow.fit(sum(np.broadcast_to(part.numbers(given), self.shape) for part in parts), 64)
            return self.read(offsets, mask.numbers(given) if mask else True)

        self.result = result

    def one(self):
        """A single element."""
        scalar = self.scalars[-1]
        pointer = self.emit(f"tt.addptr %x, {scalar.name} : !tt.ptr<i32>, {scalar.type}")
        name = self.emit(f"tt.load {pointer} : !tt.ptr<i32>")
        self.put(self.spread(Value(name, 32, None)).name)
        self.result = lambda given: self.read(scalar.numbers(given), True)

    def store(self):
        offsets = self.block_of(self.scalars[-1])
        mask = self.inside(offsets)
        pointers, kind = self.pointers("%o", offsets)
        self.statement(f"tt.store {pointers}, {self.constant(NEW, 32, self.shape).name}, {mask.name} : {kind}")
        self.written = (EXTENT, )
        self.result = lambda given: self.changed_array(offsets.numbers(given), mask.numbers(given))

    def changed_array(self, offsets, mask):
        array, offsets = np.full(EXTENT, BEFORE), numbers(offsets)
        self.leaves = bool(((offsets < 0) | (offsets >= EXTENT)).astype(bool).any())
        array[np.broadcast_to(offsets, self.shape)[np.broadcast_to(mask, self.shape)].astype(np.int64)] = NEW
        return array

    def stored_block(self):
        self.block(is_stored=True)

    def block(self, is_stored=False):
        array = ARRAYS[self.rank]
        names = [", ".join(self.constant(number, 64).name for number in numbers) for numbers in (array, strides_of(array))]
        kind = tensor_type(self.shape, "i32")
        stripped = f"<{kind}>" if self.release == "3.7" else f"!tt.ptr<{kind}>"
        offsets = [self.cast(self.scalars[-1] if axis == 0 else self.random.choice(
            [*self.scalars, self.constant(self.random.choice([0, 0, 1, 2, -1, 2**31 - 1]), 32)]), 32)
                   for axis in range(self.rank)]
        self.random.shuffle(offsets)
        order = ", ".join(str(d) for d in reversed(range(self.rank)))
        pointer = self.emit(f"tt.make_tensor_ptr %{'o' if is_stored else 'x'}, [{names[0]}], [{names[1]}], "
                            f"[{', '.join(value.name for value in offsets)}] {{order = array<i32: {order}>}} : {stripped}")
        steps = []
        for _ in range(self.random.choice([0, 0, 1, 2])):
            step = [self.cast(self.random.choice(self.scalars), 32) if self.random.random() < 0.6 else
                    self.constant(self.random.choice([0, 4, 8, -4]), 32) for _ in range(self.rank)]
            pointer = self.emit(f"tt.advance {pointer}, [{', '.join(value.name for value in step)}] : {stripped}")
            steps.append(step)
        is_checked = self.random.random() < 0.7
        axes = ", ".join(map(str, range(self.rank)))
        attributes = f" {{boundaryCheck = array<i32: {axes}>{'' if is_stored else ', padding = 1 : i32'}}}" if is_checked else ""
        if is_stored:
            self.written = array
            self.statement(f"tt.store {pointer}, {self.constant(NEW, 32, self.shape).name}{attributes} : !tt.ptr<{kind}>")
        else:
            self.array = array
            self.put(self.emit(f"tt.load {pointer}{attributes} : !tt.ptr<{kind}>"))

        def result(given):
            inside, places = np.ones(self.shape, bool), np.zeros(self.shape, object)
            for axis, stride in enumerate(strides_of(array)):
                index = offsets[axis].numbers(given)
                for step in steps:
                    index = Overflow.fit(index + step[axis].numbers(given), 32)
                along = [-1 if d == axis else 1 for d in range(self.rank)]
                index = numbers(range(self.shape[axis])).reshape(along) + index
                inside &= ((index >= 0) & (index < array[axis])).astype(bool)
                places = places + index * stride
            if not is_checked and not inside.all():
                return None
            return self.changed_array(places, inside) if is_stored else np.where(inside, 100 + places, 0).astype(np.int64)

        self.result = result

    # ---- What it is ----------------------------------------------------------------------------------------------------

    def text(self):
        types = [f"i{width}" if kind == "argument" else f"!tt.ptr<i{width}>" for _, width, kind in self.inputs]
        arguments = ", ".join(f'%{name}: {kind} loc("{name}")' for (name, _, _), kind in zip(self.inputs, types))
        body = "\n".join(self.lines)
        widths = {width for _, width, kind in self.inputs if kind == "dynamic" and width > 8}
        library = "".join(f"  tt.func private @rblib.to_dynamic_index.{width}(!tt.ptr<tensor<1xi{width}>>) -> i32 "
                          "attributes {noinline = true, rblib.max = -1 : i32, rblib.version = 1 : i32}\n" for width in widths)
        version = "rblib.version = 1 : i32" if widths else "noinline = false"
        return (f'module {{\n  tt.func public @k(%x: !tt.ptr<i32> loc("x"), %o: !tt.ptr<i32> loc("o"), {arguments}) '
                f"attributes {{{version}}} {{\n{body}\n    tt.return\n  }}\n{library}}}\n")

    def shapes(self):
        """The --shape options."""
        shapes = {"x": self.array, **({"o": self.written} if self.written else {})}
        return [word for name, shape in shapes.items() for word in ("--shape", f"{name}={'x'.join(map(str, shape))}")]

    def arguments(self, seed):
        values, given = random.Random(seed), {}
        for name, width, _ in self.inputs:
            limit = 1 << width - 1
            given[name] = values.choice([0, 1, 3, 5, 8, -1, -3, limit - 1, limit - 3, limit - 8, -limit, -limit + 2,
                                         -limit + 8, min(limit - 1, 40000), limit // 2, limit // 16,
                                         values.randrange(-limit, limit), values.randrange(-128, 128),
                                         values.randrange(0, 20), values.randrange(0, 9)])
        return given

    def specs(self, given):
        """The --arg options for these values."""
        specs = ["--arg", f"x={'x'.join(map(str, self.array))}xi32=" + ",".join(str(100 + i) for i in range(EXTENT))]
        if self.written:
            specs += ["--arg", f"o={'x'.join(map(str, self.written))}xi32={BEFORE}"]
        for name, width, kind in self.inputs:
            specs += ["--arg", f"{name}={given[name]}" if kind == "argument" else f"{name}=1xi{width}={given[name]}"]
        return specs

    def expected(self, given):
        """The result, or None where it reads or writes outside of its array; and whether something overflows. Raises
        Undefined."""
        Overflow.seen = self.index_is_out = self.leaves = False
        result = self.result(given)
        return result, Overflow.seen
