// Traits of the `tt` dialect's operations.
#pragma once

#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/OpDefinition.h"

namespace rblnc::tt {

/// Of an operation with operand segments: each of the first N is one operand. In generic form the segments are free,
/// and accessors of single operands would otherwise read past the last one. Comes before every rule that looks at
/// operands.
template <int N> struct LeadingOperands {
  template <typename ConcreteOp> class Impl : public mlir::OpTrait::TraitBase<ConcreteOp, Impl> {
  public:
    static llvm::LogicalResult verifyTrait(mlir::Operation *op) {
      llvm::ArrayRef<int32_t> segments = mlir::cast<ConcreteOp>(op).getProperties().operandSegmentSizes;
      for (int32_t size : segments.take_front(N))
        if (size != 1)
          return op->emitOpError() << "needs one operand in each of its first " << N << " segments, but one has "
                                   << size;
      return mlir::success();
    }
  };
};

} // namespace rblnc::tt
