// Many threads at once.
#include "capi/Handles.h"

#include <atomic>
#include <thread>

using namespace rblnc::test;

namespace {

constexpr size_t threadCount = 8;

/// Runs `work` with the numbers 0 to 7, each on a thread of its own, all at the same time.
template <typename Work> void onThreads(Work work) {
  std::atomic<size_t> ready = 0;
  std::vector<std::thread> threads;
  for (size_t number = 0; number < threadCount; ++number)
    threads.emplace_back([&, number] {
      for (++ready; ready < threadCount;)
        std::this_thread::yield();
      work(number);
    });
  for (std::thread &thread : threads)
    thread.join();
}

/// q, k, v and the result of a flash attention with four heads of 16 queries, 192 keys and 64 columns.
Arrays attentionInputs(const rblnc_bundle *bundle, size_t seed) {
  Arrays arrays;
  uint32_t state = static_cast<uint32_t>(seed) * 2654435761u + 1;
  for (size_t i = 0; i < rblnc_bundle_argument_count(bundle); ++i) {
    rblnc_argument argument = RBLNC_ARGUMENT_INIT;
    REQUIRE(rblnc_bundle_argument(bundle, i, &argument) == RBLNC_DONE);
    std::vector<float> &array = arrays.emplace_back(static_cast<size_t>(argument.extent));
    for (float &value : array) {
      state = state * 1664525u + 1013904223u;
      value = argument.direction == RBLNC_OUT ? 0.0f : static_cast<float>(state >> 8) / 8388608.0f - 1.0f;
    }
  }
  return arrays;
}

} // namespace

TEST_CASE("one bundle runs in many threads at once", "[capi]") {
  auto bundle = compileKernel("ttir/3.6.0/flash_attention.h4l16s192.raw.ttir");
  std::vector<Arrays> given, expected;
  for (size_t number = 0; number < threadCount; ++number) {
    given.push_back(attentionInputs(bundle.get(), number));
    expected.push_back(given.back());
    REQUIRE(runOn(bundle.get(), buffersOf(expected.back())).status == RBLNC_DONE);
  }
  REQUIRE(expected[0].back() != expected[1].back());
  std::atomic<int> wrong = 0;
  onThreads([&](size_t number) {
    for (int round = 0; round < 20; ++round) {
      Arrays arrays = given[number];
      std::vector<rblnc_buffer> buffers = buffersOf(arrays);
      rblnc_result *result = nullptr;
      rblnc_run_options options = RBLNC_RUN_OPTIONS_INIT;
      options.checks = round % 4 == 0;
      if (rblnc_run(bundle.get(), buffers.data(), buffers.size(), &options, &result, nullptr) != RBLNC_DONE ||
          arrays != expected[number] || rblnc_result_json(result).size == 0)
        ++wrong;
      rblnc_result_release(result);
    }
  });
  CHECK(wrong == 0);
}

TEST_CASE("threads compile, open and run each for themselves", "[capi]") {
  std::string ttir = kernelText(vectorAdd),
              broken = kernelText("ttir/3.6.0/wrong/dynamic_loop.constant_bounds.raw.ttir");
  std::string expected = bytesOf(compileKernel(vectorAdd).get());
  std::atomic<int> wrong = 0;
  onThreads([&](size_t number) {
    for (int round = 0; round < 5; ++round) {
      rblnc_bundle *compiled = nullptr, *opened = nullptr, *none = nullptr;
      rblnc_diagnostics *diagnostics = nullptr;
      bool right = rblnc_compile(ttir.data(), ttir.size(), nullptr, &compiled, nullptr) == RBLNC_DONE &&
                   bytesOf(compiled) == expected &&
                   rblnc_bundle_open(expected.data(), expected.size(), &opened, nullptr) == RBLNC_DONE;
      right &= rblnc_compile(broken.data(), broken.size(), nullptr, &none, &diagnostics) == RBLNC_REJECTED &&
               contains(text(rblnc_diagnostics_text(diagnostics)), "[RBLN-C001]");
      Arrays arrays(3, std::vector<float>(4096, static_cast<float>(number)));
      std::vector<rblnc_buffer> buffers = buffersOf(arrays);
      right &= rblnc_run(opened, buffers.data(), 3, nullptr, nullptr, nullptr) == RBLNC_DONE &&
               arrays[2] == std::vector<float>(4096, 2 * static_cast<float>(number));
      rblnc_diagnostics_release(diagnostics);
      rblnc_bundle_release(compiled);
      rblnc_bundle_release(opened);
      wrong += !right;
    }
  });
  CHECK(wrong == 0);
}

TEST_CASE("one result is read by many threads", "[capi]") {
  auto bundle = compileKernel(vectorAdd);
  Arrays arrays(3, std::vector<float>(4096, 1.0f));
  auto outcome = runOn(bundle.get(), buffersOf(arrays));
  std::atomic<int> wrong = 0;
  onThreads([&](size_t) { wrong += !contains(text(rblnc_result_json(outcome.handle.get())), "modelled_seconds"); });
  CHECK(wrong == 0);
}
