// Profiles of small programs, against figures computed by hand.
#include "emulator/Elements.h"

using namespace rblnc::test;
using rblnc::emulator::Bottleneck;
using rblnc::emulator::Occupancy;
using rblnc::emulator::Profile;

namespace {

/// Round figures: 1 GB/s of DRAM, 1 us to set up anything, 1 GFLOPS and 1 Gop/s an engine, two engines.
struct RoundTarget : TestBundle {
  RoundTarget() {
    TargetT &target = *targets[0];
    target.engines = 2;
    target.dram_bytes_per_second = 1e9;
    target.shared_bytes_per_second = 4e9;
    target.dma_setup_seconds = target.matmul_setup_seconds = target.vector_setup_seconds = target.sync_seconds = 1e-6;
    target.matmul_flops_per_second = 1e9;
    target.matmul_f32_ratio = 0.5;
    target.vector_ops_per_second = 1e9;
  }

  Profile profile(const Arrays &arrays) {
    RunOptions options;
    options.profile = true;
    RunResult result = run(*this, arrays, options);
    seconds = result.stats.modelledSeconds;
    REQUIRE(result.profile);
    return *result.profile;
  }

  /// count f32 elements of x, doubled, into y: on one engine, 1 us + an operation each.
  void addDouble(int64_t count, std::unique_ptr<AccessT> x, std::unique_ptr<AccessT> y, uint32_t engine = 0) {
    TestVector vector;
    vector.outer = {count};
    int in = vector.input(std::move(x));
    vector.output(vector.step(Op::addf, DType::f32, in, in), std::move(y));
    addVector(std::move(vector), Unit::neural_engine, engine);
  }

  double seconds = 0;
};

Approx about(double value) { return Approx(value).epsilon(1e-9); }

} // namespace

TEST_CASE("nothing is profiled unless it is asked for", "[profile]") {
  RoundTarget bundle;
  uint32_t x = bundle.argument("x", DType::f32, 10, Direction::in);
  bundle.addDma({10}, dram(x, DType::f32, 0, {4}), pad(DType::f32, 0, {4}));
  std::vector<float> in(10);
  CHECK(!run(bundle, Arrays().bind("x", in)).profile);
}

TEST_CASE("bytes of arguments are compulsory once", "[profile]") {
  RoundTarget bundle;
  uint32_t x = bundle.argument("x", DType::f32, 100000, Direction::in),
           y = bundle.argument("y", DType::f32, 1000, Direction::inout);
  uint32_t scratch = bundle.workspace(4000);
  auto load = [&](int64_t count, std::unique_ptr<AccessT> from) {
    bundle.addDma({count}, std::move(from), pad(DType::f32, 0, {4}));
  };
  load(1000, dram(x, DType::f32, 0, {4}));
  load(1000, dram(x, DType::f32, 2000, {4}));       // half of it again
  load(1000, dram(x, DType::f32, 4 * 20000, {16})); // every fourth element: across a page of 64 KiB
  bundle.addDma({100}, pad(DType::f32, 0, {4}), dram(y, DType::f32, 0, {4}));
  load(200, dram(y, DType::f32, 0, {4})); // the first half was written by the run
  bundle.addDma({100}, pad(DType::f32, 0, {4}), dram(y, DType::f32, 0, {4}));
  bundle.addDma({1000}, pad(DType::f32, 0, {4}), dram(scratch, DType::f32, 0, {4}));
  std::vector<float> in(100000), out(1000);
  Profile profile = bundle.profile(Arrays().bind("x", in).bind("y", out));
  CHECK(profile.compulsoryReadBytes == 6000 + 4000 + 400);
  CHECK(profile.compulsoryWrittenBytes == 400);
  CHECK(profile.roofline.memorySeconds == about(10.8e-6));
  CHECK(profile.roofline.limit() == "memory");
}

