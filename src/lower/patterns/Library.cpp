// Functions of device libraries: one operation each, or a few. The table of symbols is src/check/LibrarySymbols.def.
#include "Library.h"

#include "Report.h"
#include "rblnc/lower/LibraryFunctions.h"
#include "rblnc/rbln/Dialect.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"

using namespace llvm;
using namespace mlir;

namespace rblnc::lower {
namespace {

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

/// What a function is built with: operations on single elements at one place.
struct Emitter {
  OpBuilder &builder;
  Location loc;
  /// Of the function's result.
  Type type;

  template <typename Op> Value make(Value a) const { return Op::create(builder, loc, a); }
  template <typename Op> Value make(Value a, Value b) const { return Op::create(builder, loc, a, b); }
  template <typename Op> Value cast(Type to, Value a) const { return Op::create(builder, loc, to, a); }
  Value number(Type of, double value) const {
    return arith::ConstantOp::create(builder, loc, FloatAttr::get(of, value));
  }
  Value number(Value like, double value) const { return number(like.getType(), value); }
  Value whole(Value like, int64_t value) const { return integer(builder, loc, like.getType(), value); }
  Value compare(arith::CmpFPredicate predicate, Value a, Value b) const {
    return arith::CmpFOp::create(builder, loc, predicate, a, b);
  }
  Value compare(arith::CmpIPredicate predicate, Value a, Value b) const {
    return arith::CmpIOp::create(builder, loc, predicate, a, b);
  }
  Value select(Value condition, Value a, Value b) const {
    return arith::SelectOp::create(builder, loc, condition, a, b);
  }
  /// An integer as one of the result's width; a narrower one is not negative.
  Value asResult(Value value) const {
    unsigned from = value.getType().getIntOrFloatBitWidth(), to = type.getIntOrFloatBitWidth();
    return from < to ? cast<arith::ExtUIOp>(type, value) : from > to ? cast<arith::TruncIOp>(type, value) : value;
  }
};

using Function = Value (*)(const Emitter &, ValueRange);

// ---- Floats --------------------------------------------------------------------------------------------------------

Value reciprocal(const Emitter &e, ValueRange x) { return e.make<arith::DivFOp>(e.number(x[0], 1.0), x[0]); }

/// Between 0 and 1, and 0 for NaN.
Value saturate(const Emitter &e, ValueRange x) {
  return e.make<arith::MinNumFOp>(e.make<arith::MaxNumFOp>(x[0], e.number(x[0], 0.0)), e.number(x[0], 1.0));
}

/// x - y where it is positive, else 0; NaN where one is.
Value positiveDifference(const Emitter &e, ValueRange x) {
  Value isLess = e.compare(arith::CmpFPredicate::OLE, x[0], x[1]);
  return e.select(isLess, e.number(x[0], 0.0), e.make<arith::SubFOp>(x[0], x[1]));
}

Value signBit(const Emitter &e, ValueRange x) {
  Type bits = e.builder.getIntegerType(x[0].getType().getIntOrFloatBitWidth());
  Value pattern = e.cast<arith::BitcastOp>(bits, x[0]);
  return e.asResult(e.compare(arith::CmpIPredicate::slt, pattern, e.whole(pattern, 0)));
}

/// The exponent; the least integer for 0 and NaN, the greatest for infinities, to which the cast saturates.
Value integerExponent(const Emitter &e, ValueRange x) {
  Operation *exponent = rbln::LogBOp::create(e.builder, e.loc, x[0].getType(), x[0]);
  Value isNan = e.compare(arith::CmpFPredicate::UNO, x[0], x[0]);
  Value number = e.select(isNan, e.number(x[0], -0x1p31), exponent->getResult(0));
  return e.cast<arith::FPToSIOp>(e.type, number);
}

// ---- Between floats and integers -----------------------------------------------------------------------------------

template <typename Round, typename Convert> Value rounded(const Emitter &e, ValueRange x) {
  return e.cast<Convert>(e.type, e.make<Round>(x[0]));
}
template <typename Convert> Value converted(const Emitter &e, ValueRange x) { return e.cast<Convert>(e.type, x[0]); }

// ---- Integers ------------------------------------------------------------------------------------------------------

Value firstSetBit(const Emitter &e, ValueRange x) {
  Value number = e.make<arith::AddIOp>(e.make<math::CountTrailingZerosOp>(x[0]), e.whole(x[0], 1));
  Value isZero = e.compare(arith::CmpIPredicate::eq, x[0], e.whole(x[0], 0));
  return e.asResult(e.select(isZero, e.whole(x[0], 0), number));
}

Value unsignedHigh(const Emitter &e, ValueRange x) { return unsignedHighProduct(x[0], x[1], e.builder, e.loc); }

/// A negative factor counts 2^width too much as an unsigned one.
Value signedHigh(const Emitter &e, ValueRange x) {
  Value zero = e.whole(x[0], 0), product = unsignedHigh(e, x);
  for (auto [factor, other] : {std::pair(x[0], x[1]), std::pair(x[1], x[0])}) {
    Value isNegative = e.compare(arith::CmpIPredicate::slt, factor, zero);
    product = e.make<arith::SubIOp>(product, e.select(isNegative, other, zero));
  }
  return product;
}

/// The product of the low 24 bits.
template <typename Shift> Value product24(const Emitter &e, ValueRange x) {
  auto low = [&](Value v) {
    Value eight = e.whole(v, 8);
    return e.make<Shift>(e.make<arith::ShLIOp>(v, eight), eight);
  };
  Value a = low(x[0]), b = low(x[1]);
  return e.make<arith::MulIOp>(a, b);
}

/// |x - y| + z.
template <typename Greater, typename Less> Value distanceSum(const Emitter &e, ValueRange x) {
  Value greater = e.make<Greater>(x[0], x[1]), less = e.make<Less>(x[0], x[1]);
  return e.make<arith::AddIOp>(e.make<arith::SubIOp>(greater, less), x[2]);
}

/// Half of the sum, rounded down: what both have, and half of what one has.
template <typename Shift> Value meanDown(const Emitter &e, ValueRange x) {
  Value both = e.make<arith::AndIOp>(x[0], x[1]), one = e.make<arith::XOrIOp>(x[0], x[1]);
  return e.make<arith::AddIOp>(both, e.make<Shift>(one, e.whole(one, 1)));
}
template <typename Shift> Value meanUp(const Emitter &e, ValueRange x) {
  Value any = e.make<arith::OrIOp>(x[0], x[1]), one = e.make<arith::XOrIOp>(x[0], x[1]);
  return e.make<arith::SubIOp>(any, e.make<Shift>(one, e.whole(one, 1)));
}

/// Byte i of the result is the byte of (y, x) that the low three bits of hexadecimal digit i of the selector name.
Value chosenBytes(const Emitter &e, ValueRange x) {
  Type wide = e.builder.getI64Type();
  auto extend = [&](Value v) { return e.cast<arith::ExtUIOp>(wide, v); };
  Value low = extend(x[0]), high = extend(x[1]), selector = extend(x[2]);
  Value all = e.make<arith::OrIOp>(low, e.make<arith::ShLIOp>(high, e.whole(high, 32)));
  Value result = e.whole(all, 0);
  for (int64_t i = 0; i < 4; ++i) {
    Value digit = e.make<arith::ShRUIOp>(selector, e.whole(selector, 4 * i));
    Value by = e.make<arith::MulIOp>(e.make<arith::AndIOp>(digit, e.whole(digit, 7)), e.whole(digit, 8));
    Value byte = e.make<arith::AndIOp>(e.make<arith::ShRUIOp>(all, by), e.whole(all, 0xff));
    result = e.make<arith::OrIOp>(result, e.make<arith::ShLIOp>(byte, e.whole(byte, 8 * i)));
  }
  return e.asResult(result);
}

const llvm::StringMap<Function> &functionTable() {
  static const llvm::StringMap<Function> table = {
      {"reciprocal", reciprocal},
      {"saturate", saturate},
      {"positiveDifference", positiveDifference},
      {"signBit", signBit},
      {"integerExponent", integerExponent},
      {"nearestEvenInteger", rounded<math::RoundEvenOp, arith::FPToSIOp>},
      {"nearestInteger", rounded<math::RoundOp, arith::FPToSIOp>},
      {"floorInteger", rounded<math::FloorOp, arith::FPToSIOp>},
      {"ceilInteger", rounded<math::CeilOp, arith::FPToSIOp>},
      {"truncatedInteger", converted<arith::FPToSIOp>},
      {"nearestEvenUnsigned", rounded<math::RoundEvenOp, arith::FPToUIOp>},
      {"floorUnsigned", rounded<math::FloorOp, arith::FPToUIOp>},
      {"ceilUnsigned", rounded<math::CeilOp, arith::FPToUIOp>},
      {"truncatedUnsigned", converted<arith::FPToUIOp>},
      {"floatOfSigned", converted<arith::SIToFPOp>},
      {"floatOfUnsigned", converted<arith::UIToFPOp>},
      {"sameBits", converted<arith::BitcastOp>},
      {"firstSetBit", firstSetBit},
      {"signedHighProduct", signedHigh},
      {"unsignedHighProduct", unsignedHigh},
      {"signedProduct24", product24<arith::ShRSIOp>},
      {"unsignedProduct24", product24<arith::ShRUIOp>},
      {"signedDistanceSum", distanceSum<arith::MaxSIOp, arith::MinSIOp>},
      {"unsignedDistanceSum", distanceSum<arith::MaxUIOp, arith::MinUIOp>},
      {"signedMeanDown", meanDown<arith::ShRSIOp>},
      {"unsignedMeanDown", meanDown<arith::ShRUIOp>},
      {"signedMeanUp", meanUp<arith::ShRSIOp>},
      {"unsignedMeanUp", meanUp<arith::ShRUIOp>},
      {"chosenBytes", chosenBytes},
  };
  return table;
}

} // namespace

Value unsignedHighProduct(Value a, Value b, OpBuilder &builder, Location loc) {
  Type type = a.getType();
  unsigned width = type.getIntOrFloatBitWidth();
  if (width == 64)
    return highProduct64(a, b, builder, loc);
  Type wide = builder.getI64Type();
  Value wideA = arith::ExtUIOp::create(builder, loc, wide, a);
  Value wideB = arith::ExtUIOp::create(builder, loc, wide, b);
  Value product = arith::MulIOp::create(builder, loc, wideA, wideB);
  Value high = arith::ShRUIOp::create(builder, loc, product, integer(builder, loc, wide, width));
  return arith::TruncIOp::create(builder, loc, type, high);
}

Value classify(StringRef name, Value x, OpBuilder &builder, Location loc) {
  Emitter e{builder, loc, builder.getI1Type()};
  if (name == "math.isnan")
    return e.compare(arith::CmpFPredicate::UNO, x, x);
  Value magnitude = e.make<math::AbsFOp>(x);
  const llvm::fltSemantics &semantics = cast<FloatType>(x.getType()).getFloatSemantics();
  auto constant = [&](APFloat value) -> Value {
    return arith::ConstantOp::create(builder, loc, FloatAttr::get(x.getType(), value));
  };
  Value infinity = constant(APFloat::getInf(semantics));
  if (name == "math.isinf")
    return e.compare(arith::CmpFPredicate::OEQ, magnitude, infinity);
  Value isFinite = e.compare(arith::CmpFPredicate::OLT, magnitude, infinity);
  if (name == "math.isfinite")
    return isFinite;
  Value least = constant(APFloat::getSmallestNormalized(semantics));
  return e.make<arith::AndIOp>(isFinite, e.compare(arith::CmpFPredicate::OGE, magnitude, least));
}

Value emitLibraryFunction(const LibraryFunction &function, Type result, ValueRange operands, OpBuilder &builder,
                          Location loc) {
  Emitter e{builder, loc, result};
  if (Function emit = functionTable().lookup(function.meaning))
    return emit(e, operands);
  if (StringRef meaning = function.meaning; meaning.starts_with("math.is"))
    return e.asResult(classify(meaning, operands[0], builder, loc));
  OperationState state(loc, function.meaning);
  state.addOperands(operands);
  state.addTypes(operands[0].getType());
  Value computed = builder.create(state)->getResult(0);
  return isa<IntegerType>(computed.getType()) ? e.asResult(computed) : computed;
}

FailureOr<Value> emitLibraryCall(Lowering &lowering, Operation *op, ValueRange operands, OpBuilder &builder,
                                 Location loc) {
  auto external = cast<tt::ExternElementwiseOp>(op);
  StringRef symbol = external.getSymbol();
  const LibraryFunction *function = findLibraryFunction({symbol.data(), symbol.size()});
  if (!function || !function->isSupported() || libraryTypesOf(external) != function->types) {
    (void)lowering.unsupported(op, "the library function '" + symbol.str() + "' is not supported",
                               "compute it on the host and load the result");
    return failure();
  }
  return emitLibraryFunction(*function, getElementTypeOrSelf(external.getResult().getType()), operands, builder, loc);
}

} // namespace rblnc::lower
