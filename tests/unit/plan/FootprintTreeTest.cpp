// The index of an array's touches against a list of all of them.
#include "analysis/Array.h"

#include <catch2/catch.hpp>

#include <random>
#include <vector>

using namespace rblnc;
using namespace rblnc::plan;

namespace {

/// What Array must tell, from everything that touched it.
class AllTouches {
public:
  void touch(const Footprint &footprint, bool write, int queue, Position position, Dependence &needs) {
    for (const Past &past : pasts)
      if ((write || past.isWrite) && !footprint.isApartFrom(past.footprint))
        needs.add(past.queue, past.position);
    pasts.push_back({footprint, write, queue, position});
  }

private:
  struct Past {
    Footprint footprint;
    bool isWrite;
    int queue;
    Position position;
  };
  std::vector<Past> pasts;
};

using Random = std::mt19937;
int64_t uniform(Random &random, int64_t lo, int64_t hi) {
  return std::uniform_int_distribution<int64_t>(lo, hi)(random);
}

/// A block of a row-major array of these extents.
Footprint block(llvm::ArrayRef<int64_t> extents, llvm::ArrayRef<int64_t> starts, llvm::ArrayRef<int64_t> shape) {
  Footprint footprint;
  int64_t stride = 1;
  for (size_t d = extents.size(); d-- > 0; stride *= extents[d]) {
    footprint.lo += starts[d] * stride;
    footprint.hi += (starts[d] + shape[d] - 1) * stride;
    if (shape[d] > 1)
      footprint.dimensions.push_back({stride, shape[d]});
  }
  return footprint;
}

Footprint randomBlock(Random &random, llvm::ArrayRef<int64_t> extents) {
  llvm::SmallVector<int64_t> starts, shape;
  for (int64_t extent : extents) {
    shape.push_back(uniform(random, 0, 2) ? uniform(random, 1, std::max<int64_t>(1, extent / 8))
                                          : uniform(random, 1, extent));
    starts.push_back(uniform(random, 0, extent - shape.back()));
  }
  return block(extents, starts, shape);
}

/// Follows touches as Synchronize does, with branches now and then, and compares what each needs.
template <typename Next> void compare(Random &random, int touches, int queues, double branches, Next next) {
  Array array;
  AllTouches all;
  Needs done(queues, 0), none(queues, 0), border;
  int branch = -1, entered = 0;
  for (int i = 0; i < touches; ++i) {
    if (uniform(random, 0, 999) < 1000 * branches) {
      branch = branch < 0 ? entered++ : -1;
      border = done;
    }
    int queue = static_cast<int>(uniform(random, 0, queues - 1));
    Position position = ++done[queue];
    Dependence expected{branch, branch < 0 ? done : border, none, none}, found = expected;
    auto [footprint, write] = next(i);
    all.touch(footprint, write, queue, position, expected);
    array.touch(footprint, write, queue, position, found);
    INFO("touch " << i);
    REQUIRE(found.before == expected.before);
    REQUIRE(found.inside == expected.inside);
  }
}

} // namespace

TEST_CASE("an array's needs are those of a list of all touches, for random blocks") {
  const std::vector<std::vector<int64_t>> shapes{{4096}, {64, 64}, {8, 16, 32}, {2, 12, 4, 16, 8}, {1000003}};
  for (unsigned seed = 0; seed < 30; ++seed) {
    Random random(seed);
    const std::vector<int64_t> &extents = shapes[seed % shapes.size()];
    double branches = seed % 3 == 0 ? 0 : seed % 3 == 1 ? 0.02 : 0.2;
    compare(random, 400, 1 + static_cast<int>(seed % 7), branches,
            [&](int) { return std::pair(randomBlock(random, extents), uniform(random, 0, 2) == 0); });
  }
}

TEST_CASE("an array's needs are those of a list of all touches, for tiles that come again") {
  for (unsigned seed = 0; seed < 6; ++seed) {
    Random random(100 + seed);
    compare(random, 2000, 4, seed % 2 ? 0.01 : 0, [&](int i) {
      // In order, then again at random, with a look at everything now and then.
      int64_t tile = i < 1000 ? i : uniform(random, 0, 999);
      if (i % 97 == 0)
        return std::pair(block({320, 400}, {0, 0}, {320, 400}), i % 2 == 0);
      return std::pair(block({320, 400}, {tile / 50 * 16, tile % 50 * 8}, {16, 8}), uniform(random, 0, 1) == 0);
    });
  }
}

TEST_CASE("an array's needs are those of a list of all touches, beyond 64 bits") {
  Random random(7);
  compare(random, 300, 3, 0.05, [&](int) {
    Footprint footprint = randomBlock(random, {32, 32});
    __int128 far = __int128(INT64_MAX) * uniform(random, -2, 2);
    footprint.lo += far;
    footprint.hi += far;
    if (uniform(random, 0, 9) == 0) {
      footprint.lo = INT64_MIN;
      footprint.hi = INT64_MAX;
      footprint.dimensions = {{1, INT64_MAX}};
    }
    return std::pair(footprint, uniform(random, 0, 1) == 0);
  });
}
