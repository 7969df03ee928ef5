"""Kernels in RBLN IR for tests of values that somebody else still reads: short spellings of its operations."""


def kernel(arrays, body):
    """`arrays`: name -> "2x64xf32"."""
    arguments = ", ".join(f'%{name}_array: !rbln.array<{type}> {{rbln.name = "{name}"}}' for name, type in arrays.items())
    return f"func.func @k({arguments}) {{\n{body}\nreturn\n}}\n"


def _strides(shape):
    strides = [1]
    for extent in shape[:0:-1]:
        strides.insert(0, strides[0] * extent)
    return strides


def _shape(type):
    return [int(extent) for extent in type.split("x")[:-1]]


def load(result, array, type, more=""):
    """All of an array."""
    strides = ", ".join(map(str, _strides(_shape(type))))
    return f"%{result} = rbln.load %{array}_array at 0 strides [{strides}] {more} : !rbln.array<{type}> -> tensor<{type}>"


def store(value, array, type, array_type=None, at=0):
    array_type = array_type or type
    strides = ", ".join(map(str, _strides(_shape(array_type))))
    return f"rbln.store %{value}, %{array}_array at {at} strides [{strides}] : tensor<{type}> -> !rbln.array<{array_type}>"


def index(result, array, place, most, count=2):
    """An element of an array of i32 as a dynamic index."""
    return (f"%{result}_v = rbln.load %{array}_array at {place} strides [] : !rbln.array<{count}xi32> -> tensor<i32>\n"
            f"%{result} = rbln.to_index %{result}_v : tensor<i32> -> !rbln.index<0, {most}>")


def condition(result, of, most):
    """What rblib.partition_skip says of an index: a condition that is known when the kernel runs."""
    return (f"%{result}_s = rbln.partition_skip %{of} size {most} : !rbln.index<0, {most}> -> tensor<i1>\n"
            f"%{result} = tensor.extract %{result}_s[] : tensor<i1>")


def generic(result, type, inputs, body, maps=None):
    """Element by element: `inputs` is value -> type or a list of pairs, `body` computes %res from %e0, %e1, ..."""
    inputs = list(inputs)
    dtype, rank = type.split("x")[-1], len(_shape(type))
    space = ", ".join(f"d{i}" for i in range(rank))
    maps = maps or [space] * len(inputs)
    spelled = ", ".join(f"affine_map<({space}) -> ({map})>" for map in [*maps, space])
    kinds = ", ".join(['"parallel"'] * rank)
    values = ", ".join(f"%{name}" for name, _ in inputs)
    types = ", ".join(f"tensor<{each}>" for _, each in inputs)
    elements = ", ".join(f"%e{i}: {each.split('x')[-1]}" for i, (_, each) in enumerate(inputs))
    return (f"%{result}_e = tensor.empty() : tensor<{type}>\n"
            f"%{result} = linalg.generic {{indexing_maps = [{spelled}], iterator_types = [{kinds}]}} "
            f"ins({values} : {types}) outs(%{result}_e : tensor<{type}>) {{\n^bb0({elements}, %out: {dtype}):\n{body}\n"
            f"linalg.yield %res : {dtype}\n}} -> tensor<{type}>")


def add(result, type, a, b):
    return generic(result, type, [(a, type), (b, type)], "%res = arith.addf %e0, %e1 : f32")


def scale(result, type, a, factor):
    return generic(result, type, [(a, type)], f"%factor = arith.constant {float(factor)} : f32\n%res = arith.mulf %e0, %factor : f32")


def product(result, a, b, start, m, n, k, batch=None):
    """start + a x b, over a batch or not."""
    first = "" if batch is None else "b, "
    loops = f"{first}m, n, k"
    maps = ", ".join(f"affine_map<({loops}) -> ({first}{sides})>" for sides in ("m, k", "k, n", "m, n"))
    kinds = ", ".join(['"parallel"'] * (2 if batch is None else 3) + ['"reduction"'])
    extents = "" if batch is None else f"{batch}x"
    type_a, type_b, type_c = (f"tensor<{extents}{sides}xf32>" for sides in (f"{m}x{k}", f"{k}x{n}", f"{m}x{n}"))
    return (f"%{result} = linalg.generic {{indexing_maps = [{maps}], iterator_types = [{kinds}]}} "
            f"ins(%{a}, %{b} : {type_a}, {type_b}) outs(%{start} : {type_c}) {{\n^bb0(%lhs: f32, %rhs: f32, %acc: f32):\n"
            f"%prod = arith.mulf %lhs, %rhs : f32\n%sum = arith.addf %acc, %prod : f32\nlinalg.yield %sum : f32\n}} -> {type_c}")


def constant(result, type, value):
    return f"%{result} = arith.constant dense<{value}> : tensor<{type}>"


def lines(*parts):
    return "\n".join(parts)
