// The only file that includes the headers of all dialects.
#include "Dialects.h"

#include "rblnc/frontend/Frontend.h"
#include "rblnc/npu/Dialect.h"
#include "rblnc/rbln/Dialect.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/MLIRContext.h"

namespace rblnc::driver {

std::unique_ptr<mlir::MLIRContext> makeFullContext() {
  mlir::DialectRegistry registry;
  registerDialects(registry);
  registry.insert<rbln::RBLNDialect, npu::NPUDialect, mlir::func::FuncDialect, mlir::linalg::LinalgDialect,
                  mlir::tensor::TensorDialect>();
  return makeContext(registry);
}

void loadLaterDialects(mlir::MLIRContext &context) {
  context.loadDialect<rbln::RBLNDialect, npu::NPUDialect, mlir::arith::ArithDialect, mlir::math::MathDialect,
                      mlir::func::FuncDialect, mlir::linalg::LinalgDialect, mlir::tensor::TensorDialect>();
}

} // namespace rblnc::driver
