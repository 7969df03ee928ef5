// Which Triton releases can have printed a text.
#include "rblnc/frontend/Frontend.h"

#include "Bytecode.h"
#include "TextScanner.h"

#include "llvm/ADT/StringMap.h"

#include <algorithm>
#include <array>

namespace rblnc {
namespace {

using frontend::TextScanner;
using frontend::TextToken;

/// 3.0 is 0, 3.1 is 1, ...; what came after the branch of 3.8 is 9.
constexpr int newest = 9;

struct Releases {
  int first = 0, last = newest;

  void since(int release) { first = std::max(first, release); }
  void until(int release) { last = std::min(last, release); }
  void meet(Releases other) {
    since(other.first);
    until(other.last);
  }
};

/// Words, the `tt` operations among them, that not every release prints.
const llvm::StringMap<Releases> &wordTable() {
  static const llvm::StringMap<Releases> table = {
      {"tt.make_tensor_ptr", {0, 7}},
      {"tt.advance", {0, 7}},
      {"boundaryCheck", {0, 7}},
      {"ignore_cta", {8, newest}},
      {"tt.cat", {0, 8}},
      {"tt.gather", {3, newest}},
      {"tt.unsplat", {5, newest}},
      {"tt.map_elementwise.return", {5, newest}},
      {"tt.make_tensor_descriptor", {3, newest}},
      {"tt.descriptor_load", {4, newest}},
      {"tt.descriptor_store", {4, newest}},
      {"tt.descriptor_reduce", {4, newest}},
      {"tt.descriptor_gather", {4, newest}},
      {"tt.descriptor_scatter", {4, newest}},
      {"tt.experimental_descriptor_load", {0, 3}},
      {"tt.experimental_descriptor_store", {0, 3}},
      {"tt.experimental_descriptor_gather", {3, 3}},
      {"tt.experimental_descriptor_scatter", {3, 3}},
      {"tt.reinterpret_tensor_descriptor", {3, 3}},
      {"tt.experimental_tensormap_create", {2, 3}},
      {"tt.experimental_tensormap_fenceproxy_acquire", {2, 3}},
      {"tt.dot_scaled", {2, newest}},
      {"fastMath", {3, newest}},
      {"isSigned", {2, newest}},
      {"bf16x3", {6, newest}},
      {"bf16x6", {6, newest}},
      {"tt.atomic_poll", {newest, newest}},
      {"tt.grid_dependency_wait", {newest, newest}},
      {"tt.grid_dependency_launch_dependents", {newest, newest}},
      {"tt.nv_tma_desc", {2, 2}},
      {"tt.loop_unroll_factor", {2, newest}},
      {"tt.flatten", {3, newest}},
      {"tt.disallow_acc_multi_buffer", {3, newest}},
      {"tt.warp_specialize", {4, newest}},
      {"llvm.loop_annotation", {5, newest}},
      {"llvm.mlir.undef", {0, 1}},
      {"llvm.intr.assume", {2, newest}},
      {"ub.poison", {2, newest}},
      {"gpu.barrier", {0, 6}},
      {"ttg.barrier", {7, newest}},
      {"arith.negf", {8, newest}},
  };
  return table;
}

std::string nameOf(Releases releases) {
  auto release = [](int number) { return number == newest ? std::string("main") : "3." + std::to_string(number); };
  if (releases.first > releases.last)
    return "unknown";
  if (releases.first == releases.last)
    return release(releases.first);
  if (releases.last == newest)
    return release(releases.first) + "+";
  return release(releases.first) + "-" + release(releases.last);
}

} // namespace

std::string detectEra(const Input &input) {
  if (frontend::isBytecode(input.text()))
    return "unknown";
  Releases releases;
  TextScanner scanner(input.text());
  // The last tokens, the newest first.
  std::array<TextToken, 4> last = {};
  for (TextToken token = scanner.next(); token.kind != TextToken::End; token = scanner.next()) {
    if (token.kind == TextToken::Newline)
      continue;
    if (token.kind == TextToken::Word) {
      if (auto known = wordTable().find(token.text); known != wordTable().end())
        releases.meet(known->second);
      if (token.text == "tensor" && last[0].is('<') && last[1].text == "!tt.ptr")
        releases.until(7);
      if (token.text == "tensor" && last[0].is('<') && last[1].text == "!tt.tensordesc")
        releases.meet({3, 7});
    } else if (token.kind == TextToken::Number) {
      if (last[0].is('<') && last[1].text == "!tt.tensordesc")
        releases.since(8);
      // "file.py":12:0
      if (token.text == "0" && last[0].is(':') && last[1].kind == TextToken::Number && last[2].is(':') &&
          last[3].kind == TextToken::String)
        releases.until(7);
    } else if (token.is('=') && last[0].text == "allow_reorder") {
      releases.until(1);
    } else if (token.is('(') && last[0].kind == TextToken::String && last[1].is('(') && last[2].text == "loc") {
      // loc("name"(...))
      releases.since(6);
    }
    std::rotate(last.begin(), last.end() - 1, last.end());
    last[0] = token;
  }
  return nameOf(releases);
}

} // namespace rblnc
