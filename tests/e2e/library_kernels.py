"""Functions of tl.extra.libdevice, each into a row of its own: those that are one operation of the device, and some that are
several."""
import kernels.rblib  # noqa: F401  makes rblnc of this tree importable
from rblnc import triton
from rblnc.triton import language as tl
from triton.language.extra import libdevice


@triton.jit
def of_one(x, o, N: tl.constexpr):
    i = tl.arange(0, N)
    v = tl.load(x + i)
    tl.store(o + 0 * N + i, libdevice.tanh(v))
    tl.store(o + 1 * N + i, libdevice.expm1(v))
    tl.store(o + 2 * N + i, libdevice.log1p(v))
    tl.store(o + 3 * N + i, libdevice.erfc(v))
    tl.store(o + 4 * N + i, libdevice.sinh(v))
    tl.store(o + 5 * N + i, libdevice.cosh(v))
    tl.store(o + 6 * N + i, libdevice.tan(v))
    tl.store(o + 7 * N + i, libdevice.asin(v))
    tl.store(o + 8 * N + i, libdevice.acos(v))
    tl.store(o + 9 * N + i, libdevice.atan(v))
    tl.store(o + 10 * N + i, libdevice.asinh(v))
    tl.store(o + 11 * N + i, libdevice.acosh(v))
    tl.store(o + 12 * N + i, libdevice.atanh(v))
    tl.store(o + 13 * N + i, libdevice.cbrt(v))
    tl.store(o + 14 * N + i, libdevice.rcbrt(v))
    tl.store(o + 15 * N + i, libdevice.exp10(v))
    tl.store(o + 16 * N + i, libdevice.log10(v))
    tl.store(o + 17 * N + i, libdevice.round(v))
    tl.store(o + 18 * N + i, libdevice.rint(v))
    tl.store(o + 19 * N + i, libdevice.nearbyint(v))
    tl.store(o + 20 * N + i, libdevice.trunc(v))
    tl.store(o + 21 * N + i, libdevice.sinpi(v))
    tl.store(o + 22 * N + i, libdevice.cospi(v))
    tl.store(o + 23 * N + i, libdevice.erfinv(v))
    tl.store(o + 24 * N + i, libdevice.erfcinv(v))
    tl.store(o + 25 * N + i, libdevice.erfcx(v))
    tl.store(o + 26 * N + i, libdevice.normcdf(v))
    tl.store(o + 27 * N + i, libdevice.normcdfinv(v))
    tl.store(o + 28 * N + i, libdevice.lgamma(v))
    tl.store(o + 29 * N + i, libdevice.tgamma(v))
    tl.store(o + 30 * N + i, libdevice.logb(v))
    tl.store(o + 31 * N + i, libdevice.abs(v))


@triton.jit
def of_two(x, y, o, N: tl.constexpr):
    i = tl.arange(0, N)
    v, w = tl.load(x + i), tl.load(y + i)
    tl.store(o + 0 * N + i, libdevice.atan2(v, w))
    tl.store(o + 1 * N + i, libdevice.hypot(v, w))
    tl.store(o + 2 * N + i, libdevice.rhypot(v, w))
    tl.store(o + 3 * N + i, libdevice.pow(v, w))
    tl.store(o + 4 * N + i, libdevice.copysign(v, w))
    tl.store(o + 5 * N + i, libdevice.fmod(v, w))
    tl.store(o + 6 * N + i, libdevice.remainder(v, w))
    tl.store(o + 7 * N + i, libdevice.nextafter(v, w))


ONE, TWO = 32, 8


@triton.jit
def classes(x, o, N: tl.constexpr):
    """Functions that are several operations."""
    i = tl.arange(0, N)
    v = tl.load(x + i)
    tl.store(o + 0 * N + i, libdevice.isnan(v).to(tl.int32))
    tl.store(o + 1 * N + i, libdevice.isinf(v).to(tl.int32))
    tl.store(o + 2 * N + i, libdevice.finitef(v).to(tl.int32))
    tl.store(o + 3 * N + i, libdevice.signbit(v).to(tl.int32))
    tl.store(o + 4 * N + i, libdevice.ilogb(v))
    tl.store(o + 5 * N + i, libdevice.float2int_rn(v))
    tl.store(o + 6 * N + i, libdevice.float2int_rd(v))
    tl.store(o + 7 * N + i, libdevice.float2uint_ru(v))
    tl.store(o + 8 * N + i, libdevice.float_as_int(libdevice.saturatef(v)))
    tl.store(o + 9 * N + i, libdevice.llround(v).to(tl.int32))
    tl.store(o + 10 * N + i, libdevice.clz(libdevice.float_as_int(v)))
    tl.store(o + 11 * N + i, libdevice.mulhi(libdevice.float_as_int(v), 0x12345678))


CLASSES = 12
