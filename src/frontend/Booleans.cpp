// Masks that are computed with as numbers.
#include "Booleans.h"

#include "rblnc/triton/Dialect.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/IR/Matchers.h"
#include "mlir/IR/PatternMatch.h"
#include "mlir/IR/TypeUtilities.h"

#include "llvm/ADT/DenseMap.h"

using namespace mlir;

namespace rblnc::frontend {
namespace {

bool isBit(Type type) { return getElementTypeOrSelf(type).isInteger(1); }

/// The same type with elements of one bit.
Type bitsOf(Type type) {
  Type bit = IntegerType::get(type.getContext(), 1);
  auto tensor = dyn_cast<RankedTensorType>(type);
  return tensor ? Type(tensor.clone(bit)) : bit;
}

/// Finds numbers that are 0 or 1 for one bit each, and makes the bits.
class Bits {
public:
  explicit Bits(PatternRewriter &rewriter) : rewriter(rewriter) {}

  /// Whether `value` is 0 or 1 everywhere, by the operations that make it.
  bool areKnown(Value value, unsigned depth = 0) {
    if (depth > maxDepth || ++steps > maxSteps)
      return false;
    Operation *op = value.getDefiningOp();
    if (!op)
      return false;
    if (isa<arith::ExtUIOp>(op))
      return isBit(op->getOperand(0).getType());
    if (isConstant(value))
      return true;
    bool goesOn = isa<arith::MulIOp, arith::AndIOp, arith::OrIOp, arith::MinUIOp, arith::MaxUIOp, arith::MinSIOp,
                      arith::MaxSIOp, tt::BroadcastOp, tt::ExpandDimsOp, tt::SplatOp, tt::ReshapeOp, tt::TransOp>(op);
    return goesOn && llvm::all_of(op->getOperands(), [&](Value operand) { return areKnown(operand, depth + 1); });
  }

  Value make(Value value) {
    if (Value made = known.lookup(value))
      return made;
    Operation *op = value.getDefiningOp();
    Location loc = op->getLoc();
    Type type = bitsOf(value.getType());
    Value made;
    if (isa<arith::ExtUIOp>(op)) {
      made = op->getOperand(0);
    } else if (std::optional<bool> bit = isConstant(value)) {
      auto one = IntegerAttr::get(rewriter.getI1Type(), *bit);
      auto tensor = dyn_cast<RankedTensorType>(type);
      made = arith::ConstantOp::create(rewriter, loc,
                                       tensor ? TypedAttr(DenseElementsAttr::get(tensor, Attribute(one))) : one);
    } else {
      SmallVector<Value> operands;
      for (Value operand : op->getOperands())
        operands.push_back(make(operand));
      if (isa<arith::MulIOp, arith::AndIOp, arith::MinUIOp, arith::MinSIOp>(op)) {
        made = arith::AndIOp::create(rewriter, loc, operands[0], operands[1]);
      } else if (isa<arith::OrIOp, arith::MaxUIOp, arith::MaxSIOp>(op)) {
        made = arith::OrIOp::create(rewriter, loc, operands[0], operands[1]);
      } else {
        Operation *moved = rewriter.clone(*op);
        moved->setOperands(operands);
        moved->getResult(0).setType(type);
        made = moved->getResult(0);
      }
    }
    known[value] = made;
    return made;
  }

private:
  static constexpr unsigned maxDepth = 16, maxSteps = 256;

  static std::optional<bool> isConstant(Value value) {
    APInt number;
    if (!matchPattern(value, m_ConstantInt(&number)) || !(number.isZero() || number.isOne()))
      return std::nullopt;
    return number.isOne();
  }

  PatternRewriter &rewriter;
  unsigned steps = 0;
  llvm::DenseMap<Value, Value> known;
};

/// A product of bits is their conjunction.
struct ProductOfBits : OpRewritePattern<arith::MulIOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(arith::MulIOp op, PatternRewriter &rewriter) const override {
    if (!isBit(op.getType()))
      return failure();
    rewriter.replaceOpWithNewOp<arith::AndIOp>(op, op.getLhs(), op.getRhs());
    return success();
  }
};

/// `number != 0` and `number == 1` of a number that is 0 or 1.
struct ComparisonOfBits : OpRewritePattern<arith::CmpIOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(arith::CmpIOp op, PatternRewriter &rewriter) const override {
    bool asks = (op.getPredicate() == arith::CmpIPredicate::ne && matchPattern(op.getRhs(), m_Zero())) ||
                (op.getPredicate() == arith::CmpIPredicate::eq && matchPattern(op.getRhs(), m_One()));
    Bits bits(rewriter);
    if (!asks || isBit(op.getLhs().getType()) || !bits.areKnown(op.getLhs()))
      return failure();
    rewriter.setInsertionPoint(op);
    rewriter.replaceOp(op, bits.make(op.getLhs()));
    return success();
  }
};

struct TruncationOfBits : OpRewritePattern<arith::TruncIOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(arith::TruncIOp op, PatternRewriter &rewriter) const override {
    Bits bits(rewriter);
    if (!isBit(op.getType()) || !bits.areKnown(op.getIn()))
      return failure();
    rewriter.setInsertionPoint(op);
    rewriter.replaceOp(op, bits.make(op.getIn()));
    return success();
  }
};

} // namespace

void addBooleanPatterns(RewritePatternSet &patterns) {
  patterns.add<ProductOfBits, ComparisonOfBits, TruncationOfBits>(patterns.getContext());
}

} // namespace rblnc::frontend
