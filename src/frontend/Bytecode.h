// MLIR bytecode, which is read by a process of its own.
#pragma once

#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"
#include "llvm/Support/MemoryBuffer.h"

#include <string>

namespace mlir {
class DialectRegistry;
} // namespace mlir

namespace rblnc::frontend {

bool isBytecode(llvm::StringRef bytes);

/// The text of the module in `bytecode`. MLIR's reader trusts sizes and offsets that it finds, so it runs in a child
/// process with a bound on time and memory: a file that makes it crash or hang becomes an error here.
llvm::Expected<std::string> textOfBytecode(const llvm::MemoryBuffer &bytecode, const mlir::DialectRegistry &registry);

} // namespace rblnc::frontend
