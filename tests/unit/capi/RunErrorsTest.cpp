// Runs that must fail, and how.
#include "bundle/Build.h"
#include "capi/Handles.h"

using namespace rblnc::test;

namespace {

const char *gather = "rblib/ttir/3.6.0/to_dynamic_index_i32.ttir";

struct Sum {
  Handle<rblnc_bundle> bundle = compileKernel(vectorAdd);
  Arrays arrays = Arrays(3, std::vector<float>(4096, 1.0f));
  std::vector<rblnc_buffer> buffers = buffersOf(arrays);

  Outcome<rblnc_result> run(const rblnc_run_options *options = nullptr) {
    auto outcome = runOn(bundle.get(), buffers, options);
    CHECK(!outcome.handle);
    CHECK(arrays[2] == std::vector<float>(4096, 1.0f));
    return outcome;
  }
};

} // namespace

TEST_CASE("RBLN-R031: arguments that do not fit the signature", "[capi]") {
  Sum sum;
  SECTION("too few") {
    sum.buffers.pop_back();
    auto outcome = sum.run();
    CHECK(outcome.status == RBLNC_REJECTED);
    CHECK(contains(outcome.says(), "the kernel has 3 arguments, and 2 were given [RBLN-R031]"));
  }
  SECTION("too many") {
    sum.buffers.push_back(sum.buffers.back());
    CHECK(contains(sum.run().says(), "the kernel has 3 arguments, and 4 were given"));
  }
  SECTION("too small") {
    sum.buffers[1].size -= 1;
    auto outcome = sum.run();
    CHECK(outcome.status == RBLNC_REJECTED);
    CHECK(contains(outcome.says(), "argument 'y' needs 16384 bytes, and its array has 16383 [RBLN-R031]"));
    CHECK(contains(outcome.json(), "\"RBLN-R031\""));
  }
  SECTION("at no address") {
    sum.buffers[0].data = nullptr;
    auto outcome = sum.run();
    CHECK(outcome.status == RBLNC_REJECTED);
    CHECK(contains(outcome.says(), "argument 'x' is at address 0"));
  }
}

TEST_CASE("RBLN-R032: a run that needs more memory than it may", "[capi]") {
  Sum sum;
  rblnc_run_options options = RBLNC_RUN_OPTIONS_INIT;
  options.max_memory_bytes = 1000;
  auto outcome = sum.run(&options);
  CHECK(outcome.status == RBLNC_REJECTED);
  CHECK(contains(outcome.says(), "and the limit is 1000 [RBLN-R032]"));
}

TEST_CASE("RBLN-R034: an index out of range names its line", "[capi]") {
  auto bundle = compileKernel(gather);
  std::vector<float> x(4 * 5 * 64, 1.0f), o(5 * 64);
  std::vector<int32_t> table = {0, 0, 4};
  std::vector<rblnc_buffer> buffers = {{x.data(), x.size() * 4}, {table.data(), 12}, {o.data(), o.size() * 4}};
  auto outcome = runOn(bundle.get(), buffers);
  CHECK(outcome.status == RBLNC_REJECTED);
  CHECK(!outcome.handle);
  CHECK(contains(outcome.says(), "indices_kernels.py:"));
  CHECK(contains(outcome.says(), "[RBLN-R034]"));
  table[2] = 3;
  CHECK(runOn(bundle.get(), buffers).status == RBLNC_DONE);
  CHECK(o == std::vector<float>(5 * 64, 2.0f));
}

TEST_CASE("RBLN-R037: lost rows stop a run, of an earlier version's caller too, unless it says not to", "[capi]") {
  TestBundle builder;
  uint32_t n = builder.argument("n", DType::i32, 64, Direction::in);
  LoadScalarT load;
  load.register_ = builder.addRegister(0, 8);
  load.source = dram(n, DType::i32, 0, {});
  auto check = std::make_unique<OverflowCheckT>();
  check->operation = CheckedOp::append_last;
  check->width = 64;
  check->lhs = {0, 1};
  check->rhs = {3, 0};
  check->partition = 8;
  load.checks.push_back(std::move(check));
  builder.add(std::move(load), Unit::neural_engine, 0);
  std::vector<uint8_t> bytes = builder.bytes();
  auto bundle = openBytes(std::string(bytes.begin(), bytes.end()));
  INFO(bundle.says());
  REQUIRE(bundle.status == RBLNC_DONE);
  Arrays arrays = {std::vector<float>(64)};
  int32_t offset = 6;
  std::memcpy(arrays[0].data(), &offset, sizeof offset);
  CHECK(contains(runOn(bundle.handle.get(), buffersOf(arrays)).says(), "has room for 2 of 3 new ones"));
  rblnc_run_options options = RBLNC_RUN_OPTIONS_INIT;
  CHECK(contains(runOn(bundle.handle.get(), buffersOf(arrays), &options).says(), "[RBLN-R037]"));
  options.no_append_checks = 1;
  CHECK(runOn(bundle.handle.get(), buffersOf(arrays), &options).status == RBLNC_DONE);
  options.size = offsetof(rblnc_run_options, no_append_checks);
  CHECK(contains(runOn(bundle.handle.get(), buffersOf(arrays), &options).says(), "[RBLN-R037]"));
}

