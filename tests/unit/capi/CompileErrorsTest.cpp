// Texts, options and bundles that must be refused, and how.
#include "capi/Handles.h"

#include <pthread.h>

using namespace rblnc::test;

TEST_CASE("text that is no kernel is rejected with a diagnostic", "[capi]") {
  auto [ttir, code] = GENERATE(table<std::string, const char *>(
      {{"", "RBLN-I002"},
       {"this is no kernel", "RBLN-I002"},
       {std::string("module {\0}", 10), "RBLN-I002"},
       {"\xff\xfe\x80", "RBLN-I002"},
       {"module { tt.func public @k( }", "RBLN-I005"},
       {"module {\n  tt.func public @k() {\n    %0 = tt.load %1 : !tt.ptr<f32>\n    tt.return\n  }\n}", "RBLN-I005"}}));
  auto outcome = compileText(ttir);
  INFO(outcome.says());
  CHECK(outcome.status == RBLNC_REJECTED);
  CHECK(!outcome.handle);
  CHECK(contains(outcome.says(), std::string("[") + code + "]"));
  CHECK(contains(outcome.json(), std::string("\"") + code + "\""));
  CHECK(contains(outcome.says(), "kernel.ttir"));
}

TEST_CASE("bytecode is refused, and what to do is said", "[capi]") {
  auto outcome = compileText("ML\xefR\x06 and so on");
  CHECK(outcome.status == RBLNC_REJECTED);
  CHECK(contains(outcome.says(), "is MLIR bytecode, and the library takes text only [RBLN-I002]"));
  CHECK(contains(outcome.says(), "rblnc compile"));
}

TEST_CASE("a broken rule of the chip is at its Python line", "[capi]") {
  auto outcome = compileText(kernelText("ttir/3.6.0/wrong/dynamic_loop.constant_bounds.raw.ttir"));
  CHECK(outcome.status == RBLNC_REJECTED);
  CHECK(contains(outcome.says(), "dynamic_loop.py:"));
  CHECK(contains(outcome.says(), "[RBLN-C001]"));
}

TEST_CASE("deep nesting is refused on a thread with a small stack, too", "[capi]") {
  std::string text = "module attributes {a = ";
  for (int i = 0; i < 250; ++i)
    text += "[";
  for (int i = 0; i < 250; ++i)
    text += "]";
  text += "} {\n}";
  struct Job {
    std::string shallow, deep;
    rblnc_status statuses[2] = {RBLNC_DONE, RBLNC_DONE};
  } job{text, "module { " + std::string(100000, '[') + " }"};
  pthread_attr_t attributes;
  pthread_attr_init(&attributes);
  pthread_attr_setstacksize(&attributes, 256 << 10);
  pthread_t thread;
  auto compileBoth = [](void *argument) -> void * {
    auto &all = *static_cast<Job *>(argument);
    rblnc_bundle *bundle = nullptr;
    all.statuses[0] = rblnc_compile(all.shallow.data(), all.shallow.size(), nullptr, &bundle, nullptr);
    all.statuses[1] = rblnc_compile(all.deep.data(), all.deep.size(), nullptr, &bundle, nullptr);
    return nullptr;
  };
  REQUIRE(pthread_create(&thread, &attributes, compileBoth, &job) == 0);
  pthread_join(thread, nullptr);
  pthread_attr_destroy(&attributes);
  CHECK(job.statuses[0] == RBLNC_REJECTED);
  CHECK(job.statuses[1] == RBLNC_REJECTED);
}

TEST_CASE("wrong options are usage errors", "[capi]") {
  rblnc_compile_options options = RBLNC_COMPILE_OPTIONS_INIT;
  std::string name = "x", value = "1", wanted;
  int64_t extents[] = {64, 64}, none[] = {64, 0}, huge[] = {int64_t(1) << 40, int64_t(1) << 40};
  rblnc_bind binds[2] = {{view(name), view(value)}, {view(name), view(value)}};
  rblnc_shape shapes[2] = {{view(name), extents, 2}, {view(name), extents, 2}};
  SECTION("an unknown target") {
    options.target = view(name);
    wanted = "use one of rbln-ca";
  }
  SECTION("a string that is NULL") {
    options.target = {nullptr, 3};
    wanted = "is NULL and has a size";
  }
  SECTION("a list that is NULL") {
    options.bind_count = 1;
    wanted = "is NULL and has a count";
  }
  SECTION("a name bound twice") {
    options.binds = binds;
    options.bind_count = 2;
    wanted = "'x' is bound twice";
  }
  SECTION("a bind without a name") {
    binds[0].name = {};
    options.binds = binds;
    options.bind_count = 1;
    wanted = "a bind has no name";
  }
  SECTION("a shape given twice") {
    options.shapes = shapes;
    options.shape_count = 2;
    wanted = "is given twice";
  }
  SECTION("a shape without elements") {
    shapes[0].extents = none;
    options.shapes = shapes;
    options.shape_count = 1;
    wanted = "has an extent below 1";
  }
  SECTION("a shape with too many elements") {
    shapes[0].extents = huge;
    options.shapes = shapes;
    options.shape_count = 1;
    wanted = "too many elements";
  }
  SECTION("a rank that cannot be") {
    shapes[0].rank = SIZE_MAX;
    options.shapes = shapes;
    options.shape_count = 1;
    wanted = "1 to 64 are allowed";
  }
  SECTION("no size") {
    options.size = 0;
    wanted = "set it to sizeof(rblnc_compile_options)";
  }
  auto outcome = compileText(kernelText(vectorAdd), &options);
  INFO(outcome.says());
  CHECK(outcome.status == RBLNC_USAGE);
  CHECK(!outcome.handle);
  CHECK(contains(outcome.says(), wanted));
}

