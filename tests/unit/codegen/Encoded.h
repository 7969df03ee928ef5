// Device commands, as text, in a bundle.
#pragma once

#include "rblnc/bundle/bundle_generated.h"
#include "rblnc/codegen/Encode.h"
#include "rblnc/npu/Dialect.h"
#include "rblnc/rbln/Dialect.h"

#include "catch2/catch.hpp"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/IR/MLIRContext.h"
#include "mlir/Parser/Parser.h"

namespace rblnc::test {

inline void loadDialects(mlir::MLIRContext &context) {
  context.loadDialect<npu::NPUDialect, rbln::RBLNDialect, mlir::arith::ArithDialect, mlir::math::MathDialect>();
}

/// What encoding a program for the default target gives; null when it was refused.
inline std::unique_ptr<bundle::BundleT> encoded(const std::vector<std::string> &programs, Diagnostics &diagnostics) {
  mlir::MLIRContext context;
  loadDialects(context);
  llvm::Expected<const Target *> target = findTarget(defaultTargetName);
  REQUIRE(static_cast<bool>(target));
  std::vector<mlir::OwningOpRef<mlir::ModuleOp>> modules;
  std::vector<PlannedKernel> kernels;
  for (const std::string &text : programs) {
    modules.push_back(mlir::parseSourceString<mlir::ModuleOp>(text, &context));
    REQUIRE(modules.back());
    kernels.push_back({*modules.back(), *target});
  }
  auto result = encode(kernels, Code::X001, diagnostics);
  return failed(result) ? nullptr : std::move(*result);
}

/// A program with `registers` ("#npu.register<0, 3, \"n\">, …") and a body.
inline std::string program(const std::string &body, const std::string &registers = "") {
  return "npu.program @k target \"rbln-ca22\" registers [" + registers + "] semaphores 2 {\n" + body + "\n}\n";
}

inline std::unique_ptr<bundle::BundleT> encoded(const std::string &text) {
  Diagnostics diagnostics;
  auto result = encoded(std::vector<std::string>{text}, diagnostics);
  REQUIRE(result);
  return result;
}

} // namespace rblnc::test
