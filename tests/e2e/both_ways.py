"""What kernels compute, as a table of arrays by name: the same calls whether kernels are interpreted or compiled, which a
process decides when it imports Triton. `python both_ways.py FILE.npz NUMERICS` writes the table of this process's way.
"""
import importlib
import os
import sys
import warnings

import numpy as np
import torch

import edge_kernels as edge
import library_kernels as library
from rblnc import triton
from rblnc.triton import language as tl

_BITS = {torch.float16: torch.int16, torch.bfloat16: torch.int16, torch.float32: torch.int32}


def as_bits(tensor):
    """Integers, one for each element; every NaN is one value, since nothing specifies what a computed NaN holds."""
    if tensor.dtype not in _BITS:
        return tensor.numpy().copy()
    found = tensor.view(_BITS[tensor.dtype]).clone()
    found[tensor.isnan()] = -1
    return found.numpy()


def name_of(dtype):
    return str(dtype).removeprefix("torch.")


def launched(kernel, *arguments, **constexprs):
    """By rblnc, also when the kernel was decorated by Triton itself."""
    triton.jit(kernel.fn)[(1, )](*arguments, **constexprs)


def float_operations():
    for dtype in edge.FLOATS:
        x, y = edge.pairs(dtype)
        n = len(x)
        o, f = torch.zeros(13 * n, dtype=dtype), torch.zeros(6 * n, dtype=torch.bool)
        launched(edge.float_binary, x, y, o, f, N=n)
        yield f"binary {name_of(dtype)}", o.reshape(13, n)
        yield f"comparisons {name_of(dtype)}", f.reshape(6, n)
        values = edge.edges(dtype, 256)
        o = torch.zeros(14 * 256, dtype=dtype)
        launched(edge.float_unary, values, o, N=256)
        yield f"unary {name_of(dtype)}", o.reshape(14, 256)
        o = torch.zeros(512, dtype=_BITS[dtype])
        launched(edge.bits, values, o, N=256, KIND=edge.TRITON[_BITS[dtype]])
        yield f"bits {name_of(dtype)}", torch.where(values.isnan().repeat(2), 0, o)
        o = torch.zeros(4 * 64, dtype=dtype)
        launched(edge.padded, values, o, N=64, SHORT=50)
        yield f"padding {name_of(dtype)}", o
        for factor in (0.1, 1e-40, 3.0000001):
            o = torch.zeros(256)
            launched(edge.scaled, values, o, factor, True, N=256)
            yield f"scaled {name_of(dtype)} by {factor}", o


def library_functions():
    values = edge.edges(torch.float32, 256)
    o = torch.zeros(library.ONE * 256)
    launched(library.of_one, values, o, N=256)
    yield "library, one operand", o.reshape(library.ONE, 256)
    o = torch.zeros(library.CLASSES * 256, dtype=torch.int32)
    launched(library.classes, values, o, N=256)
    yield "library, several operations", o.reshape(library.CLASSES, 256)
    x, y = edge.pairs(torch.float32)
    o = torch.zeros(library.TWO * len(x))
    launched(library.of_two, x, y, o, N=len(x))
    yield "library, two operands", o.reshape(library.TWO, len(x))


def integer_operations():
    for dtype in edge.INTEGERS:
        x, y = edge.pairs(dtype)
        n = len(x)
        for kind in (edge.TRITON[dtype], edge.UNSIGNED[dtype]):
            o, f = torch.zeros(14 * n, dtype=dtype), torch.zeros(3 * n, dtype=torch.bool)
            launched(edge.integer_binary, x, y, o, f, N=n, KIND=kind)
            yield f"binary {kind}", o.reshape(14, n)
            yield f"comparisons {kind}", f.reshape(3, n)
        if dtype in (torch.int32, torch.int64):
            o = torch.zeros(n, dtype=dtype)
            launched(edge.high_product, x, y, o, N=n, KIND=edge.UNSIGNED[dtype])
            yield f"umulhi {kind}", o


def casts():
    kinds = [(dtype, edge.TRITON[dtype]) for dtype in edge.FLOATS + edge.INTEGERS]
    kinds += list(edge.UNSIGNED.items())
    for dtype, source in kinds:
        values = edge.edges(dtype, 64)
        for target, to in kinds:
            o = torch.zeros(64, dtype=target)
            launched(edge.cast, values, o, N=64, FROM=source, TO=to)
            yield f"cast {source} to {to}", o
        o, p = torch.zeros(64, dtype=dtype), torch.zeros(64, dtype=torch.bool)
        launched(edge.cast_bool, values, o, p, N=64)
        yield f"cast {source} to bool", p
        yield f"cast {source} to bool and back", o


