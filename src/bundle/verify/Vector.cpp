// Vector programs.
#include "Access.h"

#include "rblnc/bundle/Ops.h"
#include "rblnc/support/CheckedMath.h"

#include <fmt/format.h>
#include <vector>

namespace rblnc::bundle::verifier {
namespace {

class VectorVerifier {
public:
  VectorVerifier(Context &context, const Vector &vector) : context(context), vector(vector) {}

  llvm::Error run() {
    if (llvm::Error error = readSpace())
      return error;
    if (llvm::Error error = verifyInputs())
      return error;
    if (llvm::Error error = verifySteps())
      return error;
    if (llvm::Error error = verifyOutputs())
      return error;
    if (llvm::Error error = verifyOverlaps())
      return error;
    return countWork();
  }

private:
  llvm::Error readSpace() {
    llvm::Expected<Extents> outer = readShape(context, vector.outer(), "its outer index space");
    if (!outer)
      return outer.takeError();
    llvm::Expected<Extents> inner = readShape(context, vector.inner(), "its inner index space");
    if (!inner)
      return inner.takeError();
    outerRank = outer->size();
    length = countOf(*inner);
    space = *outer;
    space.append(inner->begin(), inner->end());
    // Empty dimensions aside too: every product of some extents must fit.
    int64_t product = 1;
    for (int64_t extent : space)
      if (__builtin_mul_overflow(product, std::max<int64_t>(extent, 1), &product))
        return context.error(Code::B023, "its index space has too many elements");
    if (space.size() > maxRank)
      return context.tooMany("its index space has", space.size(), "dimensions", maxRank);
    elements = countOf(space);
    return llvm::Error::success();
  }

  bool isRowAccess(const Access &access) const {
    for (size_t d = outerRank; d < space.size(); ++d)
      if (space[d] > 1 && access.strides()->Get(static_cast<uint32_t>(d)) != 0)
        return true;
    return false;
  }

  llvm::Error verifyInputs() {
    if (sizeOf(vector.inputs()) > maxAccesses || sizeOf(vector.outputs()) > maxAccesses)
      return context.tooMany("it has", std::max(sizeOf(vector.inputs()), sizeOf(vector.outputs())),
                             sizeOf(vector.inputs()) > maxAccesses ? "inputs" : "outputs", maxAccesses);
    for (uint32_t i = 0; i < sizeOf(vector.inputs()); ++i) {
      const Access &access = *vector.inputs()->Get(i);
      if (llvm::Error error =
              verifyAccess(context, access, space, nullptr, /*isWritten=*/false, fmt::format("input {}", i).c_str()))
        return error;
      types.push_back(access.dtype());
      isRow.push_back(isRowAccess(access));
    }
    return llvm::Error::success();
  }

  llvm::Error verifySteps() {
    size_t count = sizeOf(vector.steps());
    if (count > maxSteps)
      return context.tooMany("it has", count, "steps", maxSteps);
    if (llvm::Error error = context.addItems(count))
      return error;
    for (uint32_t i = 0; i < count; ++i) {
      const VectorStep &step = *vector.steps()->Get(i);
      if ((step.instruction() != nullptr) == (step.reduction() != nullptr))
        return context.error(Code::B026, fmt::format("step {} must be either an instruction or a reduction", i));
      if (llvm::Error error =
              step.instruction() ? addInstruction(*step.instruction(), i) : addReduction(*step.reduction(), i))
        return error;
    }
    // Values that outlive a pass over a row are kept for all of it.
    std::optional<uint64_t> bytes =
        checkedMultiply(static_cast<uint64_t>(length), static_cast<uint64_t>(rowElementBytes) * types.size());
    if (hasReduction && (!bytes || *bytes > static_cast<uint64_t>(maxRowBytes)))
      return context.error(Code::B034, fmt::format("its rows of {} elements with {} values need more than {} bytes",
                                                   length, types.size(), maxRowBytes));
    return llvm::Error::success();
  }

  llvm::Error addInstruction(const Instruction &instruction, size_t step) {
    if (llvm::Error error = verifyInstruction(context, instruction, types, space.size(), step))
      return error;
    bool row = false;
    int32_t all[] = {instruction.a(), instruction.b(), instruction.c()};
    for (size_t i = 0; i < infoOf(instruction.op())->operands; ++i)
      row = row || isRow[static_cast<size_t>(all[i])];
    if (instruction.op() == Op::index)
      row = instruction.imm() >= outerRank && space[instruction.imm()] > 1;
    types.push_back(instruction.dtype());
    isRow.push_back(row);
    ++workPerElement;
    return llvm::Error::success();
  }

