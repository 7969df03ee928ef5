// Calls that are told to stop.
#include "capi/Handles.h"

using namespace rblnc::test;

namespace {

struct Cancel {
  rblnc_cancel *handle = rblnc_cancel_create();
  Cancel() = default;
  Cancel(const Cancel &) = delete;
  Cancel &operator=(const Cancel &) = delete;
  ~Cancel() { rblnc_cancel_release(handle); }
};

/// A product that takes seconds.
const std::string longProduct = productText(4096);

/// What a progress function hears, and when it stops the call.
struct Heard {
  int calls = 0;
  std::string step;
  double fraction = -1;
};

int32_t stopAtOnce(const rblnc_progress *progress) {
  auto &heard = *static_cast<Heard *>(progress->context);
  ++heard.calls;
  heard.step = text(progress->step);
  heard.fraction = progress->fraction;
  return 1;
}

} // namespace

TEST_CASE("RBLN-R015: a call that was cancelled before does nothing", "[capi]") {
  Cancel cancel;
  REQUIRE(cancel.handle);
  auto bundle = compileKernel(vectorAdd);
  rblnc_compile_options compileOptions = RBLNC_COMPILE_OPTIONS_INIT;
  rblnc_run_options runOptions = RBLNC_RUN_OPTIONS_INIT;
  compileOptions.cancel = runOptions.cancel = cancel.handle;
  Arrays arrays(3, std::vector<float>(4096, 1.0f));
  CHECK(compileText(kernelText(vectorAdd), &compileOptions).status == RBLNC_DONE);
  CHECK(runOn(bundle.get(), buffersOf(arrays), &runOptions).status == RBLNC_DONE);

  rblnc_cancel_request(cancel.handle);
  auto compiled = compileText(kernelText(vectorAdd), &compileOptions);
  CHECK(compiled.status == RBLNC_INTERRUPTED);
  CHECK(!compiled.handle);
  CHECK(contains(compiled.says(), "the compilation was interrupted in the step 'parse' [RBLN-R015]"));
  arrays[2].assign(4096, -1.0f);
  auto ran = runOn(bundle.get(), buffersOf(arrays), &runOptions);
  CHECK(ran.status == RBLNC_INTERRUPTED);
  CHECK(!ran.handle);
  CHECK(contains(ran.says(), "the run was interrupted here [RBLN-R015]"));
  CHECK(arrays[2] == std::vector<float>(4096, -1.0f));
}

TEST_CASE("RBLN-R015: a progress function stops a run within one of its commands", "[capi]") {
  auto compiled = compileText(longProduct);
  REQUIRE(compiled.status == RBLNC_DONE);
  Arrays arrays(2, std::vector<float>(4096 * 4096, 0.0f));
  Heard heard;
  rblnc_run_options options = RBLNC_RUN_OPTIONS_INIT;
  options.progress = stopAtOnce;
  options.progress_context = &heard;
  CHECK(runOn(compiled.handle.get(), buffersOf(arrays), &options).status == RBLNC_INTERRUPTED);
  CHECK(heard.calls == 1);
  CHECK(heard.step == "run");
  CHECK(heard.fraction >= 0);
  CHECK(heard.fraction < 0.5);
}

TEST_CASE("options of earlier versions end before the progress function", "[capi]") {
  rblnc_compile_options compileOptions = RBLNC_COMPILE_OPTIONS_INIT;
  compileOptions.size = offsetof(rblnc_compile_options, progress);
  rblnc_run_options runOptions = RBLNC_RUN_OPTIONS_INIT;
  runOptions.size = offsetof(rblnc_run_options, progress);
  Cancel cancel;
  rblnc_cancel_request(cancel.handle);
  compileOptions.cancel = runOptions.cancel = cancel.handle; // behind what the caller says there is
  auto bundle = compileKernel(vectorAdd, &compileOptions);
  Arrays arrays(3, std::vector<float>(4096, 1.0f));
  CHECK(runOn(bundle.get(), buffersOf(arrays), &runOptions).status == RBLNC_DONE);
}

TEST_CASE("no cancellation is none", "[capi]") {
  rblnc_cancel_request(nullptr);
  rblnc_cancel_release(nullptr);
}
