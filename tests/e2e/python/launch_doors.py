"""The ways to launch a kernel, each on (state, copy of a cache, output), and the places from which a plain function does."""
import asyncio
import threading
from concurrent.futures import ThreadPoolExecutor

import triton as stock

import rblnc
from cast_operators import COLUMNS, ROWS, add_rows
from rblnc import libdevice as rblib

stock_add_rows = stock.jit(add_rows.fn)


def launch(state, copy, output):
    rblnc.launch(add_rows, state, copy, output, ROWS, COLUMNS)


def launch_by_name(state, copy, output):
    rblnc.launch(add_rows, state, out_base=output, cache_base=copy, N=ROWS, D=COLUMNS)


def compiled(state, copy, output):
    rblnc.warmup(add_rows, state, copy, output, ROWS, COLUMNS)(state, copy, output)


def warmed_up(state, copy, output):
    add_rows.warmup(state, state.new_empty(ROWS, COLUMNS), output, ROWS, COLUMNS, grid=(1, ))(state, copy, output)


def grid(state, copy, output):
    add_rows[(1, )](state, copy, output, ROWS, COLUMNS)


def stock_grid(state, copy, output):
    stock_add_rows[(1, )](state, copy, output, ROWS, COLUMNS)


def run(state, copy, output):
    add_rows.run(state, copy, output, ROWS, COLUMNS, grid=(1, ), warmup=False)


def write_rtosa(state, copy, output):
    params = [state, copy, output, ROWS, COLUMNS]
    rblib.write_rtosa(add_rows.warmup(*params, grid=(1, )), params)


def write_kernel(state, copy, output):
    rblib.write_kernel(add_rows.warmup(state, copy, output, ROWS, COLUMNS, grid=(1, )))


def rblib_warmup(state, copy, output):
    rblib.warmup(add_rows, {"host_layout": "1"}, state, copy, output, ROWS, COLUMNS)


DOORS = [launch, launch_by_name, compiled, warmed_up, grid, stock_grid, run, write_rtosa, write_kernel, rblib_warmup]


def function(door, state, cache, output):
    door(state, cache.float(), output)


def variable(door, state, cache, output):
    copy = cache.float()
    door(state, copy, output)


def closure(door, state, cache, output):

    def inner():
        door(state, cache.float(), output)

    inner()


class Model:

    def __init__(self, cache):
        self.cache = cache

    def forward(self, door, state, output):
        door(state, self.cache.float(), output)


def method(door, state, cache, output):
    Model(cache).forward(door, state, output)


def comprehension(door, state, cache, output):
    return [door(state, cache.float(), output) for _ in range(1)]


def generator(door, state, cache, output):

    def steps():
        yield door(state, cache.float(), output)

    return [*steps()]


def asynchronous(door, state, cache, output):

    async def step():
        door(state, cache.float(), output)

    asyncio.run(step())


def thread(door, state, cache, output):
    raised = []

    def work():
        try:
            door(state, cache.float(), output)
        except Exception as error:
            raised.append(error)

    worker = threading.Thread(target=work)
    worker.start()
    worker.join()
    for error in raised:
        raise error


def pool(door, state, cache, output):
    with ThreadPoolExecutor(1) as workers:
        workers.submit(lambda: door(state, cache.float(), output)).result()


CONTEXTS = [function, variable, closure, method, comprehension, generator, asynchronous, thread, pool]