  llvm::Error addReduction(const Reduction &reduction, size_t step) {
    auto fail = [&](std::string what) {
      return context.error(Code::B027, fmt::format("step {} (reduction): {}", step, what));
    };
    size_t count = sizeOf(reduction.operands());
    if (count == 0)
      return fail("it has no operand");
    if (count > maxReductionOperands)
      return context.tooMany(fmt::format("step {} (reduction): it has", step), count, "operands", maxReductionOperands);
    if (length == 0 && elements == 0 && countOf(llvm::ArrayRef(space).take_front(outerRank)) != 0)
      return fail("a row without elements has no result");
    std::vector<DType> operands;
    for (int32_t operand : *reduction.operands()) {
      if (operand < 0 || static_cast<size_t>(operand) >= types.size())
        return fail(fmt::format("it reduces value {} of {}", operand, types.size()));
      operands.push_back(types[static_cast<size_t>(operand)]);
    }
    if (llvm::Error error = verifyReduction(context, reduction, operands, step))
      return error;
    for (DType dtype : operands) {
      types.push_back(dtype);
      isRow.push_back(false);
    }
    hasReduction = true;
    workPerElement += count + 2 * sizeOf(reduction.combiner());
    if (types.size() > 2 * maxSteps)
      return context.tooMany("it has", types.size(), "values", 2 * maxSteps);
    return llvm::Error::success();
  }

  llvm::Error verifyOutputs() {
    for (uint32_t i = 0; i < sizeOf(vector.outputs()); ++i) {
      const VectorOutput &output = *vector.outputs()->Get(i);
      const Access &access = *output.access();
      if (llvm::Error error =
              verifyAccess(context, access, space, nullptr, /*isWritten=*/true, fmt::format("output {}", i).c_str()))
        return error;
      if (output.value() < 0 || static_cast<size_t>(output.value()) >= types.size())
        return context.error(Code::B026, fmt::format("output {} is value {} of {}", i, output.value(), types.size()));
      auto value = static_cast<size_t>(output.value());
      if (types[value] != access.dtype())
        return context.error(Code::B026,
                             fmt::format("output {} stores {} as {}", i, nameOf(types[value]), nameOf(access.dtype())));
      if (isRow[value] && !isRowAccess(access))
        return context.error(Code::B026, fmt::format("output {} stores all elements of a row in one place", i));
    }
    return llvm::Error::success();
  }

  llvm::Error verifyOverlaps() {
    size_t inputs = sizeOf(vector.inputs()), outputs = sizeOf(vector.outputs());
    // Pairs are compared at a cost that is quadratic; no real program has this many.
    if (outputs != 0 && inputs + outputs > maxAccessPairs / outputs)
      return context.tooMany("it has", (inputs + outputs) * outputs, "pairs of an output and another access",
                             maxAccessPairs);
    for (uint32_t i = 0; i < outputs; ++i) {
      const Access &output = *vector.outputs()->Get(i)->access();
      for (uint32_t j = 0; j < inputs; ++j) {
        const Access &input = *vector.inputs()->Get(j);
        if (!mayOverlap(context, output, space, input, space))
          continue;
        if (!areSame(output, input, space))
          return context.error(Code::B032, fmt::format("output {} overlaps input {}, which has another access", i, j));
        if (!areRowsDistinct(output))
          return context.error(Code::B032,
                               fmt::format("output {} shares input {}'s access, in which rows overlap", i, j));
      }
      for (uint32_t j = 0; j < i; ++j)
        if (mayOverlap(context, output, space, *vector.outputs()->Get(j)->access(), space))
          return context.error(Code::B032, fmt::format("outputs {} and {} overlap", j, i));
    }
    return llvm::Error::success();
  }

  /// As areElementsDistinct; a row scalar has one place a row.
  bool areRowsDistinct(const Access &access) const {
    Extents shape = space;
    if (!isRowAccess(access))
      for (size_t d = outerRank; d < shape.size(); ++d)
        shape[d] = 1;
    return areElementsDistinct(access, shape);
  }

  llvm::Error countWork() {
    workPerElement += sizeOf(vector.inputs()) + sizeOf(vector.outputs());
    std::optional<uint64_t> work = checkedMultiply(static_cast<uint64_t>(elements), workPerElement);
    return context.addWork(work.value_or(UINT64_MAX));
  }

  Context &context;
  const Vector &vector;
  Extents space;
  size_t outerRank = 0;
  int64_t length = 0, elements = 0;
  std::vector<DType> types;
  std::vector<bool> isRow;
  bool hasReduction = false;
  uint64_t workPerElement = 0;
};

} // namespace

llvm::Error verifyBody(Context &context, const Vector &vector) { return VectorVerifier(context, vector).run(); }

} // namespace rblnc::bundle::verifier
