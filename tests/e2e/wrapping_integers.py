"""Random kernels whose offsets and masks come from integers of all widths, and what they compute when integers wrap."""
import random

import numpy as np

EXTENT = 64      # of the array that is read
LANES = 8
OTHER = -7
WIDTHS = (8, 16, 32, 64)


def wrap(value, width):
    return (value + (1 << width - 1)) % (1 << width) - (1 << width - 1)


class Overflow:
    """Whether an operation of a program left its type in the last evaluation."""
    seen = False

    @classmethod
    def fit(cls, value, width):
        result = wrap(value, width)
        cls.seen |= result != value
        return result


BINARY = {
    "addi": lambda a, b, w: Overflow.fit(a + b, w),
    "subi": lambda a, b, w: Overflow.fit(a - b, w),
    "muli": lambda a, b, w: Overflow.fit(a * b, w),
    "minsi": lambda a, b, w: min(a, b),
    "maxsi": lambda a, b, w: max(a, b),
    "minui": lambda a, b, w: wrap(min(a % (1 << w), b % (1 << w)), w),
    "maxui": lambda a, b, w: wrap(max(a % (1 << w), b % (1 << w)), w),
    "andi": lambda a, b, w: a & b,
    "ori": lambda a, b, w: a | b,
    "xori": lambda a, b, w: a ^ b,
}
# With a constant that is not zero, or a shift that is less than the width.
WITH_CONSTANT = {
    "shli": lambda a, c, w: Overflow.fit(a << c, w),
    "shrsi": lambda a, c, w: a >> c,
    "shrui": lambda a, c, w: wrap((a % (1 << w)) >> c, w),
    "divui": lambda a, c, w: wrap((a % (1 << w)) // (c % (1 << w)), w),
    "remui": lambda a, c, w: wrap((a % (1 << w)) % (c % (1 << w)), w),
    "remsi": lambda a, c, w: int(abs(a) % abs(c)) * (1 if a >= 0 else -1),
}
PREDICATES = {"slt": lambda a, b, w: a < b, "sle": lambda a, b, w: a <= b, "sgt": lambda a, b, w: a > b,
              "sge": lambda a, b, w: a >= b, "eq": lambda a, b, w: a == b,
              "ult": lambda a, b, w: a % (1 << w) < b % (1 << w), "uge": lambda a, b, w: a % (1 << w) >= b % (1 << w)}


class Program:
    """One kernel as text, and its results by `expected`. Values are pairs of name and width; what they are is kept as
    functions of the arguments, of one number or of one number for each lane."""

    def __init__(self, seed):
        self.random = random.Random(seed)
        self.lines = []
        self.count = 0
        # Two scalars, each an argument or an element of an array.
        self.inputs = [(name, self.random.choice(WIDTHS), self.random.random() < 0.5) for name in ("a", "b")]
        self.scalars = []
        for name, width, is_loaded in self.inputs:
            value = f"%{name}"
            if is_loaded:
                value = self.emit(f"tt.load %{name} : !tt.ptr<i{width}>")
            self.scalars.append((value, width, lambda given, name=name: given[name]))
        for _ in range(self.random.randint(1, 4)):
            self.scalars.append(self.scalar_step())
        self.kind = self.random.choice(["mask", "mask", "offsets", "block", "advance"])
        getattr(self, self.kind)()

    def emit(self, text):
        self.count += 1
        self.lines.append(f'    %v{self.count} = {text} loc("k.py":{self.count}:1)')
        return f"%v{self.count}"

    def constant(self, value, width, lanes=False):
        kind = f"dense<{value}> : tensor<{LANES}xi{width}>" if lanes else f"{value} : i{width}"
        return self.emit(f"arith.constant {kind}")

    def number(self, width):
        limit = 1 << width - 1
        return self.random.choice([1, 2, 3, 4, -1, 100, limit - 1, -limit, min(limit - 1, 65536), min(limit - 1, 33000)])

    def combine(self, a, b, lanes=False):
        """Adds, subtracts or scales; `b` is a value of the same kind."""
        (left, width, f), (right, _, g) = a, b
        name = self.random.choice(["addi", "subi"] if lanes else list(BINARY))
        kind = f"tensor<{LANES}xi{width}>" if lanes else f"i{width}"
        value = self.emit(f"arith.{name} {left}, {right} : {kind}")
        return value, width, lambda given: BINARY[name](f(given), g(given), width)

    def scalar_step(self):
        value, width, f = self.random.choice(self.scalars)
        choice = self.random.random()
        if choice < 0.3:
            return self.cast(value, width, f, self.random.choice(WIDTHS))
        if choice < 0.45:
            name = self.random.choice(list(WITH_CONSTANT))
            c = self.random.randint(1, width - 1 if name.startswith("sh") else 100)
            result = self.emit(f"arith.{name} {value}, {self.constant(c, width)} : i{width}")
            return result, width, lambda given: WITH_CONSTANT[name](f(given), c, width)
        same = [other for other in self.scalars if other[1] == width]
        if choice < 0.7 and len(same) > 1:
            return self.combine((value, width, f), self.random.choice(same))
        c = self.number(width)
        return self.combine((value, width, f), (self.constant(c, width), width, lambda given: c))

    def cast(self, value, width, f, to, signed_only=False):
        if to == width:
            return value, width, f
        if to < width:
            return self.emit(f"arith.trunci {value} : i{width} to i{to}"), to, lambda given: wrap(f(given), to)
        name = "extsi" if signed_only or self.random.random() < 0.7 else "extui"
        result = self.emit(f"arith.{name} {value} : i{width} to i{to}")
        return result, to, (f if name == "extsi" else lambda given: f(given) % (1 << width))

    # ---- Blocks: functions of the arguments and the lane `given["i"]` -------------------------------------------------

    def lanes(self, width):
        """0, 1, 2, ..."""
        value = self.emit(f"tt.make_range {{end = {LANES} : i32, start = 0 : i32}} : tensor<{LANES}xi32>")
        if width != 32:
            name = "extsi" if width > 32 else "trunci"
            value = self.emit(f"arith.{name} {value} : tensor<{LANES}xi32> to tensor<{LANES}xi{width}>")
        return value, width, lambda given: given["i"]

    def splat(self, scalar):
        value, width, f = scalar
        return self.emit(f"tt.splat {value} : i{width} -> tensor<{LANES}xi{width}>"), width, f

    def block_of(self, scalar):
        """A block that depends on the scalar and the lane."""
        block = self.combine(self.splat(scalar), self.lanes(scalar[1]), lanes=True)
        for _ in range(self.random.randint(0, 2)):
            value, width, f = block
            c = self.number(width)
            if self.random.random() < 0.5:
                block = self.combine(block, (self.constant(c, width, True), width, lambda given, c=c: c), lanes=True)
            else:
                result = self.emit(f"arith.muli {value}, {self.constant(c, width, True)} : tensor<{LANES}xi{width}>")
                block = result, width, lambda given, f=f, c=c, width=width: Overflow.fit(f(given) * c, width)
        value, width, f = block
        if width < 64 and self.random.random() < 0.5:
            to = self.random.choice([w for w in WIDTHS if w > width])
            value = self.emit(f"arith.extsi {value} : tensor<{LANES}xi{width}> to tensor<{LANES}xi{to}>")
            width = to
        return value, width, f

    def compare(self, a, b, names=tuple(PREDICATES)):
        (left, width, f), (right, _, g) = a, b
        name = self.random.choice(names)
        value = self.emit(f"arith.cmpi {name}, {left}, {right} : tensor<{LANES}xi{width}>")
        return value, lambda given: PREDICATES[name](f(given), g(given), width)

    def load(self, offsets, mask):
        value, width, f = offsets
        base = self.emit(f"tt.splat %x : !tt.ptr<i32> -> tensor<{LANES}x!tt.ptr<i32>>")
        pointers = self.emit(f"tt.addptr {base}, {value} : tensor<{LANES}x!tt.ptr<i32>>, tensor<{LANES}xi{width}>")
        other = self.constant(OTHER, 32, True)
        self.store(self.emit(f"tt.load {pointers}, {mask[0]}, {other} : tensor<{LANES}x!tt.ptr<i32>>"))
        self.lane = lambda given: (100 + f(given) if 0 <= f(given) < EXTENT else None) if mask[1](given) else OTHER

    def store(self, value):
        base = self.emit(f"tt.splat %o : !tt.ptr<i32> -> tensor<{LANES}x!tt.ptr<i32>>")
        pointers = self.emit(f"tt.addptr {base}, {self.lanes(32)[0]} : tensor<{LANES}x!tt.ptr<i32>>, tensor<{LANES}xi32>")
        self.lines.append(f"    tt.store {pointers}, {value} : tensor<{LANES}x!tt.ptr<i32>>")

    def mask(self):
        scalar = self.scalars[-1]
        limit = self.splat(scalar) if self.random.random() < 0.5 else self.block_of(scalar)
        mask = self.compare(self.lanes(limit[1]), limit)
        if self.random.random() < 0.3:
            other = self.splat(self.random.choice(self.scalars))
            value, f = self.compare(self.lanes(other[1]), other)
            both, g = self.emit(f"arith.andi {mask[0]}, {value} : tensor<{LANES}xi1>"), mask[1]
            mask = both, lambda given: f(given) & g(given)
        self.load(self.lanes(32), mask)

    def offsets(self):
        offsets = self.block_of(self.scalars[-1])
        width = offsets[1]
        low = self.compare(offsets, (self.constant(0, width, True), width, lambda given: 0), ["sge"])
        high = self.compare(offsets, (self.constant(EXTENT, width, True), width, lambda given: EXTENT), ["slt"])
        both = self.emit(f"arith.andi {low[0]}, {high[0]} : tensor<{LANES}xi1>")
        self.load(offsets, (both, lambda given: low[1](given) and high[1](given)))

    def block_pointer(self, advances):
        value, width, f = self.scalars[-1]
        value, _, f = self.cast(value, width, f, 32)
        extent, one = self.constant(EXTENT, 64), self.constant(1, 64)
        pointer = self.emit(f"tt.make_tensor_ptr %x, [{extent}], [{one}], [{value}] {{order = array<i32: 0>}} : "
                            f"!tt.ptr<tensor<{LANES}xi32>>")
        for _ in range(advances):
            step, width, g = self.random.choice(self.scalars)
            step, _, g = self.cast(step, width, g, 32)
            pointer = self.emit(f"tt.advance {pointer}, [{step}] : !tt.ptr<tensor<{LANES}xi32>>")
            f = lambda given, f=f, g=g: Overflow.fit(f(given) + g(given), 32)
        self.store(self.emit(f"tt.load {pointer} {{boundaryCheck = array<i32: 0>, padding = 1 : i32}} : "
                             f"!tt.ptr<tensor<{LANES}xi32>>"))
        self.lane = lambda given: 100 + f(given) + given["i"] if 0 <= f(given) + given["i"] < EXTENT else 0

    def block(self):
        self.block_pointer(0)

    def advance(self):
        self.block_pointer(self.random.randint(1, 2))

    # ---- What it is ----------------------------------------------------------------------------------------------------

    def text(self):
        types = [f"!tt.ptr<i{width}>" if is_loaded else f"i{width}" for _, width, is_loaded in self.inputs]
        arguments = ", ".join(f'%{name}: {kind} loc("{name}")' for (name, _, _), kind in zip(self.inputs, types))
        body = "\n".join(self.lines)
        return (f'module {{\n  tt.func public @k(%x: !tt.ptr<i32> loc("x"), %o: !tt.ptr<i32> loc("o"), {arguments}) {{\n'
                f"{body}\n    tt.return\n  }}\n}}\n")

    def arguments(self, seed):
        values = random.Random(seed)
        given = {}
        for name, width, _ in self.inputs:
            limit = 1 << width - 1
            given[name] = values.choice([0, 1, 3, 5, -1, -3, limit - 1, limit - 3, -limit, -limit + 2, min(limit - 1, 40000),
                                         values.randrange(-limit, limit)])
        return given

    def specs(self, given):
        """The --arg options for these values."""
        specs = ["--arg", f"x={EXTENT}xi32=" + ",".join(str(100 + i) for i in range(EXTENT))]
        for name, width, is_loaded in self.inputs:
            specs += ["--arg", f"{name}=1xi{width}={given[name]}" if is_loaded else f"{name}={given[name]}"]
        return specs

    def expected(self, given):
        """The result, or None where it reads outside of its array; and whether something overflows."""
        Overflow.seen = False
        lanes = [self.lane({**given, "i": i}) for i in range(LANES)]
        return None if None in lanes else np.array(lanes, np.int32), Overflow.seen
