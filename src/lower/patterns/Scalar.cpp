// The scalar forms of element-wise operations: what a loop body or a combiner holds for each.
#include "Patterns.h"

#include "Report.h"
#include "Types.h"

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

Value integer(OpBuilder &builder, Location loc, Type type, int64_t value) {
  return arith::ConstantOp::create(builder, loc, IntegerAttr::get(type, value));
}

/// The upper half of a 64-bit product from 32-bit halves: with a = 2^32 a1 + a0 and b likewise,
/// a b = 2^64 a1 b1 + 2^32 (a1 b0 + a0 b1) + a0 b0.
Value highProduct64(Value a, Value b, OpBuilder &builder, Location loc) {
  Type type = builder.getI64Type();
  Value half = integer(builder, loc, type, 32), low = integer(builder, loc, type, 0xFFFFFFFF);
  auto lower = [&](Value x) -> Value { return arith::AndIOp::create(builder, loc, x, low); };
  auto upper = [&](Value x) -> Value { return arith::ShRUIOp::create(builder, loc, x, half); };
  auto times = [&](Value x, Value y) -> Value { return arith::MulIOp::create(builder, loc, x, y); };
  auto plus = [&](Value x, Value y) -> Value { return arith::AddIOp::create(builder, loc, x, y); };
  Value a0 = lower(a), a1 = upper(a), b0 = lower(b), b1 = upper(b);
  Value middle = plus(times(a1, b0), upper(times(a0, b0)));
  Value other = plus(times(a0, b1), lower(middle));
  return plus(plus(times(a1, b1), upper(middle)), upper(other));
}

FailureOr<Value> highProduct(Lowering &, Operation *, ValueRange operands, OpBuilder &builder, Location loc) {
  Type type = operands[0].getType();
  unsigned width = type.getIntOrFloatBitWidth();
  if (width == 64)
    return highProduct64(operands[0], operands[1], builder, loc);
  Type wide = builder.getI64Type();
  Value a = arith::ExtUIOp::create(builder, loc, wide, operands[0]);
  Value b = arith::ExtUIOp::create(builder, loc, wide, operands[1]);
  Value product = arith::MulIOp::create(builder, loc, a, b);
  Value high = arith::ShRUIOp::create(builder, loc, product, integer(builder, loc, wide, width));
  return Value(arith::TruncIOp::create(builder, loc, type, high));
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
    for (StringRef name :
         {"addf",  "subf",   "mulf",   "divf",   "remf",   "negf",   "addi",     "subi",     "muli",    "divsi",
          "divui", "remsi",  "remui",  "andi",   "ori",    "xori",   "shli",     "shrsi",    "shrui",   "cmpi",
          "cmpf",  "select", "maxsi",  "maxui",  "minsi",  "minui",  "maximumf", "minimumf", "maxnumf", "minnumf",
          "extsi", "extui",  "trunci", "sitofp", "uitofp", "fptosi", "fptoui",   "extf",     "truncf",  "bitcast"})
      table[("arith." + name).str()] = sameOperation;
    for (StringRef name :
         {"exp", "exp2", "log", "log2", "sin", "cos", "sqrt", "rsqrt", "erf", "absf", "absi", "floor", "ceil", "fma"})
      table[("math." + name).str()] = sameOperation;
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
    if (!constant || !isSupportedElement(value.getType()))
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