TEST_CASE("a host layout that means nothing is rejected", "[capi]") {
  std::string positions = GENERATE("1:1", "x", "0:9");
  rblnc_compile_options options = RBLNC_COMPILE_OPTIONS_INIT;
  options.host_layout = view(positions);
  auto outcome = compileText(kernelText(vectorAdd), &options);
  CHECK(outcome.status == RBLNC_REJECTED);
  CHECK(contains(outcome.says(), "RBLN-I014"));
}

TEST_CASE("a compute type that is none is refused", "[capi]") {
  std::string type = GENERATE("fp8", "BF16", "bf16 ");
  rblnc_compile_options options = RBLNC_COMPILE_OPTIONS_INIT;
  options.compute_dtype = view(type);
  auto outcome = compileText(kernelText(vectorAdd), &options);
  CHECK(outcome.status == RBLNC_USAGE);
  CHECK(contains(outcome.says(), "and bf16 and dlf16 are known"));
}

TEST_CASE("options that name nothing of the kernel are rejected", "[capi]") {
  rblnc_compile_options options = RBLNC_COMPILE_OPTIONS_INIT;
  std::string name = "nothing", value = "1";
  rblnc_bind bind = {view(name), view(value)};
  options.binds = &bind;
  options.bind_count = 1;
  auto outcome = compileText(kernelText(vectorAdd), &options);
  CHECK(outcome.status == RBLNC_REJECTED);
  CHECK(contains(outcome.says(), "[RBLN-I010]"));
}

TEST_CASE("damaged bundles are refused", "[capi]") {
  std::string bytes = bytesOf(compileKernel(vectorAdd).get());
  SECTION("any changed byte") {
    for (size_t i = 0; i < bytes.size(); i += 1 + i / 16) {
      std::string damaged = bytes;
      damaged[i] = static_cast<char>(damaged[i] ^ 0x10);
      auto outcome = openBytes(damaged);
      INFO("byte " << i << ": " << outcome.says());
      REQUIRE(outcome.status == RBLNC_BAD_BUNDLE);
      REQUIRE(!outcome.handle);
      REQUIRE(contains(outcome.says(), "[RBLN-B0"));
    }
  }
  SECTION("any cut") {
    for (size_t size = 0; size < bytes.size(); size += 1 + size / 8)
      REQUIRE(openBytes(bytes.substr(0, size)).status == RBLNC_BAD_BUNDLE);
  }
  SECTION("anything else") {
    auto outcome = openBytes("PK\x03\x04");
    CHECK(outcome.status == RBLNC_BAD_BUNDLE);
    CHECK(contains(outcome.says(), "is no .rbln bundle"));
  }
}

TEST_CASE("a NULL is a usage error or an empty answer", "[capi]") {
  std::string ttir = kernelText(vectorAdd);
  auto compiled = compileKernel(vectorAdd);
  rblnc_bundle *bundle = nullptr;
  rblnc_diagnostics *diagnostics = nullptr;
  CHECK(rblnc_compile(ttir.data(), ttir.size(), nullptr, nullptr, &diagnostics) == RBLNC_USAGE);
  CHECK(text(rblnc_diagnostics_text(diagnostics)) == "rblnc: error: rblnc_compile: bundle is NULL\n");
  rblnc_diagnostics_release(diagnostics);
  CHECK(rblnc_compile(nullptr, 5, nullptr, &bundle, nullptr) == RBLNC_USAGE);
  CHECK(rblnc_bundle_open(nullptr, 5, &bundle, nullptr) == RBLNC_USAGE);
  CHECK(rblnc_bundle_open(ttir.data(), 5, nullptr, nullptr) == RBLNC_USAGE);
  CHECK(!bundle);

  size_t size = 1;
  CHECK(!rblnc_bundle_data(nullptr, &size));
  CHECK(size == 0);
  CHECK(rblnc_bundle_data(compiled.get(), nullptr));
  CHECK(text(rblnc_bundle_kernel(nullptr)).empty());
  CHECK(text(rblnc_bundle_target(nullptr)).empty());
  CHECK(text(rblnc_bundle_digest(nullptr)).empty());
  CHECK(rblnc_bundle_argument_count(nullptr) == 0);
  rblnc_argument argument = RBLNC_ARGUMENT_INIT;
  CHECK(rblnc_bundle_argument(nullptr, 0, &argument) == RBLNC_USAGE);
  CHECK(rblnc_bundle_argument(compiled.get(), 0, nullptr) == RBLNC_USAGE);
  CHECK(rblnc_bundle_argument(compiled.get(), 3, &argument) == RBLNC_USAGE);
  argument.size = 8;
  CHECK(rblnc_bundle_argument(compiled.get(), 0, &argument) == RBLNC_USAGE);
  CHECK(rblnc_diagnostics_count(nullptr) == 0);
  CHECK(text(rblnc_diagnostics_text(nullptr)).empty());
  CHECK(text(rblnc_diagnostics_json(nullptr)).empty());
  CHECK(rblnc_result_modelled_seconds(nullptr) == 0);
  CHECK(rblnc_result_host_seconds(nullptr) == 0);
  CHECK(text(rblnc_result_json(nullptr)).empty());
  rblnc_bundle_release(nullptr);
  rblnc_result_release(nullptr);
  rblnc_diagnostics_release(nullptr);
}
