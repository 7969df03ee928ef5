// The table of lowerings.
#include "Patterns.h"

#include "rblnc/check/Operations.h"

using namespace mlir;

namespace rblnc::lower {

const PatternTable &patternTable() {
  static const PatternTable table = [] {
    PatternTable table;
    addElementwisePatterns(table);
    addCreationPatterns(table);
    addShapePatterns(table);
    addDotPatterns(table);
    addReducePatterns(table);
    addMemoryPatterns(table);
    addCallPatterns(table);
    addBranchPatterns(table);
    addCachePatterns(table);
    addSoftmaxPatterns(table);
    addFlashPatterns(table);
    addPartitionSkipPattern(table);
    return table;
  }();
  return table;
}

std::string alternativeTo(Operation *op) {
  llvm::StringRef name = op->getName().getStringRef();
  if (const OperationInfo *info = findOperation({name.data(), name.size()}); info && !info->isSupported())
    return std::string(info->fix);
  return "write it with the operations of the documented list";
}

} // namespace rblnc::lower
