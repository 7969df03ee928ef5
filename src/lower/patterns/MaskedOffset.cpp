#include "MaskedOffset.h"

#include "mlir/Dialect/Arith/IR/Arith.h"

using namespace llvm;
using namespace mlir;

namespace rblnc::lower {
namespace {

bool isLimited(const AccessAxis &axis) { return !axis.isDynamic() && (!axis.lows.empty() || !axis.highs.empty()); }

/// The axis whose positions follow the offset: the one with the smallest stride among those with run-time limits, else
/// among all.
std::optional<unsigned> axisOf(const Access &access, int64_t factor) {
  std::optional<unsigned> best;
  auto rank = [&](unsigned d) {
    const AccessAxis &axis = access.axes[d];
    return std::tuple(!isLimited(axis), axis.extent == 1, axis.stride < 0 ? -axis.stride : axis.stride);
  };
  for (auto [d, axis] : enumerate(access.axes)) {
    bool isUsable = !axis.isDynamic() && axis.stride != std::numeric_limits<int64_t>::min() &&
                    (axis.extent == 1 || (axis.stride != 0 && factor % axis.stride == 0));
    if (isUsable && (!best || rank(d) < rank(*best)))
      best = d;
  }
  return best;
}

/// Addresses, as constant + factor t + stride i: those of positions i along the axis, and what else the block has.
struct Addresses {
  int64_t factor;
  int64_t stride;
  /// Of position 0 and t = 0, over all other axes.
  Interval rest;
  /// Positions that are not left out for certain, [low, high).
  int64_t low, high;

