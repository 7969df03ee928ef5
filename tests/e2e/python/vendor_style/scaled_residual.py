# An operator as a user of the vendor's compiler writes it: kernel, wrapper, shapes. Only the import root is changed by
# the test that loads it.
import torch
from torch.library import register_fake, triton_op

from rebel import triton
from rebel.triton import language as tl
from rebel.triton.language.extra.rbln import libdevice as rblib


@triton.jit
def scaled_residual(x_ptr, residual_ptr, output_ptr, scale, ROWS: tl.constexpr, COLUMNS: tl.constexpr,
                    BLOCK: tl.constexpr):
    for i in tl.static_range(0, ROWS // BLOCK):
        x_block = tl.make_block_ptr(base=x_ptr, shape=(1, ROWS, COLUMNS), strides=(ROWS * COLUMNS, COLUMNS, 1),
                                    offsets=(0, i * BLOCK, 0), block_shape=(1, BLOCK, COLUMNS), order=(2, 1, 0))
        residual_block = tl.make_block_ptr(base=residual_ptr, shape=(1, ROWS, COLUMNS),
                                           strides=(ROWS * COLUMNS, COLUMNS, 1), offsets=(0, i * BLOCK, 0),
                                           block_shape=(1, BLOCK, COLUMNS), order=(2, 1, 0))
        output_block = tl.make_block_ptr(base=output_ptr, shape=(1, ROWS, COLUMNS),
                                         strides=(ROWS * COLUMNS, COLUMNS, 1), offsets=(0, i * BLOCK, 0),
                                         block_shape=(1, BLOCK, COLUMNS), order=(2, 1, 0))
        tl.store(output_block, tl.load(x_block) * scale + tl.load(residual_block))


@triton_op("rbln_triton_ops::scaled_residual", mutates_args=())
def scaled_residual_wrapper(x: torch.Tensor, residual: torch.Tensor, scale: torch.Tensor) -> torch.Tensor:
    output = torch.empty_like(x)
    params = [x, residual, output, scale, x.shape[1], x.shape[2], 32]
    compiled = scaled_residual.warmup(*params, grid=(1, ))
    rblib.write_rtosa(compiled, params)
    return output


@register_fake("rbln_triton_ops::scaled_residual")
def _(x, residual, scale):
    return torch.empty_like(x)
