// The line table: each place of the Python source once.
#pragma once

#include "rblnc/bundle/bundle_generated.h"

#include "mlir/IR/Location.h"
#include "llvm/ADT/DenseMap.h"

#include <map>

namespace rblnc::codegen {

class LineTable {
public:
  /// Entry 0 is the unknown place.
  LineTable();
  /// The entry of a location; equal places share one.
  uint32_t indexOf(mlir::Location location);
  std::vector<std::unique_ptr<bundle::LineT>> take() { return std::move(lines); }

private:
  std::vector<std::unique_ptr<bundle::LineT>> lines;
  llvm::DenseMap<mlir::Location, uint32_t> byLocation;
  /// Different locations (named differently, or made by different rewrites) can be one place.
  std::map<std::string, uint32_t> byText;
};

} // namespace rblnc::codegen
