// Strides of views: what reshapes can be said without moving elements.
#include "analysis/View.h"

#include "catch2/catch.hpp"

#include <numeric>
#include <random>

using rblnc::plan::denseStrides;
using rblnc::plan::Extents;
using rblnc::plan::reshapeStrides;

namespace {

/// The addresses of a view's elements in row-major order.
std::vector<int64_t> addresses(llvm::ArrayRef<int64_t> shape, llvm::ArrayRef<int64_t> strides) {
  std::vector<int64_t> result = {0};
  for (size_t d = 0; d < shape.size(); ++d) {
    std::vector<int64_t> next;
    for (int64_t base : result)
      for (int64_t i = 0; i < shape[d]; ++i)
        next.push_back(base + i * strides[d]);
    result = std::move(next);
  }
  return result;
}

} // namespace

TEST_CASE("dense strides are row-major, with 0 for extent 1") {
  CHECK(denseStrides({2, 1, 3, 4}) == Extents{12, 0, 4, 1});
  CHECK(denseStrides({}) == Extents{});
}

TEST_CASE("a dense view reshapes to any shape") {
  auto strides = reshapeStrides(denseStrides({4, 6}), {4, 6}, {3, 8});
  REQUIRE(strides);
  CHECK(*strides == denseStrides({3, 8}));
}

TEST_CASE("a broadcast dimension stays a broadcast when it is merged with unit dimensions") {
  // 1x2x4 with the 4 broadcast, as 2x4 and 2x2x2.
  CHECK(*reshapeStrides({0, 1, 0}, {1, 2, 4}, {2, 4}) == Extents{1, 0});
  CHECK(*reshapeStrides({0, 1, 0}, {1, 2, 4}, {2, 2, 2}) == Extents{1, 0, 0});
}

TEST_CASE("merging a broadcast with a real dimension needs a move") {
  CHECK_FALSE(reshapeStrides({1, 0}, {2, 4}, {8}));
}

TEST_CASE("a transposed view reshapes only within its runs") {
  // 3x2 read from a dense 2x3.
  CHECK_FALSE(reshapeStrides({1, 3}, {3, 2}, {6}));
  CHECK(*reshapeStrides({1, 3}, {3, 2}, {3, 1, 2}) == Extents{1, 0, 3});
}

TEST_CASE("whatever strides a reshape gives, they reach the same elements in the same order") {
  std::mt19937 random(7);
  auto pick = [&](int n) { return static_cast<int64_t>(random() % static_cast<unsigned>(n)); };
  int said = 0;
  for (int round = 0; round < 5000; ++round) {
    std::vector<int64_t> from(static_cast<size_t>(1 + pick(4)));
    for (int64_t &extent : from)
      extent = 1 + pick(4);
    // Some permutation of dense strides, with some dimensions broadcast.
    Extents strides = denseStrides(from);
    for (size_t d = 0; d + 1 < from.size(); ++d)
      if (pick(3) == 0) {
        std::swap(from[d], from[d + 1]);
        std::swap(strides[d], strides[d + 1]);
      }
    for (int64_t &stride : strides)
      if (pick(5) == 0)
        stride = 0;
    int64_t count = std::accumulate(from.begin(), from.end(), int64_t{1}, std::multiplies<>());
    std::vector<int64_t> to;
    while (count > 1) {
      int64_t factor = 1 + pick(static_cast<int>(count));
      if (count % factor == 0) {
        to.push_back(factor);
        count /= factor;
      }
    }
    auto result = reshapeStrides(strides, from, to);
    if (!result)
      continue;
    ++said;
    REQUIRE(addresses(from, strides) == addresses(to, *result));
  }
  CHECK(said > 1000);
}
