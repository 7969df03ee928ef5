// The instructions of vector programs and combiners: operands that exist, and dtypes as the operation's row demands.
#include "Context.h"

#include "rblnc/bundle/Ops.h"

#include <fmt/format.h>

namespace rblnc::bundle::verifier {
namespace {

/// What is wrong with the dtypes, or empty.
std::string checkTypes(const OpInfo &info, DType result, std::span<const DType> operands) {
  auto all = [&](auto predicate) { return llvm::all_of(operands, predicate); };
  auto isResult = [&](DType dtype) { return dtype == result; };
  DType first = operands.empty() ? result : operands[0];
  switch (info.rule) {
  case OpRule::Constant:
    return {};
  case OpRule::Index:
    return isInt(result) ? "" : "its result must be an integer";
  case OpRule::Float:
    return isFloat(result) && all(isResult) ? "" : "its operands and its result must have one float dtype";
  case OpRule::FloatByInt:
    return isFloat(result) && first == result && operands[1] == DType::i32
               ? ""
               : "it takes a float of its result's dtype and an i32";
  case OpRule::Int:
    return isInt(result) && all(isResult) ? "" : "its operands and its result must have one integer dtype";
  case OpRule::CompareFloat:
    return isFloat(first) && operands[1] == first && result == DType::i1
               ? ""
               : "it compares two floats of one dtype and gives an i1";
  case OpRule::CompareInt:
    return isInt(first) && operands[1] == first && result == DType::i1
               ? ""
               : "it compares two integers of one dtype and gives an i1";
  case OpRule::Select:
    return first == DType::i1 && operands[1] == result && operands[2] == result
               ? ""
               : "it takes an i1 and two values of its result's dtype";
  case OpRule::ExtendFloat:
    return isFloat(first) && result == DType::f32 && first != DType::f32 ? "" : "it extends f16 or bf16 to f32";
  case OpRule::NarrowFloat:
    return first == DType::f32 && isFloat(result) && result != DType::f32 ? "" : "it narrows f32 to f16 or bf16";
  case OpRule::ExtendInt:
    return isInt(first) && isInt(result) && widthOf(first) < widthOf(result) ? ""
                                                                             : "it extends an integer to a wider one";
  case OpRule::NarrowInt:
    return isInt(first) && isInt(result) && widthOf(first) > widthOf(result)
               ? ""
               : "it narrows an integer to a narrower one";
  case OpRule::IntToFloat:
    return isInt(first) && isFloat(result) ? "" : "it makes a float of an integer";
  case OpRule::FloatToInt:
    return isFloat(first) && isInt(result) ? "" : "it makes an integer of a float";
  case OpRule::Bitcast:
    return widthOf(first) == widthOf(result) ? "" : "its operand and its result must have one width";
  }
  return "it has no rule";
}

/// What is wrong with the immediate, or empty.
std::string checkImmediate(const OpInfo &info, DType result, uint64_t imm, std::optional<size_t> rank) {
  switch (info.rule) {
  case OpRule::Constant:
    return widthOf(result) == 64 || imm >> widthOf(result) == 0 ? "" : "its bits do not fit its dtype";
  case OpRule::Index:
    if (!rank)
      return "a combiner has no index";
    return imm < *rank ? "" : fmt::format("it names dimension {} of {}", imm, *rank);
  case OpRule::CompareFloat:
    return imm < 16 ? "" : fmt::format("there is no predicate {}", imm);
  case OpRule::CompareInt:
    return imm < 10 ? "" : fmt::format("there is no predicate {}", imm);
  default:
    return {};
  }
}

} // namespace
} // namespace rblnc::bundle::verifier

namespace rblnc::bundle {

std::string faultOf(const OpInfo &info, DType result, std::span<const DType> operands, uint64_t imm,
                    std::optional<size_t> rank) {
  std::string wrong = verifier::checkTypes(info, result, operands);
  return wrong.empty() ? verifier::checkImmediate(info, result, imm, rank) : wrong;
}

} // namespace rblnc::bundle

namespace rblnc::bundle::verifier {

llvm::Error verifyInstruction(Context &context, const Instruction &instruction, llvm::ArrayRef<DType> types,
                              std::optional<size_t> rank, size_t step) {
  const OpInfo *info = infoOf(instruction.op());
  if (!info || instruction.dtype() > DType::MAX)
    return context.error(Code::B035, fmt::format("step {} has an unknown operation or dtype", step));
  auto fail = [&](std::string what) {
    return context.error(Code::B026, fmt::format("step {} ({}): {}", step, info->name, what));
  };
  llvm::SmallVector<DType, 3> operands;
  int32_t all[] = {instruction.a(), instruction.b(), instruction.c()};
  for (size_t i = 0; i < info->operands; ++i) {
    if (all[i] < 0 || static_cast<size_t>(all[i]) >= types.size())
      return fail(fmt::format("operand {} is value {} of {}", i, all[i], types.size()));
    operands.push_back(types[static_cast<size_t>(all[i])]);
  }
  if (std::string wrong = faultOf(*info, instruction.dtype(), operands, instruction.imm(), rank); !wrong.empty())
    return fail(wrong);
  return llvm::Error::success();
}

} // namespace rblnc::bundle::verifier
