// What commands take, by hand, and queues played against each other.
#include "rblnc/target/Simulation.h"

#include "catch2/catch.hpp"

using namespace rblnc;

namespace {

/// 1 GB/s of DRAM, 4 GB/s of shared SRAM, set-ups of 1 to 4 us, 1 GFLOPS in f16, half of it in f32, four times in i8.
CostModel roundModel() {
  Target target;
  target.engines = 4;
  target.dramBytesPerSecond = 1e9;
  target.sharedBytesPerSecond = 4e9;
  target.dmaSetupSeconds = 1e-6;
  target.matmulSetupSeconds = 2e-6;
  target.vectorSetupSeconds = 3e-6;
  target.syncSeconds = 4e-6;
  target.matmulFlopsPerSecond = 1e9;
  target.matmulF32Ratio = 0.5;
  target.matmulI8Ratio = 4;
  target.vectorOpsPerSecond = 2e9;
  return CostModel(target);
}

Approx about(double value) { return Approx(value).epsilon(1e-9); }

} // namespace

TEST_CASE("products have the rate of their operands", "[cost]") {
  CostModel model = roundModel();
  CHECK(model.productRate(16, true) == 1e9);
  CHECK(model.productRate(32, true) == 0.5e9);
  CHECK(model.productRate(8, false) == 4e9);
  // Other integers go the way of f32.
  CHECK(model.productRate(16, false) == 0.5e9);
  CHECK(model.productRate(32, false) == 0.5e9);
  CHECK(model.productRate(1, false) == 0.5e9);
}

TEST_CASE("a command costs its set-up and its unit's work", "[cost]") {
  CostModel model = roundModel();
  CHECK(model.transfer(10, 20).setupSeconds == 1e-6);
  CHECK(model.transfer(10, 20).dramBytes == 10);
  CHECK(model.transfer(10, 20).sharedBytes == 20);
  CHECK(model.product(3000, model.productRate(32, true)).setupSeconds == 2e-6);
  CHECK(model.product(3000, model.productRate(32, true)).unitSeconds == about(6e-6));
  CHECK(model.vector(3000).setupSeconds == 3e-6);
  CHECK(model.vector(3000).unitSeconds == about(1.5e-6));
  CHECK(model.synchronization().setupSeconds == 4e-6);
  CHECK(model.bytesOfSetup() == about(250));
}

TEST_CASE("transfers share a memory, and a wait holds its queue", "[cost]") {
  CostModel model = roundModel();
  using Kind = TimedCommand::Kind;
  std::vector<std::vector<TimedCommand>> queues = {
      {{Kind::Work, 0, 0, model.transfer(1000, 0)}, {Kind::Signal, 0, 0, model.synchronization()}},
      {{Kind::Wait, 0, 1, model.synchronization()}, {Kind::Work, 0, 0, model.vector(2000)}},
      {{Kind::Work, 0, 0, model.transfer(3000, 4000)}}};
  Simulation result = simulate(queues, model, 1, true);
  // Two transfers until 1 us + 2 us, the larger one alone until 5 us; the signal ends at 7 us, the wait at 11 us.
  CHECK(result.commands[0][0].end == about(3e-6));
  CHECK(result.commands[2][0].end == about(5e-6));
  CHECK(result.queues[1].stalledSeconds == about(7e-6));
  CHECK(result.seconds == about(15e-6));
}
