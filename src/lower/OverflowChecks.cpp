// Overflow checks in RBLN IR: they stand with the index of one of the integers that they are about.
#include "AccessChecks.h"
#include "Lowering.h"
#include "Report.h"

#include "mlir/Dialect/Arith/IR/Arith.h"

using namespace llvm;
using namespace mlir;

namespace rblnc::lower {

/// Makes the checks of one access.
class OverflowEmitter {
public:
  OverflowEmitter(Lowering &lowering, const Access *access) : lowering(lowering), access(access) {}

  LogicalResult emit(CheckedIntegers number) {
    auto isOfNumber = [&](const OverflowCheck &check) {
      return isAboutSeveral(check) == (number == CheckedIntegers::several);
    };
    if (none_of(access->checks, isOfNumber))
      return success();
    if (failed(findLimits()))
      return failure();
    for (const OverflowCheck &check : make_filter_range(access->checks, isOfNumber))
      for (const Corner &corner : openCorners(check, *access, lowering.analysis.scalarRanges()))
        if (failed(emit(check, [&](const LinearForm &form) { return at(form, corner); })))
          return failure();
    return success();
  }

  LogicalResult emitSum(const LinearForm &form, Operation *op) {
    OverflowCheck check{op, "", 64, form, LinearForm(), form};
    return emit(check, [](const LinearForm &same) { return std::optional(Side{same.constant, same.terms, {}}); });
  }

  void emitAppend(Value index, int64_t rows, int64_t partition, bool isLast, Operation *op) {
    integers.assign({index});
    OverflowCheck check{op, isLast ? "append last" : "append", 64, LinearForm(), LinearForm(), std::nullopt};
    attach(check, {0, 1}, {rows, 0}, {}, partition);
  }

private:
  /// constant + terms + factors of limits.
  struct Side {
    int64_t constant;
    SmallVector<Term, 2> terms;
    SmallVector<std::pair<Value, int64_t>, 2> limits;
  };
  /// The run-time ends of an axis, as indices; null where an end is known.
  struct Limits {
    Value low, high;
  };

  /// Whether a check is about more integers than one, those that say where it must hold among them. Under a run-time
  /// mask each is: the address of what the mask leaves in is made of all of them.
  bool isAboutSeveral(const OverflowCheck &check) const {
    if (!access->guards.empty() || !access->reachGuards.empty() ||
        any_of(access->reach, [](const Reach &axis) { return axis.isRunTime(); }) ||
        any_of(access->axes, [](const AccessAxis &axis) { return !axis.lows.empty() || !axis.highs.empty(); }))
      return true;
    // An index of a sum is no place for it either.
    if (access->base.terms.size() > 1 ||
        any_of(access->axes, [](const AccessAxis &axis) { return axis.offset.terms.size() > 1; }))
      return true;
    SmallVector<Value, 2> values;
    for (const LinearForm *form : {&check.lhs, &check.rhs})
      for (const Term &term : form->terms)
        if (!is_contained(values, term.value))
          values.push_back(term.value);
    return values.size() > 1;
  }

  /// The largest or smallest of the limits, clamped into the axis.
  Value joined(ArrayRef<LinearForm> limits, int64_t constant, bool isLow, int64_t extent) {
    Value result;
    for (const LinearForm &form : limits) {
      Value value = lowering.scalar(form);
      if (!value)
        return {};
      value = lowering.clamp(value, isLow ? constant : 0, isLow ? extent : constant);
      value = widened(value);
      result = result ? combine(result, value, isLow) : value;
    }
    return result;
  }

  Value widened(Value value) {
    Type i64 = lowering.builder.getI64Type();
    if (cast<RankedTensorType>(value.getType()).getElementType() == i64)
      return value;
    return lowering.elementwise({}, i64, value, [&](OpBuilder &nested, Location loc, ValueRange elements) {
      return Value(arith::ExtSIOp::create(nested, loc, i64, elements.front()));
    });
  }

