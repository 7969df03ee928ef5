// Compiling through the C interface, and what bundles say about themselves.
#include "capi/Handles.h"

#include <set>

using namespace rblnc::test;

TEST_CASE("the library says which it is", "[capi]") {
  CHECK(rblnc_abi_version() == RBLNC_ABI_VERSION);
  CHECK(text(rblnc_version()).rfind("rblnc ", 0) == 0);
  CHECK(!contains(text(rblnc_version()), "\n"));
  std::string id = text(rblnc_build_id());
  CHECK(id.size() == 40);
  CHECK(id.find_first_not_of("0123456789abcdef") == std::string::npos);
}

TEST_CASE("a kernel compiles with default options", "[capi]") {
  auto outcome = compileText(kernelText(vectorAdd));
  REQUIRE(outcome.status == RBLNC_DONE);
  CHECK(!outcome.diagnostics);
  const rblnc_bundle *bundle = outcome.handle.get();
  CHECK(text(rblnc_bundle_kernel(bundle)) == "vector_add");
  CHECK(text(rblnc_bundle_target(bundle)) == "rbln-ca22");
  CHECK(text(rblnc_bundle_digest(bundle)).size() == 64);
  CHECK(contains(bytesOf(bundle), "RBLN"));

  REQUIRE(rblnc_bundle_argument_count(bundle) == 3);
  const char *names[] = {"x", "y", "o"};
  for (size_t i = 0; i < 3; ++i) {
    rblnc_argument argument = RBLNC_ARGUMENT_INIT;
    REQUIRE(rblnc_bundle_argument(bundle, i, &argument) == RBLNC_DONE);
    CHECK(text(argument.name) == names[i]);
    CHECK(argument.kind == RBLNC_TENSOR);
    CHECK(argument.dtype == RBLNC_F32);
    CHECK(argument.direction == (i == 2 ? RBLNC_OUT : RBLNC_IN));
    CHECK(argument.has_shape == 1);
    CHECK(std::vector<int64_t>(argument.shape, argument.shape + argument.rank) == std::vector<int64_t>{1, 64, 64});
    CHECK(argument.extent == 4096);
    CHECK(argument.bytes == 16384);
    CHECK(argument.alignment == 64);
  }
}

TEST_CASE("the same text and options give the same bytes, whatever the folder of the input", "[capi]") {
  std::string ttir = kernelText(vectorAdd);
  std::string first = "some/where/kernel.ttir", second = "kernel.ttir";
  rblnc_compile_options options = RBLNC_COMPILE_OPTIONS_INIT;
  options.name = view(first);
  auto a = compileText(ttir, &options);
  options.name = view(second);
  auto b = compileText(ttir, &options);
  REQUIRE(a.handle);
  REQUIRE(b.handle);
  CHECK(bytesOf(a.handle.get()) == bytesOf(b.handle.get()));
}

TEST_CASE("options reach the compiler", "[capi]") {
  const char *kernel = "ttir/3.6.0/inplace_add.r32c64.raw.ttir";
  std::set<std::string> bundles = {bytesOf(compileKernel(kernel).get())};
  rblnc_compile_options options = RBLNC_COMPILE_OPTIONS_INIT;

  SECTION("target") {
    std::string target = "rbln-ca25";
    options.target = view(target);
    auto bundle = compileKernel(kernel, &options);
    CHECK(text(rblnc_bundle_target(bundle.get())) == target);
    bundles.insert(bytesOf(bundle.get()));
  }
  SECTION("binds take a scalar out of the signature") {
    std::string name = "alpha", value = "0.5";
    rblnc_bind bind = {view(name), view(value)};
    options.binds = &bind;
    options.bind_count = 1;
    auto bundle = compileKernel(kernel, &options);
    CHECK(rblnc_bundle_argument_count(bundle.get()) == 2);
    bundles.insert(bytesOf(bundle.get()));
  }
  SECTION("shapes declare arrays") {
    std::string name = "y";
    int64_t extents[] = {2, 32, 64};
    rblnc_shape shape = {view(name), extents, 3};
    options.shapes = &shape;
    options.shape_count = 1;
    auto outcome = compileText(kernelText(kernel), &options);
    INFO(outcome.says());
    REQUIRE(outcome.status == RBLNC_DONE);
    rblnc_argument argument = RBLNC_ARGUMENT_INIT;
    REQUIRE(rblnc_bundle_argument(outcome.handle.get(), 1, &argument) == RBLNC_DONE);
    CHECK(std::vector<int64_t>(argument.shape, argument.shape + argument.rank) == std::vector<int64_t>{2, 32, 64});
    bundles.insert(bytesOf(outcome.handle.get()));
  }
  SECTION("the host layout") {
    std::string positions = "0:1";
    options.host_layout = view(positions);
    bundles.insert(bytesOf(compileKernel(kernel, &options).get()));
  }
  SECTION("the compute type") {
    std::string type = "bf16";
    options.compute_dtype = view(type);
    bundles.insert(bytesOf(compileKernel(kernel, &options).get()));
  }
  SECTION("the naive rule of partition_skip") {
    options.naive_partition_skip = 1;
    bundles.insert(bytesOf(compileKernel(kernel, &options).get()));
  }
  CHECK(bundles.size() == 2);
}

