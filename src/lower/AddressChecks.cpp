// What the pointer analysis assumes of each operation on integers: that it gives what it gives without bounds.
#include "AddressAnalysis.h"
#include "ShapeForms.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/IR/TypeUtilities.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace llvm;
using namespace mlir;

namespace rblnc::lower {
namespace {

unsigned widthOf(Type type) { return getElementTypeOrSelf(type).getIntOrFloatBitWidth(); }

/// The same check by position of what a shape operation gives.
std::optional<OverflowCheck> reshapedCheck(Operation *op, const OverflowCheck &check) {
  OverflowCheck moved = check;
  std::optional<LinearForm> lhs = reshaped(op, check.lhs);
  std::optional<LinearForm> rhs = check.rhs.strides.empty() ? std::optional(check.rhs) : reshaped(op, check.rhs);
  std::optional<LinearForm> result = check.result ? reshaped(op, *check.result) : std::nullopt;
  if (!lhs || !rhs || result.has_value() != check.result.has_value())
    return std::nullopt;
  moved.lhs = *lhs;
  moved.rhs = *rhs;
  moved.result = result;
  return moved;
}

StringRef signOf(Operation *op) {
  return llvm::TypeSwitch<Operation *, StringRef>(op)
      .Case([](arith::AddIOp) { return "+"; })
      .Case([](arith::SubIOp) { return "-"; })
      .Case([](arith::MulIOp) { return "*"; })
      .Case([](arith::ShLIOp) { return "<<"; })
      .Default([](Operation *) { return ""; });
}

/// The low bits, read as signed.
int64_t wrapped(int64_t value, unsigned width) {
  unsigned unused = 64 - width;
  return static_cast<int64_t>(static_cast<uint64_t>(value) << unused) >> unused;
}

int64_t zeroExtended(int64_t value, unsigned width) {
  return width >= 64 ? value : value & ((int64_t(1) << width) - 1);
}

} // namespace

void AddressAnalysis::keepChecks(Value value, OverflowChecks needed) {
  if (!needed.empty())
    overflows[value] = std::move(needed);
}

/// What must hold for the operands. False when the operation's axes hide it, or when it is too much.
bool AddressAnalysis::collectChecks(Operation *op, OverflowChecks &needed) const {
  for (Value operand : op->getOperands())
    for (const OverflowCheck &check : checks(operand)) {
      std::optional<OverflowCheck> here = isShapeOp(op) ? reshapedCheck(op, check) : std::optional(check);
      if (!here || !addCheck(needed, *here))
        return false;
    }
  return true;
}

/// What an operation on integers adds to that. A constant wraps instead. False where the value gets no form, or one
/// that nothing has to hold for: what is computed like data is exact.
bool AddressAnalysis::addOwnChecks(Operation *op, std::optional<LinearForm> &form, OverflowChecks &needed) const {
  Type type = op->getResult(0).getType();
  unsigned width = widthOf(type);
  bool isNarrowing = isa<arith::TruncIOp>(op);
  if (!isa<arith::AddIOp, arith::SubIOp, arith::MulIOp, arith::ShLIOp>(op) && !isNarrowing) {
    if (form && form->isConstant() && isa<arith::ExtUIOp>(op))
      form->constant = zeroExtended(form->constant, widthOf(op->getOperand(0).getType()));
    return form.has_value();
  }
  if (form && form->isConstant() && needed.empty()) {
    form->constant = wrapped(form->constant, width);
    return true;
  }
  const LinearForm *lhs = integer(op->getOperand(0));
  const LinearForm *rhs = isNarrowing ? nullptr : integer(op->getOperand(1));
  bool isRunTimeProduct = !form && isa<arith::MulIOp>(op) && lhs && rhs && hasOneElement(type);
  if (!form && !isRunTimeProduct)
    return false;
  OverflowCheck check{op, signOf(op), width, *lhs, rhs ? *rhs : LinearForm(), form};
  if (check.isKept(ranges, allPositions(shapeOf(type))))
    return form.has_value();
  // What was widened from the type fits it again.
  if (auto widened = op->getOperand(0).getDefiningOp<arith::ExtSIOp>();
      isNarrowing && widened && widened.getIn().getType() == type)
    return true;
  if (addCheck(needed, check))
    return true;
  form.reset();
  return false;
}

/// Addresses have 64 bits.
bool AddressAnalysis::addOffsetCheck(tt::AddPtrOp op, const LinearForm &sum, OverflowChecks &needed) const {
  const LinearForm &base = pointer(op.getPtr())->offset;
  OverflowCheck check{op, "+", 64, base, *integer(op.getOffset()), sum};
  return check.isKept(ranges, allPositions(shapeOf(op.getResult().getType()))) || addCheck(needed, check);
}

/// Offsets of block pointers are declared as 32 bits. Triton's interpreter wraps their sums there, its GPU lowering
/// adds 64 bits; where these differ, the run stops.
bool AddressAnalysis::addAdvanceChecks(tt::AdvanceOp op, const BlockPointer &moved, OverflowChecks &needed) const {
  const BlockPointer &before = *blockPointer(op.getPtr());
  for (auto [old, step, sum] : zip(before.offsets, op.getOffsets(), moved.offsets)) {
    OverflowCheck check{op, "+", widthOf(step.getType()), old, *integer(step), sum};
    if (!check.isKept(ranges, {}) && !addCheck(needed, check))
      return false;
  }
  return true;
}

} // namespace rblnc::lower
