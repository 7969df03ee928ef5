// Random data that depends on a seed alone: the same bits on every host, compiler and C library.
#pragma once

#include "rblnc/support/Tensor.h"

#include <cstdint>
#include <string_view>

namespace rblnc {

/// SplitMix64 (Steele, Lea and Flood, 2014). Only integer arithmetic and correctly rounded operations of doubles are
/// used (the logarithm of the normal distribution is our own), so nothing depends on the host.
class Random {
public:
  /// Streams of the same seed with different names are independent: data of one argument does not move when another is
  /// given.
  Random(uint64_t seed, std::string_view name);

  uint64_t next();
  /// In [0, 1), a multiple of 2^-53.
  double uniform();
  /// Mean 0, standard deviation 1 (Marsaglia's polar method).
  double normal();

private:
  uint64_t state;
  double spare = 0;
  bool hasSpare = false;
};

/// Fills a tensor of a float dtype.
void fillNormal(Tensor &tensor, Random &random);
/// Fills a tensor with values of [low, high), rounded to its dtype; for integers rounded down.
void fillUniform(Tensor &tensor, Random &random, double low, double high);

} // namespace rblnc