TEST_CASE("options of the second version end before the compute type", "[capi]") {
  std::string type = "not a type", positions = "0:1";
  rblnc_compile_options options = RBLNC_COMPILE_OPTIONS_INIT;
  options.size = offsetof(rblnc_compile_options, compute_dtype);
  options.host_layout = view(positions);
  options.compute_dtype = view(type); // behind what the caller says there is
  auto outcome = compileText(kernelText("ttir/3.6.0/vector_add.r64c64.raw.ttir"), &options);
  REQUIRE(outcome.status == RBLNC_DONE);
  CHECK(contains(bytesOf(outcome.handle.get()), "--host-layout=0:1"));
}

TEST_CASE("options of the first version end before the host layout", "[capi]") {
  std::string positions = "not a number";
  rblnc_compile_options options = RBLNC_COMPILE_OPTIONS_INIT;
  options.size = offsetof(rblnc_compile_options, host_layout);
  options.host_layout = view(positions); // behind what the caller says there is
  CHECK(compileText(kernelText("ttir/3.6.0/vector_add.r64c64.raw.ttir"), &options).status == RBLNC_DONE);
}

TEST_CASE("a scalar argument has one element and no shape", "[capi]") {
  auto bundle = compileKernel("ttir/3.6.0/inplace_add.r32c64.raw.ttir");
  rblnc_argument argument = RBLNC_ARGUMENT_INIT;
  REQUIRE(rblnc_bundle_argument(bundle.get(), 2, &argument) == RBLNC_DONE);
  CHECK(text(argument.name) == "alpha");
  CHECK(argument.kind == RBLNC_SCALAR);
  CHECK(argument.direction == RBLNC_IN);
  CHECK(argument.rank == 0);
  CHECK(argument.extent == 1);
  CHECK(argument.bytes == 4);
}

TEST_CASE("warnings come with a bundle, and are errors when strict", "[capi]") {
  std::string ttir = kernelText("ttir/3.6.0/vector_add.bf16.raw.ttir");
  auto outcome = compileText(ttir);
  REQUIRE(outcome.status == RBLNC_DONE);
  CHECK(outcome.handle);
  REQUIRE(rblnc_diagnostics_count(outcome.diagnostics.get()) == 3);
  CHECK(contains(outcome.says(), "vector_add.py:14:26: warning: "));
  CHECK(contains(outcome.says(), "[RBLN-W001]\n  fix: "));
  CHECK(contains(outcome.json(), "\"RBLN-W001\""));

  rblnc_compile_options options = RBLNC_COMPILE_OPTIONS_INIT;
  options.strict = 1;
  outcome = compileText(ttir, &options);
  CHECK(outcome.status == RBLNC_REJECTED);
  CHECK(!outcome.handle);
  CHECK(contains(outcome.says(), "error: "));
}

TEST_CASE("a bundle opens from its bytes, which are copied", "[capi]") {
  auto compiled = compileKernel(vectorAdd);
  std::string bytes = bytesOf(compiled.get());
  // No alignment is asked for.
  std::string shifted = " " + bytes;
  rblnc_bundle *opened = nullptr;
  REQUIRE(rblnc_bundle_open(shifted.data() + 1, bytes.size(), &opened, nullptr) == RBLNC_DONE);
  Handle<rblnc_bundle> bundle(opened);
  shifted.assign(shifted.size(), 'x');
  CHECK(bytesOf(bundle.get()) == bytes);
  CHECK(text(rblnc_bundle_digest(bundle.get())) == text(rblnc_bundle_digest(compiled.get())));
}
