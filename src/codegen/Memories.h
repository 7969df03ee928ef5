// What the programs of a bundle share: the signature, the regions of DRAM, and the line table.
#pragma once

#include "Lines.h"
#include "rblnc/npu/Dialect.h"

#include "llvm/ADT/StringMap.h"

#include <optional>
#include <string>

namespace rblnc::codegen {

/// Programs are the same kernel for different targets, so their arguments and constants are the same and one workspace
/// serves them all. A bundle made from one program has its regions in the order of the declarations.
class Memories {
public:
  explicit Memories(bundle::BundleT &bundle) : bundle(bundle) {}

  /// The region of an argument; nothing when another program declares an argument of that name otherwise. Within one
  /// program each declaration has a region of its own (and the bundle's verifier refuses a name that is there twice).
  std::optional<uint32_t> argument(npu::ArgumentOp op, bool isFirstProgram);
  /// The region of a constant; nothing when the constants together are larger than a bundle may hold.
  std::optional<uint32_t> constant(npu::ConstantOp op);
  /// The region that all buffers in DRAM lie in, made to hold `bytes` at least.
  uint32_t workspace(int64_t bytes);

  LineTable lines;

private:
  uint32_t addRegion(bundle::RegionKind kind, int64_t bytes);

  bundle::BundleT &bundle;
  /// The place in the signature, by name.
  llvm::StringMap<size_t> arguments;
  llvm::DenseMap<mlir::Attribute, uint32_t> constants;
  std::optional<uint32_t> workspaceRegion;
  uint64_t constantBytes = 0;
};

} // namespace rblnc::codegen
