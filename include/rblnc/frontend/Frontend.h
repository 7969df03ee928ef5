// From a file to a verified, inlined and simplified module of Triton's IR.
//
//   DialectRegistry registry;
//   registerDialects(registry);             // what TTIR uses; the caller adds the dialects of later rooms
//   std::unique_ptr<MLIRContext> context = makeContext(registry);
//   std::optional<Input> input = readInput(path, diagnostics);
//   OwningOpRef<ModuleOp> module = input ? parseInput(*input, *context, diagnostics) : nullptr;
//   if (!module || failed(normalise(*module, diagnostics))) ...
#pragma once

#include "rblnc/support/Diagnostic.h"

#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/OwningOpRef.h"

#include "llvm/Support/MemoryBuffer.h"

#include <memory>
#include <optional>
#include <string>

namespace mlir {
class DialectRegistry;
class MLIRContext;
} // namespace mlir

namespace rblnc {

/// The contents of a file, whole and in memory, so that nothing changes under the parser.
struct Input {
  /// The path as it was given, or "<stdin>". Diagnostics show it; the module keeps only the last component, so that
  /// what is made from it does not depend on the directory.
  std::string name;
  std::unique_ptr<llvm::MemoryBuffer> buffer;

  llvm::StringRef text() const { return buffer->getBuffer(); }
};

/// Reads a file, or standard input for "-". Nothing is parsed. Reports I001 when it cannot be opened or read or is a
/// directory, I002 when it is empty, I003 when it has more than 256 MiB (a regular file is not read at all then).
std::optional<Input> readInput(const std::string &path, Diagnostics &diagnostics);

/// Adds the dialects of TTIR: tt, arith, math, scf, cf, ub, and what TTIR uses of llvm, gpu and ttg. They are loaded
/// when the parser meets them.
void registerDialects(mlir::DialectRegistry &registry);

/// A context with one thread for the dialects of `registry`.
std::unique_ptr<mlir::MLIRContext> makeContext(const mlir::DialectRegistry &registry);

/// Parses and verifies text, or MLIR bytecode, which a child process turns into text first (MLIR's reader of bytecode
/// trusts its input). Reports I002 when it is neither, I004 when it is nested too deeply to be parsed, I005 for the
/// first syntax error and I006 for operations that break their rules; places are lines of the file, or Python lines
/// where the operation has one. Null after an error. Sets the column convention of the tt dialect in `context`.
mlir::OwningOpRef<mlir::ModuleOp> parseInput(const Input &input, mlir::MLIRContext &context, Diagnostics &diagnostics);

/// The Triton releases that may have printed the text, such as "3.0-3.7" or "3.8+", as far as its spellings tell;
/// "unknown" for bytecode and for spellings that no release has in common.
std::string detectEra(const Input &input);

/// Inlines every call of a function with a body, whatever its `noinline`; calls of declarations stay. Locations of
/// inlined operations become callsite(callee at caller). Removes blocks that nothing reaches and private functions that
/// nothing calls, folds constants and conditions, and removes dead and repeated operations. Loops and reductions that
/// have an effect stay what they are. Reports I007 for recursion and I008 for a call that cannot be inlined.
llvm::LogicalResult normalise(mlir::ModuleOp module, Diagnostics &diagnostics);

} // namespace rblnc
