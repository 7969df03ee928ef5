// From the pointer forms of loads and stores to strided blocks, or to the reason why they are none.
#include "Access.h"
#include "AccessChecks.h"
#include "MemoryOp.h"
#include "Report.h"
#include "Types.h"

#include "mlir/Dialect/Arith/IR/Arith.h"

#include <algorithm>

using namespace llvm;
using namespace mlir;

namespace rblnc::lower {
namespace {

using NameOf = llvm::function_ref<std::string(Value)>;

AccessResult error(Diagnostic diagnostic) { return {std::nullopt, std::move(diagnostic)}; }

constexpr const char *useBlockPointer =
    "use a block pointer: tl.make_block_ptr(base, shape, strides, offsets, block_shape, order)";

/// The fix for a run-time shape or stride: which argument to bind, if it is one.
std::string bindFix(const LinearForm &form, NameOf nameOf) {
  for (const Term &term : form.terms)
    if (std::string name = nameOf(term.value); !name.empty())
      return "bind it: --bind " + name + "=VALUE, or make it a tl.constexpr";
  return "compute it from tl.constexpr values";
}

/// The run-time factor of a product that keeps an address from being a strided block, or null.
const LinearForm *runTimeStride(const AddressAnalysis &analysis, Operation *culprit) {
  auto product = dyn_cast_or_null<arith::MulIOp>(culprit);
  if (!product)
    return nullptr;
  const LinearForm *lhs = analysis.integer(product.getLhs()), *rhs = analysis.integer(product.getRhs());
  if (!lhs || !rhs)
    return nullptr;
  const LinearForm *factor = rhs->isUniform() ? rhs : lhs;
  return factor->isUniform() && !factor->terms.empty() ? factor : nullptr;
}

/// Names the operation that made a value unusable as an address.
Diagnostic notStrided(const MemoryOp &memory, const AddressAnalysis &analysis, Value value, std::string what,
                      NameOf nameOf) {
  if (const LinearForm *stride = runTimeStride(analysis, analysis.culprit(value)))
    return errorAt(Code::C008, memory.op, "a stride of this " + memory.verb() + " is known only at run time",
                   bindFix(*stride, nameOf));
  Diagnostic diagnostic = errorAt(Code::C004, memory.op, std::move(what), useBlockPointer);
  if (Operation *culprit = analysis.culprit(value))
    addNote(diagnostic, "the analysis of the address stops at '" + culprit->getName().getStringRef().str() + "'",
            culprit);
  return diagnostic;
}

int64_t saturatingSubtract(int64_t a, int64_t b) {
  int64_t difference;
  if (!__builtin_sub_overflow(a, b, &difference))
    return difference;
  return b < 0 ? std::numeric_limits<int64_t>::max() : std::numeric_limits<int64_t>::min();
}

/// Restricts an axis to indices in [first, end), or leaves one side open.
void checkIndices(AccessAxis &axis, std::optional<int64_t> first, std::optional<int64_t> end) {
  if (axis.isDynamic()) {
    if (first)
      axis.first = std::max(axis.first.value_or(*first), *first);
    if (end)
      axis.end = std::min(axis.end.value_or(*end), *end);
    return;
  }
  if (first)
    axis.low = std::max(axis.low, saturatingSubtract(*first, axis.offset.constant));
  if (end)
    axis.high = std::min(axis.high, saturatingSubtract(*end, axis.offset.constant));
}

/// The constant that fills masked elements, if the value is one.
TypedAttr constantElement(Value value) {
  auto constant = value.getDefiningOp<arith::ConstantOp>();
  if (!constant)
    return {};
  if (auto dense = dyn_cast<DenseElementsAttr>(constant.getValue()))
    return dense.isSplat() ? dense.getSplatValue<TypedAttr>() : TypedAttr();
  return constant.getValue();
}

bool isPositiveZero(TypedAttr attribute) {
  if (auto number = dyn_cast<FloatAttr>(attribute))
    return number.getValue().isPosZero();
  auto number = dyn_cast<IntegerAttr>(attribute);
  return number && number.getValue().isZero();
}

void setPadding(Access &access, TypedAttr value) {
  if (!isPositiveZero(value))
    access.padding = value;
}

/// Applies the mask's bounds to the axes.
bool applyMask(Access &access, const MaskForm &mask) {
  access.never |= mask.never;
  access.guards = mask.guards;
  for (const Bound &bound : mask.bounds) {
    AccessAxis &axis = access.axes[bound.axis];
    if (bound.limit.terms.empty()) {
      if (bound.upper)
        axis.high = std::min(axis.high, bound.limit.constant);
      else
        axis.low = std::max(axis.low, bound.limit.constant);
      continue;
    }
    // A bound on offset + position is a bound on the index, whatever the offset is.
    std::optional<LinearForm> index = add(bound.limit, axis.offset);
    if (!index)
      return false;
    if (axis.isDynamic() && index->terms.empty()) {
      if (bound.upper)
        checkIndices(axis, std::nullopt, index->constant);
      else
        checkIndices(axis, index->constant, std::nullopt);
    } else {
      (bound.upper ? axis.highs : axis.lows).push_back(bound.limit);
    }
  }
  return true;
}

/// Gives every run-time term of the address to the axis with the largest stride that divides it. Any choice yields the
/// same addresses; this one finds the axis that a block pointer's offset moved along.
bool assignTerms(Access &access, ArrayRef<Term> terms) {
  for (const Term &term : terms) {
    AccessAxis *best = nullptr;
    for (AccessAxis &axis : access.axes)
      if (axis.stride > 0 && term.scale % axis.stride == 0 && (!best || axis.stride > best->stride))
        best = &axis;
    LinearForm &target = best ? best->offset : access.base;
    LinearForm single;
    single.terms.push_back({term.value, best ? term.scale / best->stride : term.scale});
    std::optional<LinearForm> sum = add(target, single);
    if (!sum)
      return false;
    target = *sum;
  }
  return true;
}

/// An axis whose run-time offset is not checked against an upper limit has no bounds of its own.
bool releaseUnchecked(Access &access) {
  for (AccessAxis &axis : access.axes) {
    if (!axis.isDynamic() || axis.end)
      continue;
    // A lower check alone becomes a run-time limit on the position.
    if (axis.first) {
      std::optional<LinearForm> limit = multiply(axis.offset, -1);
      limit = limit ? addConstant(*limit, *axis.first) : std::nullopt;
      if (!limit)
        return false;
      axis.lows.push_back(*limit);
      axis.first.reset();
    }
    std::optional<LinearForm> part = multiply(axis.offset, axis.stride);
    std::optional<LinearForm> sum = part ? add(access.base, *part) : std::nullopt;
    if (!sum)
      return false;
    access.base = *sum;
    axis.offset = LinearForm();
  }
  return true;
}

/// How far down the axes without a lower check may reach: as far as the address is not negative where all other axes
/// are at their lowest. A pointer tensor may start in the middle of its array.
void setFloors(Access &access) {
  for (AccessAxis &axis : access.axes) {
    if (!axis.isDynamic() || axis.first)
      continue;
    int64_t lowest = access.base.constant;
    for (const AccessAxis &other : access.axes) {
      std::optional<Interval> touched = &other == &axis ? Interval{0, 0} : other.touched();
      int64_t a, b;
      if (!touched || __builtin_mul_overflow(touched->min, other.stride, &a) ||
          __builtin_mul_overflow(touched->max, other.stride, &b) ||
          __builtin_add_overflow(lowest, std::min(a, b), &lowest))
        return;
    }
    if (lowest > 0)
      axis.floor = -(lowest / axis.stride);
  }
}

AccessResult fromPointers(const MemoryOp &memory, const AddressAnalysis &analysis, NameOf nameOf) {
  const PointerForm *pointer = analysis.pointer(memory.pointer);
  if (!pointer)
    return error(notStrided(memory, analysis, memory.pointer,
                            "the addresses of this " + memory.verb() + " are not a strided block of one argument",
                            nameOf));
  Access access;
  access.op = memory.op;
  access.argument = pointer->argument;
  access.element = getElementTypeOrSelf(memory.type);
  access.base.constant = pointer->offset.constant;
  if (auto tensor = dyn_cast<RankedTensorType>(memory.type)) {
    for (auto [extent, stride] : zip(tensor.getShape(), pointer->offset.strides)) {
      AccessAxis axis;
      axis.extent = axis.high = extent;
      axis.stride = stride;
      access.axes.push_back(axis);
    }
  }
  const std::string tooComplex = "the addresses of this " + memory.verb() + " depend on too many run-time values";
  if (!assignTerms(access, pointer->offset.terms))
    return error(notStrided(memory, analysis, memory.pointer, tooComplex, nameOf));
  if (memory.mask) {
    const MaskForm *mask = analysis.mask(memory.mask);
    if (!mask) {
      Diagnostic diagnostic = errorAt(
          Code::C004, memory.op, "the mask of this " + memory.verb() + " is not a range of positions along its axes",
          "compare positions with bounds (offsets < n), or " +
              std::string(!memory.isStore ? "load the whole block and choose with tl.where"
                                          : "load, choose with tl.where, and store the whole block"));
      if (Operation *culprit = analysis.culprit(memory.mask))
        addNote(diagnostic, "the analysis of the mask stops at '" + culprit->getName().getStringRef().str() + "'",
                culprit);
      return error(std::move(diagnostic));
    }
    if (!applyMask(access, *mask))
      return error(notStrided(memory, analysis, memory.pointer, tooComplex, nameOf));
    if (memory.other) {
      if (TypedAttr value = constantElement(memory.other))
        setPadding(access, value);
      else
        access.selectOther = true;
    }
  }
  if (!releaseUnchecked(access))
    return error(notStrided(memory, analysis, memory.pointer, tooComplex, nameOf));
  setFloors(access);
  return {std::move(access), std::nullopt};
}

/// Only as many rows as an index says are moved.
void limitRows(Access &access, const MemoryOp &memory, const AddressAnalysis &analysis) {
  AccessAxis &axis = access.axes[memory.axis];
  const LinearForm &rows = *analysis.integer(memory.rows); // one scalar always has a form
  if (rows.terms.empty())
    axis.high = std::min(axis.high, std::max<int64_t>(rows.constant, 0));
  else
    axis.rows = rows;
}

AccessResult fromBlockPointer(const MemoryOp &memory, const AddressAnalysis &analysis, NameOf nameOf) {
  const BlockPointer *pointer = analysis.blockPointer(memory.pointer);
  if (!pointer)
    return error(notStrided(memory, analysis, memory.pointer,
                            "the block pointer of this " + memory.verb() + " does not come from one argument", nameOf));
  auto tensor = cast<RankedTensorType>(memory.type);
  Access access;
  access.op = memory.op;
  access.argument = pointer->argument;
  access.element = tensor.getElementType();
  access.isBlockPointer = true;
  access.isRecorded = pointer->isRecorded;
  access.base = pointer->base;
  for (unsigned d = 0; d < pointer->offsets.size() && d < tensor.getRank(); ++d) {
    AccessAxis axis;
    axis.extent = axis.high = tensor.getDimSize(d);
    axis.offset = pointer->offsets[d];
    for (auto [form, what] : {std::pair(&pointer->shape[d], "extent"), std::pair(&pointer->strides[d], "stride")})
      if (!form->terms.empty())
        return error(errorAt(Code::C008, memory.op,
                             "the " + std::string(what) + " of axis " + std::to_string(d) +
                                 " of the block pointer is known only at run time",
                             bindFix(*form, nameOf)));
    axis.stride = pointer->strides[d].constant;
    axis.declared = pointer->shape[d].constant;
    bool isLast = d + 1 == pointer->offsets.size();
    if (is_contained(memory.boundaryCheck, static_cast<int32_t>(d)))
      checkIndices(axis, 0, axis.declared);
    else if (pointer->isPadded && isLast)
      checkIndices(axis, std::nullopt, axis.declared);
    else if (axis.isDynamic() && *axis.declared < axis.extent)
      return error(errorAt(Code::C009, memory.op,
                           "a block of " + std::to_string(axis.extent) + " elements along axis " + std::to_string(d) +
                               " does not fit an array with " + std::to_string(*axis.declared),
                           "add boundary_check=(" + std::to_string(d) + ",)"));
    access.axes.push_back(axis);
  }
  if (memory.rows && static_cast<size_t>(memory.axis) < access.axes.size())
    limitRows(access, memory, analysis);
  if (access.axes.size() != static_cast<size_t>(tensor.getRank()))
    return error(
        notStrided(memory, analysis, memory.pointer, "the block pointer's rank is not that of its block", nameOf));
  if (memory.padding == tt::PaddingOption::PAD_NAN) {
    if (auto type = dyn_cast<FloatType>(access.element))
      access.padding = FloatAttr::get(type, APFloat::getNaN(type.getFloatSemantics()));
  }
  return {std::move(access), std::nullopt};
}

/// Whether no two positions of a block that is written have one address. Sufficient, not necessary: sorted by stride,
/// each step must leave behind everything that the smaller ones reach.
bool isInjective(const Access &access) {
  SmallVector<std::pair<int64_t, int64_t>> steps;
  for (const AccessAxis &axis : access.axes) {
    // A clip at constant positions leaves fewer steps; a run-time one may leave all.
    int64_t count = axis.high - axis.low;
    if (axis.isDynamic() && axis.first && axis.end)
      count = std::min(count, saturatingSubtract(*axis.end, *axis.first));
    if (count <= 1)
      continue;
    if (axis.stride == std::numeric_limits<int64_t>::min())
      return false;
    steps.push_back({axis.stride < 0 ? -axis.stride : axis.stride, count});
  }
  llvm::sort(steps);
  int64_t reach = 0;
  for (auto [stride, count] : steps) {
    int64_t span;
    if (stride <= reach || __builtin_mul_overflow(stride, count - 1, &span) ||
        __builtin_add_overflow(reach, span, &reach))
      return false;
  }
  return true;
}

} // namespace

AccessResult accessOf(Operation *op, const AddressAnalysis &analysis, NameOf nameOf) {
  const MemoryOp memory = *memoryOpOf(op);
  Type pointerType = getElementTypeOrSelf(memory.pointer.getType());
  bool isBlock = cast<tt::PointerType>(pointerType).pointsToTensor();
  if (std::optional<Diagnostic> badType = checkValueType(op, memory.type))
    return error(std::move(*badType));
  if (isBlock && (memory.mask || memory.other))
    return error(errorAt(Code::C004, op, "a block pointer has no mask", "use boundary_check and padding_option"));
  AccessResult result = isBlock ? fromBlockPointer(memory, analysis, nameOf) : fromPointers(memory, analysis, nameOf);
  if (!result.access)
    return result;
  Access &access = *result.access;
  if (std::optional<Diagnostic> overflow = findChecks(access, memory, analysis))
    return error(std::move(*overflow));
  for (const AccessAxis &axis : access.axes) {
    if (axis.low >= axis.high)
      access.never = true;
    if (axis.isDynamic() && axis.end && axis.first.value_or(axis.floor) >= *axis.end)
      access.never = true;
  }
  if (memory.isStore && !access.never && !isInjective(access))
    return error(errorAt(Code::C004, op, "several elements of this store have the same address",
                         "store a block whose strides do not overlap; which element would win is undefined"));
  return result;
}

} // namespace rblnc::lower
