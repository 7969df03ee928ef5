// The dialects of all rooms together.
#pragma once

#include <memory>

namespace mlir {
class MLIRContext;
} // namespace mlir

namespace rblnc::driver {

/// A context that can read every dialect of the pipeline.
std::unique_ptr<mlir::MLIRContext> makeFullContext();

/// Loads what lowering and planning create operations of.
void loadLaterDialects(mlir::MLIRContext &context);

} // namespace rblnc::driver