  Value combine(Value a, Value b, bool isLargest) {
    return lowering.elementwise({}, lowering.builder.getI64Type(), {a, b},
                                [&](OpBuilder &nested, Location loc, ValueRange elements) -> Value {
                                  if (isLargest)
                                    return arith::MaxSIOp::create(nested, loc, elements[0], elements[1]);
                                  return arith::MinSIOp::create(nested, loc, elements[0], elements[1]);
                                });
  }

  /// The run-time ends of the axes, and the integers that are zero where nothing takes part.
  LogicalResult findLimits() {
    for (const Reach &axis : access->reach) {
      Limits &ends = limits.emplace_back();
      if (!axis.isRunTime())
        continue;
      Value high = axis.highs.empty() ? Value() : joined(axis.highs, axis.high, false, axis.high);
      Value low = axis.lows.empty() ? Value() : joined(axis.lows, axis.low, true, axis.high);
      if ((!axis.highs.empty() && !high) || (!axis.lows.empty() && !low))
        return failure();
      if (high)
        ends.high = lowering.index(high, 0, axis.high);
      if (low)
        ends.low = lowering.index(low, axis.low, axis.high);
      if (!low && axis.low <= 0) {
        unless.push_back(ends.high);
        continue;
      }
      Type i64 = lowering.builder.getI64Type();
      if (!low)
        low = lowering.integerConstant(axis.low, i64);
      if (!high)
        high = lowering.integerConstant(axis.high, i64);
      Value count =
          lowering.elementwise({}, i64, {high, low}, [](OpBuilder &nested, Location loc, ValueRange elements) {
            return Value(arith::SubIOp::create(nested, loc, elements[0], elements[1]));
          });
      unless.push_back(lowering.index(lowering.clamp(count, 0, axis.high), 0, axis.high));
    }
    for (const Guard &guard : access->reachGuards) {
      Value flag = lowering.flag(guard);
      if (!flag)
        return failure();
      unless.push_back(lowering.index(flag, 0, 1));
    }
    return success();
  }

  /// A form at a corner of the block.
  std::optional<Side> at(const LinearForm &form, const Corner &corner) {
    Side side{form.constant, form.terms, {}};
    for (auto [stride, axis, ends, takesLast] : zip(form.strides, access->reach, limits, corner.takesLast)) {
      if (stride == 0)
        continue;
      Value end = takesLast ? ends.high : ends.low;
      int64_t place = takesLast ? (end ? -1 : axis.high - 1) : (end ? 0 : axis.low), part;
      if (__builtin_mul_overflow(stride, place, &part) || __builtin_add_overflow(side.constant, part, &side.constant))
        return std::nullopt;
      if (end)
        side.limits.push_back({end, stride});
    }
    return side;
  }

  LogicalResult emit(const OverflowCheck &check, llvm::function_ref<std::optional<Side>(const LinearForm &)> sideOf) {
    std::optional<Side> lhs = sideOf(check.lhs), rhs = sideOf(check.rhs);
    if (!lhs || !rhs)
      return lowering.fail(errorAt(Code::C012, check.op, "the addresses that this computes do not fit 64 bits",
                                   "keep the block inside of the array"));
    integers.clear();
    SmallVector<int64_t> left{lhs->constant}, right{rhs->constant};
    for (auto [side, factors] : {std::pair(&*lhs, &left), std::pair(&*rhs, &right)}) {
      for (const Term &term : side->terms) {
        Value value = lowering.scalar(term.value);
        if (!value)
          return failure();
        addFactor(*factors, indexOf(value), term.scale);
      }
      for (auto [end, factor] : side->limits)
        addFactor(*factors, end, factor);
    }
    SmallVector<int64_t> idle;
    for (Value zero : unless)
      idle.push_back(static_cast<int64_t>(numberOf(zero)));
    if (integers.empty())
      return lowering.fail(errorAt(Code::C012, check.op, "integer overflow in an address", "use wider integers"));
    left.resize(integers.size() + 1, 0);
    right.resize(integers.size() + 1, 0);
    attach(check, left, right, idle);
    return success();
  }

