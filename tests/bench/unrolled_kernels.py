"""Long kernels in Triton's IR, as tl.static_range leaves them: every iteration written out, each with constants of its
own, all iterations at the same Python lines.

Each of KERNELS takes a number of operations and returns the text of a kernel that has about as many after the step
`simplify`, which merges equal constants and pointers.
"""

FILE = "unrolled.py"


class Text:
    """The body of a kernel. `line` is the Python line of what is appended next."""

    def __init__(self):
        self.lines, self.values, self.line = [], 0, 1

    def op(self, text, results=1, indent=2):
        """Appends an operation; the name of its result."""
        name = f"%v{self.values}"
        self.values += 1
        left = f"{name} = " if results == 1 else f"{name}:{results} = " if results else ""
        self.raw(f"{left}{text} loc(#loc{self.line})", indent)
        return name

    def raw(self, text, indent=2):
        self.lines.append("  " * indent + text)

    def constants(self, values, kind, indent=2):
        return ", ".join(self.op(f"arith.constant {value} : {kind}", indent=indent) for value in values)

    def pointer(self, array, shape, block, element, offsets, strides=None, indent=2):
        """A block pointer; an offset may be the name of a value."""
        dense, step = [], 1
        for extent in reversed(shape):
            dense.insert(0, step)
            step *= extent
        extents = self.constants(shape, "i64", indent)
        steps = self.constants(strides or dense, "i64", indent)
        starts = ", ".join(o if isinstance(o, str) else self.constants([o], "i32", indent) for o in offsets)
        order = ", ".join(str(d) for d in reversed(range(len(shape))))
        kind = tensor(block, element)
        return self.op(f"tt.make_tensor_ptr %{array}, [{extents}], [{steps}], [{starts}] "
                       f"{{order = array<i32: {order}>}} : <{kind}>", indent=indent)

    def load(self, pointer, kind, indent=2):
        return self.op(f"tt.load {pointer} : !tt.ptr<{kind}>", indent=indent)

    def store(self, pointer, value, kind, indent=2):
        self.op(f"tt.store {pointer}, {value} : !tt.ptr<{kind}>", results=0, indent=indent)

    def kernel(self, name, arguments, declarations=()):
        """The module. `arguments` are pairs of name and type."""
        signature = ", ".join(f'%{a}: {kind} loc("{a}"(#loc))' for a, kind in arguments)
        used = sorted({int(line.rsplit("#loc", 1)[1].rstrip(")")) for line in self.lines if "#loc" in line})
        return "\n".join([
            f'#loc = loc("{FILE}":1:0)', "module {", f"  tt.func public @{name}({signature}) {{", *self.lines,
            "    tt.return loc(#loc)", "  } loc(#loc)", *declarations, "} loc(#loc)",
            *(f'#loc{line} = loc("{FILE}":{line}:8)' for line in used), ""])


def tensor(shape, element="f32"):
    return f"tensor<{'x'.join(str(extent) for extent in shape)}x{element}>"


