// The timing model, against times computed by hand from the target's figures.
#include "emulator/Elements.h"

using namespace rblnc::test;

namespace {

/// Round figures: 1 GB/s of DRAM, 1 us to set up anything, 1 GFLOPS, 1 Gop/s.
struct RoundTarget : TestBundle {
  RoundTarget() {
    TargetT &target = *targets[0];
    target.dram_bytes_per_second = 1e9;
    target.shared_bytes_per_second = 4e9;
    target.dma_setup_seconds = target.matmul_setup_seconds = target.vector_setup_seconds = target.sync_seconds = 1e-6;
    target.matmul_flops_per_second = 1e9;
    target.matmul_f32_ratio = 0.5;
    target.matmul_i8_ratio = 4;
    target.vector_ops_per_second = 1e9;
  }
  double seconds(const Arrays &arrays) { return run(*this, arrays).stats.modelledSeconds; }
};

Approx about(double value) { return Approx(value).epsilon(1e-9); }

} // namespace

TEST_CASE("a transfer takes its set-up and its bytes over the bandwidth", "[timing]") {
  RoundTarget bundle;
  uint32_t x = bundle.argument("x", DType::f32, 1000, Direction::in);
  bundle.addDma({1000}, dram(x, DType::f32, 0, {4}), pad(DType::f32, 0, {4}));
  std::vector<float> in(1000);
  RunResult result = run(bundle, Arrays().bind("x", in));
  CHECK(result.stats.modelledSeconds == about(5e-6));
  CHECK(result.stats.dmaBytes == 4000);
  CHECK(result.stats.dramBytes == 4000);
  REQUIRE(result.stats.queues.size() == 1);
  CHECK(result.stats.queues[0].name == "Neural Engine Clusters 0");
  CHECK(result.stats.queues[0].busySeconds == about(5e-6));
}

TEST_CASE("transfers at the same time share DRAM", "[timing]") {
  RoundTarget bundle;
  uint32_t x = bundle.argument("x", DType::f32, 1000, Direction::in);
  auto load = [&](int64_t count, uint32_t queue) {
    bundle.addDma({count}, dram(x, DType::f32, 0, {4}), access(Memory::scratchpad, queue, DType::f32, 0, {4}),
                  Unit::neural_dma, queue);
  };
  std::vector<float> in(1000);
  load(1000, 0);
  load(250, 1);
  // Both until 1 us + 2 us, when the small one's 1000 bytes are done; then 3000 bytes alone.
  CHECK(bundle.seconds(Arrays().bind("x", in)) == about(6e-6));
}

TEST_CASE("queues overlap, and a wait stalls", "[timing]") {
  RoundTarget bundle;
  uint32_t x = bundle.argument("x", DType::f32, 1000, Direction::in),
           y = bundle.argument("y", DType::f32, 1000, Direction::out);
  bundle.addDma({1000}, dram(x, DType::f32, 0, {4}), pad(DType::f32, 0, {4}), Unit::neural_dma);
  bundle.signal(0, Unit::neural_dma);
  bundle.wait(0, 1, Unit::neural_engine);
  TestVector vector;
  vector.outer = {1000};
  int in = vector.input(pad(DType::f32, 0, {4}));
  vector.output(vector.step(Op::addf, DType::f32, in, in), dram(y, DType::f32, 0, {4}));
  bundle.addVector(std::move(vector));
  std::vector<float> values(1000), out(1000);
  RunResult result = run(bundle, Arrays().bind("x", values).bind("y", out));
  // Load 5 us, signal 1 us, wait 1 us, then 1 us of set-up and 4000 bytes to DRAM, longer than the 1000 operations.
  CHECK(result.stats.modelledSeconds == about(12e-6));
  CHECK(result.stats.vectorOps == 1000);
  CHECK(result.stats.queues[1].name == "Neural Engine Clusters 0");
  CHECK(result.stats.queues[1].stalledSeconds == about(6e-6));
  CHECK(result.stats.queues[1].busySeconds == about(6e-6));
}

TEST_CASE("a matrix product takes its operations over the dtype's rate", "[timing]") {
  auto [dtype, seconds] = GENERATE(
      table<DType, double>({{DType::f16, 1e-6 + 16e-6}, {DType::f32, 1e-6 + 32e-6}, {DType::i8, 1e-6 + 4e-6}}));
  RoundTarget bundle;
  auto bytes = static_cast<uint64_t>(sizeOf(dtype));
  uint32_t zero = bundle.constant(std::vector<uint8_t>(static_cast<size_t>(512) * bytes));
  bundle.targets[0]->dma_setup_seconds = 0;
  bundle.targets[0]->dram_bytes_per_second = 1e18;
  bundle.addDma({512}, dram(zero, dtype, 0, {static_cast<int64_t>(bytes)}),
                pad(dtype, 0, {static_cast<int64_t>(bytes)}));
  MatmulT matmul;
  matmul.m = matmul.n = matmul.k = 20;
  auto stride = static_cast<int64_t>(bytes);
  matmul.a = pad(dtype, 0, {20 * stride, 0, stride});
  matmul.b = pad(dtype, 0, {0, stride, 20 * stride});
  matmul.d = pad(dtype == DType::i8 ? DType::i32 : DType::f32, 8192, {80, 4, 0});
  bundle.add(std::move(matmul));
  RunResult result = run(bundle, Arrays());
  CHECK(result.stats.matmulFlops == 16000);
  CHECK(result.stats.modelledSeconds == about(seconds));
}

TEST_CASE("statistics have a JSON form", "[timing]") {
  RoundTarget bundle;
  uint32_t x = bundle.argument("x", DType::f32, 10, Direction::in);
  bundle.addDma({10}, dram(x, DType::f32, 0, {4}), pad(DType::f32, 0, {4}));
  std::vector<float> in(10);
  llvm::json::Value json = rblnc::emulator::toJson(run(bundle, Arrays().bind("x", in)).stats);
  REQUIRE(json.getAsObject());
  CHECK(json.getAsObject()->getInteger("dma_bytes") == 40);
  CHECK(json.getAsObject()->getObject("commands")->getInteger("dma") == 1);
  CHECK(json.getAsObject()->getArray("queues")->size() == 1);
}