  /// The integer itself, whatever it is.
  Value indexOf(Value scalar) {
    unsigned width = cast<RankedTensorType>(scalar.getType()).getElementType().getIntOrFloatBitWidth();
    int64_t least = std::numeric_limits<int64_t>::min() >> (64 - width);
    return lowering.index(scalar, least, -(least + 1));
  }

  size_t numberOf(Value index) {
    auto found = llvm::find(integers, index);
    if (found == integers.end()) {
      integers.push_back(index);
      return integers.size() - 1;
    }
    return static_cast<size_t>(found - integers.begin());
  }

  void addFactor(SmallVector<int64_t> &factors, Value index, int64_t factor) {
    size_t place = numberOf(index) + 1;
    factors.resize(std::max(factors.size(), place + 1), 0);
    factors[place] = static_cast<int64_t>(static_cast<uint64_t>(factors[place]) + static_cast<uint64_t>(factor));
  }

  static bool isWithin(Block *inner, Block *outer) {
    for (; inner && inner != outer; inner = inner->getParentOp()->getBlock())
      ;
    return inner;
  }

  /// Puts the check on the index of the first integer, if it stands in this block and there are no others; else on an
  /// index that has all of them before it.
  void attach(const OverflowCheck &check, ArrayRef<int64_t> left, ArrayRef<int64_t> right, ArrayRef<int64_t> idle,
              int64_t partition = 0) {
    OpBuilder &builder = lowering.builder;
    Attribute attribute =
        rbln::OverflowAttr::get(builder.getContext(), check.operation, check.width, left, right, idle, partition,
                                LocationAttr(check.op ? check.op->getLoc() : lowering.loc));
    Block *block = builder.getInsertionBlock();
    rbln::ToIndexOp carrier;
    for (auto &[about, known] : lowering.checkedIndices) {
      if (about != integers || !isWithin(block, known->getBlock()))
        continue;
      if (is_contained(known.getChecksAttr(), attribute))
        return;
      if (known->getBlock() == block)
        carrier = known;
    }
    if (!carrier) {
      carrier = integers.front().getDefiningOp<rbln::ToIndexOp>();
      if (carrier->getBlock() != block || integers.size() > 1) {
        carrier = cast<rbln::ToIndexOp>(builder.clone(*carrier));
        carrier.getOthersMutable().assign(ArrayRef(integers).drop_front());
        carrier.removeChecksAttr();
      }
      lowering.checkedIndices.push_back({integers, carrier});
    }
    SmallVector<Attribute> checks;
    if (ArrayAttr present = carrier.getChecksAttr())
      llvm::append_range(checks, present);
    checks.push_back(attribute);
    carrier.setChecksAttr(builder.getArrayAttr(checks));
  }

  Lowering &lowering;
  const Access *access;
  std::vector<Limits> limits;
  SmallVector<Value> unless;
  SmallVector<Value, 2> integers;
};

LogicalResult Lowering::checkOverflows(const Access &access, CheckedIntegers number) {
  return OverflowEmitter(*this, &access).emit(number);
}

LogicalResult Lowering::checkOverflows(const Access &access) {
  return success(succeeded(checkOverflows(access, CheckedIntegers::several)) &&
                 succeeded(checkOverflows(access, CheckedIntegers::one)));
}

LogicalResult Lowering::checkSum(const LinearForm &form) {
  return OverflowEmitter(*this, nullptr).emitSum(form, nullptr);
}

void Lowering::checkAppend(Value index, int64_t rows, int64_t partition, bool isLast, Operation *op) {
  OverflowEmitter(*this, nullptr).emitAppend(index, rows, partition, isLast, op);
}

} // namespace rblnc::lower
