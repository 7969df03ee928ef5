"""Kernels written as TTIR text together with what they mean: each operation appends a line and a step in NumPy.

A kernel made here is compiled and run like any other; `Kernel.run` computes what it has to leave in its arrays. rblib
operations are in rblib_calls.py. Values of 16-bit floats are computed in float32 and rounded nowhere, so kernels with
them need tolerances.
"""
from dataclasses import dataclass
from collections.abc import Callable

import numpy as np

# What the values of an element type are computed with.
ELEMENTS = {"f32": np.float32, "f16": np.float32, "bf16": np.float32, "i64": np.int64, "i32": np.int32, "i16": np.int16}
MINUS_INFINITY = {"f32": "0xFF800000", "f16": "0xFC00", "bf16": "0xFF80"}
FORMS = {  # How Python writes a condition on partition_skip, and whether the branch is taken when it is skipped.
    "== False": ("arith.cmpi eq, {skip}, {false}", False), "!= True": ("arith.cmpi ne, {skip}, {true}", False),
    "not": ("arith.xori {skip}, {true}", False), "== True": ("arith.cmpi eq, {skip}, {true}", True),
    "!= False": ("arith.cmpi ne, {skip}, {false}", True)}


@dataclass(frozen=True)
class Value:
    name: str
    type: str
    shape: tuple = ()
    element: str = ""


@dataclass(frozen=True)
class Block:
    """A block pointer; `view` gives the block in the arrays of a run."""
    name: str
    type: str
    shape: tuple
    element: str
    view: Callable


def tensor(shape, element):
    return f"tensor<{'x'.join(map(str, (*shape, element)))}>"


def row_major(shape):
    return tuple(int(np.prod(shape[d + 1:], dtype=np.int64)) for d in range(len(shape)))


