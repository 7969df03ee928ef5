// What the float operations of vector programs are: the C library's functions of double or long double, and inverses by
// Newton's method.
#pragma once

#include "rblnc/bundle/Ops.h"

#include <catch2/catch.hpp>

#include <cmath>

namespace rblnc::test {

inline long double normalDistribution(long double x) { return 0.5L * std::erfc(-x * std::sqrt(0.5L)); }

/// The y with erfc(y) = z, for 0 < z < 2: Newton's method on the logarithm of the smaller tail.
inline long double inverseErfc(long double z) {
  if (!(z >= 0 && z <= 2))
    return NAN;
  if (z == 0 || z == 2)
    return z == 0 ? INFINITY : -INFINITY;
  if (z == 1)
    return 0;
  long double tail = z < 1 ? z : 2 - z, y = tail < 0.1L ? std::sqrt(-std::log(tail)) : (1 - tail) * 0.9L;
  for (int i = 0; i < 60; ++i) {
    long double value = std::erfc(y), slope = 2 / std::sqrt(std::acos(-1.0L)) * std::exp(-y * y) / value;
    y += (std::log(value) - std::log(tail)) / slope;
  }
  return z < 1 ? y : -y;
}

/// The y with erf(y) = x; close to zero by Newton's method on erf, where 1 - x would lose digits.
inline long double inverseErf(long double x) {
  if (!(std::abs(x) <= 0.5L))
    return x < 0 ? -inverseErfc(1 + x) : inverseErfc(1 - x);
  long double y = x;
  for (int i = 0; i < 60; ++i)
    y -= (std::erf(y) - x) * std::sqrt(std::acos(-1.0L)) / 2 * std::exp(y * y);
  return y;
}

inline long double norm(long double x, long double y, long double z) { return std::sqrt(x * x + y * y + z * z); }

inline double floatReference(bundle::Op op, double x, double y, double z) {
  using bundle::Op;
  const long double pi = std::acos(-1.0L);
  auto hasNan = std::isnan(x) || std::isnan(y);
  auto isLess = [](double a, double b) { return a < b || (a == b && std::signbit(a) && !std::signbit(b)); };
  auto asDouble = [](long double value) { return static_cast<double>(value); };
  switch (op) {
  case Op::addf:
    return x + y;
  case Op::subf:
    return x - y;
  case Op::mulf:
    return x * y;
  case Op::divf:
    return x / y;
  case Op::remf:
    return std::fmod(x, y);
  case Op::negf:
    return -x;
  case Op::absf:
    return std::abs(x);
  case Op::ceil:
    return std::ceil(x);
  case Op::floor:
    return std::floor(x);
  case Op::cos:
    return std::cos(x);
  case Op::sin:
    return std::sin(x);
  case Op::erf:
    return std::erf(x);
  case Op::exp:
    return std::exp(x);
  case Op::exp2:
    return std::exp2(x);
  case Op::log:
    return std::log(x);
  case Op::log2:
    return std::log2(x);
  case Op::sqrt:
    return std::sqrt(x);
  case Op::rsqrt:
    return 1 / std::sqrt(x);
  case Op::tanh:
    return std::tanh(x);
  case Op::fma:
    return std::fma(x, y, z);
  case Op::maxnumf:
    return std::isnan(x) ? y : std::isnan(y) ? x : isLess(x, y) ? y : x;
  case Op::minnumf:
    return std::isnan(x) ? y : std::isnan(y) ? x : isLess(x, y) ? x : y;
  case Op::maximumf:
    return hasNan ? NAN : isLess(x, y) ? y : x;
  case Op::minimumf:
    return hasNan ? NAN : isLess(x, y) ? x : y;
  case Op::tan:
    return std::tan(x);
  case Op::asin:
    return std::asin(x);
  case Op::acos:
    return std::acos(x);
  case Op::atan:
    return std::atan(x);
  case Op::sinh:
    return std::sinh(x);
  case Op::cosh:
    return std::cosh(x);
  case Op::asinh:
    return std::asinh(x);
  case Op::acosh:
    return std::acosh(x);
  case Op::atanh:
    return std::atanh(x);
  case Op::expm1:
    return std::expm1(x);
  case Op::log10:
    return std::log10(x);
  case Op::log1p:
    return std::log1p(x);
  case Op::erfc:
    return std::erfc(x);
  case Op::cbrt:
    return std::cbrt(x);
  case Op::round:
    return std::round(x);
  case Op::roundeven:
    return std::nearbyint(x);
  case Op::trunc:
    return std::trunc(x);
  case Op::atan2:
    return std::atan2(x, y);
  case Op::powf:
    return std::pow(x, y);
  case Op::copysign:
    return std::copysign(x, y);
  case Op::exp10:
    return asDouble(std::pow(10.0L, x));
  case Op::sinpi:
    return std::isinf(x)          ? NAN
           : std::fmod(x, 1) == 0 ? std::copysign(0.0, x)
                                  : asDouble(std::sin(pi * std::fmod(x, 2)));
  case Op::cospi:
    return std::isinf(x) ? NAN : std::fmod(std::abs(x), 1) == 0.5 ? 0.0 : asDouble(std::cos(pi * std::fmod(x, 2)));
  case Op::erfinv:
    return asDouble(inverseErf(x));
  case Op::erfcinv:
    return asDouble(inverseErfc(x));
  case Op::normcdf:
    return asDouble(normalDistribution(x));
  case Op::normcdfinv:
    return asDouble(0.0L - std::sqrt(2.0L) * inverseErfc(2 * static_cast<long double>(x)));
  case Op::erfcx:
    // Beyond 50 the asymptotic series.
    return asDouble(x < 50 ? std::exp(static_cast<long double>(x) * x) * std::erfc(static_cast<long double>(x))
                           : (1 - 0.5L / x / x + 0.75L / x / x / x / x) / (x * std::sqrt(pi)));
  case Op::lgamma:
    return asDouble(std::lgamma(static_cast<long double>(x)));
  case Op::tgamma:
    return asDouble(std::tgamma(static_cast<long double>(x)));
  case Op::rcbrt:
    return 1 / std::cbrt(x);
  case Op::logb:
    return std::logb(x);
  case Op::hypot:
    return std::hypot(x, y);
  case Op::rhypot:
    return 1 / std::hypot(x, y);
  case Op::norm3:
    return std::isinf(x) || std::isinf(y) || std::isinf(z) ? HUGE_VAL : asDouble(norm(x, y, z));
  case Op::rnorm3:
    return std::isinf(x) || std::isinf(y) || std::isinf(z) ? 0.0 : asDouble(1 / norm(x, y, z));
  case Op::remainder:
    return std::remainder(x, y);
  case Op::nextafter:
    return std::nextafter(static_cast<float>(x), static_cast<float>(y));
  default:
    FAIL("no reference");
    return 0;
  }
}

/// In units in the last place. Rounded once, so within half a unit; what is evaluated in double leaves a little more.
inline double tolerance(bundle::Op op, bundle::DType dtype) {
  using bundle::Op;
  switch (op) {
  case Op::addf:
  case Op::subf:
  case Op::mulf:
  case Op::divf:
  case Op::sqrt:
  case Op::fma:
    return 0.5;
  case Op::remf:
  case Op::remainder:
  case Op::nextafter:
    return 0;
  default:
    if (bundle::infoOf(op)->isExact)
      return 0;
    // Computed in f32, and for the narrow formats rounded again.
    return dtype == bundle::DType::f32 ? 0.51 : 0.5 + 0x1p-13 * (dtype == bundle::DType::f16 ? 8 : 1);
  }
}

} // namespace rblnc::test
