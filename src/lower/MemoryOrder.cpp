// The elements that addresses mean, by row-major strides and by the tensor's own.
#include "MemoryOrder.h"

#include "Liveness.h"
#include "Report.h"

#include <map>

using namespace llvm;
using namespace mlir;

namespace rblnc::lower {
namespace {

/// A tensor that is passed: extents and strides in elements.
struct Tensor {
  ArrayRef<int64_t> shape;
  ArrayRef<int64_t> strides;

  int64_t axes() const { return shape.size(); }
};

/// The elements that an access means: the index of the first, and for each axis of the block the axis of the tensor
/// that it runs along, with what steps. `isWhole`: it runs through the elements of a row-major tensor across its axes.
struct Elements {
  SmallVector<int64_t> first;
  SmallVector<std::pair<int64_t, int64_t>> steps;
  bool isWhole = false;
};

/// Positions of an axis of a block that take part.
int64_t countOf(const AccessAxis &axis) { return axis.isDynamic() ? axis.extent : axis.high - axis.low; }

/// Whether axis `d` of the tensor has `count` indices from `first` on at `stride` elements from each other.
std::optional<int64_t> stepAlong(const Tensor &tensor, int64_t d, int64_t stride, int64_t first, int64_t count) {
  int64_t own = tensor.strides[d], last;
  if (tensor.shape[d] == 1 || (own == 0) != (stride == 0))
    return std::nullopt;
  int64_t step = own == 0 ? 1 : stride / own;
  if (own < 0 || stride < 0 || step * own != stride || __builtin_mul_overflow(step, count - 1, &last) ||
      __builtin_add_overflow(last, first, &last) || last >= tensor.shape[d])
    return std::nullopt;
  return step;
}

/// The index of the element at an address, if there is one.
std::optional<SmallVector<int64_t>> indexOf(const Tensor &tensor, int64_t address) {
  SmallVector<int64_t> order, index(tensor.axes(), 0);
  for (int64_t d = 0; d < tensor.axes(); ++d)
    if (tensor.shape[d] > 1 && tensor.strides[d] > 0)
      order.push_back(d);
  llvm::sort(order, [&](int64_t a, int64_t b) { return tensor.strides[a] > tensor.strides[b]; });
  for (int64_t d : order) {
    index[d] = std::min(address / tensor.strides[d], tensor.shape[d] - 1);
    address -= index[d] * tensor.strides[d];
  }
  return address == 0 ? std::optional(index) : std::nullopt;
}

/// The address of an access's first element, and whether run-time values are part of it. Nothing on overflow.
std::optional<std::pair<int64_t, bool>> firstAddress(const Access &access) {
  int64_t address = access.base.constant;
  bool isDynamic = !access.base.terms.empty();
  for (const AccessAxis &axis : access.axes) {
    int64_t index = axis.isDynamic() ? 0 : axis.offset.constant + axis.low;
    isDynamic |= axis.isDynamic();
    if (__builtin_mul_overflow(index, axis.stride, &index) || __builtin_add_overflow(address, index, &address))
      return std::nullopt;
  }
  return std::pair(address, isDynamic);
}

/// Whether run-time values move the block by whole indices of the tensor.
bool movesByIndices(const Access &access, const Tensor &tensor) {
  auto isIndex = [&](int64_t scale) {
    for (int64_t d = 0; d < tensor.axes(); ++d)
      if (tensor.shape[d] > 1 && tensor.strides[d] > 0 && scale % tensor.strides[d] == 0)
        return true;
    return false;
  };
  for (const Term &term : access.base.terms)
    if (!isIndex(term.scale))
      return false;
  for (const AccessAxis &axis : access.axes)
    for (const Term &term : axis.offset.terms)
      if (!isIndex(term.scale * axis.stride))
        return false;
  return true;
}

/// The elements of an access whose block has the axes of the tensor, in their order.
std::optional<Elements> alignedElements(const Access &access, const Tensor &tensor) {
  auto address = firstAddress(access);
  if (!address || address->first < 0 || access.axes.size() != tensor.shape.size() || !movesByIndices(access, tensor))
    return std::nullopt;
  Elements elements;
  elements.first.resize(tensor.axes(), 0);
  if (!address->second) {
    std::optional<SmallVector<int64_t>> first = indexOf(tensor, address->first);
    if (!first)
      return std::nullopt;
    elements.first = *first;
  }
  for (auto [d, axis] : enumerate(access.axes)) {
    if (countOf(axis) <= 1)
      continue;
    std::optional<int64_t> step = stepAlong(tensor, d, axis.stride, elements.first[d], countOf(axis));
    if (!step)
      return std::nullopt;
    elements.steps.push_back({d, *step});
  }
  return elements;
}

/// The elements of an access whose block runs along any axes of the tensor.
std::optional<Elements> anyElements(const Access &access, const Tensor &tensor) {
  auto address = firstAddress(access);
  if (!address || address->second || address->first < 0)
    return std::nullopt;
  std::optional<SmallVector<int64_t>> first = indexOf(tensor, address->first);
  if (!first)
    return std::nullopt;
  Elements elements{*first, {}, false};
  for (const AccessAxis &axis : access.axes) {
    if (countOf(axis) <= 1)
      continue;
    std::optional<std::pair<int64_t, int64_t>> best;
    for (int64_t d = 0; d < tensor.axes(); ++d) {
      std::optional<int64_t> step = stepAlong(tensor, d, axis.stride, elements.first[d], countOf(axis));
      bool isTaken = any_of(elements.steps, [&](auto &taken) { return taken.first == d; });
      if (step && !isTaken && (!best || tensor.strides[d] > tensor.strides[best->first]))
        best = {d, *step};
    }
    if (!best)
      return std::nullopt;
    elements.steps.push_back(*best);
  }
  return elements;
}

/// A block whose positions, in order, are consecutive addresses inside of a row-major tensor.
std::optional<Elements> consecutiveElements(const Access &access, const Tensor &tensor) {
  auto address = firstAddress(access);
  std::optional<int64_t> elementCount = tt::elementCountOf(tensor.shape);
  if (!address || address->second || address->first < 0 || !elementCount)
    return std::nullopt;
  int64_t next = 1;
  for (const AccessAxis &axis : reverse(access.axes)) {
    if (countOf(axis) <= 1)
      continue;
    if (axis.stride != next || __builtin_mul_overflow(next, countOf(axis), &next))
      return std::nullopt;
  }
  if (next > *elementCount || address->first > *elementCount - next)
    return std::nullopt;
  return Elements{{}, {}, true};
}

/// What an access says about the order of its array.
enum class Vote { none, either, rowMajor, asItLies, both };

bool sameElements(const Elements &a, const Elements &b, const Tensor &tensor) {
  if (a.isWhole || b.isWhole || a.steps != b.steps)
    return false;
  for (int64_t d = 0; d < tensor.axes(); ++d)
    // All elements along an expanded axis are one.
    if (tensor.strides[d] != 0 && a.first[d] != b.first[d])
      return false;
  return true;
}

/// `both`: each is possible, and they are different elements.
Vote choose(const std::optional<Elements> &rowMajor, const std::optional<Elements> &asItLies, const Tensor &tensor,
            bool isDynamic) {
  if (!rowMajor || !asItLies)
    return rowMajor ? Vote::rowMajor : asItLies ? Vote::asItLies : Vote::none;
  return !isDynamic && sameElements(*rowMajor, *asItLies, tensor) ? Vote::either : Vote::both;
}

Vote voteOf(const Access &access, const Tensor &tensor) {
  SmallVector<int64_t> strides = rowMajorStrides(tensor.shape);
  Tensor rowMajor{tensor.shape, strides};
  if (access.isBlockPointer) {
    SmallVector<int64_t> shape, declared;
    for (const AccessAxis &axis : access.axes) {
      shape.push_back(axis.declared.value_or(0));
      declared.push_back(axis.stride);
    }
    if (!sameStrides(shape, declared, tensor.shape, tensor.strides))
      return Vote::rowMajor;
    return access.base.isConstant() && access.base.constant == 0 ? Vote::either : Vote::asItLies;
  }
  auto address = firstAddress(access);
  bool isDynamic = !address || address->second;
  Vote vote = choose(alignedElements(access, rowMajor), alignedElements(access, tensor), tensor, isDynamic);
  if (vote != Vote::none)
    return vote;
  std::optional<Elements> any = anyElements(access, rowMajor);
  if (!any)
    any = consecutiveElements(access, rowMajor);
  return choose(any, anyElements(access, tensor), tensor, isDynamic);
}

/// The number of elements from the first to the last of a tensor with strides that are not negative.
std::optional<int64_t> spanOf(const Tensor &tensor) {
  int64_t span = 1;
  for (auto [extent, stride] : zip(tensor.shape, tensor.strides)) {
    int64_t reach;
    if ((extent > 1 && stride < 0) || __builtin_mul_overflow(extent - 1, stride, &reach) ||
        __builtin_add_overflow(span, reach, &span))
      return std::nullopt;
  }
  return span;
}

Diagnostic unclear(Operation *op, const std::string &name, const Tensor &tensor, std::string why) {
  return errorAt(Code::C013, op,
                 "'" + name + "' has the shape " + text(tensor.shape) + " and the strides " + text(tensor.strides) +
                     ", and " + std::move(why),
                 "pass " + name +
                     ".contiguous() (and copy the result back where the kernel writes it), or use a block "
                     "pointer with the shape and the strides of the tensor");
}

/// Whether an array is addressed as it lies; an error when that cannot be told.
std::optional<bool> isAsItLies(ArrayRef<const Access *> accesses, const Tensor &tensor, const std::string &name,
                               Diagnostics &diagnostics) {
  std::map<Vote, const Access *> last;
  for (const Access *access : accesses)
    last[voteOf(*access, tensor)] = access;
  auto refuse = [&](Vote vote, std::string why) {
    diagnostics.report(unclear(last[vote]->op, name, tensor, std::move(why)));
    return std::nullopt;
  };
  if (last.contains(Vote::none))
    return refuse(Vote::none, "the addresses here count its elements neither in row-major order nor by these strides");
  bool isRowMajor = last.contains(Vote::rowMajor), asItLies = last.contains(Vote::asItLies);
  if (asItLies && isRowMajor)
    return refuse(Vote::asItLies, "the addresses here go by these strides, elsewhere in row-major order");
  if (asItLies && !spanOf(tensor))
    return refuse(Vote::asItLies, "the addresses here go by these strides, one of which is negative or too large");
  if (last.contains(Vote::both) && !isRowMajor && !asItLies)
    return refuse(Vote::both, "the addresses here can mean elements in row-major order as well as by these strides");
  return asItLies;
}

} // namespace

std::optional<RecordedArrays> recordedArrays(tt::FuncOp kernel, ArrayRef<int64_t> lineElements,
                                             llvm::function_ref<std::string(Value)> nameOf, Diagnostics &diagnostics) {
  RecordedArrays arrays;
  arrays.shapes = recordedShapes(kernel);
  arrays.strides = recordedStrides(kernel, arrays.shapes);
  if (arrays.strides.empty())
    return arrays;
  // The kernel's own geometry of these arrays, whatever they are.
  RecordedShapes others = arrays.shapes;
  for (auto &[number, strides] : arrays.strides)
    others.erase(number);
  Block &body = kernel.getBody().front();
  AddressAnalysis analysis(body, std::move(others), lineElements);
  LiveOperations live = findLive(body, analysis, nameOf);
  // What has no strided form is refused by whoever lowers it.
  if (!live.errors.empty())
    return arrays;
  bool isClear = true;
  for (auto it = arrays.strides.begin(); it != arrays.strides.end();) {
    unsigned number = it->first;
    Tensor tensor{arrays.shapes[number], it->second};
    SmallVector<const Access *> own;
    for (const Access &access : live.accesses)
      if (access.argument == number && !access.never)
        own.push_back(&access);
    std::optional<bool> lies = isAsItLies(own, tensor, nameOf(body.getArgument(number)), diagnostics);
    isClear &= lies.has_value();
    if (!lies.value_or(false)) {
      ++it;
      continue;
    }
    arrays.shapes[number] = {*spanOf(tensor)};
    arrays.asTheyLie.insert(number);
    it = arrays.strides.erase(it);
  }
  return isClear ? std::optional(std::move(arrays)) : std::nullopt;
}

} // namespace rblnc::lower
