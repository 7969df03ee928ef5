// Interval arithmetic over the operations that make integers.
#include "ScalarRange.h"

#include "ShapeForms.h"

#include "rblnc/check/Specialised.h"
#include "rblnc/triton/Dialect.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/IR/TypeUtilities.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace llvm;
using namespace mlir;

namespace rblnc::lower {

WideInterval operator+(const WideInterval &a, const WideInterval &b) { return {a.min + b.min, a.max + b.max}; }
WideInterval operator-(const WideInterval &a, const WideInterval &b) { return {a.min - b.max, a.max - b.min}; }
WideInterval operator*(const WideInterval &a, const WideInterval &b) {
  DynamicAPInt products[] = {a.min * b.min, a.min * b.max, a.max * b.min, a.max * b.max};
  WideInterval result{products[0], products[0]};
  for (const DynamicAPInt &product : products) {
    result.min = std::min(result.min, product);
    result.max = std::max(result.max, product);
  }
  return result;
}

WideInterval rangeOfWidth(unsigned width) {
  int64_t least = std::numeric_limits<int64_t>::min() >> (64 - width);
  return {DynamicAPInt(least), DynamicAPInt(-(least + 1))};
}

namespace {

unsigned widthOf(Value value) { return getElementTypeOrSelf(value.getType()).getIntOrFloatBitWidth(); }

WideInterval single(int64_t value) { return {DynamicAPInt(value), DynamicAPInt(value)}; }

WideInterval upTo(DynamicAPInt max) { return {DynamicAPInt(0), std::move(max)}; }

std::optional<WideInterval> ofConstant(arith::ConstantOp op) {
  if (auto number = dyn_cast<IntegerAttr>(op.getValue()))
    return single(number.getValue().getSExtValue());
  auto dense = dyn_cast<DenseIntElementsAttr>(op.getValue());
  if (!dense || (!dense.isSplat() && dense.getNumElements() > 1024) || dense.empty())
    return std::nullopt;
  std::optional<WideInterval> result;
  for (const APInt &number : dense.getValues<APInt>()) {
    WideInterval one = single(number.getSExtValue());
    if (!result)
      result = one;
    result->min = std::min(result->min, one.min);
    result->max = std::max(result->max, one.max);
    if (dense.isSplat())
      break;
  }
  return result;
}

/// The range of an operation from those of its operands, as if nothing wrapped; nothing where that says nothing.
std::optional<WideInterval> ofArithmetic(Operation *op, ArrayRef<WideInterval> in) {
  using Range = std::optional<WideInterval>;
  auto isNatural = [&](unsigned i) { return in[i].min >= 0; };
  auto constant = [&](unsigned i) { return in[i].min == in[i].max ? std::optional(in[i].min) : std::nullopt; };
  return llvm::TypeSwitch<Operation *, Range>(op)
      .Case([&](arith::AddIOp) { return in[0] + in[1]; })
      .Case([&](arith::SubIOp) { return in[0] - in[1]; })
      .Case([&](arith::MulIOp) { return in[0] * in[1]; })
      .Case([&](arith::ShLIOp) -> Range {
        std::optional<DynamicAPInt> amount = constant(1);
        if (!amount || *amount < 0 || *amount > 61)
          return std::nullopt;
        return in[0] * single(int64_t(1) << int64_t(*amount));
      })
      .Case<arith::ShRSIOp, arith::ShRUIOp>([&](Operation *) -> Range {
        std::optional<DynamicAPInt> amount = constant(1);
        if (!amount || *amount < 0 || *amount > 61 || (isa<arith::ShRUIOp>(op) && !isNatural(0)))
          return std::nullopt;
        DynamicAPInt divisor(int64_t(1) << int64_t(*amount));
        return WideInterval{floorDiv(in[0].min, divisor), floorDiv(in[0].max, divisor)};
      })
      .Case<arith::DivSIOp, arith::DivUIOp>([&](Operation *) -> Range {
        std::optional<DynamicAPInt> divisor = constant(1);
        if (!divisor || *divisor <= 0 || (isa<arith::DivUIOp>(op) && !isNatural(0)))
          return std::nullopt;
        return WideInterval{in[0].min / *divisor, in[0].max / *divisor};
      })
      .Case<arith::RemSIOp, arith::RemUIOp>([&](Operation *) -> Range {
        std::optional<DynamicAPInt> divisor = constant(1);
        if (!divisor || *divisor <= 0 || (isa<arith::RemUIOp>(op) && !isNatural(0)))
          return std::nullopt;
        DynamicAPInt most = *divisor - 1;
        return WideInterval{isNatural(0) ? DynamicAPInt(0) : -most, std::move(most)};
      })
      .Case([&](arith::AndIOp) -> Range {
        if (!isNatural(0) && !isNatural(1))
          return std::nullopt;
        if (isNatural(0) && isNatural(1))
          return upTo(std::min(in[0].max, in[1].max));
        return upTo(isNatural(0) ? in[0].max : in[1].max);
      })
      .Case(
          [&](arith::MaxSIOp) { return WideInterval{std::max(in[0].min, in[1].min), std::max(in[0].max, in[1].max)}; })
      .Case(
          [&](arith::MinSIOp) { return WideInterval{std::min(in[0].min, in[1].min), std::min(in[0].max, in[1].max)}; })
      .Case([&](arith::MaxUIOp) -> Range {
        if (!isNatural(0) || !isNatural(1))
          return std::nullopt;
        return WideInterval{std::max(in[0].min, in[1].min), std::max(in[0].max, in[1].max)};
      })
      .Case([&](arith::MinUIOp) -> Range {
        // Read as unsigned, a negative number is larger than every natural one.
        if (!isNatural(0) && !isNatural(1))
          return std::nullopt;
        if (isNatural(0) && isNatural(1))
          return WideInterval{std::min(in[0].min, in[1].min), std::min(in[0].max, in[1].max)};
        return upTo(isNatural(0) ? in[0].max : in[1].max);
      })
      .Case(
          [&](arith::SelectOp) { return WideInterval{std::min(in[1].min, in[2].min), std::max(in[1].max, in[2].max)}; })
      .Case([&](math::AbsIOp) { return upTo(std::max(in[0].max, -in[0].min)); })
      .Case<arith::ExtSIOp, arith::TruncIOp>([&](Operation *) { return in[0]; })
      .Case([&](arith::ExtUIOp extension) {
        if (isNatural(0))
          return in[0];
        return upTo(DynamicAPInt((int64_t(1) << std::min(widthOf(extension.getIn()), 62u)) - 1));
      })
      .Default([&](Operation *op) { return isShapeOp(op) ? Range(in[0]) : std::nullopt; });
}

bool isInteger(Value value) {
  auto type = dyn_cast<IntegerType>(getElementTypeOrSelf(value.getType()));
  return type && type.getWidth() <= 64;
}

} // namespace

WideInterval ScalarRanges::compute(Value value, unsigned depth) {
  // Deep chains of operations say no more than their type.
  constexpr unsigned maxDepth = 64;
  WideInterval whole = rangeOfWidth(widthOf(value));
  Operation *op = value.getDefiningOp();
  if (!op || depth > maxDepth)
    return whole;
  std::optional<WideInterval> range;
  if (auto constant = dyn_cast<arith::ConstantOp>(op)) {
    range = ofConstant(constant);
  } else if (auto positions = dyn_cast<tt::MakeRangeOp>(op)) {
    range = WideInterval{DynamicAPInt(static_cast<int32_t>(positions.getStart())),
                         DynamicAPInt(static_cast<int32_t>(positions.getEnd()) - int64_t(1))};
  } else if (auto call = dyn_cast<tt::CallOp>(op); call && specialisedName(call) == "to_dynamic_index") {
    int64_t max = specialisedConstant(call, "max").value_or(-1);
    range = upTo(DynamicAPInt(max < 0 ? std::numeric_limits<int32_t>::max() : max));
  } else if (op->getNumOperands() > 0 && llvm::all_of(op->getOperands(), isInteger)) {
    SmallVector<WideInterval, 3> operands;
    for (Value operand : op->getOperands())
      operands.push_back(of(operand, depth + 1));
    range = ofArithmetic(op, operands);
  }
  return range && whole.contains(*range) ? *range : whole;
}

const WideInterval &ScalarRanges::of(Value value, unsigned depth) {
  if (auto found = known.find(value); found != known.end())
    return found->second;
  WideInterval range = compute(value, depth);
  return known[value] = std::move(range);
}

WideInterval ScalarRanges::of(const LinearForm &form, ArrayRef<Positions> positions) {
  WideInterval range = single(form.constant);
  for (auto [stride, place] : zip(form.strides, positions))
    if (stride != 0)
      range = range + single(stride) * WideInterval{DynamicAPInt(place.low), DynamicAPInt(place.high) - 1};
  for (const Term &term : form.terms)
    range = range + single(term.scale) * of(term.value);
  return range;
}

} // namespace rblnc::lower
