// Shared bandwidths and bounds where two formulas could agree: transfers that are still being set up, and kernels that
// use the matrix unit, the vector unit and memory together.
#include "emulator/Elements.h"

using namespace rblnc::test;
using rblnc::emulator::Profile;
using rblnc::emulator::Roofline;

namespace {

/// 1 GB/s of DRAM, 4 GB/s of shared SRAM, 1 us to set up a transfer.
struct RoundTarget : TestBundle {
  RoundTarget() {
    TargetT &target = *targets[0];
    target.engines = 4;
    target.dram_bytes_per_second = 1e9;
    target.shared_bytes_per_second = 4e9;
    target.dma_setup_seconds = target.matmul_setup_seconds = target.vector_setup_seconds = target.sync_seconds = 1e-6;
    target.matmul_flops_per_second = 1e9;
    target.matmul_f32_ratio = 0.5;
    target.matmul_i8_ratio = 4;
    target.vector_ops_per_second = 1e9;
  }
};

Approx about(double value) { return Approx(value).epsilon(1e-9); }

} // namespace

TEST_CASE("set-ups that overlap a transfer leave it the whole bandwidth", "[timing]") {
  for (bool isShared : {false, true}) {
    RoundTarget bundle;
    uint32_t x = bundle.argument("x", DType::f32, 4000, Direction::in);
    int64_t count = isShared ? 4000 : 1000; // 4 us either way
    auto place = [&] { return isShared ? access(Memory::shared, 0, DType::f32, 0, {4}) : dram(x, DType::f32, 0, {4}); };
    double before = 0;
    if (isShared) {
      bundle.addDma({4000}, dram(x, DType::f32, 0, {4}), access(Memory::shared, 0, DType::f32, 0, {4}), Unit::task_dma);
      bundle.signal(0, Unit::task_dma);
      bundle.wait(0, 1, Unit::neural_dma, 0);
      bundle.wait(0, 1, Unit::neural_dma, 1);
      before = 17e-6 + 1e-6 + 1e-6;
    }
    bundle.addDma({count}, place(), access(Memory::scratchpad, 0, DType::f32, 0, {4}), Unit::neural_dma, 0);
    // Queue 1: three transfers of 4 bytes, whose set-ups of 1 us each lie beside the transfer of 4 us.
    for (int i = 0; i < 3; ++i)
      bundle.addDma({1}, place(), access(Memory::scratchpad, 1, DType::f32, 0, {4}), Unit::neural_dma, 1);
    std::vector<float> in(4000);
    RunResult result = run(bundle, Arrays().bind("x", in));
    // They share the bandwidth only while 4 bytes are moved.
    double rate = isShared ? 4e9 : 1e9;
    INFO("shared " << isShared);
    CHECK(result.stats.modelledSeconds == about(before + 1e-6 + 4e-6 + 3 * 4 / rate));
  }
}

TEST_CASE("the bound of a kernel adds what its two units take, and knows what limits it", "[profile]") {
  struct Row {
    double matrix, vector, memory, bound;
    const char *limit;
  };
  const Row rows[] = {{3, 2, 4, 5, "matrix"}, {2, 3, 4, 5, "vector"}, {2, 3, 6, 6, "memory"}, {3, 2, 5, 5, "memory"},
                      {0, 2, 1, 2, "vector"}, {1, 2, 1, 3, "vector"}, {2, 2, 1, 4, "matrix"}};
  for (const Row &row : rows) {
    Roofline roofline;
    roofline.matrixSeconds = row.matrix;
    roofline.vectorSeconds = row.vector;
    roofline.memorySeconds = row.memory;
    CHECK(roofline.bound() == about(row.bound));
    CHECK(roofline.limit() == row.limit);
  }
}

TEST_CASE("the parts of a mixed kernel's bound: two dtypes of products, vectors and bytes", "[profile]") {
  RoundTarget bundle;
  uint32_t x = bundle.argument("x", DType::f32, 1024, Direction::in);
  bundle.addDma({1024}, dram(x, DType::f32, 0, {4}), pad(DType::f32, 0, {4}));
  auto product = [&](DType dtype, DType sum, int64_t size, int64_t bytes) {
    MatmulT matmul;
    matmul.m = matmul.n = matmul.k = size;
    matmul.a = pad(dtype, 0, {size * bytes, 0, bytes});
    matmul.b = pad(dtype, 0, {0, bytes, size * bytes});
    matmul.d = pad(sum, 8192, {4 * size, 4, 0});
    bundle.add(std::move(matmul));
  };
  product(DType::f32, DType::f32, 10, 4); // 2000 operations at half the rate
  product(DType::f16, DType::f32, 20, 2); // 16000 at the rate
  product(DType::i8, DType::i32, 20, 1);  // 16000 at four times the rate
  TestVector vector;
  vector.inner = {500};
  int in = vector.input(pad(DType::f32, 0, {4}));
  vector.output(vector.step(Op::addf, DType::f32, in, in), pad(DType::f32, 16384, {4}));
  bundle.addVector(std::move(vector));
  RunOptions options;
  options.profile = true;
  std::vector<float> values(1024);
  RunResult result = run(bundle, Arrays().bind("x", values), options);
  REQUIRE(result.profile);
  const Roofline &roofline = result.profile->roofline;
  CHECK(roofline.matrixSeconds == about((4e-6 + 16e-6 + 4e-6) / 4));
  CHECK(roofline.vectorSeconds == about(0.5e-6 / 4));
  CHECK(roofline.memorySeconds == about(4.096e-6));
  CHECK(roofline.bound() == about(6.125e-6));
  CHECK(result.stats.matmulFlops == 34000);
}
