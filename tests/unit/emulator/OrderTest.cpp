// Running the queues in random orders.
#include "emulator/Elements.h"

#include <set>

using namespace rblnc::test;

namespace {

constexpr Unit engine = Unit::neural_engine, dma = Unit::neural_dma;

/// What element 0 of y is after two queues have stored x and then z there, ordered by a semaphore or not.
float lastStored(bool isOrdered, std::optional<uint64_t> order) {
  TestBundle bundle;
  uint32_t x = bundle.argument("x", DType::f32, 64, Direction::in),
           z = bundle.argument("z", DType::f32, 64, Direction::in),
           y = bundle.argument("y", DType::f32, 64, Direction::out);
  std::vector<float> ones(64, 1), twos(64, 2), out(64);
  bundle.addDma({64}, dram(x, DType::f32, 0, {4}), dram(y, DType::f32, 0, {4}), dma);
  if (isOrdered) {
    bundle.signal(0, dma);
    bundle.wait(0, 1, engine);
  }
  bundle.addDma({64}, dram(z, DType::f32, 0, {4}), dram(y, DType::f32, 0, {4}), engine);
  RunOptions options;
  options.checks = false;
  options.order = order;
  run(bundle, Arrays().bind("x", ones).bind("z", twos).bind("y", out), options);
  return out[0];
}

std::set<float> over16Orders(bool isOrdered) {
  std::set<float> results;
  for (uint64_t seed = 0; seed < 16; ++seed)
    results.insert(lastStored(isOrdered, seed));
  return results;
}

} // namespace

TEST_CASE("random orders show what is not ordered", "[order]") { CHECK(over16Orders(false) == std::set<float>{1, 2}); }

TEST_CASE("random orders keep to what is ordered", "[order]") { CHECK(over16Orders(true) == std::set<float>{2}); }

TEST_CASE("the same seed gives the same order", "[order]") {
  for (uint64_t seed = 0; seed < 16; ++seed)
    CHECK(lastStored(false, seed) == lastStored(false, seed));
}
