// The C interface from C++: handles that release themselves, and kernels from the tree.
#pragma once

#include "rblnc/rblnc.h"

#include "catch2/catch.hpp"

#include <fstream>
#include <iterator>
#include <memory>
#include <string>
#include <vector>

namespace rblnc::test {

struct Release {
  void operator()(rblnc_bundle *handle) const { rblnc_bundle_release(handle); }
  void operator()(rblnc_result *handle) const { rblnc_result_release(handle); }
  void operator()(rblnc_diagnostics *handle) const { rblnc_diagnostics_release(handle); }
};
template <typename T> using Handle = std::unique_ptr<T, Release>;

inline std::string text(rblnc_string string) { return string.size ? std::string(string.data, string.size) : ""; }
inline rblnc_string view(const std::string &string) { return {string.data(), string.size()}; }

/// The text of a kernel below kernels/.
inline std::string kernelText(const std::string &path) {
  std::ifstream file(std::string(RBLNC_SOURCE_DIR "/kernels/") + path, std::ios::binary);
  INFO("kernels/" << path);
  REQUIRE(file.good());
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}
inline const char *vectorAdd = "ttir/3.6.0/vector_add.r64c64.raw.ttir";

/// A product of a square matrix with itself: (a, o), `size` rows each. Runs for seconds with 4096.
inline std::string productText(size_t size) {
  std::string text = R"(module {
  tt.func public @product(%a: !tt.ptr<f32> loc("a"), %o: !tt.ptr<f32> loc("o")) {
    %n = arith.constant SIZE : i64
    %one = arith.constant 1 : i64
    %zero = arith.constant 0 : i32
    %pa = tt.make_tensor_ptr %a, [%n, %n], [%n, %one], [%zero, %zero] {order = array<i32: 1, 0>} : <tensor<SIZExSIZExf32>>
    %po = tt.make_tensor_ptr %o, [%n, %n], [%n, %one], [%zero, %zero] {order = array<i32: 1, 0>} : <tensor<SIZExSIZExf32>>
    %va = tt.load %pa : !tt.ptr<tensor<SIZExSIZExf32>>
    %none = arith.constant dense<0.0> : tensor<SIZExSIZExf32>
    %r = tt.dot %va, %va, %none : tensor<SIZExSIZExf32> * tensor<SIZExSIZExf32> -> tensor<SIZExSIZExf32>
    tt.store %po, %r : !tt.ptr<tensor<SIZExSIZExf32>>
    tt.return
  }
})";

  for (size_t at = 0; (at = text.find("SIZE", at)) != std::string::npos;)
    text.replace(at, 4, std::to_string(size));
  return text;
}

/// What a call gives back.
template <typename T> struct Outcome {
  rblnc_status status = RBLNC_INTERNAL;
  Handle<T> handle;
  Handle<rblnc_diagnostics> diagnostics;

  std::string says() const { return text(rblnc_diagnostics_text(diagnostics.get())); }
  std::string json() const { return text(rblnc_diagnostics_json(diagnostics.get())); }
};

inline Outcome<rblnc_bundle> compileText(const std::string &ttir, const rblnc_compile_options *options = nullptr) {
  // What the call has to overwrite.
  auto *bundle = reinterpret_cast<rblnc_bundle *>(8);
  auto *diagnostics = reinterpret_cast<rblnc_diagnostics *>(8);
  Outcome<rblnc_bundle> outcome;
  outcome.status = rblnc_compile(ttir.data(), ttir.size(), options, &bundle, &diagnostics);
  outcome.handle.reset(bundle);
  outcome.diagnostics.reset(diagnostics);
  return outcome;
}

/// Compiles a kernel that has to compile.
inline Handle<rblnc_bundle> compileKernel(const char *path, const rblnc_compile_options *options = nullptr) {
  auto outcome = compileText(kernelText(path), options);
  INFO(outcome.says());
  REQUIRE(outcome.status == RBLNC_DONE);
  REQUIRE(outcome.handle);
  return std::move(outcome.handle);
}

inline std::string bytesOf(const rblnc_bundle *bundle) {
  size_t size = 0;
  const void *data = rblnc_bundle_data(bundle, &size);
  return {static_cast<const char *>(data), size};
}

inline Outcome<rblnc_bundle> openBytes(const std::string &bytes) {
  auto *bundle = reinterpret_cast<rblnc_bundle *>(8);
  auto *diagnostics = reinterpret_cast<rblnc_diagnostics *>(8);
  Outcome<rblnc_bundle> outcome;
  outcome.status = rblnc_bundle_open(bytes.data(), bytes.size(), &bundle, &diagnostics);
  outcome.handle.reset(bundle);
  outcome.diagnostics.reset(diagnostics);
  return outcome;
}

/// Arrays in the order of a signature.
using Arrays = std::vector<std::vector<float>>;

inline std::vector<rblnc_buffer> buffersOf(Arrays &arrays) {
  std::vector<rblnc_buffer> buffers;
  for (std::vector<float> &array : arrays)
    buffers.push_back({array.data(), array.size() * sizeof(float)});
  return buffers;
}

inline Outcome<rblnc_result> runOn(const rblnc_bundle *bundle, const std::vector<rblnc_buffer> &buffers,
                                   const rblnc_run_options *options = nullptr) {
  auto *result = reinterpret_cast<rblnc_result *>(8);
  auto *diagnostics = reinterpret_cast<rblnc_diagnostics *>(8);
  Outcome<rblnc_result> outcome;
  outcome.status = rblnc_run(bundle, buffers.data(), buffers.size(), options, &result, &diagnostics);
  outcome.handle.reset(result);
  outcome.diagnostics.reset(diagnostics);
  return outcome;
}

inline bool contains(const std::string &all, const std::string &part) { return all.find(part) != std::string::npos; }

} // namespace rblnc::test
