"""Kernels beyond a limit of the bundle's format: `combiner`, `operands` or `rank`."""
import sys

kind = sys.argv[1]
rank = 33 if kind == "rank" else 1
count = 70 if kind == "operands" else 1
sums = 1100 if kind == "combiner" else 1
block = "tensor<" + "1x" * (rank - 1) + "64xf32>"
sizes = ", ".join(["%one"] * (rank - 1) + ["%size"])
strides = ", ".join(["%size"] * (rank - 1) + ["%one"])
zeros = ", ".join(["%zero"] * rank)
order = ", ".join(map(str, reversed(range(rank))))
pointer = f"[{sizes}], [{strides}], [{zeros}] {{order = array<i32: {order}>}} : <{block}>"
print(f"""module {{
  tt.func public @k(%x: !tt.ptr<f32> loc("x"), %o: !tt.ptr<f32> loc("o")) {{
    %size = arith.constant 64 : i64
    %one = arith.constant 1 : i64
    %zero = arith.constant 0 : i32
    %px = tt.make_tensor_ptr %x, {pointer}
    %po = tt.make_tensor_ptr %o, {pointer}
    %v = tt.load %px : !tt.ptr<{block}>""")
if kind == "rank":
    print("    %r = arith.addf %v, %v : " + block)
else:
    operands = ", ".join(["%v"] * count)
    parameters = ", ".join(f"%a{i}: f32" for i in range(count)) + ", " + ", ".join(f"%b{i}: f32" for i in range(count))
    print(f"""    %s:{count} = "tt.reduce"({operands}) <{{axis = 0 : i32}}> ({{
    ^bb0({parameters}):""")
    last = "%a0"
    for i in range(sums):
        print(f"      %c{i} = arith.addf {last}, %b0 : f32")
        last = f"%c{i}"
    results = ", ".join([last] + [f"%a{i}" for i in range(1, count)])
    types = ", ".join(["f32"] * count)
    print(f"""      tt.reduce.return {results} : {types}
    }}) : ({', '.join([block] * count)}) -> ({types}) loc("k.py":3:1)
    %r = tt.splat %s{"#0" if count > 1 else ""} : f32 -> {block}""")
print(f"""    tt.store %po, %r : !tt.ptr<{block}>
    tt.return
  }}
}}""")
