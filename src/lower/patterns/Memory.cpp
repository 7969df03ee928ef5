// Loads and stores as accesses to strided blocks.
#include "Patterns.h"

#include "MaskedOffset.h"
#include "MemoryOp.h"
#include "Report.h"
#include "Types.h"

#include "rblnc/check/Specialised.h"

#include "mlir/Dialect/Arith/IR/Arith.h"

#include <algorithm>
#include <limits>

using namespace llvm;
using namespace mlir;

namespace rblnc::lower {
namespace {

/// Collects the operands and attributes of an rbln.load or rbln.store.
class AddressBuilder {
public:
  AddressBuilder(Lowering &lowering, const Access &access) : lowering(lowering), access(access) {}

  int64_t offset = 0;
  SmallVector<int64_t> strides;
  SmallVector<int64_t> shape;
  SmallVector<Value> terms;
  SmallVector<int64_t> scales;
  SmallVector<Value> clipTerms;
  SmallVector<Attribute> clips;

  LogicalResult build() {
    if (failed(lowering.checkOverflows(access, CheckedIntegers::several)))
      return failure();
    offset = access.base.constant;
    for (auto [d, axis] : enumerate(access.axes)) {
      int64_t part;
      if (__builtin_mul_overflow(axis.offset.constant, axis.stride, &part) ||
          __builtin_add_overflow(offset, part, &offset))
        return overflow();
      strides.push_back(axis.stride);
      shape.push_back(axis.extent);
      if (failed(buildAxis(d, axis)))
        return failure();
    }
    packUnitAxes();
    if (failed(buildBase()) || failed(buildGuards()))
      return failure();
    return lowering.checkOverflows(access, CheckedIntegers::one);
  }

  ArrayAttr clipArray() { return clips.empty() ? ArrayAttr() : lowering.builder.getArrayAttr(clips); }

private:
  Lowering &lowering;
  const Access &access;

  LogicalResult overflow() {
    return lowering.fail(errorAt(Code::C009, access.op, "the addresses of this access do not fit 64 bits",
                                 "keep the block inside of the array"));
  }

  /// The stride of an axis of extent 1 has no meaning; the one that a dense block would have is easiest to merge. Where
  /// a run-time offset moves the block along the axis and is checked, the stride tells how far.
  void packUnitAxes() {
    for (size_t d = shape.size(); d-- > 0;) {
      if (shape[d] != 1 || access.axes[d].isDynamic())
        continue;
      bool last = d + 1 == shape.size();
      if (last || __builtin_mul_overflow(strides[d + 1], shape[d + 1], &strides[d]))
        strides[d] = 1;
    }
  }

  int64_t clipTerm(Value index) {
    auto found = llvm::find(clipTerms, index);
    if (found == clipTerms.end()) {
      clipTerms.push_back(index);
      return clipTerms.size() - 1;
    }
    return found - clipTerms.begin();
  }

  void clip(int64_t axis, int64_t low, int64_t high, int64_t term = -1, int64_t lowScale = 0, int64_t highScale = 0) {
    clips.push_back(rbln::ClipAttr::get(lowering.builder.getContext(), axis, low, high, term, lowScale, highScale));
  }

  /// The single run-time value that moves the axis, and its factor: the term itself, or the sum of all of them.
  std::pair<Value, int64_t> mover(const LinearForm &offset) {
    LinearForm rest;
    rest.terms = offset.terms;
    if (rest.terms.size() != 1)
      return {lowering.scalar(rest), 1};
    // As it is, in its own width: so it has one index, with the overflow checks that are about it.
    auto [term, factor] = rest.terms.front();
    if (!getElementTypeOrSelf(term.getType()).isInteger(1))
      return {lowering.scalar(term), factor};
    rest.terms.front().scale = 1;
    return {lowering.scalar(rest), factor};
  }

