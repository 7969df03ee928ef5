"""Small kernels for the tests of the package."""
import triton as stock

from rblnc import triton
from rblnc.triton import language as tl
from rblnc.triton.language.extra.rbln import libdevice as rblib


@triton.jit
def scale(x, output, factor, ROWS: tl.constexpr, COLUMNS: tl.constexpr):
    x_ptr = tl.make_block_ptr(base=x, shape=(ROWS, COLUMNS), strides=(COLUMNS, 1), offsets=(0, 0),
                              block_shape=(ROWS, COLUMNS), order=(1, 0))
    output_ptr = tl.make_block_ptr(base=output, shape=(ROWS, COLUMNS), strides=(COLUMNS, 1), offsets=(0, 0),
                                   block_shape=(ROWS, COLUMNS), order=(1, 0))
    tl.store(output_ptr, tl.load(x_ptr) * factor)


stock_scale = stock.jit(scale.fn)

STEP = tl.constexpr(5.0)


@triton.jit
def add_step(x, output, ROWS: tl.constexpr):
    x_ptr = tl.make_block_ptr(base=x, shape=(ROWS, 64), strides=(64, 1), offsets=(0, 0), block_shape=(ROWS, 64),
                              order=(1, 0))
    output_ptr = tl.make_block_ptr(base=output, shape=(ROWS, 64), strides=(64, 1), offsets=(0, 0),
                                   block_shape=(ROWS, 64), order=(1, 0))
    tl.store(output_ptr, tl.load(x_ptr) + STEP)


@stock.jit
def add_tiles(x, y, output, ROWS: tl.constexpr, COLUMNS: tl.constexpr, BLOCK: tl.constexpr):
    for i in tl.static_range(0, ROWS // BLOCK):
        x_ptr = tl.make_block_ptr(base=x, shape=(ROWS, COLUMNS), strides=(COLUMNS, 1), offsets=(i * BLOCK, 0),
                                  block_shape=(BLOCK, COLUMNS), order=(1, 0))
        y_ptr = tl.make_block_ptr(base=y, shape=(ROWS, COLUMNS), strides=(COLUMNS, 1), offsets=(i * BLOCK, 0),
                                  block_shape=(BLOCK, COLUMNS), order=(1, 0))
        output_ptr = tl.make_block_ptr(base=output, shape=(ROWS, COLUMNS), strides=(COLUMNS, 1),
                                       offsets=(i * BLOCK, 0), block_shape=(BLOCK, COLUMNS), order=(1, 0))
        tl.store(output_ptr, tl.load(x_ptr) + tl.load(y_ptr))


@stock.jit
def dynamic_loop(x, output, count, ROWS: tl.constexpr):
    for i in range(count):
        x_ptr = tl.make_block_ptr(base=x, shape=(ROWS, 64), strides=(64, 1), offsets=(i, 0), block_shape=(1, 64),
                                  order=(1, 0))
        output_ptr = tl.make_block_ptr(base=output, shape=(ROWS, 64), strides=(64, 1), offsets=(i, 0),
                                       block_shape=(1, 64), order=(1, 0))
        tl.store(output_ptr, tl.load(x_ptr))


@triton.jit
def take_rows(x, count, output, ROWS: tl.constexpr):
    count_ptr = tl.make_block_ptr(base=count, shape=(1, 1), strides=(1, 1), offsets=(0, 0), block_shape=(1, 1),
                                  order=(1, 0))
    rows = rblib.to_dynamic_index(count_ptr)
    x_ptr = tl.make_block_ptr(base=x, shape=(ROWS, 64), strides=(64, 1), offsets=(0, 0), block_shape=(ROWS, 64),
                              order=(1, 0))
    output_ptr = tl.make_block_ptr(base=output, shape=(ROWS, 64), strides=(64, 1), offsets=(0, 0),
                                   block_shape=(ROWS, 64), order=(1, 0))
    tl.store(output_ptr, rblib.dynamic_load(x_ptr, 0, rows))