class Text:

    def __init__(self, record=True):
        """record: write the arrays' shapes on the function, as rblnc.ttir does."""
        self.arrays = {}
        self._record = record
        self._lines, self._declarations, self._constants = [], {}, {}
        self._steps = [[]]
        self._values = 0

    def text(self):
        arguments = ", ".join(f'%{name}: !tt.ptr<{element}> loc("{name}")'
                              for name, (_, element) in self.arrays.items())
        shapes = [f"rblib.shape.{n} = dense<{list(shape)}> : tensor<{len(shape)}xi32>"
                  for n, (shape, _) in enumerate(self.arrays.values())] if self._record else []
        attributes = ", ".join(["rblib.version = 1 : i32", *shapes])
        constants = [f"{name} = arith.constant {value}" for value, name in self._constants.items()]
        return "\n".join(["module {", f"tt.func public @kernel({arguments}) attributes {{{attributes}}} {{", *constants,
                          *self._lines, "tt.return", "}", *self._declarations.values(), "}", ""])

    def run(self, inputs):
        """The arrays after the kernel. inputs: every array by name, those that it writes included."""
        env = {"arrays": {name: np.array(value) for name, value in inputs.items()}}
        for step in self._steps[0]:
            step(env)
        return env["arrays"]

    def array(self, name, shape, element="f32"):
        self.arrays[name] = (tuple(shape), element)
        return name

    def constant(self, value, kind):
        text = str(bool(value)).lower() if kind == "i1" else f"{value} : {kind}"
        return self._constants.setdefault(text, f"%c{len(self._constants)}")

    def line(self, text):
        self._lines.append(f'{text} loc("k.py":{len(self._lines) + 1}:3)')

    def step(self, compute):
        self._steps[-1].append(compute)

    def fresh(self):
        self._values += 1
        return f"%v{self._values}"

    def emit(self, text, shape, element, compute):
        """One line with one result; shape None: a scalar. compute: the values so far -> the result."""
        name = self.fresh()
        self.line(f"{name} = {text}")
        self.step(lambda env: env.__setitem__(name, compute(env)))
        return Value(name, element if shape is None else tensor(shape, element), tuple(shape or ()), element)

    def declare(self, op, operands, results, constants):
        """The symbol of an rblib operation with these types and constants."""
        key = (op, operands, results, tuple(sorted(constants.items())))
        if key not in self._declarations:
            number = sum(known[0] == op for known in self._declarations)
            symbol = f"rblib.{op}" + (f".{number}" if number else "")
            attributes = [f"rblib.{name} = {value} : i32" for name, value in sorted(constants.items())]
            arrow = "" if results == "()" else f" -> {results}"
            self._declarations[key] = (f"tt.func private @{symbol}({operands}){arrow} attributes {{"
                                       + ", ".join(["noinline = true", *attributes, "rblib.version = 1 : i32"]) + "}")
        return self._declarations[key].split("@")[1].split("(")[0]

    # Memory

    def block(self, array, block=None, offsets=None, shape=None, strides=None):
        """A block pointer; by default of the whole array. offsets: numbers or indices."""
        real, element = self.arrays[array]
        shape = tuple(shape or real)
        strides, block = tuple(strides or row_major(shape)), tuple(block or shape)
        offsets = tuple(offsets or (0, ) * len(shape))

        def numbers(values, kind):
            return ", ".join(value.name if isinstance(value, Value) else self.constant(value, kind) for value in values)

        name = self.fresh()
        self.line(f"{name} = tt.make_tensor_ptr %{array}, [{numbers(shape, 'i64')}], [{numbers(strides, 'i64')}], "
                  f"[{numbers(offsets, 'i32')}] {{order = array<i32: {', '.join(map(str, range(len(shape))[::-1]))}>}} "
                  f": <{tensor(block, element)}>")

        def view(env):
            flat = env["arrays"][array].reshape(-1)
            places = [env[offset.name] if isinstance(offset, Value) else offset for offset in offsets]
            start = int(np.dot(places, strides))
            return np.lib.stride_tricks.as_strided(flat[start:], block, [step * flat.itemsize for step in strides])

        return Block(name, f"!tt.ptr<{tensor(block, element)}>", block, element, view)

    def load(self, block):
        return self.emit(f"tt.load {block.name} : {block.type}", block.shape, block.element,
                         lambda env: block.view(env).copy())

    def store(self, block, value):
        self.line(f"tt.store {block.name}, {value.name} : {block.type}")
        self.step(lambda env: np.copyto(block.view(env), env[value.name]))

    # Blocks

    def full(self, shape, value, element="f32"):
        """value: finite, or minus infinity"""
        text = repr(float(value)) if np.isfinite(value) else MINUS_INFINITY[element]
        return self.emit(f"arith.constant dense<{text}> : {tensor(shape, element)}", shape, element,
                         lambda env: np.full(shape, value, ELEMENTS[element]))

    def _rearranged(self, op, x, shape, attributes, compute):
        return self.emit(f"tt.{op} {x.name}{attributes} : {x.type} -> {tensor(shape, x.element)}", shape, x.element,
                         lambda env: compute(env[x.name]).copy())

    def trans(self, x, order):
        return self._rearranged("trans", x, [x.shape[d] for d in order],
                                f" {{order = array<i32: {', '.join(map(str, order))}>}}", lambda v: v.transpose(order))

    def reshape(self, x, shape):
        return self._rearranged("reshape", x, shape, "", lambda v: v.reshape(shape))

    def broadcast(self, x, shape):
        return self._rearranged("broadcast", x, shape, "", lambda v: np.broadcast_to(v, shape))

    def binary(self, op, a, b):
        function = {"addf": np.add, "subf": np.subtract, "mulf": np.multiply}[op]
        return self.emit(f"arith.{op} {a.name}, {b.name} : {a.type}", a.shape, a.element,
                         lambda env: function(env[a.name], env[b.name]))

    def dot(self, a, b):
        shape = (*a.shape[:-1], b.shape[-1])
        zeros = self.full(shape, 0, a.element)
        return self.emit(f"tt.dot {a.name}, {b.name}, {zeros.name} : {a.type} * {b.type} -> {tensor(shape, a.element)}",
                         shape, a.element, lambda env: np.matmul(env[a.name], env[b.name]))

    # Branches

    def condition(self, skip, form="== False"):
        text, when = FORMS[form]
        text = text.format(skip=skip.name, true=self.constant(1, "i1"), false=self.constant(0, "i1"))
        return self.emit(f"{text} : i1", None, "i1", lambda env: env[skip.name] == when)

    def branch(self, condition, like, then, otherwise=None):
        """scf.if. like: values with the types of the results; then, otherwise: write a block, return what it yields."""
        types = [value.type for value in like]
        name = self.fresh()
        names = [name] if len(types) == 1 else [f"{name}#{n}" for n in range(len(types))]
        results = f"{name}:{len(types)} = " if len(types) > 1 else f"{name} = " if types else ""
        arrow = f" -> ({', '.join(types)})" if types else ""
        self._lines.append(f"{results}scf.if {condition.name}{arrow} {{")
        place = len(self._lines)
        blocks = {True: ([], []), False: ([], [])}
        for taken, write in ((True, then), (False, otherwise)):
            if write is None:
                continue
            if not taken:
                self._lines.append("} else {")
            self._steps.append([])
            yields = list(write() or ())
            if yields:
                self.line(f"scf.yield {', '.join(v.name for v in yields)} : {', '.join(v.type for v in yields)}")
            blocks[taken] = (self._steps.pop(), yields)
        self._lines.append(f'}} loc("k.py":{place}:3)')

        def run(env):
            steps, yields = blocks[bool(env[condition.name])]
            for step in steps:
                step(env)
            env.update(zip(names, [env[value.name] for value in yields]))

        self.step(run)
        return [Value(n, value.type, value.shape, value.element) for n, value in zip(names, like)]
