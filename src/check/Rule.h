// What a rule is, and what it may ask and say. A rule is one function in rules/ and one row in Rules.def.
#pragma once

#include "rblnc/check/Check.h"

#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringMap.h"

#include "Facts.h"
#include "TileOffset.h"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace rblnc::rules {

class Context;

struct Rule {
  std::string_view name;
  Code code;
  /// Called for every operation of the names in `operations`, operands before users, but not inside the combiners of
  /// reductions and scans.
  void (*run)(mlir::Operation *op, Context &context);
  /// Names separated by spaces ("math.*" for all of a dialect), or "*".
  std::string_view operations;
};

/// All rules, in the order in which they see one operation.
std::span<const Rule> allRules();

/// What a rule found.
struct Finding {
  /// What is wrong, with the measured value.
  std::string message;
  /// The edit to make.
  std::string fix;
  /// Findings of one code at one Python line with the same subject are one diagnostic: the same call, unrolled.
  std::string subject;
  std::vector<Diagnostic::Note> notes;
};

/// Where a product was stored in one array, to see over which axes it is tiled (W016).
struct StoredTiles {
  TileOffset first;
  bool rowsVary = false;
  bool columnsVary = false;
};

class Context {
public:
  Context(Diagnostics &diagnostics, llvm::ArrayRef<int64_t> lineElements)
      : lineElements(lineElements), diagnostics(diagnostics) {}

  /// Reports a finding of the running rule at the operation's line.
  void report(mlir::Operation *op, Finding finding) { report(op->getLoc(), std::move(finding)); }
  void report(mlir::Location location, Finding finding);

  /// Hands everything that was reported to the Diagnostics, in order.
  void flush();

  /// The code of the running rule.
  Code code() const { return current->code; }

  /// CheckOptions::lineElements.
  llvm::ArrayRef<int64_t> lineElements;
  Facts facts;
  llvm::DenseMap<mlir::Value, StoredTiles> storedTiles;

private:
  friend class Walker;

  struct Pending {
    Diagnostic diagnostic;
    unsigned count = 1;
  };

  Diagnostics &diagnostics;
  const Rule *current = nullptr;
  std::vector<Pending> pending;
  /// From code, line and subject to the place in `pending`.
  llvm::StringMap<size_t> places;
};

} // namespace rblnc::rules
