#include "Folding.h"

#include "rblnc/triton/Dialect.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/IR/Matchers.h"

using namespace mlir;

namespace rblnc::frontend {

static bool isFloat(Type type) { return isa<FloatType>(getElementTypeOrSelf(type)); }
static bool isFloat(Value value) { return isFloat(value.getType()); }

bool computesFloats(Operation *op) {
  if (!isa_and_present<arith::ArithDialect, math::MathDialect>(op->getDialect()))
    return false;
  // These choose or copy bits.
  if (isa<arith::ConstantOp, arith::SelectOp, arith::BitcastOp>(op))
    return false;
  return llvm::any_of(op->getOperands(), [](Value value) { return isFloat(value); }) ||
         llvm::any_of(op->getResults(), [](Value value) { return isFloat(value); });
}

/// Whether a number stays what it is in every type that a chip computes f32 in: DLFloat16 has a smaller range than
/// bfloat16, which has fewer digits.
static bool isSameOnEveryChip(const APFloat &number) {
  if (number.isNaN())
    return false;
  if (number.isZero() || number.isInfinity())
    return true;
  APFloat narrow = number;
  bool losesInfo = false;
  narrow.convert(APFloat::BFloat(), APFloat::rmNearestTiesToEven, &losesInfo);
  int exponent = ilogb(number);
  return !losesInfo && exponent > -31 && exponent < 32;
}

template <typename Condition> static bool allNumbers(Attribute constant, Condition condition) {
  if (auto number = dyn_cast_if_present<FloatAttr>(constant))
    return condition(number.getValue());
  if (auto splat = dyn_cast_if_present<SplatElementsAttr>(constant); splat && isFloat(splat.getType()))
    return condition(splat.getSplatValue<APFloat>());
  auto elements = dyn_cast_if_present<DenseElementsAttr>(constant);
  return elements && isFloat(elements.getType()) && llvm::all_of(elements.getValues<APFloat>(), condition);
}

/// Whether the operands that are constants mean the same on every chip. f16 and bf16 are computed as written.
static bool hasCertainOperands(Operation *op) {
  return llvm::all_of(op->getOperands(), [](Value operand) {
    Attribute constant;
    if (!isFloat(operand))
      return true;
    bool isNarrow = getElementTypeOrSelf(operand.getType()).getIntOrFloatBitWidth() == 16;
    return matchPattern(operand, m_Constant(&constant)) &&
           allNumbers(constant, [&](const APFloat &x) { return isNarrow ? !x.isNaN() : isSameOnEveryChip(x); });
  });
}

/// Whether a constant may take the place of an operation that computes floats.
static bool isCertain(Operation *op, OpFoldResult result) {
  auto constant = dyn_cast<Attribute>(result);
  // The value of an operand: what is left of an identity. Casts there and back do something.
  if (!constant)
    return !isa<CastOpInterface>(op);
  if (isa<arith::NegFOp, math::AbsFOp>(op))
    return true;
  if (isa<arith::SIToFPOp, arith::UIToFPOp>(op))
    return getElementTypeOrSelf(op->getResult(0).getType()).getIntOrFloatBitWidth() == 16 ||
           allNumbers(constant, isSameOnEveryChip);
  if (isa<arith::ExtFOp>(op))
    return allNumbers(constant, [](const APFloat &x) { return !x.isNaN(); });
  return isa<arith::TruncFOp, arith::FPToSIOp, arith::FPToUIOp, arith::CmpFOp>(op) && hasCertainOperands(op);
}

namespace {

struct Fold : RewritePattern {
  /// Before all patterns that match one kind of operation.
  explicit Fold(MLIRContext *context) : RewritePattern(MatchAnyOpTypeTag(), /*benefit=*/100, context) {}

  LogicalResult matchAndRewrite(Operation *op, PatternRewriter &rewriter) const override {
    if (op->hasTrait<OpTrait::ConstantLike>())
      return failure();
    SmallVector<OpFoldResult> results;
    rewriter.startOpModification(op);
    if (failed(op->fold(results))) {
      rewriter.cancelOpModification(op);
      return failure();
    }
    if (results.empty()) {
      rewriter.finalizeOpModification(op);
      return success();
    }
    rewriter.cancelOpModification(op);
    if (computesFloats(op) && !llvm::all_of(results, [&](OpFoldResult result) { return isCertain(op, result); }))
      return failure();
    SmallVector<Value> values;
    for (auto [result, old] : llvm::zip_equal(results, op->getResults())) {
      auto value = dyn_cast<Value>(result);
      if (auto constant = dyn_cast<Attribute>(result)) {
        Operation *made = op->getDialect()->materializeConstant(rewriter, constant, old.getType(), op->getLoc());
        value = made ? made->getResult(0) : Value();
      }
      if (!value || value.getType() != old.getType())
        return failure();
      values.push_back(value);
    }
    rewriter.replaceOp(op, values);
    return success();
  }
};

} // namespace

void populateFoldPatterns(RewritePatternSet &patterns) { patterns.add<Fold>(patterns.getContext()); }

void hoistConstants(Operation *root) {
  SmallVector<Operation *> constants;
  root->walk([&](Operation *op) {
    if (op->hasTrait<OpTrait::ConstantLike>())
      constants.push_back(op);
  });
  Operation *last = nullptr;
  for (Operation *constant : constants) {
    auto *scope = constant->getParentWithTrait<OpTrait::IsIsolatedFromAbove>();
    if (!scope || !root->isAncestor(scope))
      continue;
    Block &entry = scope->getRegion(0).front();
    if (last && last->getBlock() == &entry)
      constant->moveAfter(last);
    else
      constant->moveBefore(&entry, entry.begin());
    last = constant;
  }
}

} // namespace rblnc::frontend
