// The context and the dialects of TTIR.
#include "rblnc/frontend/Frontend.h"
#include "rblnc/triton/Dialect.h"
#include "rblnc/triton/ForeignDialects.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/ControlFlow/IR/ControlFlow.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/UB/IR/UBOps.h"
#include "mlir/IR/MLIRContext.h"

using namespace mlir;

namespace rblnc {

void registerDialects(DialectRegistry &registry) {
  registry.insert<tt::TTDialect, tt::LLVMSubsetDialect, tt::GPUSubsetDialect, tt::TTGSubsetDialect, arith::ArithDialect,
                  cf::ControlFlowDialect, math::MathDialect, scf::SCFDialect, ub::UBDialect>();
}

std::unique_ptr<MLIRContext> makeContext(const DialectRegistry &registry) {
  auto context = std::make_unique<MLIRContext>(registry, MLIRContext::Threading::DISABLED);
  // A diagnostic that quotes a whole function says less than its place.
  context->printOpOnDiagnostic(false);
  return context;
}

} // namespace rblnc