  /// An axis with a run-time offset c + q t. At an end that the access checks, t is clamped to the first value for
  /// which nothing of the block takes part, which changes nothing and bounds the addresses; an end that it does not
  /// check is checked when the kernel runs.
  LogicalResult buildDynamicAxis(unsigned d, const AccessAxis &axis) {
    auto [value, factor] = mover(axis.offset);
    if (!value)
      return failure();
    int64_t constant = axis.offset.constant, scale;
    if (factor == std::numeric_limits<int64_t>::min() || __builtin_mul_overflow(factor, axis.stride, &scale))
      return overflow();
    // Bounds of q t.
    int64_t low, high;
    bool open = __builtin_sub_overflow(axis.first ? *axis.first - axis.extent : axis.floor, constant, &low) ||
                __builtin_sub_overflow(axis.end ? *axis.end : *axis.declared - axis.extent, constant, &high);
    if (open || low == std::numeric_limits<int64_t>::min() || high == std::numeric_limits<int64_t>::min())
      return overflow();
    int64_t positive = factor < 0 ? -factor : factor;
    if (factor < 0)
      std::tie(low, high) = std::pair(-high, -low);
    // A negative factor exchanges the ends. Beyond a checked end nothing takes part, so its bound is rounded outward.
    bool smallestIsChecked = factor < 0 ? axis.end.has_value() : axis.first.has_value();
    bool largestIsChecked = factor < 0 ? axis.first.has_value() : axis.end.has_value();
    int64_t smallest = smallestIsChecked ? floorDivide(low, positive) : ceilDivide(low, positive);
    int64_t largest = largestIsChecked ? ceilDivide(high, positive) : floorDivide(high, positive);
    if (smallest > largest)
      return lowering.fail(errorAt(Code::C009, access.op,
                                   "no value of the run-time offset along axis " + std::to_string(d) +
                                       " keeps the block inside of the array",
                                   "use a smaller block, or boundary_check"));
    if (smallestIsChecked || largestIsChecked)
      value = lowering.clamp(value, smallestIsChecked ? smallest : std::numeric_limits<int64_t>::min(),
                             largestIsChecked ? largest : std::numeric_limits<int64_t>::max());
    Value index = lowering.index(value, smallest, largest);
    terms.push_back(index);
    scales.push_back(scale);
    if (axis.first || axis.end) {
      // first <= c + q t + i < end
      int64_t clipLow = 0, clipHigh = axis.extent;
      if ((axis.first && __builtin_sub_overflow(*axis.first, constant, &clipLow)) ||
          (axis.end && __builtin_sub_overflow(*axis.end, constant, &clipHigh)))
        return overflow();
      clip(d, clipLow, clipHigh, clipTerm(index), axis.first ? -factor : 0, axis.end ? -factor : 0);
    }
    return success();
  }

  LogicalResult buildAxis(unsigned d, const AccessAxis &axis) {
    if (axis.isDynamic() && failed(buildDynamicAxis(d, axis)))
      return failure();
    if (axis.low > 0 || axis.high < axis.extent)
      clip(d, std::max<int64_t>(axis.low, 0), std::min(axis.high, axis.extent));
    if (axis.rows && failed(buildRows(d, axis)))
      return failure();
    // Only limits inside of the block matter, so they are clamped to it.
    for (const LinearForm &limit : axis.highs) {
      Value value = lowering.scalar(limit);
      if (!value)
        return failure();
      clip(d, 0, 0, clipTerm(lowering.index(lowering.clamp(value, 0, axis.extent), 0, axis.extent)), 0, 1);
    }
    for (const LinearForm &limit : axis.lows) {
      Value value = lowering.scalar(limit);
      if (!value)
        return failure();
      clip(d, 0, axis.extent, clipTerm(lowering.index(lowering.clamp(value, 0, axis.extent), 0, axis.extent)), 1, 0);
    }
    return success();
  }

  /// Rows up to a dynamic index. The index itself is checked against the extent; what has been computed from one may
  /// exceed it.
  LogicalResult buildRows(unsigned d, const AccessAxis &axis) {
    const LinearForm &rows = *axis.rows;
    const Term &term = rows.terms.front();
    Value value = lowering.scalar(term.value);
    if (!value)
      return failure();
    if (rows.terms.size() == 1 && term.scale == 1 && lowering.isDynamicIndex(value)) {
      bool isDirect = rows.constant == 0;
      int64_t most = isDirect ? axis.extent : std::numeric_limits<int32_t>::max();
      clip(d, 0, rows.constant, clipTerm(lowering.index(value, 0, most)), 0, 1);
      return success();
    }
    bool isDerived = any_of(rows.terms, [&](const Term &part) {
      Value known = lowering.scalar(part.value);
      return known && lowering.isDynamicIndex(known);
    });
    value = lowering.scalar(rows);
    if (!value)
      return failure();
    if (isDerived)
      value = lowering.clamp(value, 0, axis.extent);
    clip(d, 0, 0, clipTerm(lowering.index(value, 0, axis.extent)), 0, 1);
    return success();
  }