TEST_CASE("RBLN-R040: what the checks find comes with the result", "[capi]") {
  TestBundle builder;
  uint32_t y = builder.argument("y", DType::f32, 64, Direction::out);
  builder.addDma({64}, pad(DType::f32, 0, {4}), dram(y, DType::f32, 0, {4}));
  std::vector<uint8_t> bytes = builder.bytes();
  auto bundle = openBytes(std::string(bytes.begin(), bytes.end()));
  INFO(bundle.says());
  REQUIRE(bundle.status == RBLNC_DONE);
  Arrays arrays = {std::vector<float>(64, 1.0f)};
  rblnc_run_options options = RBLNC_RUN_OPTIONS_INIT;
  options.checks = 1;
  auto outcome = runOn(bundle.handle.get(), buffersOf(arrays), &options);
  CHECK(outcome.status == RBLNC_REJECTED);
  REQUIRE(outcome.handle);
  CHECK(rblnc_result_modelled_seconds(outcome.handle.get()) > 0);
  CHECK(contains(outcome.says(), "[RBLN-R040]"));
  options.checks = 0;
  CHECK(runOn(bundle.handle.get(), buffersOf(arrays), &options).status == RBLNC_DONE);
}

TEST_CASE("wrong calls of a run are usage errors", "[capi]") {
  Sum sum;
  rblnc_run_options options = RBLNC_RUN_OPTIONS_INIT;
  std::string wanted;
  const rblnc_bundle *bundle = sum.bundle.get();
  const rblnc_buffer *buffers = sum.buffers.data();
  SECTION("no bundle") {
    bundle = nullptr;
    wanted = "bundle is NULL";
  }
  SECTION("no arguments") {
    buffers = nullptr;
    wanted = "arguments is NULL";
  }
  SECTION("numerics") {
    options.numerics = 2;
    wanted = "numerics is 2";
  }
  SECTION("options without a size") {
    options.size = 0;
    wanted = "rblnc_run_options.size is 0";
  }
  SECTION("options that are cut short") {
    options.size = sizeof options - 1;
    wanted = "set it to sizeof(rblnc_run_options)";
  }
  SECTION("options of any size") {
    options.size = SIZE_MAX;
    wanted = "rblnc_run_options.size is";
  }
  rblnc_result *result = nullptr;
  rblnc_diagnostics *diagnostics = nullptr;
  CHECK(rblnc_run(bundle, buffers, 3, &options, &result, &diagnostics) == RBLNC_USAGE);
  Handle<rblnc_diagnostics> owner(diagnostics);
  CHECK(!result);
  CHECK(contains(text(rblnc_diagnostics_text(diagnostics)), "rblnc: error: rblnc_run: "));
  CHECK(contains(text(rblnc_diagnostics_text(diagnostics)), wanted));
  CHECK(contains(text(rblnc_diagnostics_json(diagnostics)), wanted));
  CHECK(rblnc_run(bundle, buffers, 3, &options, nullptr, nullptr) == RBLNC_USAGE);
}

TEST_CASE("options of a newer version are taken as long as what is new is not set", "[capi]") {
  struct Newer {
    rblnc_run_options known;
    uint64_t added;
  } newer = {RBLNC_RUN_OPTIONS_INIT, 0};
  newer.known.size = sizeof newer;
  auto bundle = compileKernel(vectorAdd);
  Arrays arrays(3, std::vector<float>(4096, 1.0f));
  CHECK(runOn(bundle.get(), buffersOf(arrays), &newer.known).status == RBLNC_DONE);
  newer.added = 1;
  auto outcome = runOn(bundle.get(), buffersOf(arrays), &newer.known);
  CHECK(outcome.status == RBLNC_USAGE);
  CHECK(contains(outcome.says(), "options that this rblnc does not know"));
}
