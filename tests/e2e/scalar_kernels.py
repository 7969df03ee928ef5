"""Kernels in Triton's IR that do one scalar operation: arrays x, y, z of one dimension to o."""


def _kernel(arguments, body):
    """`arguments`: name, element and shape of each array, the last of which is stored from %r."""
    signature = ", ".join(f'%{name}: !tt.ptr<{dtype}> loc("{name}")' for name, dtype, _ in arguments)
    lines = ["%zero = arith.constant 0 : i32", "%one = arith.constant 1 : i64"]
    for name, dtype, shape in arguments:
        lines += [f"%{name}n{i} = arith.constant {extent} : i64" for i, extent in enumerate(shape)]
        extents = ", ".join(f"%{name}n{i}" for i in range(len(shape)))
        strides = "%one" if len(shape) == 1 else f"%{name}n1, %one"
        order = ", ".join(str(i) for i in reversed(range(len(shape))))
        tensor = "x".join(map(str, [*shape, dtype]))
        lines.append(f"%{name}p = tt.make_tensor_ptr %{name}, [{extents}], [{strides}], [{', '.join(['%zero'] * len(shape))}] "
                     f"{{order = array<i32: {order}>}} : <tensor<{tensor}>>")
        if name != "o":
            lines.append(f"%{name}v = tt.load %{name}p : !tt.ptr<tensor<{tensor}>>")
    name, dtype, shape = arguments[-1]
    store = f"tt.store %{name}p, %r : !tt.ptr<tensor<{'x'.join(map(str, [*shape, dtype]))}>>"
    return f"module {{ tt.func public @k({signature}) {{\n" + "\n".join([*lines, body, store]) + "\ntt.return\n}\n}\n"


def elementwise(operation, operands, count, result=None):
    """`result` is given where it is not the operands' dtype."""
    names = "xyz"[:len(operands)]
    arguments = [*((name, dtype, (count,)) for name, dtype in zip(names, operands)), ("o", result or operands[0], (count,))]
    types = f"tensor<{count}x{operands[-1]}>"
    if operation == "arith.select":
        types = f"tensor<{count}xi1>, {types}"
    return _kernel(arguments, f"%r = {operation} {', '.join(f'%{name}v' for name in names)} : {types}")


def conversion(operation, source, result, count):
    word = "->" if operation.startswith("tt.") else "to"
    return _kernel([("x", source, (count,)), ("o", result, (count,))],
                   f"%r = {operation} %xv : tensor<{count}x{source}> {word} tensor<{count}x{result}>")


def reduction(operation, dtype, shape):
    """Over the last axis of two."""
    rows, columns = shape
    body = (f'%s = "tt.reduce"(%xv) <{{axis = 1 : i32}}> ({{\n^bb0(%a: {dtype}, %b: {dtype}):\n'
            f"%c = {operation} %a, %b : {dtype}\ntt.reduce.return %c : {dtype}\n"
            f"}}) : (tensor<{rows}x{columns}x{dtype}>) -> tensor<{rows}x{dtype}>\n"
            f"%r = tt.expand_dims %s {{axis = 1 : i32}} : tensor<{rows}x{dtype}> -> tensor<{rows}x1x{dtype}>")
    return _kernel([("x", dtype, shape), ("o", dtype, (rows, 1))], body)