def reductions():
    generator = torch.Generator().manual_seed(3)
    for dtype in edge.FLOATS + (torch.int32, torch.int8):
        for rows, columns in ((4, 2), (8, 16), (4, 64), (2, 1024)):
            x = (torch.randn(rows, columns, generator=generator) * 3).to(dtype)
            x[0, columns // 2:] = x[0, 0]  # ties
            if dtype in edge.FLOATS:
                x[1, columns // 2] = float("nan")
            wide = torch.float32 if dtype in edge.FLOATS else torch.int32
            o, k = torch.zeros(8 * rows, dtype=wide), torch.zeros(3 * rows, dtype=torch.int32)
            launched(edge.reduce_rows, x, o, k, R=rows, C=columns)
            yield f"reductions {name_of(dtype)} {rows}x{columns}", o[:7 * rows + 1]
            yield f"positions {name_of(dtype)} {rows}x{columns}", k
            if dtype == torch.int32:
                o = torch.zeros(rows, dtype=dtype)
                launched(edge.xor_rows, x, o, R=rows, C=columns)
                yield f"xor {rows}x{columns}", o


def products():
    generator = torch.Generator().manual_seed(4)
    cases = [(torch.float16, torch.float32, tl.float32), (torch.float16, torch.float16, tl.float16),
             (torch.bfloat16, torch.float32, tl.float32), (torch.float32, torch.float32, tl.float32),
             (torch.int8, torch.int32, tl.int32)]
    for (dtype, out, kind), (m, n, k) in ((case, size) for case in cases for size in ((16, 16, 16), (16, 32, 256))):
        scale = 30 if dtype == torch.int8 else 1
        a, b = ((torch.randn(shape, generator=generator) * scale).to(dtype) for shape in ((m, k), (k, n)))
        o = (torch.randn(2, m, n, generator=generator) * scale).to(out)
        launched(edge.product, a, b, o, M=m, N=n, K=k, OUT=kind)
        yield f"dot {name_of(dtype)} to {name_of(out)} {m}x{n}x{k}", o


def _tensor(values, dtype):
    if dtype == "bfloat16":
        return torch.from_numpy(np.asarray(values, np.float32)).to(torch.bfloat16)
    return torch.from_numpy(np.array(values).astype(dtype))


def basic_kernels():
    import arrays
    from kernels import catalog
    for name in catalog.kernel_names("basic"):
        module = catalog.load("basic", name)
        for case in module.CASES:
            for kind in case.edges:
                inputs = arrays.draw(case, kind, seed=0)
                given = [_tensor(inputs[a.name] if a.name in inputs else np.zeros(a.shape), a.dtype)
                         if a in case.arrays else inputs[a.name] for a in case.arguments]
                launched(getattr(module, name), *given, **case.constexprs)
                for argument, tensor in zip(case.arguments, given):
                    if argument in case.outputs:
                        yield f"basic {name}.{case.name} {kind} {argument.name}", tensor


def rblib_kernels():
    from kernels.cases import Array
    from kernels.rblib import catalog
    os.environ["RBLNC_APPEND_CHECKS"] = "0"  # some insert more rows than there is place for
    try:
        for probe in catalog.probes():
            for number, given in enumerate(probe.inputs(np.random.default_rng(0))):
                arguments = [torch.from_numpy(np.array(given.get(a.name, np.zeros(a.shape)), dtype=a.dtype))
                             if isinstance(a, Array) else torch.tensor(given[a.name]) for a in probe.arguments]
                launched(probe.load(), *arguments, **probe.constexprs)
                for argument, tensor in zip(probe.arguments, arguments):
                    if isinstance(argument, Array) and argument.direction != "in":
                        yield f"rblib {probe.name} {number} {argument.name}", tensor
    finally:
        del os.environ["RBLNC_APPEND_CHECKS"]


def attention_kernels():
    import paged_attention as model
    from kernels.attention import cases
    from rblnc.host import align_tensor_last_dim_to_64 as align
    sizes = cases.SIZES[1]
    for family in cases.FAMILIES:
        module = importlib.import_module(f"kernels.attention.{family.name}")
        outputs = []

        def call(step, arguments, cache, family=family, module=module, outputs=outputs):
            arguments = {**arguments, "kv_cache": cache}
            for name in ("query", "key", "value"):
                arguments[name] = align(arguments[name])
            arguments["output"] = torch.zeros_like(arguments["query"])
            ordered = [arguments[name] for name in family.kernel_arguments]
            launched(getattr(module, family.kernel_name(step)), *ordered,
                     **cases.constexprs(family.name, step, sizes))
            outputs.append((step, arguments["output"].clone()))
            return arguments["output"]

        for scenario in list(model.SCENARIOS)[:1]:
            model.run_scenario(model.Session(family.name, sizes), scenario, call)
        for number, (step, output) in enumerate(outputs):
            yield f"attention {family.name} {step} {number}", output


GROUPS = (float_operations, library_functions, integer_operations, casts, reductions, products, basic_kernels, rblib_kernels,
          attention_kernels)


def table(numerics, groups=GROUPS):
    """Every result of this process's way as integers."""
    os.environ["RBLNC_NUMERICS"] = numerics
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return {name: as_bits(tensor) for group in groups for name, tensor in group()}


if __name__ == "__main__":
    np.savez(sys.argv[1], **table(sys.argv[2], [group for group in GROUPS if group.__name__ in sys.argv[3:]] or GROUPS))
