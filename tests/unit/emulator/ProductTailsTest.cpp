// Products under device numerics whose k is no multiple of the chip's 64, from any start, alone and in a batch.
#include "emulator/Elements.h"

#include "kernels/Kernels.h"

using namespace rblnc::test;
using rblnc::emulator::kernels;
using rblnc::emulator::Numerics;

namespace {

float rounded(float value) {
  kernels().roundDlf16(&value, 1);
  return value;
}

/// The chip's sum: chunks of 64 products, each summed in f32, and the running sum rounded behind each.
float deviceSum(float start, const float *a, const float *b, int64_t strideB, int64_t k) {
  float sum = start;
  for (int64_t first = 0; first < k; first += 64) {
    float chunk = 0;
    for (int64_t q = first; q < std::min(k, first + 64); ++q) {
      volatile float product = a[q] * b[q * strideB]; // rounded before it is added
      chunk = chunk + product;
    }
    sum = rounded(sum + chunk);
  }
  return rounded(sum);
}

} // namespace

TEST_CASE("the last products of a sum count under device numerics, however few they are", "[numerics]") {
  constexpr int64_t m = 2, n = 3;
  auto hasStart = GENERATE(false, true);
  int64_t batch = GENERATE(0, 1, 3);
  int64_t count = std::max<int64_t>(batch, 1);
  for (int64_t k : {1, 2, 7, 8, 31, 63, 64, 65, 100, 127, 128, 129, 191, 255, 256, 257, 300, 320, 321}) {
    INFO("k " << k << ", batch " << batch << ", start " << hasStart);
    TestBundle bundle;
    uint32_t x = bundle.argument("x", DType::f32, count * m * k, Direction::in),
             y = bundle.argument("y", DType::f32, count * k * n, Direction::in),
             s = bundle.argument("s", DType::f32, count * m * n, Direction::in),
             z = bundle.argument("z", DType::f32, count * m * n, Direction::out);
    constexpr int64_t placeB = 64 << 10, placeC = 128 << 10, placeD = 192 << 10;
    bundle.addDma({count * m * k}, dram(x, DType::f32, 0, {4}), pad(DType::f32, 0, {4}));
    bundle.addDma({count * k * n}, dram(y, DType::f32, 0, {4}), pad(DType::f32, placeB, {4}));
    bundle.addDma({count * m * n}, dram(s, DType::f32, 0, {4}), pad(DType::f32, placeC, {4}));
    auto strides = [&](int64_t ofBatch, Strides rest) {
      if (batch)
        rest.insert(rest.begin(), 4 * ofBatch);
      return rest;
    };
    MatmulT matmul;
    if (batch)
      matmul.batch = {batch};
    matmul.m = m;
    matmul.n = n;
    matmul.k = k;
    matmul.a = pad(DType::f32, 0, strides(m * k, {4 * k, 0, 4}));
    matmul.b = pad(DType::f32, placeB, strides(k * n, {0, 4, 4 * n}));
    if (hasStart)
      matmul.c = pad(DType::f32, placeC, strides(m * n, {4 * n, 4, 0}));
    matmul.d = pad(DType::f32, placeD, strides(m * n, {4 * n, 4, 0}));
    bundle.add(std::move(matmul));
    bundle.addDma({count * m * n}, pad(DType::f32, placeD, {4}), dram(z, DType::f32, 0, {4}));
    std::mt19937 generator(static_cast<uint32_t>(k));
    auto values = [&](int64_t elements) {
      std::vector<float> result(static_cast<size_t>(elements));
      for (float &value : result)
        value = rounded(static_cast<float>(generator() >> 8) * 0x1p-23f - 1);
      return result;
    };
    std::vector<float> a = values(count * m * k), b = values(count * k * n), c = values(count * m * n), got(c.size());
    RunOptions options;
    options.numerics = Numerics::device;
    run(bundle, Arrays().bind("x", a).bind("y", b).bind("s", c).bind("z", got), options);
    for (int64_t p = 0; p < count; ++p)
      for (int64_t i = 0; i < m; ++i)
        for (int64_t j = 0; j < n; ++j) {
          auto at = static_cast<size_t>((p * m + i) * n + j);
          float wanted = deviceSum(hasStart ? c[at] : 0, &a[static_cast<size_t>((p * m + i) * k)],
                                   &b[static_cast<size_t>(p * k * n + j)], n, k);
          CHECK(got[at] == wanted);
        }
  }
}
