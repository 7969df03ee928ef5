// A kernel is one program: which one it is, and of how many, is known.
#pragma once

#include "rblnc/support/Diagnostic.h"

namespace mlir {
class Operation;
} // namespace mlir

namespace rblnc::frontend {

/// Replaces every tt.get_program_id by 0 and every tt.get_num_programs by 1. Each place that asks is told (W031).
void answerForOneProgram(mlir::Operation *kernel, Diagnostics &diagnostics);

} // namespace rblnc::frontend
