#include "Facts.h"

#include "rblnc/triton/Dialect.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/IR/BuiltinTypes.h"

namespace rblnc::rules {
namespace {

constexpr uint8_t bit(Fact fact) { return static_cast<uint8_t>(fact); }

constexpr uint8_t elementFacts =
    bit(Fact::LoadedBlock) | bit(Fact::Range) | bit(Fact::RangeProduct) | bit(Fact::RunTimeStride);

bool hasSeveralElements(mlir::Type type) {
  auto tensor = mlir::dyn_cast<mlir::ShapedType>(type);
  if (!tensor || !tensor.hasStaticShape())
    return false;
  return llvm::any_of(tensor.getShape(), [](int64_t extent) { return extent > 1; });
}

/// Operations under which a sum of multiples of ranges stays one.
bool keepsRanges(mlir::Operation *op) {
  return mlir::isa<mlir::arith::AddIOp, mlir::arith::SubIOp, mlir::arith::MulIOp, mlir::arith::ExtSIOp,
                   mlir::arith::ExtUIOp, mlir::arith::TruncIOp, tt::AddPtrOp, tt::BroadcastOp, tt::ExpandDimsOp,
                   tt::ReshapeOp, tt::TransOp>(op);
}

} // namespace

uint8_t Facts::bitsOf(mlir::Value value) const { return bits.lookup(value); }

uint8_t Facts::resultBits(mlir::Operation *op) const {
  if (mlir::isa<tt::LoadOp>(op))
    return bit(Fact::Input) | bit(Fact::LoadedBlock);
  if (auto range = mlir::dyn_cast<tt::MakeRangeOp>(op)) {
    // Two numbers are a stride whatever is done to them.
    auto shape = mlir::cast<mlir::ShapedType>(range.getType()).getShape();
    return shape.front() > 2 ? bit(Fact::Range) : 0;
  }
  if (op->getNumRegions() != 0 && !mlir::isa<tt::ReduceOp>(op))
    return bit(Fact::Input);
  if (mlir::isa<tt::CallOp>(op))
    return bit(Fact::Input);

  uint8_t result = 0;
  unsigned ranges = 0, runTimeFactors = 0;
  for (mlir::Value operand : op->getOperands()) {
    result |= bitsOf(operand);
    ranges += has(operand, Fact::Range);
    runTimeFactors += has(operand, Fact::Input) && !has(operand, Fact::Range) && !has(operand, Fact::LoadedBlock);
  }
  if (mlir::isa<tt::ReduceOp>(op))
    return (result & ~elementFacts) | bit(Fact::Reduced);
  if (mlir::isa<tt::DotOp>(op))
    return (result & ~elementFacts) | bit(Fact::Product);
  if (mlir::isa<mlir::arith::MulIOp>(op) && ranges == 2)
    result |= bit(Fact::RangeProduct);
  if (mlir::isa<mlir::arith::MulIOp>(op) && ranges == 1 && runTimeFactors == 1)
    result |= bit(Fact::RunTimeStride);
  if (!keepsRanges(op))
    result &= static_cast<uint8_t>(~(bit(Fact::Range) | bit(Fact::RangeProduct) | bit(Fact::RunTimeStride)));
  return result;
}

void Facts::see(mlir::Operation *op) {
  if (mlir::isa<tt::LoadOp, tt::StoreOp>(op) && !mlir::isa<mlir::UnknownLoc>(op->getLoc()))
    accessPlaces.insert(op->getLoc());
  if (op->getNumResults() != 0) {
    uint8_t result = resultBits(op);
    for (mlir::Value value : op->getResults()) {
      uint8_t own = hasSeveralElements(value.getType()) ? result : static_cast<uint8_t>(result & ~elementFacts);
      if (own != 0)
        bits[value] = own;
    }
  }
  if (mlir::isa<tt::ReduceOp>(op))
    return;
  for (mlir::Region &region : op->getRegions())
    for (mlir::Block &block : region)
      for (mlir::BlockArgument argument : block.getArguments())
        if (!mlir::isa<tt::PointerType>(argument.getType()))
          bits[argument] = bit(Fact::Input);
}

bool Facts::isRewrittenBlockPointer(mlir::Value pointer) const {
  while (mlir::Operation *op = pointer.getDefiningOp()) {
    if (mlir::isa<tt::AddPtrOp>(op))
      return accessPlaces.contains(op->getLoc());
    if (!mlir::isa<tt::BroadcastOp, tt::ExpandDimsOp, tt::SplatOp, tt::BitcastOp>(op))
      return false;
    if (accessPlaces.contains(op->getLoc()))
      return true;
    pointer = op->getOperand(0);
  }
  return false;
}

} // namespace rblnc::rules
