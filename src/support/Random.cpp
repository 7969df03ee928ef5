// Seeded random data.
#include "rblnc/support/Random.h"

#include <bit>
#include <cmath>

namespace rblnc {
namespace {

/// The natural logarithm for 0 < x < 1 to about 1e-15: x = 2^e * m, ln m = 2 artanh((m - 1) / (m + 1)).
/// The C library's may round differently from host to host.
double portableLog(double x) {
  auto bits = std::bit_cast<uint64_t>(x);
  int exponent = static_cast<int>(bits >> 52) - 1023;
  double m = std::bit_cast<double>((bits & 0xfffffffffffffull) | 0x3ff0000000000000ull);
  if (m > 1.4142135623730951) {
    m *= 0.5;
    ++exponent;
  }
  double s = (m - 1) / (m + 1);
  double square = s * s;
  double sum = 0;
  for (int k = 25; k >= 1; k -= 2)
    sum = sum * square + 1.0 / k;
  return 2 * s * sum + exponent * 0.6931471805599453;
}

} // namespace

Random::Random(uint64_t seed, std::string_view name) : state(seed) {
  uint64_t hash = 0xcbf29ce484222325ull; // FNV-1a
  for (char c : name)
    hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3ull;
  state = next() ^ hash;
  state = next();
}

uint64_t Random::next() {
  uint64_t z = (state += 0x9e3779b97f4a7c15ull);
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ull;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebull;
  return z ^ (z >> 31);
}

double Random::uniform() { return static_cast<double>(next() >> 11) * 0x1p-53; }

double Random::normal() {
  if (hasSpare) {
    hasSpare = false;
    return spare;
  }
  double u, v, square;
  do {
    u = 2 * uniform() - 1;
    v = 2 * uniform() - 1;
    square = u * u + v * v;
  } while (square >= 1 || square == 0);
  double scale = std::sqrt(-2 * portableLog(square) / square);
  spare = v * scale;
  hasSpare = true;
  return u * scale;
}

void fillNormal(Tensor &tensor, Random &random) {
  for (int64_t i = 0, n = tensor.elements(); i < n; ++i)
    storeDouble(tensor.dtype, random.normal(), tensor.at(i));
}

/// The bits of a whole number that the dtype holds, with a sign or without.
static void storeInteger(DType dtype, double value, void *data) {
  uint64_t bits = value < 0 ? static_cast<uint64_t>(static_cast<int64_t>(value)) : static_cast<uint64_t>(value);
  std::memcpy(data, &bits, sizeOf(dtype)); // little endian
}

void fillUniform(Tensor &tensor, Random &random, double low, double high) {
  bool isInteger = !isFloat(tensor.dtype);
  for (int64_t i = 0, n = tensor.elements(); i < n; ++i) {
    double value = low + (high - low) * random.uniform();
    if (!isInteger) {
      storeDouble(tensor.dtype, value, tensor.at(i));
      continue;
    }
    // The sum may be rounded up to `high`.
    double whole = std::floor(value);
    storeInteger(tensor.dtype, low < high ? std::min(whole, std::ceil(high) - 1) : whole, tensor.at(i));
  }
}

} // namespace rblnc
