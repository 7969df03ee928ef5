"""Integers of all widths as a kernel computes them: what each operation gives when integers wrap, and its text."""
import random

import numpy as np

WIDTHS = (8, 16, 32, 64)


class Undefined(Exception):
    """A division by zero, or a shift by the width or more."""


class Overflow:
    """Whether an operation of a program left its type in the last evaluation."""
    seen = False

    @classmethod
    def fit(cls, value, width):
        result = wrap(value, width)
        cls.seen |= bool(np.any(result != value))
        return result


def numbers(value):
    return np.asarray(value, dtype=object)


def wrap(value, width):
    return (numbers(value) + (1 << width - 1)) % (1 << width) - (1 << width - 1)


def unsigned(value, width):
    return numbers(value) % (1 << width)


def choose(condition, a, b):
    return np.where(np.asarray(condition, bool), numbers(a), numbers(b))


def quotient(a, b):
    """Rounded towards zero."""
    a, b = numbers(a), numbers(b)
    if np.any(b == 0):
        raise Undefined
    return choose((a < 0) != (b < 0), -(abs(a) // abs(b)), abs(a) // abs(b))


def shift(compute):

    def checked(a, b, width):
        amount = unsigned(b, width)
        if np.any(amount >= width):
            raise Undefined
        return compute(numbers(a), amount, width)

    return checked


def smaller(a, b):
    return choose(numbers(a) < numbers(b), a, b)


def larger(a, b):
    return choose(numbers(a) > numbers(b), a, b)


BINARY = {
    "addi": lambda a, b, w: Overflow.fit(a + b, w),
    "subi": lambda a, b, w: Overflow.fit(a - b, w),
    "muli": lambda a, b, w: Overflow.fit(a * b, w),
    "minsi": lambda a, b, w: smaller(a, b),
    "maxsi": lambda a, b, w: larger(a, b),
    "minui": lambda a, b, w: wrap(smaller(unsigned(a, w), unsigned(b, w)), w),
    "maxui": lambda a, b, w: wrap(larger(unsigned(a, w), unsigned(b, w)), w),
    "andi": lambda a, b, w: a & b,
    "ori": lambda a, b, w: a | b,
    "xori": lambda a, b, w: a ^ b,
    "shli": shift(lambda a, b, w: Overflow.fit(a * 2**b, w)),
    "shrsi": shift(lambda a, b, w: a // 2**b),
    "shrui": shift(lambda a, b, w: wrap(unsigned(a, w) // 2**b, w)),
    "divsi": lambda a, b, w: Overflow.fit(quotient(a, b), w),
    "remsi": lambda a, b, w: numbers(a) - quotient(a, b) * b,
    "divui": lambda a, b, w: wrap(quotient(unsigned(a, w), unsigned(b, w)), w),
    "remui": lambda a, b, w: wrap(unsigned(a, w) - quotient(unsigned(a, w), unsigned(b, w)) * unsigned(b, w), w),
}
PREDICATES = {
    "slt": lambda a, b, w: a < b, "sle": lambda a, b, w: a <= b, "sgt": lambda a, b, w: a > b,
    "sge": lambda a, b, w: a >= b, "eq": lambda a, b, w: a == b, "ne": lambda a, b, w: a != b,
    "ult": lambda a, b, w: unsigned(a, w) < unsigned(b, w), "ule": lambda a, b, w: unsigned(a, w) <= unsigned(b, w),
    "ugt": lambda a, b, w: unsigned(a, w) > unsigned(b, w), "uge": lambda a, b, w: unsigned(a, w) >= unsigned(b, w),
}


def tensor_type(shape, element):
    return f"tensor<{'x'.join(map(str, shape))}x{element}>" if shape else element


class Value:
    """An integer or a block of integers: its name, and `numbers` of the arguments' values."""

    def __init__(self, name, width, numbers, shape=()):
        self.name, self.width, self.numbers, self.shape = name, width, numbers, shape

    @property
    def type(self):
        return tensor_type(self.shape, f"i{self.width}")


class Integers:
    """The text of a kernel, one line of Python for each operation. `release` is one of Triton: 3.2 prints numbers for
    names, 3.7 names; "source" is the text before make_ttir, with the sums in 64 bits that Triton's own checks make."""

    def __init__(self, seed):
        self.random = random.Random(seed)
        self.release = self.random.choice(["3.2", "3.7", "source"])
        self.lines = []

    def statement(self, text):
        self.lines.append(f'    {text} loc("k.py":{len(self.lines) + 1}:1)')

    def emit(self, text):
        number = len(self.lines) + 1
        name = f"%offsets_{number}" if self.release == "3.7" else f"%v{number}"
        self.statement(f"{name} = {text}")
        return name

    def constant(self, value, width, shape=()):
        value = int(wrap(value, width))
        text = f"dense<{value}>" if shape else str(value)
        name = self.emit(f"arith.constant {text} : {tensor_type(shape, f'i{width}')}")
        return Value(name, width, lambda given: numbers(value), shape)

    def number(self, width):
        limit = 1 << width - 1
        return self.random.choice([0, 1, 2, 3, 4, 8, 16, -1, -2, 100, limit - 1, -limit, min(limit - 1, 65536),
                                   min(limit - 1, 33000)])

    def binary(self, op, a, b):
        if self.release == "source" and op in ("addi", "subi", "muli") and a.width < 64:
            wide = tensor_type(a.shape, "i64")
            left, right = (self.emit(f"arith.extsi {v.name} : {v.type} to {wide}") for v in (a, b))
            self.emit(f"arith.{op} {left}, {right} : {wide}")
        name = self.emit(f"arith.{op} {a.name}, {b.name} : {a.type}")
        return Value(name, a.width, lambda given: BINARY[op](a.numbers(given), b.numbers(given), a.width), a.shape)

    def compare(self, predicate, a, b):
        name = self.emit(f"arith.cmpi {predicate}, {a.name}, {b.name} : {a.type}")
        return Value(name, 1, lambda given: np.asarray(
            PREDICATES[predicate](numbers(a.numbers(given)), numbers(b.numbers(given)), a.width), bool), a.shape)

    def select(self, condition, a, b):
        types = f"{condition.type}, {a.type}" if a.shape else a.type
        name = self.emit(f"arith.select {condition.name}, {a.name}, {b.name} : {types}")
        return Value(name, a.width,
                     lambda given: choose(condition.numbers(given), a.numbers(given), b.numbers(given)), a.shape)

    def cast(self, value, width, op=None):
        if width == value.width:
            return value
        if width < value.width:
            op = "trunci"
        op = op or self.random.choice(["extsi", "extsi", "extsi", "extui"])
        compute = {"trunci": lambda given: Overflow.fit(value.numbers(given), width), "extsi": value.numbers,
                   "extui": lambda given: unsigned(value.numbers(given), value.width)}[op]
        name = self.emit(f"arith.{op} {value.name} : {value.type} to {tensor_type(value.shape, f'i{width}')}")
        return Value(name, width, compute, value.shape)

    # ---- Integers that are computed from others ------------------------------------------------------------------------

    def partner(self, value, known):
        if self.random.random() < 0.5:
            return self.random.choice([other for other in known if other.width == value.width])
        return self.constant(self.number(value.width), value.width)

    def computed(self, known):
        """One more integer."""
        value, choice = self.random.choice(known[-3:] + known), self.random.random()
        if choice < 0.2:
            return self.cast(value, self.random.choice(WIDTHS))
        if choice < 0.3:
            return self.binary("subi", self.constant(0, value.width), value)
        if choice < 0.4:
            condition = self.compare(self.random.choice(list(PREDICATES)), value, self.partner(value, known))
            return self.select(condition, self.partner(value, known), self.partner(value, known))
        if choice < 0.45:
            name = self.emit(f"math.absi {value.name} : {value.type}")
            return Value(name, value.width, lambda given: Overflow.fit(abs(value.numbers(given)), value.width))
        op, other = self.random.choice([*BINARY, "addi", "subi", "muli", "addi", "muli"]), self.partner(value, known)
        if op.startswith("sh") and self.random.random() < 0.7:
            other = self.constant(self.random.randint(0, value.width - 1), value.width)
        if op[:3] in ("div", "rem") and self.random.random() < 0.6:
            other = self.constant(self.random.choice([1, 2, 3, 7, 64, -1, -3]), value.width)
        if op in ("addi", "subi", "muli") and self.random.random() < 0.3:
            value, other = other, value
        return self.binary(op, value, other)
