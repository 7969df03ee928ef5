// Running through the C interface.
#include "capi/Handles.h"

#include "llvm/Support/JSON.h"

using namespace rblnc::test;

namespace {

/// x and y of the vector addition, and an empty result.
Arrays summands(float scale = 1) {
  Arrays arrays(3, std::vector<float>(4096));
  for (size_t i = 0; i < 4096; ++i) {
    arrays[0][i] = scale * static_cast<float>(i);
    arrays[1][i] = scale * 0.25f;
  }
  return arrays;
}

} // namespace

TEST_CASE("a run computes in the caller's arrays", "[capi]") {
  auto bundle = compileKernel(vectorAdd);
  Arrays arrays = summands();
  Arrays inputs = arrays;
  auto outcome = runOn(bundle.get(), buffersOf(arrays));
  REQUIRE(outcome.status == RBLNC_DONE);
  CHECK(!outcome.diagnostics);
  CHECK(arrays[0] == inputs[0]);
  CHECK(arrays[1] == inputs[1]);
  for (size_t i = 0; i < 4096; ++i)
    REQUIRE(arrays[2][i] == static_cast<float>(i) + 0.25f);

  bundle.reset(); // results outlive it
  const rblnc_result *result = outcome.handle.get();
  CHECK(rblnc_result_modelled_seconds(result) > 0);
  CHECK(rblnc_result_host_seconds(result) > 0);
  auto stats = llvm::json::parse(text(rblnc_result_json(result)));
  REQUIRE(static_cast<bool>(stats));
  const llvm::json::Object &object = *stats->getAsObject();
  CHECK(object.getString("kernel") == "vector_add");
  CHECK(object.getString("target") == "rbln-ca22");
  CHECK(object.getString("numerics") == "ieee");
  CHECK(object.getNumber("modelled_seconds") == rblnc_result_modelled_seconds(result));
  CHECK(rblnc_result_json(result).data == rblnc_result_json(result).data);
}

TEST_CASE("nothing of a run is left in the next one", "[capi]") {
  // Two kernels of different memories in turn, on one thread that keeps them.
  auto add = compileKernel(vectorAdd), softmax = compileKernel("ttir/3.6.0/softmax.r64c128.raw.ttir");
  Arrays first = summands();
  Arrays rows = {std::vector<float>(64 * 128, 0.5f), std::vector<float>(64 * 128)};
  REQUIRE(runOn(softmax.get(), buffersOf(rows)).status == RBLNC_DONE);
  REQUIRE(runOn(add.get(), buffersOf(first)).status == RBLNC_DONE);
  std::vector<float> expected = rows[1];
  for (int i = 0; i < 3; ++i) {
    Arrays again = summands(), more = {rows[0], std::vector<float>(64 * 128)};
    Arrays large = {std::vector<float>(64 * 128, 1e30f), std::vector<float>(64 * 128)};
    REQUIRE(runOn(softmax.get(), buffersOf(large)).status == RBLNC_DONE);
    REQUIRE(runOn(add.get(), buffersOf(again)).status == RBLNC_DONE);
    REQUIRE(runOn(softmax.get(), buffersOf(more)).status == RBLNC_DONE);
    CHECK(again[2] == first[2]);
    CHECK(more[1] == expected);
  }
}

TEST_CASE("scalars are given by their bytes", "[capi]") {
  auto bundle = compileKernel("ttir/3.6.0/inplace_add.r32c64.raw.ttir");
  Arrays arrays = {std::vector<float>(2048, 1.0f), std::vector<float>(2048, 4.0f), {0.5f}};
  REQUIRE(runOn(bundle.get(), buffersOf(arrays)).status == RBLNC_DONE);
  CHECK(arrays[0] == std::vector<float>(2048, 3.0f));
}

TEST_CASE("larger arrays are fine, and only what the kernel has is written", "[capi]") {
  auto bundle = compileKernel(vectorAdd);
  Arrays arrays = summands();
  arrays[2].resize(5000, -1.0f);
  REQUIRE(runOn(bundle.get(), buffersOf(arrays)).status == RBLNC_DONE);
  CHECK(std::vector<float>(arrays[2].begin() + 4096, arrays[2].end()) == std::vector<float>(5000 - 4096, -1.0f));
}

TEST_CASE("device numerics round as the chip does", "[capi]") {
  auto bundle = compileKernel(vectorAdd);
  Arrays arrays = summands(1.0f / 3);
  rblnc_run_options options = RBLNC_RUN_OPTIONS_INIT;
  options.numerics = RBLNC_DEVICE;
  auto outcome = runOn(bundle.get(), buffersOf(arrays), &options);
  REQUIRE(outcome.status == RBLNC_DONE);
  CHECK(contains(text(rblnc_result_json(outcome.handle.get())), "\"device\""));
  // DLFloat16 has nine fraction bits.
  float exact = 1.0f / 3 + 0.25f / 3;
  CHECK(arrays[2][1] != exact);
  CHECK(arrays[2][1] == Approx(exact).epsilon(1.0 / 256));
}

TEST_CASE("result and diagnostics need not be asked for", "[capi]") {
  auto bundle = compileKernel(vectorAdd);
  Arrays arrays = summands();
  std::vector<rblnc_buffer> buffers = buffersOf(arrays);
  rblnc_run_options options = RBLNC_RUN_OPTIONS_INIT;
  options.checks = 1;
  CHECK(rblnc_run(bundle.get(), buffers.data(), buffers.size(), &options, nullptr, nullptr) == RBLNC_DONE);
  CHECK(arrays[2][5] == 5.25f);
}
