"""Operators that give a kernel a cast of a cache, in many spellings."""
import itertools

import torch

from rblnc import triton
from rblnc.triton import language as tl
from rblnc.triton.language.extra.rbln import libdevice as rblib

ROWS, COLUMNS, WIDE = 6, 64, 128
_numbers = itertools.count()


@triton.jit
def add_rows(state_base, cache_base, out_base, N: tl.constexpr, D: tl.constexpr):
    """Adds the state to every row of the cache."""
    s = tl.load(tl.make_block_ptr(state_base, (1, D), (D, 1), (0, 0), (1, D), (1, 0)))
    rows = tl.make_block_ptr(cache_base, (N, D), (D, 1), (0, 0), (N, D), (1, 0))
    tl.store(rows, tl.load(rows) + s)
    tl.store(tl.make_block_ptr(out_base, (1, D), (D, 1), (0, 0), (1, D), (1, 0)), s * 2.0)


@triton.jit
def put_row(state_base, cache_base, out_base, N: tl.constexpr, D: tl.constexpr):
    """Writes the state to the last row of the cache, which it does not read."""
    s = tl.load(tl.make_block_ptr(state_base, (1, D), (D, 1), (0, 0), (1, D), (1, 0)))
    tl.store(tl.make_block_ptr(cache_base, (N, D), (D, 1), (N - 1, 0), (1, D), (1, 0)), s)
    tl.store(tl.make_block_ptr(out_base, (1, D), (D, 1), (0, 0), (1, D), (1, 0)), s * 2.0)


@triton.jit
def add_two(state_base, first_base, second_base, out_base, N: tl.constexpr, D: tl.constexpr):
    """Adds the state to every row of one cache, and twice the state to those of another."""
    s = tl.load(tl.make_block_ptr(state_base, (1, D), (D, 1), (0, 0), (1, D), (1, 0)))
    first = tl.make_block_ptr(first_base, (N, D), (D, 1), (0, 0), (N, D), (1, 0))
    second = tl.make_block_ptr(second_base, (N, D), (D, 1), (0, 0), (N, D), (1, 0))
    tl.store(first, tl.load(first) + s)
    tl.store(second, tl.load(second) + s * 2.0)
    tl.store(tl.make_block_ptr(out_base, (1, D), (D, 1), (0, 0), (1, D), (1, 0)), s * 2.0)


def launch(kernel, *tensors):
    """The kernel on [state, cache..., out], as the vendor's wrappers do it."""
    params = [*tensors, *tensors[1].shape]
    rblib.write_rtosa(kernel.warmup(*params, grid=(1, )), params)


def run(kernel, state, *caches):
    """A float32 output of the kernel on float32 tensors."""
    state = state.to(torch.float32)
    out = torch.empty_like(state)
    launch(kernel, state, *caches, out)
    return out


def fresh(text="cast"):
    """A name that no operator has yet."""
    return f"rblnc_{text}::f{next(_numbers)}"


def _fake(state, cache):
    return torch.empty_like(state)


def by_triton_op(body, mutates=()):
    name = fresh()
    torch.library.triton_op(name, body, mutates_args=mutates)
    torch.library.register_fake(name, _fake)
    return _of(name)


def by_custom_op(body, mutates=()):
    name = fresh()
    torch.library.custom_op(name, body, mutates_args=mutates).register_fake(_fake)
    return _of(name)


def by_torch_op(body, mutates=("cache", )):
    import rblnc
    name = fresh()
    rblnc.torch_op(name, mutates_args=mutates, fake=_fake)(body)
    return _of(name)


_libraries = []


def by_library(body, key="CPU", mutates=()):
    name = fresh()
    space, _, operator = name.partition("::")
    library = torch.library.Library(space, "FRAGMENT")
    _libraries.append(library)
    library.define(f"{operator}(Tensor state, Tensor{'(a!)' if mutates else ''} cache) -> Tensor")
    library.impl(operator, body, key)
    if key != "CompositeImplicitAutograd":  # such an operator comes apart under fake tensors
        torch.library.register_fake(name, _fake, lib=library)
    return _of(name)


def by_library_function(body, mutates=()):
    name = fresh()
    torch.library.define(name, f"(Tensor state, Tensor{'(a!)' if mutates else ''} cache) -> Tensor")
    torch.library.impl(name, "CompositeExplicitAutograd")(body)
    torch.library.register_fake(name, _fake)
    return _of(name)


SPELLINGS = {"triton_op": by_triton_op, "custom_op": by_custom_op, "torch_op": by_torch_op,
             "library": by_library, "library_explicit": lambda body, mutates=(): by_library(
                 body, "CompositeExplicitAutograd", mutates),
             "library_implicit": lambda body, mutates=(): by_library(body, "CompositeImplicitAutograd", mutates),
             "library_function": by_library_function}


def _of(name):
    space, _, operator = name.partition("::")
    return getattr(getattr(torch.ops, space), operator)
