// What the compiler knows about an operation by its name: how Python spells it, and what to write where it cannot be
// lowered. Later rooms use the same words when they reject one.
#pragma once

#include <string_view>

namespace rblnc {

struct OperationInfo {
  /// "tt.scan".
  std::string_view name;
  /// What the user wrote: "tl.cumsum". An operator or a few words where no function stands for it.
  std::string_view python;
  /// The edit to make: "write tl.max(...)", "remove the call: ...". Empty when the operation is supported.
  std::string_view fix;

  bool isSupported() const { return fix.empty(); }
};

/// The row of an operation of the tt, arith, math, scf, cf, ub, llvm or gpu dialect; null when there is none, which
/// means that the operation is not supported and nothing is known about it.
const OperationInfo *findOperation(std::string_view name);

/// What to write instead of a function of a device library, by its symbol: "__nv_tanhf". Empty when nothing is known.
std::string_view alternativeToLibrarySymbol(std::string_view symbol);

} // namespace rblnc
