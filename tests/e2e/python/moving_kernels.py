"""Kernels that compute nothing: most move the N by N block at x to o."""
from rblnc import triton
from rblnc.triton import language as tl
from rblnc.triton.language.extra.rbln import libdevice as rblib


@triton.jit
def square(base, N: tl.constexpr):
    return tl.make_block_ptr(base=base, shape=(N, N), strides=(N, 1), offsets=(0, 0), block_shape=(N, N), order=(1, 0))


@triton.jit
def copy(x, o, N: tl.constexpr):
    tl.store(square(o, N), tl.load(square(x, N)))


@triton.jit
def choose(x, o, N: tl.constexpr):
    i = tl.arange(0, N)
    at = i[:, None] * N + i[None, :]
    v = tl.load(x + at)
    tl.store(o + at, tl.where(i[:, None] < i[None, :], v, tl.where(i[None, :] >= 0, v, 1.0)))


@triton.jit
def masked(x, o, N: tl.constexpr):
    i = tl.arange(0, N)
    at = i[:, None] * N + i[None, :]
    inside = (i[:, None] < N // 2) & (i[None, :] >= 0)
    upper = tl.load(x + at, mask=inside, other=2.0)
    tl.store(o + at, upper, mask=inside)
    tl.store(o + at, tl.load(x + at, mask=i[:, None] >= N // 2), mask=i[:, None] >= N // 2)


@triton.jit
def padded(x, o, N: tl.constexpr):
    source = tl.make_block_ptr(base=x, shape=(N, N), strides=(N, 1), offsets=(0, 0), block_shape=(2 * N, N), order=(1, 0))
    target = tl.make_block_ptr(base=o, shape=(N, N), strides=(N, 1), offsets=(0, 0), block_shape=(2 * N, N), order=(1, 0))
    tl.store(target, tl.load(source, boundary_check=(0, ), padding_option="nan"), boundary_check=(0, ))


@triton.jit
def there_and_back(x, o, N: tl.constexpr):
    v = tl.trans(tl.reshape(tl.trans(tl.load(square(x, N))), (N // 2, 2 * N)))
    tl.store(square(o, N), tl.trans(tl.reshape(tl.trans(v), (N, N))))


@triton.jit
def flat(x, o, N: tl.constexpr):
    i = tl.arange(0, N * N)
    tl.store(o + i, tl.reshape(tl.reshape(tl.load(x + i), (N, N)), (N * N, )))


@triton.jit
def broadcast_row(x, o, N: tl.constexpr):
    i = tl.arange(0, N)
    for r in tl.static_range(N):
        row = tl.broadcast_to(tl.load(x + r * N + i)[None, :], (2, N))
        tl.store(o + r * N + i[None, :] + tl.zeros((2, 1), tl.int32), row, mask=tl.arange(0, 2)[:, None] == 0)


@triton.jit
def left_one(a, b):
    return tl.where(b == b, a, a)


@triton.jit
def reduced(x, o, N: tl.constexpr):
    v = tl.reshape(tl.load(square(x, N)), (N, N, 1))
    twice = tl.broadcast_to(v, (N, N, 2))
    v = tl.reduce(tl.reduce(twice, 2, left_one, keep_dims=True), 2, left_one, keep_dims=True)
    tl.store(square(o, N), tl.reshape(v, (N, N)))


@triton.jit
def absolute(x, o, N: tl.constexpr):
    tl.store(square(o, N), tl.abs(tl.load(square(x, N))))


@triton.jit
def through_integers(x, o, N: tl.constexpr, KIND: tl.constexpr):
    v = tl.load(square(x, N))
    tl.store(square(o, N), v.to(KIND, bitcast=True).to(v.dtype, bitcast=True))


@triton.jit
def to_integers(x, o, N: tl.constexpr, KIND: tl.constexpr):
    tl.store(square(o, N), tl.load(square(x, N)).to(KIND, bitcast=True))


@triton.jit
def inserted(x, index, o, N: tl.constexpr):
    at = rblib.to_dynamic_index(tl.make_block_ptr(base=index, shape=(1, ), strides=(1, ), offsets=(0, ),
                                                  block_shape=(1, ), order=(0, )), N)
    v = tl.load(square(x, N))
    tl.store(square(o, N), rblib.insert(v, v, 0, at))