TEST_CASE("only the part inside of a clip is compulsory", "[profile]") {
  RoundTarget bundle;
  uint32_t n = bundle.argument("n", DType::i32, 1, Direction::in),
           x = bundle.argument("x", DType::f32, 1000, Direction::in);
  uint32_t reg = bundle.addRegister(0, 1000);
  bundle.loadScalar(reg, dram(n, DType::i32, 0, {}));
  DmaT dma;
  dma.shape = {1000};
  dma.source = dram(x, DType::f32, 0, {4});
  dma.destination = pad(DType::f32, 0, {4});
  dma.clips.emplace_back(0, static_cast<int32_t>(reg), 0, 0, 0, 1);
  dma.has_fill = true;
  bundle.add(std::move(dma));
  std::vector<float> in(1000);
  std::vector<int32_t> count{30};
  CHECK(bundle.profile(Arrays().bind("x", in).bind("n", count)).compulsoryReadBytes == 4 + 120);
}

TEST_CASE("the engines there are share the operations of the bound", "[profile]") {
  RoundTarget bundle;
  uint32_t zero = bundle.constant(std::vector<uint8_t>(4096));
  bundle.addDma({1024}, dram(zero, DType::f32, 0, {4}), pad(DType::f32, 0, {4}));
  MatmulT matmul;
  matmul.m = matmul.n = matmul.k = 10;
  matmul.a = pad(DType::f32, 0, {40, 0, 4});
  matmul.b = pad(DType::f32, 0, {0, 4, 40});
  matmul.d = pad(DType::f32, 8192, {40, 4, 0});
  bundle.add(std::move(matmul));
  bundle.addDouble(500, pad(DType::f32, 0, {4}), pad(DType::f32, 16384, {4}));
  Profile profile = bundle.profile(Arrays());
  // 2000 operations at half of 1 GFLOPS, and 500 at 1 Gop/s, on two engines.
  CHECK(profile.roofline.matrixSeconds == about(2e-6));
  CHECK(profile.roofline.vectorSeconds == about(0.25e-6));
  CHECK(profile.roofline.memorySeconds == 0); // constants are no arguments
  CHECK(profile.roofline.limit() == "matrix");
  // Load 1 + 4.096 us, product 1 + 4 us, vector 1 + 0.5 us.
  CHECK(bundle.seconds == about(11.596e-6));
  CHECK(profile.matrixUtilisation == about(2 / 11.596));
  CHECK(profile.engineBalance == about(0.5)); // the other engine is idle
  CHECK(profile.computeSeconds == about(4.5e-6));
  CHECK(profile.memorySeconds == about(4.096e-6));
  CHECK(profile.latencySeconds == about(3e-6));
  CHECK(profile.bottleneck() == Bottleneck::compute);
}

TEST_CASE("engines that compute equally long are balanced", "[profile]") {
  RoundTarget bundle;
  uint32_t x = bundle.argument("x", DType::f32, 1000, Direction::in);
  for (uint32_t engine : {0, 1}) {
    bundle.addDma({1000}, dram(x, DType::f32, 0, {4}), access(Memory::scratchpad, engine, DType::f32, 0, {4}),
                  Unit::neural_engine, engine);
    bundle.addDouble(engine ? 1000 : 500, access(Memory::scratchpad, engine, DType::f32, 0, {4}),
                     access(Memory::scratchpad, engine, DType::f32, 4096, {4}), engine);
  }
  std::vector<float> in(1000);
  Profile profile = bundle.profile(Arrays().bind("x", in));
  CHECK(profile.engineBalance == about(1.75 / 2)); // 1.5 us and 2 us
  CHECK(profile.bottleneck() == Bottleneck::memory);
}

TEST_CASE("time, bytes and operations are divided among Python lines", "[profile]") {
  RoundTarget bundle;
  uint32_t x = bundle.argument("x", DType::f32, 1000, Direction::in);
  uint32_t load = bundle.addLine("kernel.py", 20), again = bundle.addLine("kernel.py", 20);
  bundle.addDma({1000}, dram(x, DType::f32, 0, {4}), pad(DType::f32, 0, {4}), Unit::neural_dma).line = load;
  bundle
      .addDma({250}, dram(x, DType::f32, 0, {4}), access(Memory::scratchpad, 1, DType::f32, 0, {4}), Unit::neural_dma,
              1)
      .line = again; // another column of the same line
  bundle.signal(0, Unit::neural_dma);
  bundle.wait(0, 1, Unit::neural_engine);
  bundle.addDouble(1000, pad(DType::f32, 0, {4}), pad(DType::f32, 4096, {4}));
  std::vector<float> in(1000);
  Profile profile = bundle.profile(Arrays().bind("x", in));
  // The loads take 6 us together, the signal and the wait 1 us each, the vector program 2 us.
  CHECK(bundle.seconds == about(10e-6));
  REQUIRE(profile.lines.size() == 2);
  CHECK(profile.lines[0].line == load);
  CHECK(profile.lines[0].commands == 2);
  CHECK(profile.lines[0].dmaBytes == 5000);
  CHECK(profile.lines[0].dramBytes == 5000);
  CHECK(profile.lines[0].seconds == about(6e-6));
  CHECK(profile.lines[0].busySeconds == about(9e-6)); // 6 and 3, where they overlap
  CHECK(profile.lines[1].commands == 3);
  CHECK(profile.lines[1].vectorOps == 1000);
  CHECK(profile.lines[1].seconds == about(4e-6));
  CHECK(profile.lines[1].busySeconds == about(4e-6)); // without the stall
}