  /// Run-time terms that belong to no axis: bounded by the declared array.
  LogicalResult buildBase() {
    if (access.base.terms.empty())
      return success();
    Access still = access;
    still.base.terms.clear();
    std::optional<Interval> reach = still.addresses();
    auto [value, factor] = mover(access.base);
    if (!value)
      return failure();
    int64_t count = lowering.arguments[access.argument].type.getNumElements(), low, high;
    FailureOr<std::optional<MaskedOffset>> masked = boundMaskedOffset(lowering, access, value, factor, count);
    if (failed(masked))
      return failure();
    if (*masked) {
      if (shape.empty()) {
        shape.push_back(1);
        strides.push_back(1);
      }
      const MaskedOffset &bound = **masked;
      terms.push_back(bound.index);
      scales.push_back(factor);
      clip(bound.axis, bound.low, bound.high, clipTerm(bound.index), bound.scale, bound.scale);
      // The proof that addresses are in the array goes by an axis's first clip that depends on an index.
      std::rotate(clips.begin(), clips.end() - 1, clips.end());
      return success();
    }
    if (!reach || factor == std::numeric_limits<int64_t>::min() || __builtin_sub_overflow(0, reach->min, &low) ||
        __builtin_sub_overflow(count - 1, reach->max, &high) || low == std::numeric_limits<int64_t>::min() ||
        high == std::numeric_limits<int64_t>::min())
      return overflow();
    if (factor < 0)
      std::tie(low, high) = std::pair(-high, -low);
    int64_t positive = factor < 0 ? -factor : factor;
    int64_t smallest = ceilDivide(low, positive), largest = floorDivide(high, positive);
    if (smallest > largest)
      return lowering.fail(errorAt(Code::C009, access.op,
                                   "no value of the run-time offset keeps the block inside of '" +
                                       lowering.arguments[access.argument].name + "'",
                                   "use a smaller block, or declare the array as it is"));
    terms.push_back(lowering.index(value, smallest, largest));
    scales.push_back(factor);
    return success();
  }

