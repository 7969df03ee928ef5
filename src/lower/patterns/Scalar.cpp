// The scalar forms of element-wise operations: what a loop body or a combiner holds for each.
#include "Patterns.h"

#include "Library.h"
#include "Report.h"
#include "Types.h"

#include "rblnc/ir/Elements.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/IR/IRMapping.h"

using namespace llvm;
using namespace mlir;

namespace rblnc::lower {
namespace {

using ScalarFunction = FailureOr<Value> (*)(Lowering &, Operation *, ValueRange, OpBuilder &, Location);

/// The same operation on scalars, without hints that were attached to it.
FailureOr<Value> sameOperation(Lowering &, Operation *op, ValueRange operands, OpBuilder &builder, Location) {
  IRMapping mapping;
  mapping.map(op->getOperands(), operands);
  Operation *scalar = builder.clone(*op, mapping);
  scalar->getResult(0).setType(getElementTypeOrSelf(op->getResult(0).getType()));
  scalar->setDiscardableAttrs(DictionaryAttr::get(op->getContext()));
  return scalar->getResult(0);
}

template <typename Op>
FailureOr<Value> asOperation(Lowering &, Operation *, ValueRange operands, OpBuilder &builder, Location loc) {
  return Op::create(builder, loc, operands.front().getType(), operands).getResult();
}

/// min(max(x, low), high): with propagateNan = none a NaN in x becomes low.
FailureOr<Value> clamp(Lowering &, Operation *op, ValueRange operands, OpBuilder &builder, Location loc) {
  Value x = operands[0], low = operands[1], high = operands[2];
  if (cast<tt::ClampFOp>(op).getPropagateNan() == tt::PropagateNan::ALL) {
    Value raised = arith::MaximumFOp::create(builder, loc, x, low);
    return Value(arith::MinimumFOp::create(builder, loc, raised, high));
  }
  Value raised = arith::MaxNumFOp::create(builder, loc, x, low);
  return Value(arith::MinNumFOp::create(builder, loc, raised, high));
}

FailureOr<Value> highProduct(Lowering &, Operation *, ValueRange operands, OpBuilder &builder, Location loc) {
  return unsignedHighProduct(operands[0], operands[1], builder, loc);
}

/// Between float32, float16 and bfloat16. The two 16-bit types have no conversion of their own; through float32 it is
/// exact up to the one rounding.
FailureOr<Value> convertFloat(Lowering &lowering, Operation *op, ValueRange operands, OpBuilder &builder,
                              Location loc) {
  Value x = operands[0];
  Type target = getElementTypeOrSelf(op->getResult(0).getType());
  if (x.getType() == target)
    return x;
  auto rounding = cast<tt::FpToFpOp>(op).getRounding();
  if (x.getType().getIntOrFloatBitWidth() < 32)
    x = arith::ExtFOp::create(builder, loc, builder.getF32Type(), x);
  if (x.getType() == target)
    return x;
  if (rounding && *rounding != tt::RoundingMode::RTNE) {
    (void)lowering.unsupported(op, "rounding toward zero is not supported",
                               "leave out fp_downcast_rounding: conversions round to nearest, ties to even");
    return failure();
  }
  return Value(arith::TruncFOp::create(builder, loc, target, x));
}

/// The device takes exponents of 32 bits.
FailureOr<Value> powerByInteger(Lowering &lowering, Operation *op, ValueRange operands, OpBuilder &builder,
                                Location loc) {
  Value exponent = operands[1];
  unsigned width = exponent.getType().getIntOrFloatBitWidth();
  if (width > 32) {
    (void)lowering.unsupported(op, "a power by an integer of " + std::to_string(width) + " bits is not supported",
                               "convert the exponent with .to(tl.int32)");
    return failure();
  }
  if (width < 32)
    exponent = arith::ExtSIOp::create(builder, loc, builder.getI32Type(), exponent);
  return Value(math::FPowIOp::create(builder, loc, operands[0], exponent));
}

FailureOr<Value> classification(Lowering &, Operation *op, ValueRange operands, OpBuilder &builder, Location loc) {
  return classify(op->getName().getStringRef(), operands[0], builder, loc);
}

FailureOr<Value> bitcast(Lowering &lowering, Operation *op, ValueRange operands, OpBuilder &builder, Location loc) {
  Type target = getElementTypeOrSelf(op->getResult(0).getType());
  if (operands[0].getType() == target)
    return operands[0];
  if (operands[0].getType().getIntOrFloatBitWidth() != target.getIntOrFloatBitWidth()) {
    (void)lowering.unsupported(
        op, "a bitcast from " + text(operands[0].getType()) + " to " + text(target) + " changes the width",
        "convert the value with .to(dtype)");
    return failure();
  }
  return Value(arith::BitcastOp::create(builder, loc, target, operands[0]));
}

const llvm::StringMap<ScalarFunction> &scalarTable() {
  static const llvm::StringMap<ScalarFunction> table = [] {
    llvm::StringMap<ScalarFunction> table;
#define RBLNC_SCALAR_OP(name, operands, rule, ir, python) table[ir] = sameOperation;
#include "rblnc/support/ScalarOps.def"
    for (StringRef other : {"", "arith.constant", "arith.mului_extended"})
      table.erase(other);
    for (StringRef name : {"math.isnan", "math.isinf", "math.isfinite", "math.isnormal"})
      table[name] = classification;
    table["math.fpowi"] = powerByInteger;
    table["tt.extern_elementwise"] = emitLibraryCall;
    table["tt.precise_sqrt"] = asOperation<math::SqrtOp>;
    table["tt.precise_divf"] = asOperation<arith::DivFOp>;
    table["tt.clampf"] = clamp;
    table["tt.mulhiui"] = highProduct;
    table["tt.fp_to_fp"] = convertFloat;
    table["tt.bitcast"] = bitcast;
    return table;
  }();
  return table;
}

} // namespace

bool isElementwise(Operation *op) { return scalarTable().contains(op->getName().getStringRef()); }

FailureOr<Value> emitScalar(Lowering &lowering, Operation *op, ValueRange operands, OpBuilder &builder, Location loc) {
  ScalarFunction emit = scalarTable().lookup(op->getName().getStringRef());
  if (!emit) {
    (void)lowering.unsupported(op,
                               "'" + op->getName().getStringRef().str() +
                                   "' is not supported inside of a function "
                                   "that combines elements",
                               alternativeTo(op));
    return failure();
  }
  return emit(lowering, op, operands, builder, loc);
}

FailureOr<SmallVector<Value>> emitRegion(Lowering &lowering, Region &region, ValueRange arguments, OpBuilder &builder) {
  if (!region.hasOneBlock())
    return lowering.unsupported(region.getParentOp(),
                                "the function of '" + region.getParentOp()->getName().getStringRef().str() +
                                    "' has run-time branches",
                                "choose with tl.where");
  llvm::DenseMap<Value, Value> scalars;
  for (auto [argument, scalar] : zip(region.getArguments(), arguments))
    scalars[argument] = scalar;
  // Null where a value has no scalar: it comes from outside of the region and is no constant.
  auto scalarOf = [&](Value value) -> Value {
    if (Value known = scalars.lookup(value))
      return known;
    auto constant = value.getDefiningOp<arith::ConstantOp>();
    if (!constant || !isElement(value.getType()))
      return {};
    return scalars[value] = builder.clone(*constant)->getResult(0);
  };
  auto scalarsOf = [&](Operation &op) -> FailureOr<SmallVector<Value>> {
    SmallVector<Value> result;
    for (Value operand : op.getOperands()) {
      result.push_back(scalarOf(operand));
      if (!result.back())
        return lowering.unsupported(&op, "a function that combines elements uses a value from outside of it",
                                    "combine only the elements; apply the other value before or after");
    }
    return result;
  };
  for (Operation &op : region.front().without_terminator()) {
    if (isa<arith::ConstantOp>(op))
      continue;
    FailureOr<SmallVector<Value>> operands = scalarsOf(op);
    if (failed(operands))
      return failure();
    for (Value result : op.getResults())
      if (std::optional<Diagnostic> error = checkValueType(&op, result.getType()))
        return lowering.fail(std::move(*error));
    FailureOr<Value> result = emitScalar(lowering, &op, *operands, builder, op.getLoc());
    if (failed(result))
      return failure();
    scalars[op.getResult(0)] = *result;
  }
  return scalarsOf(*region.front().getTerminator());
}

} // namespace rblnc::lower
