// Every set of kernels that this host can run gives the same bits.
#include "emulator/Elements.h"

#include "kernels/Kernels.h"

using namespace rblnc::test;
using namespace rblnc::emulator;

namespace {

std::vector<const KernelTable *> tables() {
  std::vector<const KernelTable *> list = {&baselineKernels()};
  std::string_view best = kernels().isa;
  if (best != "baseline")
    list.push_back(&avx2Kernels());
  if (best == "avx512")
    list.push_back(&avx512Kernels());
  return list;
}

} // namespace

TEST_CASE("float functions do not depend on the instruction set", "[isa]") {
  constexpr size_t n = 100003;
  Elements a = someValues(DType::f32, n, 1), b = someValues(DType::f32, n, 5), c = someValues(DType::f32, n, 8);
  for (size_t op = 0; op < opCount; ++op) {
    std::vector<uint32_t> first;
    for (const KernelTable *table : tables()) {
      auto fn = table->elementwise[op][static_cast<size_t>(Storage::F32)];
      if (!fn || op == static_cast<size_t>(Op::select))
        continue;
      std::vector<float> out(n);
      fn(out.data(), a.bytes.data(), b.bytes.data(), c.bytes.data(), n);
      std::vector<uint32_t> bits(n);
      for (size_t i = 0; i < n; ++i) // the payload of a NaN is not specified
        bits[i] = std::isnan(out[i]) ? 0x7fc00000 : std::bit_cast<uint32_t>(out[i]);
      if (first.empty())
        first = bits;
      CAPTURE(op, table->isa);
      CHECK(first == bits);
    }
  }
}

TEST_CASE("sums and matrix products do not depend on the instruction set", "[isa]") {
  std::mt19937 generator(1);
  std::vector<float> values(16 * 1000);
  for (float &value : values)
    value = static_cast<float>(static_cast<int32_t>(generator())) * 0x1p-31f;
  std::vector<float> sums, products;
  for (const KernelTable *table : tables()) {
    const ReduceKernels &add = table->reduce[static_cast<size_t>(Op::addf)][static_cast<size_t>(Storage::F32)];
    std::vector<float> lanes(16 * 16), out(16);
    add.rows(lanes.data(), values.data(), 16, 1000, 1000, true);
    add.finishRows(out.data(), lanes.data(), 16, 16);
    if (sums.empty())
      sums = out;
    CHECK(sums == out);

    // One element at a time, so that tiles of every shape compute the same numbers.
    size_t k = 300;
    float dot = 0;
    for (size_t p = 0; p < k; ++p)
      dot += values[p] * values[k + p];
    const auto &tile = table->tileF32;
    std::vector<float> left(k * tile.tileRows), right(k * tile.tileColumns), result(tile.tileRows * tile.tileColumns);
    for (size_t p = 0; p < k; ++p) {
      std::fill_n(left.begin() + static_cast<std::ptrdiff_t>(p * tile.tileRows), tile.tileRows, values[p]);
      std::fill_n(right.begin() + static_cast<std::ptrdiff_t>(p * tile.tileColumns), tile.tileColumns, values[k + p]);
    }
    for (size_t rows = 1; rows <= tile.tileRows; ++rows) {
      std::fill(result.begin(), result.end(), 0.0f);
      tile.byRows[rows - 1](left.data(), right.data(), result.data(), tile.tileColumns, k);
      for (size_t i = 0; i < rows * tile.tileColumns; ++i)
        REQUIRE(result[i] == dot);
    }
  }
}
