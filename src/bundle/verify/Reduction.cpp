// Reductions of vector programs.
#include "Context.h"

#include "rblnc/bundle/Ops.h"

#include <fmt/format.h>

namespace rblnc::bundle::verifier {

llvm::Error verifyReduction(Context &context, const Reduction &reduction, llvm::ArrayRef<DType> types, size_t step) {
  auto fail = [&](std::string what) {
    return context.error(Code::B027, fmt::format("step {} (reduction): {}", step, what));
  };
  size_t count = types.size();
  if (reduction.simple()) {
    if (count != 1)
      return fail(fmt::format("a simple reduction has one operand, and this has {}", count));
    if (!infoOf(reduction.op()) || !canReduce(reduction.op(), types[0]))
      return fail(fmt::format("operation {} does not reduce {}", static_cast<int>(reduction.op()), nameOf(types[0])));
    return llvm::Error::success();
  }
  size_t length = sizeOf(reduction.combiner());
  if (length > maxCombiner)
    return context.tooMany(fmt::format("step {} (reduction): its combiner has", step), length, "instructions",
                           maxCombiner);
  if (!isAligned(reduction.combiner()))
    return context.error(Code::B035, fmt::format("the combiner of step {} is not aligned", step));
  if (llvm::Error error = context.addItems(length))
    return error;
  llvm::SmallVector<DType, 16> values(types.begin(), types.end());
  values.append(types.begin(), types.end());
  for (uint32_t i = 0; i < length; ++i) {
    const Instruction &instruction = *reduction.combiner()->Get(i);
    if (llvm::Error error = verifyInstruction(context, instruction, values, std::nullopt, step))
      return error;
    values.push_back(instruction.dtype());
  }
  if (sizeOf(reduction.yields()) != count)
    return fail(fmt::format("it yields {} values for {} operands", sizeOf(reduction.yields()), count));
  for (uint32_t i = 0; i < count; ++i) {
    int32_t yield = reduction.yields()->Get(i);
    if (yield < 0 || static_cast<size_t>(yield) >= values.size() || values[static_cast<size_t>(yield)] != types[i])
      return fail(fmt::format("result {} is value {}, which does not exist or has another dtype", i, yield));
  }
  return llvm::Error::success();
}

} // namespace rblnc::bundle::verifier