TEST_CASE("every executed command has its slice", "[profile]") {
  RoundTarget bundle;
  uint32_t x = bundle.argument("x", DType::f32, 1000, Direction::in);
  bundle.addDma({1000}, dram(x, DType::f32, 0, {4}), pad(DType::f32, 0, {4}), Unit::neural_dma);
  bundle.signal(0, Unit::neural_dma);
  bundle.wait(0, 1, Unit::neural_engine);
  bundle.addDouble(500, pad(DType::f32, 0, {4}), pad(DType::f32, 4096, {4}));
  std::vector<float> in(1000);
  Profile profile = bundle.profile(Arrays().bind("x", in));
  REQUIRE(profile.slices.size() == 4);
  struct Row {
    uint32_t queue, command;
    double begin, end, stalled;
  };
  const Row rows[] = {{0, 0, 0, 5, 0}, {0, 1, 5, 6, 0}, {1, 0, 0, 7, 6}, {1, 1, 7, 8.5, 0}};
  for (size_t i = 0; i < 4; ++i) {
    INFO("slice " << i);
    CHECK(profile.slices[i].queue == rows[i].queue);
    CHECK(profile.slices[i].command == rows[i].command);
    CHECK(profile.slices[i].begin * 1e6 == about(rows[i].begin));
    CHECK(profile.slices[i].end * 1e6 == about(rows[i].end));
    CHECK(profile.slices[i].stalled * 1e6 == about(rows[i].stalled));
  }
  CHECK(profile.slices[0].dramBytes == 4000);
  CHECK(profile.slices[3].vectorOps == 500);
}

TEST_CASE("a scratchpad holds a value until it is last read", "[profile]") {
  RoundTarget bundle;
  uint32_t x = bundle.argument("x", DType::f32, 1024, Direction::in),
           y = bundle.argument("y", DType::f32, 1024, Direction::out);
  bundle.addDma({1024}, dram(x, DType::f32, 0, {4}), pad(DType::f32, 0, {4})); // 0 to 5.096 us
  bundle.addDouble(1024, pad(DType::f32, 0, {4}), pad(DType::f32, 4096, {4})); // to 7.12 us
  bundle.addDouble(512, pad(DType::f32, 4096, {4}), pad(DType::f32, 0, {4}));  // to 8.632 us
  bundle.addDma({512}, pad(DType::f32, 0, {4}), dram(y, DType::f32, 0, {4}));  // to 11.68 us
  std::vector<float> in(1024), out(1024);
  Profile profile = bundle.profile(Arrays().bind("x", in).bind("y", out));
  REQUIRE(profile.occupancy.size() == 1);
  const Occupancy &pad = profile.occupancy[0];
  CHECK(!pad.isShared);
  CHECK(pad.unit == 0);
  CHECK(pad.peak() == 8192);
  const std::vector<std::pair<double, uint64_t>> expected = {
      {0, 4096},           // what is loaded
      {5.096, 8192},       // and its double
      {7.12, 2048 + 2048}, // the half of the double that is read on, and what is written over half of the load
      {8.632, 2048},
      {11.68, 0}};
  REQUIRE(pad.points.size() == expected.size());
  for (size_t i = 0; i < expected.size(); ++i) {
    INFO("point " << i);
    CHECK(pad.points[i].seconds * 1e6 == about(expected[i].first));
    CHECK(pad.points[i].bytes == expected[i].second);
  }
}
