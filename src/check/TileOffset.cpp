#include "TileOffset.h"

#include "rblnc/triton/Dialect.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/IR/BuiltinTypes.h"
#include "mlir/IR/Matchers.h"

#include "Describe.h"

namespace rblnc::rules {
namespace {

/// Evaluates one element of an integer block made of constants and ranges.
class ElementEvaluator {
public:
  /// The element at `index`; none when it is not constant or takes too many steps.
  std::optional<int64_t> at(mlir::Value value, llvm::ArrayRef<int64_t> index) {
    if (++steps > maxSteps)
      return std::nullopt;
    if (mlir::DenseIntElementsAttr elements; mlir::matchPattern(value, mlir::m_Constant(&elements)))
      return elements.isSplat() ? std::optional(elements.getSplatValue<llvm::APInt>().getSExtValue()) : std::nullopt;
    if (std::optional<int64_t> constant = constantInt(value))
      return constant;
    mlir::Operation *op = value.getDefiningOp();
    if (!op)
      return std::nullopt;
    if (auto range = mlir::dyn_cast<tt::MakeRangeOp>(op))
      return static_cast<int64_t>(range.getStart()) + index[0];
    if (mlir::isa<mlir::arith::ExtSIOp>(op))
      return at(op->getOperand(0), index);
    if (mlir::isa<tt::SplatOp>(op))
      return at(op->getOperand(0), {});
    if (auto expand = mlir::dyn_cast<tt::ExpandDimsOp>(op)) {
      llvm::SmallVector<int64_t> inner(index);
      inner.erase(inner.begin() + expand.getAxis());
      return at(expand.getSrc(), inner);
    }
    if (auto broadcast = mlir::dyn_cast<tt::BroadcastOp>(op)) {
      auto shape = mlir::cast<mlir::RankedTensorType>(broadcast.getSrc().getType()).getShape();
      llvm::SmallVector<int64_t> inner(index);
      for (size_t axis = 0; axis < inner.size(); ++axis)
        inner[axis] = shape[axis] == 1 ? 0 : inner[axis];
      return at(broadcast.getSrc(), inner);
    }
    return arithmetic(op, index);
  }

private:
  std::optional<int64_t> arithmetic(mlir::Operation *op, llvm::ArrayRef<int64_t> index) {
    if (!mlir::isa<mlir::arith::AddIOp, mlir::arith::MulIOp>(op))
      return std::nullopt;
    std::optional<int64_t> left = at(op->getOperand(0), index);
    if (!left)
      return std::nullopt;
    std::optional<int64_t> right = at(op->getOperand(1), index);
    int64_t result;
    if (!right || (mlir::isa<mlir::arith::AddIOp>(op) ? __builtin_add_overflow(*left, *right, &result)
                                                      : __builtin_mul_overflow(*left, *right, &result)))
      return std::nullopt;
    return result;
  }

  /// Bounds the recursion as well: every level is a step.
  static constexpr unsigned maxSteps = 512;
  unsigned steps = 0;
};

std::optional<TileOffset> ofBlockPointer(mlir::Value pointer) {
  TileOffset sum;
  auto add = [&](mlir::OperandRange offsets) {
    size_t rank = offsets.size();
    if (rank < 2)
      return false;
    std::optional<int64_t> row = constantInt(offsets[rank - 2]), column = constantInt(offsets[rank - 1]);
    return row && column && !__builtin_add_overflow(sum.row, *row, &sum.row) &&
           !__builtin_add_overflow(sum.column, *column, &sum.column);
  };
  while (auto advance = pointer.getDefiningOp<tt::AdvanceOp>()) {
    if (!add(advance.getOffsets()))
      return std::nullopt;
    pointer = advance.getPtr();
  }
  auto root = pointer.getDefiningOp<tt::MakeTensorPtrOp>();
  if (!root || !add(root.getOffsets()))
    return std::nullopt;
  return sum;
}

/// base + offsets: the first element of the block, divided by the distance of its rows.
std::optional<TileOffset> ofPointers(tt::AddPtrOp addition) {
  auto shape = mlir::cast<mlir::RankedTensorType>(addition.getType()).getShape();
  size_t rank = shape.size();
  if (rank < 2 || shape[rank - 2] < 2 || !addition.getPtr().getDefiningOp<tt::SplatOp>())
    return std::nullopt;
  llvm::SmallVector<int64_t> origin(rank, 0), below(rank, 0);
  below[rank - 2] = 1;
  std::optional<int64_t> first = ElementEvaluator().at(addition.getOffset(), origin);
  std::optional<int64_t> second = ElementEvaluator().at(addition.getOffset(), below);
  int64_t rowStride;
  if (!first || !second || *first < 0 || __builtin_sub_overflow(*second, *first, &rowStride) || rowStride <= 0)
    return std::nullopt;
  return TileOffset{*first / rowStride, *first % rowStride};
}

} // namespace

std::optional<TileOffset> tileOffsetOf(mlir::Value pointer) {
  if (mlir::isa<tt::PointerType>(pointer.getType()))
    return ofBlockPointer(pointer);
  if (auto addition = pointer.getDefiningOp<tt::AddPtrOp>())
    return ofPointers(addition);
  return std::nullopt;
}

} // namespace rblnc::rules
