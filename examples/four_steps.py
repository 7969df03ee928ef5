"""The documented four steps, from a kernel to an operator in a compiled model, as cells for a notebook or an editor.

    pip install './kernels[torch]'
    python examples/four_steps.py
"""
# %% [markdown]
# # A Triton kernel for the RBLN NPU in four steps
# Write a kernel, warm it up, register it as an operator, call it. Here each step runs on any machine: the kernel is
# compiled by rblnc and computed by its emulator. With the vendor's compiler only the import root differs (`rebel`).

# %% Imports: `rebel` in the vendor's documentation, `rblnc` here
import torch
from torch.library import register_fake, triton_op

from rblnc import triton
from rblnc.triton import language as tl
from rblnc.triton.language.extra.rbln import libdevice as rblib

# %% [markdown]
# ## 1. Write the kernel
# One program does all the work: no `program_id`, loops are `tl.static_range`, memory is reached through block pointers,
# reductions keep their dimension, and sizes are constants.


# %% Softmax of the rows of a matrix, several rows at a time
@triton.jit
def row_softmax(x, output, ROWS: tl.constexpr, COLUMNS: tl.constexpr, TILE: tl.constexpr):
    for i in tl.static_range(0, ROWS // TILE):
        x_ptr = tl.make_block_ptr(base=x, shape=(1, ROWS, COLUMNS), strides=(ROWS * COLUMNS, COLUMNS, 1),
                                  offsets=(0, i * TILE, 0), block_shape=(1, TILE, COLUMNS), order=(2, 1, 0))
        output_ptr = tl.make_block_ptr(base=output, shape=(1, ROWS, COLUMNS), strides=(ROWS * COLUMNS, COLUMNS, 1),
                                       offsets=(0, i * TILE, 0), block_shape=(1, TILE, COLUMNS), order=(2, 1, 0))
        tile = tl.load(x_ptr)
        raised = tl.exp(tile - tl.max(tile, axis=2, keep_dims=True))
        tl.store(output_ptr, raised / tl.sum(raised, axis=2, keep_dims=True))


# %% [markdown]
# ## 2. Warm it up
# `warmup` compiles for the shapes and types of its arguments and runs nothing. The result has the text that Triton made
# (`.ttir`), the bundle (`.rbln`, what `rblnc run` takes), and can be called.

# %% Compile, look, call
x = torch.randn(1, 128, 192)
output = torch.empty_like(x)
compiled = row_softmax.warmup(x, output, ROWS=128, COLUMNS=192, TILE=32, grid=(1, ))
print(compiled)
print("arguments:", ", ".join(f"{a.name} {a.dtype} {a.direction}" for a in compiled.signature))
print("text:", len(compiled.ttir.splitlines()), "lines; bundle:", len(compiled.rbln), "bytes")

stats = compiled(x, output)
print(f"modelled time: {stats.modelled_seconds * 1e6:.1f} us on {compiled.target}")
torch.testing.assert_close(output, torch.softmax(x, dim=2))

# %% [markdown]
# ## 3. Register the operator
# The wrapper allocates, warms up and hands over; `register_fake` says which shape comes out. `write_rtosa` writes the
# text and the bundle to `$RBLNC_OUTPUT_DIR` (or the user's cache), and, other than the vendor's, computes the output.


# %% By hand, as in vLLM RBLN's files
@triton_op("rbln_triton_ops::row_softmax", mutates_args=())
def row_softmax_wrapper(x: torch.Tensor) -> torch.Tensor:
    output = torch.empty_like(x)
    params = [x, output, x.shape[1], x.shape[2], 32]
    kernel = row_softmax.warmup(*params, grid=(1, ))
    rblib.write_rtosa(kernel, params)
    return output


@register_fake("rbln_triton_ops::row_softmax")
def _(x):
    return torch.empty_like(x)


# %% [markdown]
# ## 4. Call it
# In eager mode, and inside of `torch.compile`.

# %% Eager
torch.testing.assert_close(torch.ops.rbln_triton_ops.row_softmax(x), torch.softmax(x, dim=2))
print("eager: as torch.softmax")


# %% Compiled. On the NPU: backend="rbln"
def model(scores, values):
    return torch.ops.rbln_triton_ops.row_softmax(scores * 0.125) @ values


values = torch.randn(1, 192, 64)
result = torch.compile(model, backend="aot_eager", fullgraph=True)(x, values)
torch.testing.assert_close(result, torch.softmax(x * 0.125, dim=2) @ values)
print("compiled: as torch.softmax")
