// From MLIR locations to the user's Python lines.
#include "rblnc/triton/Location.h"

#include "rblnc/triton/Dialect.h"

#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/MLIRContext.h"

#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringRef.h"

#include <algorithm>

using namespace mlir;

namespace rblnc {
namespace {

/// Locations are directed graphs, not trees: a small file can describe a huge number of paths. Real ones have a few
/// dozen parts.
constexpr size_t maxSteps = 4096;
constexpr size_t maxFrames = 64;

/// Triton's own Python: frames there are of no use to somebody who wrote a kernel.
bool isLibrary(llvm::StringRef file) {
  for (llvm::StringRef part : {"triton/language/", "triton/runtime/", "triton/compiler/", "rblnc/rblib"})
    if (file.contains(part))
      return true;
  return false;
}

} // namespace

std::vector<SourceFrame> framesOf(Location location) {
  struct Item {
    Location location;
    llvm::StringRef name;
  };
  auto *dialect = location->getContext()->getLoadedDialect<tt::TTDialect>();
  uint32_t shift = dialect ? 1 - dialect->getFirstColumn() : 0;
  std::vector<SourceFrame> frames;
  llvm::SmallVector<Item, 8> stack = {{location, ""}};
  for (size_t step = 0; !stack.empty() && step < maxSteps && frames.size() < maxFrames; ++step) {
    auto [current, name] = stack.pop_back_val();
    if (auto file = dyn_cast<FileLineColRange>(current)) {
      frames.push_back({file.getFilename().str(), file.getStartLine(), file.getStartColumn() + shift, name.str()});
    } else if (auto named = dyn_cast<NameLoc>(current)) {
      stack.push_back({named.getChildLoc(), named.getName().getValue()});
    } else if (auto call = dyn_cast<CallSiteLoc>(current)) {
      stack.push_back({call.getCaller(), ""});
      stack.push_back({call.getCallee(), name});
    } else if (auto fused = dyn_cast<FusedLoc>(current)) {
      // The first part that is known, found without recursion.
      for (Location part : fused.getLocations()) {
        if (isa<UnknownLoc>(part))
          continue;
        stack.push_back({part, name});
        break;
      }
    } else if (auto opaque = dyn_cast<OpaqueLoc>(current)) {
      stack.push_back({opaque.getFallbackLocation(), name});
    }
  }
  std::stable_partition(frames.begin(), frames.end(), [](const SourceFrame &frame) { return !isLibrary(frame.file); });
  return frames;
}

} // namespace rblnc
