// Any bytes as a kernel: read, simplified, checked and lowered without a crash, whatever is said about them.
#include "rblnc/check/Check.h"
#include "rblnc/frontend/Frontend.h"
#include "rblnc/lower/Lower.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/DialectRegistry.h"
#include "mlir/IR/MLIRContext.h"
#include "rblnc/rbln/Dialect.h"

using namespace rblnc;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  mlir::DialectRegistry registry;
  registerDialects(registry);
  registry
      .insert<rbln::RBLNDialect, mlir::func::FuncDialect, mlir::linalg::LinalgDialect, mlir::tensor::TensorDialect>();
  std::unique_ptr<mlir::MLIRContext> context = makeContext(registry);
  Input input{"fuzz", llvm::MemoryBuffer::getMemBufferCopy({reinterpret_cast<const char *>(data), size}, "fuzz")};
  // Bytecode is read by a child process, which would hide its crashes from the fuzzer.
  if (input.text().starts_with("ML\xefR"))
    return 0;
  Diagnostics diagnostics;
  auto module = parseInput(input, *context, diagnostics);
  if (!module || mlir::failed(normalise(*module, diagnostics)))
    return 0;
  check(*module, {}, diagnostics);
  if (diagnostics.hasErrors())
    return 0;
  context->loadAllAvailableDialects();
  (void)lowerToRBLN(*module, {}, diagnostics);
  return 0;
}