def chain(operations):
    """y[tile] = a chain of 12 element-wise operations on x[tile] and z[tile]."""
    rows, columns, length = 16, 64, 12
    tiles = max(1, operations // (length + 7))
    kind, shape, text = tensor((rows, columns)), (rows * tiles, columns), Text()
    for tile in range(tiles):
        text.line = 10
        x, z, y = (text.pointer(array, shape, (rows, columns), "f32", (tile * rows, 0)) for array in "xzy")
        text.line = 11
        value, other = text.load(x, kind), text.load(z, kind)
        for step in range(length):
            text.line = 12 + step
            if step % 4 == 3:
                value = text.op(f"math.exp {value} : {kind}")
            else:
                value = text.op(f"arith.{('addf', 'mulf', 'subf')[step % 4]} {value}, {other} : {kind}")
        text.line = 30
        text.store(y, value, kind)
    return text.kernel("chain", [(array, "!tt.ptr<f32>") for array in "xzy"])


def products(operations):
    """o = a b, tile by tile, with the sum over k in an accumulator of 16 products."""
    side, depth = 64, 16
    tiles = max(1, operations // (3 * depth + 4))
    columns = max(1, int(tiles ** 0.5))
    rows = -(-tiles // columns)
    kind, text = tensor((side, side)), Text()
    a, b, o = (rows * side, depth * side), (depth * side, columns * side), (rows * side, columns * side)
    for tile in range(tiles):
        row, column = divmod(tile, columns)
        text.line = 10
        total = text.op(f"arith.constant dense<0.000000e+00> : {kind}")
        for k in range(depth):
            text.line = 11
            left = text.load(text.pointer("a", a, (side, side), "f32", (row * side, k * side)), kind)
            text.line = 12
            right = text.load(text.pointer("b", b, (side, side), "f32", (k * side, column * side)), kind)
            text.line = 13
            total = text.op(f"tt.dot {left}, {right}, {total} : {kind} * {kind} -> {kind}")
        text.line = 14
        text.store(text.pointer("o", o, (side, side), "f32", (row * side, column * side)), total, kind)
    return text.kernel("products", [(array, "!tt.ptr<f32>") for array in "abo"])


def attention(operations):
    """Flash attention over a paged cache for one token of many sequences: a partition_skip branch for each partition."""
    heads, group, size, rows, partitions = 2, 2, 64, 64, 8
    batch = max(1, operations // (34 * partitions))
    blocks = batch * partitions
    text = Text()
    query, fresh = (1, heads, group, 1, size), (1, heads, 1, 1, size)
    cache, table = (2, blocks, heads, 1, rows, size), (batch, partitions)
    block = (1, 1, heads, 1, rows, size)
    q, block_t, new_t = tensor(query), tensor(block), tensor((1, *fresh))
    keys_t, wide_t = tensor((1, heads, 1, rows, size)), tensor((1, heads, group, rows, size))
    turned_t, turned_wide_t = tensor((1, heads, 1, size, rows)), tensor((1, heads, group, size, rows))
    scores_t, mask_t, one_t = (tensor((1, heads, group, 1, rows)), tensor((1, 1, 1, 1, rows)),
                               tensor((1, heads, group, 1, 1)))
    index_t = "!tt.ptr<tensor<1x1xi32>>"
    for b in range(batch):
        text.line = 20
        queries = text.load(text.pointer("query", (batch, *query[1:]), query, "f32", (b, 0, 0, 0, 0)), q)
        new = []
        for array in ("key", "value"):
            loaded = text.load(text.pointer(array, (batch, *fresh[1:]), fresh, "f32", (b, 0, 0, 0, 0)),
                               tensor(fresh))
            new.append(text.op(f"tt.reshape {loaded} : {tensor(fresh)} -> {new_t}"))
        text.line = 22
        zero = text.op(f"arith.constant dense<0.000000e+00> : {one_t}")
        state = [zero, zero, text.op(f"arith.constant dense<0.000000e+00> : {q}")]
        for p in range(partitions):
            text.line = 25
            where, cached = (text.op(f"tt.call @rblib.to_dynamic_index("
                                     f"{text.pointer(array, table, (1, 1), 'i32', (b, p))}) : ({index_t}) -> i32")
                             for array in ("block_table", "seq_idx"))
            text.line = 26
            skip = text.op(f"tt.call @rblib.partition_skip({cached}) : (i32) -> i1")
            false = text.op("arith.constant false")
            keep = text.op(f"arith.cmpi eq, {skip}, {false} : i1")
            result = f"%v{text.values}"
            text.values += 1
            text.raw(f"{result}:3 = scf.if {keep} -> ({one_t}, {one_t}, {q}) {{")
            text.line = 30
            one = text.op("arith.constant 1 : i32", indent=3)
            end = text.op(f"arith.addi {cached}, {one} : i32", indent=3)
            held = []
            for which in range(2):
                text.line = 31 + which
                pointer = text.pointer("kv_cache", cache, block, "f32", (which, where, 0, 0, 0, 0), indent=3)
                loaded = text.op(f"tt.call @rblib.dynamic_load({pointer}, {cached}) : "
                                 f"(!tt.ptr<{block_t}>, i32) -> {block_t}", indent=3)
                loaded = text.op(f"tt.call @rblib.insert({loaded}, {new[which]}, {cached}) : "
                                 f"({block_t}, {new_t}, i32) -> {block_t}", indent=3)
                text.op(f"tt.call @rblib.dynamic_store({pointer}, {loaded}, {end}) : "
                        f"(!tt.ptr<{block_t}>, {block_t}, i32) -> ()", results=0, indent=3)
                held.append(text.op(f"tt.reshape {loaded} : {block_t} -> {keys_t}", indent=3))
            text.line = 34
            turned = text.op(f"tt.trans {held[0]} {{order = array<i32: 0, 1, 2, 4, 3>}} : {keys_t} -> {turned_t}",
                             indent=3)
            wide = text.op(f"tt.broadcast {turned} : {turned_t} -> {turned_wide_t}", indent=3)
            zeros = text.op(f"arith.constant dense<0.000000e+00> : {scores_t}", indent=3)
            scores = text.op(f"tt.dot {queries}, {wide}, {zeros} : {q} * {turned_wide_t} -> {scores_t}", indent=3)
            text.line = 35
            scale = text.op(f"tt.splat %qk_scale : f32 -> {scores_t}", indent=3)
            scores = text.op(f"arith.mulf {scores}, {scale} : {scores_t}", indent=3)
            text.line = 36
            mask = text.load(text.pointer("mask", (batch, 1, 1, 1, rows * partitions), (1, 1, 1, 1, rows), "f32",
                                          (b, 0, 0, 0, p * rows), indent=3), mask_t, indent=3)
            more, types, number = ("", "", "") if p == 0 else (f", {state[0]}", f", {one_t}", ".1")
            tile = text.op(f"tt.call @rblib.flash_attn_tile{number}({scores}, {mask}{more}) : "
                           f"({scores_t}, {mask_t}{types}) -> ({one_t}, {scores_t}, {one_t})", results=3, indent=3)
            text.line = 37
            wide = text.op(f"tt.broadcast {held[1]} : {keys_t} -> {wide_t}", indent=3)
            zeros = text.op(f"arith.constant dense<0.000000e+00> : {q}", indent=3)
            out = text.op(f"tt.dot {tile}#1, {wide}, {zeros} : {scores_t} * {wide_t} -> {q}", indent=3)
            text.line = 38
            yields = f"{tile}#0, {tile}#2, {out}"
            if p > 0:
                both = text.op(f"tt.call @rblib.flash_attn_recompute({state[0]}, {tile}#0, {state[1]}, {tile}#2, "
                               f"{state[2]}, {out}) : ({one_t}, {one_t}, {one_t}, {one_t}, {q}, {q}) -> "
                               f"({one_t}, {q})", results=2, indent=3)
                yields = f"{tile}#0, {both}#0, {both}#1"
            types = f"{one_t}, {one_t}, {q}"
            text.raw(f"scf.yield {yields} : {types} loc(#loc38)", 3)
            text.raw("} else {")
            text.raw(f"scf.yield {', '.join(state)} : {types} loc(#loc38)", 3)
            text.raw("} loc(#loc26)")
            state = [f"{result}#{i}" for i in range(3)]
        text.line = 40
        total = text.op(f"tt.broadcast {state[1]} : {one_t} -> {q}")
        out = text.op(f"arith.divf {state[2]}, {total} : {q}")
        text.store(text.pointer("output", (batch, *query[1:]), query, "f32", (b, 0, 0, 0, 0)), out, q)

    def declare(name, inputs, results, axis=""):
        axis = f"rblib.axis = {axis} : i32, " if axis else "rblib.max = -1 : i32, " if "index" in name else ""
        return (f"  tt.func private @rblib.{name}({', '.join(inputs)}) -> ({', '.join(results)}) attributes "
                f"{{noinline = true, {axis}rblib.version = 1 : i32}} loc(#loc)").replace("-> () ", "")
    declarations = [
        declare("to_dynamic_index", [index_t], ["i32"]), declare("partition_skip", ["i32"], ["i1"]),
        declare("dynamic_load", [f"!tt.ptr<{block_t}>", "i32"], [block_t], 4),
        declare("insert", [block_t, new_t, "i32"], [block_t], 4),
        declare("dynamic_store", [f"!tt.ptr<{block_t}>", block_t, "i32"], [], 4),
        declare("flash_attn_tile", [scores_t, mask_t], [one_t, scores_t, one_t]),
        declare("flash_attn_tile.1", [scores_t, mask_t, one_t], [one_t, scores_t, one_t]),
        declare("flash_attn_recompute", [one_t, one_t, one_t, one_t, q, q], [one_t, q])]
    arrays = ("query", "key", "value", "kv_cache", "mask", "output")
    return text.kernel("attention", [*((a, "!tt.ptr<f32>") for a in arrays), ("qk_scale", "f32"),
                                     ("seq_idx", "!tt.ptr<i32>"), ("block_table", "!tt.ptr<i32>")], declarations)


def tiles(operations):
    """Many small tiles of two large arrays: one is updated in place, the other gets the tiles in another order."""
    side = 16
    count = max(1, operations // 6)
    columns = max(1, int(count ** 0.5))
    rows = -(-count // columns)
    kind, text = tensor((side, side)), Text()
    there, back = (rows * side, columns * side), (columns * side, rows * side)
    for tile in range(count):
        row, column = divmod(tile, columns)
        text.line = 10
        pointer = text.pointer("x", there, (side, side), "f32", (row * side, column * side))
        value = text.load(pointer, kind)
        text.line = 11
        value = text.op(f"arith.addf {value}, {value} : {kind}")
        text.store(pointer, value, kind)
        text.line = 12
        text.store(text.pointer("y", back, (side, side), "f32", (column * side, row * side)), value, kind)
    return text.kernel("tiles", [(array, "!tt.ptr<f32>") for array in "xy"])


def pointers(operations):
    """As `chain`, with tensors of pointers as Triton 3.6 rewrites block pointers."""
    size, length = 1024, 3
    count = max(1, operations // (length + 6))
    kind, index, text = tensor((size,)), tensor((size,), "i32"), Text()
    pointer = tensor((size,), "!tt.ptr<f32>")
    for tile in range(count):
        text.line = 10
        start = text.op(f"arith.constant dense<{tile * size}> : {index}")
        steps = text.op(f"tt.make_range {{end = {size} : i32, start = 0 : i32}} : {index}")
        at = text.op(f"arith.addi {start}, {steps} : {index}")
        places = []
        for array in "xy":
            base = text.op(f"tt.splat %{array} : !tt.ptr<f32> -> {pointer}")
            places.append(text.op(f"tt.addptr {base}, {at} : {pointer}, {index}"))
        text.line = 11
        value = text.op(f"tt.load {places[0]} : {pointer}")
        for step in range(length):
            text.line = 12 + step
            value = text.op(f"arith.mulf {value}, {value} : {kind}")
        text.line = 20
        text.op(f"tt.store {places[1]}, {value} : {pointer}", results=0)
    return text.kernel("pointers", [(array, "!tt.ptr<f32>") for array in "xy"])


KERNELS = {kernel.__name__: kernel for kernel in (chain, products, attention, tiles, pointers)}
