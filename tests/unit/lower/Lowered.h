// Lowers the text of a kernel, past the rules, so that the lowering itself has to say what it cannot do.
#pragma once

#include "rblnc/frontend/Frontend.h"
#include "rblnc/lower/Lower.h"

#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/DialectRegistry.h"
#include "mlir/IR/MLIRContext.h"
#include "llvm/Support/raw_ostream.h"

#include <memory>
#include <string>

/// What lowering one kernel gave.
struct Lowered {
  /// RBLN IR, or nothing.
  std::string text;
  rblnc::Diagnostics diagnostics;

  /// `body` is the body of a function with the arguments `arguments`, both as text.
  Lowered(const std::string &arguments, const std::string &body, const rblnc::LowerOptions &options = {}) {
    run("module { tt.func public @kernel(" + arguments + ") {\n" + body + "\n tt.return } }", options);
  }

  bool done() const { return !text.empty(); }
  bool contains(const std::string &part) const { return text.find(part) != std::string::npos; }
  /// The codes of all errors, as in "C004 C009"; "none" without errors.
  std::string codes() const {
    std::string names;
    for (const rblnc::Diagnostic &diagnostic : diagnostics.all())
      names += (names.empty() ? "" : " ") + std::string(rblnc::infoOf(diagnostic.code).name.substr(5));
    return names.empty() ? "none" : names;
  }
  /// The first error with its fix.
  std::string message() const {
    return diagnostics.all().empty() ? "" : diagnostics.all().front().message + "; " + diagnostics.all().front().fix;
  }

private:
  void run(const std::string &source, const rblnc::LowerOptions &options) {
    mlir::DialectRegistry registry;
    rblnc::registerDialects(registry);
    std::unique_ptr<mlir::MLIRContext> context = rblnc::makeContext(registry);
    rblnc::Input input{"kernel.ttir", llvm::MemoryBuffer::getMemBufferCopy(source)};
    mlir::OwningOpRef<mlir::ModuleOp> module = rblnc::parseInput(input, *context, diagnostics);
    if (!module || failed(rblnc::bindArguments(*module, options, diagnostics)) ||
        failed(rblnc::normalise(*module, diagnostics)))
      return;
    auto lowered = rblnc::lowerToRBLN(*module, options, diagnostics);
    if (failed(lowered))
      return;
    llvm::raw_string_ostream stream(text);
    (*lowered)->print(stream);
  }
};