  int64_t least() const { return rest.min + std::min(stride * low, stride * (high - 1)); }
  int64_t most() const { return rest.max + std::max(stride * low, stride * (high - 1)); }
};

/// Numbers beyond these are not computed with: sums and products of a few of them fit 64 bits.
constexpr int64_t largest = int64_t(1) << 40, mostPositions = int64_t(1) << 20;

bool isSmall(int64_t value) { return -largest < value && value < largest; }

std::optional<Addresses> addressesOf(const Access &access, std::optional<unsigned> d, int64_t factor) {
  Access still = access;
  still.base.terms.clear();
  Addresses result{factor, 1, {}, 0, 1};
  if (d) {
    AccessAxis &axis = still.axes[*d];
    result.stride = axis.extent == 1 ? 1 : axis.stride;
    result.low = std::max<int64_t>(axis.low, 0);
    result.high = std::min(axis.high, axis.extent);
    axis.low = 0;
    axis.high = 1;
  }
  std::optional<Interval> rest = still.addresses();
  if (!rest || result.low >= result.high)
    return std::nullopt;
  result.rest = *rest;
  bool areSmall = llvm::all_of(ArrayRef{factor, result.stride, rest->min, rest->max}, isSmall);
  return areSmall && result.high <= mostPositions ? std::optional(result) : std::nullopt;
}

/// The address that decides: of the block's lowest element, if that is before the array, else of its highest. 0 where
/// nothing takes part.
FailureOr<Value> decidingAddress(Lowering &lowering, const Access &access, std::optional<unsigned> d,
                                 const Addresses &block, Value offset) {
  SmallVector<Value> inputs{offset};
  auto addAll = [&](ArrayRef<LinearForm> forms) {
    for (const LinearForm &form : forms)
      inputs.push_back(lowering.scalar(form));
    return forms.size();
  };
  size_t highs = d ? addAll(access.axes[*d].highs) : 0, lows = d ? addAll(access.axes[*d].lows) : 0;
  for (const Guard &guard : access.guards)
    inputs.push_back(lowering.flag(guard));
  size_t flags = access.guards.size();
  for (auto [other, axis] : enumerate(access.axes))
    if (other != d && isLimited(axis)) {
      addAll(axis.highs);
      addAll(axis.lows);
    }
  if (is_contained(inputs, Value()))
    return failure();
  Type i64 = lowering.builder.getI64Type();
  return lowering.elementwise({}, i64, inputs, [&](OpBuilder &nested, Location loc, ValueRange elements) -> Value {
    auto number = [&](int64_t value) -> Value {
      return arith::ConstantOp::create(nested, loc, IntegerAttr::get(i64, value));
    };
    auto wide = [&](Value element) -> Value {
      return element.getType() == i64 ? element : arith::ExtSIOp::create(nested, loc, i64, element).getResult();
    };
    auto scaled = [&](Value value, int64_t factor) -> Value {
      return factor == 1 ? value : arith::MulIOp::create(nested, loc, value, number(factor)).getResult();
    };
    Value high = number(block.high), low = number(block.low);
    for (Value limit : elements.slice(1, highs))
      high = arith::MinSIOp::create(nested, loc, high, wide(limit));
    for (Value limit : elements.slice(1 + highs, lows))
      low = arith::MaxSIOp::create(nested, loc, low, wide(limit));
    Value takesPart = arith::CmpIOp::create(nested, loc, arith::CmpIPredicate::slt, low, high);
    auto require = [&](Value less, Value more) {
      Value holds = arith::CmpIOp::create(nested, loc, arith::CmpIPredicate::slt, less, more);
      takesPart = arith::AndIOp::create(nested, loc, takesPart, holds);
    };
    for (Value flag : elements.slice(1 + highs + lows, flags))
      require(number(0), wide(flag));
    // Of the other axes all positions count, unless there is none.
    auto others = elements.drop_front(1 + highs + lows + flags).begin();
    for (auto [other, axis] : enumerate(access.axes)) {
      if (other == d || !isLimited(axis))
        continue;
      Value end = number(std::min(axis.high, axis.extent)), begin = number(std::max<int64_t>(axis.low, 0));
      for (size_t limit = 0; limit < axis.highs.size(); ++limit)
        end = arith::MinSIOp::create(nested, loc, end, wide(*others++));
      for (size_t limit = 0; limit < axis.lows.size(); ++limit)
        begin = arith::MaxSIOp::create(nested, loc, begin, wide(*others++));
      require(begin, end);
    }
    Value last = arith::SubIOp::create(nested, loc, high, number(1));
    Value base = scaled(wide(elements.front()), block.factor);
    auto at = [&](Value position, int64_t constant) -> Value {
      Value sum = arith::AddIOp::create(nested, loc, base, scaled(position, block.stride));
      return arith::AddIOp::create(nested, loc, sum, number(constant));
    };
    Value bottom = at(block.stride > 0 ? low : last, block.rest.min);
    Value top = at(block.stride > 0 ? last : low, block.rest.max);
    Value isBefore = arith::CmpIOp::create(nested, loc, arith::CmpIPredicate::slt, bottom, number(0));
    Value address = arith::SelectOp::create(nested, loc, isBefore, bottom, top);
    return arith::SelectOp::create(nested, loc, takesPart, address, number(0));
  });
}

} // namespace

FailureOr<std::optional<MaskedOffset>> boundMaskedOffset(Lowering &lowering, const Access &access, Value value,
                                                         int64_t factor, int64_t count) {
  std::optional<MaskedOffset> none;
  if ((access.guards.empty() && none_of(access.axes, isLimited)) || !isSmall(count) || !isSmall(factor))
    return none;
  std::optional<unsigned> d = axisOf(access, factor);
  if (!d && !access.axes.empty())
    return none;
  std::optional<Addresses> block = addressesOf(access, d, factor);
  if (!block)
    return none;
  // As far as any element may be in the array, and one step beyond that, where none is.
  int64_t low = -block->most(), high = count - 1 - block->least(), step = factor < 0 ? -factor : factor;
  if (factor < 0)
    std::tie(low, high) = std::pair(-high, -low);
  low = ceilDivide(low, step);
  high = floorDivide(high, step);
  if (low > high)
    return none;
  value = lowering.clamp(value, low - 1, high + 1);
  FailureOr<Value> address = decidingAddress(lowering, access, d, *block, value);
  if (failed(address))
    return failure();
  std::string name = "element of " + lowering.arguments[access.argument].name;
  address->setLoc(NameLoc::get(lowering.builder.getStringAttr(name), lowering.loc));
  // Nobody uses this index; a list of checks, without any, keeps it.
  auto check = lowering.index(*address, 0, count - 1).getDefiningOp<rbln::ToIndexOp>();
  check.setChecksAttr(lowering.builder.getArrayAttr({}));
  // 0 <= rest + factor t + stride i < count
  MaskedOffset result{lowering.index(value, low - 1, high + 1), d.value_or(0), 0, 0, -factor / block->stride};
  if (block->stride > 0) {
    result.low = ceilDivide(-block->rest.min, block->stride);
    result.high = ceilDivide(count - block->rest.max, block->stride);
  } else {
    result.low = ceilDivide(block->rest.max - count + 1, -block->stride);
    result.high = floorDivide(block->rest.min, -block->stride) + 1;
  }
  return std::optional(result);
}

} // namespace rblnc::lower
