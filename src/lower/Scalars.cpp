// Constants, scalars of rank 0, and dynamic indices.
#include "Lowering.h"

#include "mlir/Dialect/Arith/IR/Arith.h"

#include <limits>
#include <tuple>

using namespace llvm;
using namespace mlir;

namespace rblnc::lower {

Value Lowering::constant(RankedTensorType type, TypedAttr element) {
  return arith::ConstantOp::create(builder, loc, DenseElementsAttr::get(type, ArrayRef<Attribute>(element)));
}

Value Lowering::integerConstant(int64_t value, Type element) {
  return constant(RankedTensorType::get({}, element), IntegerAttr::get(element, value));
}

Value Lowering::scalar(Value value) {
  Value tensor = get(value);
  return tensor ? reshape(tensor, {}) : Value();
}

static Type elementOf(Value tensor) { return cast<RankedTensorType>(tensor.getType()).getElementType(); }

/// Keeps the one value of a form within what the form has 64 bits for. What is that far out is out of every block.
Value Lowering::saturate(Value input, const LinearForm &form) {
  int64_t scale = form.terms.front().scale;
  DynamicAPInt least(std::numeric_limits<int64_t>::min()), most(std::numeric_limits<int64_t>::max());
  DynamicAPInt low = (scale > 0 ? least : most) - form.constant, high = (scale > 0 ? most : least) - form.constant;
  low = std::max(ceilDiv(low, DynamicAPInt(scale)), least);
  high = std::min(floorDiv(high, DynamicAPInt(scale)), most);
  return clamp(input, static_cast<int64_t>(low), static_cast<int64_t>(high));
}

Value Lowering::scalar(const LinearForm &form) {
  if (form.terms.size() == 1 && form.constant == 0 && form.terms.front().scale == 1 &&
      getElementTypeOrSelf(form.terms.front().value.getType()).isInteger(32))
    return scalar(form.terms.front().value);
  bool fits = rangeOfWidth(64).contains(analysis.scalarRanges().of(form, {}));
  if (!fits && form.terms.size() > 1 && failed(checkSum(form)))
    return {};
  Type i64 = builder.getI64Type();
  SmallVector<Value> inputs;
  for (const Term &term : form.terms) {
    Value input = scalar(term.value);
    if (!input)
      return {};
    if (!fits && form.terms.size() == 1)
      input = saturate(input, form);
    inputs.push_back(input);
  }
  return elementwise({}, i64, inputs, [&](OpBuilder &nested, Location loc, ValueRange elements) {
    auto number = [&](int64_t value) -> Value {
      return arith::ConstantOp::create(nested, loc, IntegerAttr::get(i64, value));
    };
    Value sum;
    for (auto [term, element] : zip(form.terms, elements)) {
      Value part = element;
      if (part.getType() != i64)
        part = arith::ExtSIOp::create(nested, loc, i64, part);
      if (term.scale != 1)
        part = arith::MulIOp::create(nested, loc, part, number(term.scale));
      sum = sum ? Value(arith::AddIOp::create(nested, loc, sum, part)) : part;
    }
    if (!sum)
      return number(form.constant);
    return form.constant == 0 ? sum : Value(arith::AddIOp::create(nested, loc, sum, number(form.constant)));
  });
}

Value Lowering::flag(const Guard &guard) {
  Value value = guard.condition ? scalar(guard.condition) : scalar(guard.positive);
  if (!value || !guard.condition)
    return value ? clamp(value, 0, 1) : Value();
  Type i32 = builder.getI32Type();
  return elementwise({}, i32, value, [&](OpBuilder &nested, Location loc, ValueRange elements) {
    return Value(arith::ExtUIOp::create(nested, loc, i32, elements.front()));
  });
}

Value Lowering::clamp(Value scalar, int64_t low, int64_t high) {
  Type element = elementOf(scalar);
  unsigned width = element.getIntOrFloatBitWidth();
  int64_t smallest = width >= 64 ? std::numeric_limits<int64_t>::min() : -(int64_t(1) << (width - 1));
  int64_t largest = -(smallest + 1);
  // Bounds beyond one end of the type's range do not bind; a range beyond it needs a wider type.
  bool isBeyond = low > largest || high < smallest;
  Type type = isBeyond ? Type(builder.getI64Type()) : element;
  if (!isBeyond) {
    low = std::max(low, smallest);
    high = std::min(high, largest);
  }
  return elementwise({}, type, scalar, [&](OpBuilder &nested, Location loc, ValueRange elements) -> Value {
    Value number = elements.front();
    if (isBeyond)
      number = arith::ExtSIOp::create(nested, loc, type, number);
    Value floor = arith::ConstantOp::create(nested, loc, IntegerAttr::get(type, low));
    Value ceiling = arith::ConstantOp::create(nested, loc, IntegerAttr::get(type, high));
    Value raised = arith::MaxSIOp::create(nested, loc, number, floor);
    return arith::MinSIOp::create(nested, loc, raised, ceiling);
  });
}

Value Lowering::index(Value scalar, int64_t low, int64_t high) {
  Value source = scalar;
  if (auto found = dynamicIndices.find(scalar); found != dynamicIndices.end()) {
    const DynamicScalar &dynamic = dynamicScalars[found->second];
    source = dynamic.source;
    // Its own limits hold wherever it is used.
    int64_t lowest = std::max<int64_t>(low, 0), highest = std::min(high, dynamic.max);
    if (lowest <= highest)
      std::tie(low, high) = std::pair(lowest, highest);
  }
  // No value of its type is beyond these; so one index serves for a use and for the checks of any value.
  if (unsigned width = elementOf(scalar).getIntOrFloatBitWidth(); width > 1) {
    int64_t least = std::numeric_limits<int64_t>::min() >> (64 - width);
    int64_t lowest = std::max(low, least), highest = std::min(high, -(least + 1));
    if (lowest <= highest)
      std::tie(low, high) = std::pair(lowest, highest);
  }
  SmallVector<Value, 2> &known = indices[scalar];
  for (Value index : known)
    if (auto type = cast<rbln::IndexType>(index.getType()); type.getMin() >= low && type.getMax() <= high)
      return index;
  auto type = rbln::IndexType::get(builder.getContext(), low, high);
  known.push_back(rbln::ToIndexOp::create(builder, loc, type, source));
  return known.back();
}

} // namespace rblnc::lower
