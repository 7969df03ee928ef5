// A compilation that is told to stop, at whatever moment.
#include "rblnc/driver/Compiler.h"
#include "rblnc/frontend/Frontend.h"
#include "rblnc/support/Watch.h"

#include "catch2/catch.hpp"

#include <chrono>
#include <fmt/format.h>
#include <thread>

using namespace rblnc;
using Clock = std::chrono::steady_clock;

namespace {

/// A kernel that takes so many blocks of 64x64 one after the other: every step has work for milliseconds.
std::string manyBlocks(int count) {
  std::string
      type = "tensor<64x64xf32>",
      text = fmt::format(
          "module {{\n tt.func public @k(%a: !tt.ptr<f32>, %o: !tt.ptr<f32>) {{\n  %n = arith.constant {} : i64\n"
          "  %m = arith.constant 64 : i64\n  %one = arith.constant 1 : i64\n  %z = arith.constant 0 : i32\n",
          64 * count);
  for (int i = 0; i < count; ++i) {
    text += fmt::format("  %r{} = arith.constant {} : i32\n", i, 64 * i);
    for (const char *name : {"a", "o"})
      text += fmt::format("  %{0}{1} = tt.make_tensor_ptr %{0}, [%n, %m], [%m, %one], [%r{1}, %z] "
                          "{{order = array<i32: 1, 0>}} : <{2}>\n",
                          name, i, type);
    text += fmt::format("  %v{0} = tt.load %a{0} : !tt.ptr<{1}>\n  %w{0} = math.exp %v{0} : {1}\n"
                        "  tt.store %o{0}, %w{0} : !tt.ptr<{1}>\n",
                        i, type);
  }
  return text + "  tt.return\n }\n}\n";
}

} // namespace

TEST_CASE("a compilation that is stopped says so once, and nothing else", "[driver]") {
  Input input = {"blocks.ttir", llvm::MemoryBuffer::getMemBufferCopy(manyBlocks(150))};
  CompileOptions options;
  options.targets.push_back(*llvm::cantFail(findTarget("rbln-ca22")));
  options.producer = "test";
  auto begin = Clock::now();
  Diagnostics none;
  REQUIRE(compile(input, options, none));
  auto whole = Clock::now() - begin;
  REQUIRE(none.all().empty());

  constexpr int moments = 24;
  int stopped = 0;
  for (int moment = 0; moment < moments; ++moment) {
    Watch watch;
    WatchScope scope(&watch);
    std::thread clock([&] {
      std::this_thread::sleep_for(whole * moment / moments);
      watch.stop();
    });
    if (moment == 0)
      watch.stop();
    Diagnostics diagnostics;
    auto result = compile(input, options, diagnostics);
    clock.join();
    // On a busy host it may be over before.
    if (result)
      continue;
    ++stopped;
    INFO("at " << moment << " of " << moments);
    REQUIRE(diagnostics.all().size() == 1);
    CHECK(diagnostics.all().front().code == Code::R015);
  }
  // The first moment is before it begins.
  CHECK(stopped > 0);
}
