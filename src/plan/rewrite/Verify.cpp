// What RBLN IR can be planned: one walk over the kernel, before anything is done with it.
#include "Verify.h"

#include "Canonicalize.h"

#include "analysis/AccessBounds.h"

#include "rblnc/ir/Elements.h"
#include "rblnc/npu/Dialect.h"
#include "rblnc/rbln/Dialect.h"
#include "rblnc/support/CheckedMath.h"
#include "rblnc/triton/Location.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "llvm/ADT/STLExtras.h"

using namespace mlir;

namespace rblnc::plan {
namespace {

LogicalResult refuse(Operation *op, const std::string &why, Diagnostics &diagnostics) {
  diagnostics.report(Code::P002, why, framesOf(op->getLoc()));
  return failure();
}

class Verifier {
public:
  explicit Verifier(Diagnostics &diagnostics) : diagnostics(diagnostics) {}

  LogicalResult verifyForm(func::FuncOp kernel) {
    if (!llvm::hasSingleElement(kernel.getBody()))
      return refuse(kernel, "the kernel has control flow");
    for (BlockArgument argument : kernel.getArguments())
      if (!isa<rbln::ArrayType>(argument.getType()))
        return refuse(kernel, "a kernel argument of RBLN IR is not an array");
    Block &body = kernel.getBody().front();
    if (body.getTerminator()->getNumOperands() != 0)
      return refuse(body.getTerminator(), "the kernel returns values; it can only store them");
    return success();
  }

  LogicalResult verifyBlock(Block &block) {
    for (Operation &op : block)
      if (failed(verifyOperation(&op)))
        return failure();
    return success();
  }

private:
  LogicalResult refuse(Operation *op, const std::string &why) { return plan::refuse(op, why, diagnostics); }

  LogicalResult verifyOperation(Operation *op) {
    std::string name = "'" + op->getName().getStringRef().str() + "'";
    if (!isa<arith::ConstantOp, func::ReturnOp, linalg::GenericOp, scf::IfOp, scf::YieldOp, tensor::CollapseShapeOp,
             tensor::EmptyOp, tensor::ExpandShapeOp, tensor::ExtractOp>(op) &&
        !isa_and_nonnull<rbln::RBLNDialect>(op->getDialect()))
      return refuseOperation(op, diagnostics);
    for (auto types : {TypeRange(op->getOperandTypes()), TypeRange(op->getResultTypes())})
      for (Type type : types)
        if (auto tensor = dyn_cast<TensorType>(type); tensor && !isHeld(tensor))
          return refuse(op, name + " has a tensor without elements, of unknown shape, or of a type no memory holds");
    if (auto load = dyn_cast<rbln::LoadOp>(op))
      return verifyAccess(load, load.getResult().getType());
    if (auto store = dyn_cast<rbln::StoreOp>(op))
      return verifyAccess(store, store.getValue().getType());
    if (auto generic = dyn_cast<linalg::GenericOp>(op))
      return verifyGeneric(generic);
    if (auto reduce = dyn_cast<rbln::ReduceOp>(op))
      return verifyClosed(op);
    if (auto branch = dyn_cast<scf::IfOp>(op))
      return verifyBranch(branch);
    return success();
  }

  static bool isHeld(TensorType type) {
    auto ranked = dyn_cast<RankedTensorType>(type);
    if (!ranked || !ranked.hasStaticShape() || !isElement(ranked.getElementType()))
      return false;
    std::optional<int64_t> count = elementCount(ranked.getShape());
    return count && *count > 0 && *count <= npu::maxElements;
  }

  /// Numbers of a block that later steps move and scale without looking for overflow.
  template <typename Access> LogicalResult verifyAccess(Access access, ShapedType block) {
    auto isFar = [](int64_t number) { return number < -npu::maxElements || number > npu::maxElements; };
    bool hasFar = isFar(static_cast<int64_t>(access.getOffset())) || llvm::any_of(access.getStrides(), isFar) ||
                  llvm::any_of(access.getScales(), isFar);
    if (ArrayAttr given = access.getClipsAttr())
      for (auto clip : given.template getAsRange<rbln::ClipAttr>()) {
        rbln::ClipAttr within = clipWithin(clip, block);
        hasFar |=
            isFar(within.getLo()) || isFar(within.getHi()) || isFar(within.getLoScale()) || isFar(within.getHiScale());
      }
    // What leaves its array is refused with the element that it reaches.
    if (hasFar && !outsideOf(blockOf(access), access.getArray().getType().getNumElements()))
      return refuse(access, "a block has an offset, stride, scale or clip of more than 2^58 elements");
    return success();
  }

  LogicalResult verifyBranch(scf::IfOp branch) {
    if (!llvm::all_of(branch->getResultTypes(), llvm::IsaPred<RankedTensorType>))
      return refuse(branch, "a branch has a result that is no tensor of known shape");
    for (Region *region : {&branch.getThenRegion(), &branch.getElseRegion()})
      if (!region->empty() && failed(verifyBlock(region->front())))
        return failure();
    return success();
  }

  LogicalResult verifyGeneric(linalg::GenericOp op) {
    if (!llvm::all_of(op->getOperandTypes(), llvm::IsaPred<RankedTensorType>))
      return refuse(op, "linalg.generic reads something else than tensors");
    for (Operation &inside : *op.getBody()) {
      if (isa<linalg::IndexOp>(inside) && op.getNumReductionLoops() > 0)
        return refuse(op, "linalg.generic with reduction loops reads positions");
      // Positions are 64-bit integers on the device.
      bool hasIndex = llvm::any_of(inside.getOperandTypes(), llvm::IsaPred<IndexType>);
      bool makesIndex = llvm::any_of(inside.getResultTypes(), llvm::IsaPred<IndexType>);
      if ((hasIndex && !isa<arith::IndexCastOp>(inside)) || (makesIndex && !isa<linalg::IndexOp>(inside)))
        return refuse(op, "linalg.generic computes with positions before arith.index_cast makes them integers");
    }
    return verifyClosed(op);
  }

  /// Regions may read constants from outside, which canonicalize copies into them, and nothing else.
  LogicalResult verifyClosed(Operation *op) {
    for (Region &region : op->getRegions()) {
      WalkResult walked = region.walk([&](Operation *inside) {
        bool isClosed = llvm::all_of(inside->getOperands(), [&](Value operand) {
          Operation *outside = operand.getDefiningOp();
          return region.isAncestor(operand.getParentRegion()) ||
                 (outside && outside->hasTrait<OpTrait::ConstantLike>());
        });
        return isClosed ? WalkResult::advance() : WalkResult::interrupt();
      });
      if (walked.wasInterrupted())
        return refuse(op, op->getName().getStringRef().str() +
                              " reads a value from outside of its region that is no constant");
    }
    return success();
  }

  Diagnostics &diagnostics;
};

} // namespace

LogicalResult refuseOperation(Operation *op, Diagnostics &diagnostics) {
  return refuse(op, "'" + op->getName().getStringRef().str() + "' has no device command", diagnostics);
}

LogicalResult verifyForm(func::FuncOp kernel, Diagnostics &diagnostics) {
  return Verifier(diagnostics).verifyForm(kernel);
}

LogicalResult verifyPlannable(func::FuncOp kernel, Diagnostics &diagnostics) {
  Verifier verifier(diagnostics);
  return failure(failed(verifier.verifyForm(kernel)) || failed(verifier.verifyBlock(kernel.getBody().front())));
}

} // namespace rblnc::plan