  /// Conditions on the whole block: 0 or 1 times the extent of the first axis.
  LogicalResult buildGuards() {
    if (access.guards.empty())
      return success();
    if (shape.empty()) {
      shape.push_back(1);
      strides.push_back(1);
    }
    for (const Guard &guard : access.guards) {
      Value flag = lowering.flag(guard);
      if (!flag)
        return failure();
      clip(0, 0, 0, clipTerm(lowering.index(flag, 0, 1)), 0, shape.front());
    }
    return success();
  }
};

Type arrayElement(Lowering &lowering, const Access &access) {
  return lowering.arguments[access.argument].type.getElementType();
}

/// Zero, or what the load pads with.
TypedAttr paddingOf(Lowering &lowering, const Access &access) {
  return access.padding ? access.padding : cast<TypedAttr>(lowering.builder.getZeroAttr(access.element));
}

/// Reads the block. The bytes of a boolean array that the kernel reads as i8 are its values 0 and 1.
FailureOr<Value> load(Lowering &lowering, const Access &access, RankedTensorType type) {
  if (access.never) {
    if (failed(lowering.checkOverflows(access)))
      return failure();
    return lowering.constant(type, paddingOf(lowering, access));
  }
  AddressBuilder address(lowering, access);
  if (failed(address.build()))
    return failure();
  Type element = arrayElement(lowering, access);
  bool asBytes = element != access.element;
  // A padding other than zero does not fit a boolean; nobody writes one for a byte read of it.
  if (asBytes && access.padding)
    return lowering.unsupported(access.op, "a masked load of booleans pads with a value other than false",
                                "use other=False");
  Value value = rbln::LoadOp::create(lowering.builder, lowering.loc, RankedTensorType::get(address.shape, element),
                                     lowering.arrays[access.argument], address.terms, address.clipTerms, address.offset,
                                     address.scales, address.strides, address.clipArray(), access.padding);
  value = lowering.reshape(value, type.getShape());
  if (!asBytes)
    return value;
  return lowering.elementwise(type.getShape(), access.element, value,
                              [&](OpBuilder &nested, Location loc, ValueRange elements) {
                                return Value(arith::ExtUIOp::create(nested, loc, access.element, elements.front()));
                              });
}

LogicalResult lowerLoad(Lowering &lowering, Operation *op) {
  const MemoryOp memory = *memoryOpOf(op);
  const Access &access = lowering.accesses.find(op)->second;
  RankedTensorType type = tensorTypeOf(memory.type);
  FailureOr<Value> value = load(lowering, access, type);
  if (failed(value))
    return failure();
  if (access.selectOther) {
    Value mask = lowering.get(memory.mask), other = lowering.get(memory.other);
    if (!mask || !other)
      return failure();
    value = lowering.elementwise(type.getShape(), type.getElementType(), {mask, *value, other},
                                 [&](OpBuilder &nested, Location loc, ValueRange elements) {
                                   return Value(
                                       arith::SelectOp::create(nested, loc, elements[0], elements[1], elements[2]));
                                 });
  }
  lowering.set(op->getResult(0), *value);
  return success();
}

LogicalResult lowerStore(Lowering &lowering, Operation *op) {
  const MemoryOp memory = *memoryOpOf(op);
  const Access &access = lowering.accesses.find(op)->second;
  if (access.never)
    return lowering.checkOverflows(access);
  Value value = lowering.get(memory.value);
  if (!value)
    return failure();
  AddressBuilder address(lowering, access);
  if (failed(address.build()))
    return failure();
  Type element = arrayElement(lowering, access);
  if (element != access.element) {
    ArrayRef<int64_t> shape = cast<RankedTensorType>(value.getType()).getShape();
    value = lowering.elementwise(shape, element, value, [&](OpBuilder &nested, Location loc, ValueRange elements) {
      Value zero = arith::ConstantOp::create(nested, loc, IntegerAttr::get(access.element, 0));
      return Value(arith::CmpIOp::create(nested, loc, arith::CmpIPredicate::ne, elements.front(), zero));
    });
  }
  rbln::StoreOp::create(lowering.builder, lowering.loc, lowering.reshape(value, address.shape),
                        lowering.arrays[access.argument], address.terms, address.clipTerms, address.offset,
                        address.scales, address.strides, address.clipArray());
  return success();
}

/// The element becomes the value of a dynamic index. It keeps its own width where its range is checked, so that an
/// int64 beyond int32 is found; what computes with it sees the low bits.
LogicalResult lowerToDynamicIndex(Lowering &lowering, Operation *op) {
  const Access &access = lowering.accesses.find(op)->second;
  if (lowering.written.contains(access.argument))
    return lowering.fail(errorAt(Code::C011, op,
                                 "the kernel writes '" + lowering.arguments[access.argument].name +
                                     "', which this dynamic index is read from",
                                 "keep indices in an array that the kernel only reads"));
  FailureOr<Value> loaded = load(lowering, access, tensorTypeOf(memoryOpOf(op)->type));
  if (failed(loaded))
    return failure();
  Value source = lowering.reshape(*loaded, {});
  Type i32 = lowering.builder.getI32Type();
  unsigned width = access.element.getIntOrFloatBitWidth();
  Value value =
      width == 32
          ? source
          : lowering.elementwise({}, i32, source, [&](OpBuilder &nested, Location loc, ValueRange elements) -> Value {
              if (width < 32)
                return arith::ExtSIOp::create(nested, loc, i32, elements.front());
              return arith::TruncIOp::create(nested, loc, i32, elements.front());
            });
  int64_t max = specialisedConstant(cast<tt::CallOp>(op), "max").value_or(-1);
  lowering.setDynamicIndex(value, source, max < 0 ? std::numeric_limits<int32_t>::max() : max);
  lowering.set(op->getResult(0), value);
  return success();
}

} // namespace

void addMemoryPatterns(PatternTable &table) {
  table["tt.load"] = lowerLoad;
  table["tt.store"] = lowerStore;
  table["rblib.dynamic_load"] = lowerLoad;
  table["rblib.dynamic_store"] = lowerStore;
  table["rblib.to_dynamic_index"] = lowerToDynamicIndex;
}

} // namespace rblnc::lower
