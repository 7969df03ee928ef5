// Loads of dynamic scalars into registers.
#include "Units.h"

#include "llvm/ADT/DynamicAPInt.h"
#include "llvm/Support/raw_ostream.h"

#include <algorithm>
#include <fmt/format.h>

namespace rblnc::emulator {

LoadScalarCommand LoadScalarCommand::decode(const bundle::LoadScalar &load) {
  return {load.register_(), DecodedAccess::decode(*load.source()), load.checks()};
}

namespace {

using Integer = llvm::DynamicAPInt;

std::string text(const Integer &value) {
  std::string result;
  llvm::raw_string_ostream stream(result);
  stream << value;
  return result;
}

Integer powerOfTwo(uint64_t exponent) {
  Integer power(1);
  for (; exponent >= 62; exponent -= 62)
    power *= Integer(int64_t(1) << 62);
  return power * Integer(int64_t(1) << exponent);
}

Integer evaluate(const bundle::OverflowCheck &check, const flatbuffers::Vector<int64_t> &side, int64_t value,
                 llvm::ArrayRef<int64_t> registers) {
  Integer sum = Integer(side.Get(0)) + Integer(side.Get(1)) * Integer(value);
  for (uint32_t i = 2; i < side.size(); ++i)
    sum += Integer(side.Get(i)) * Integer(registers[check.registers()->Get(i - 2)]);
  return sum;
}

} // namespace

const bundle::OverflowCheck *LoadScalarCommand::findOverflow(int64_t value, llvm::ArrayRef<int64_t> registers,
                                                             std::string &message) const {
  for (uint32_t i = 0; i < (checks ? checks->size() : 0); ++i) {
    const bundle::OverflowCheck &check = *checks->Get(i);
    bool isIdle = check.unless() && std::any_of(check.unless()->begin(), check.unless()->end(), [&](uint32_t number) {
                    return (number == reg ? value : registers[number]) == 0;
                  });
    if (isIdle)
      continue;
    Integer lhs = evaluate(check, *check.lhs(), value, registers);
    Integer rhs = evaluate(check, *check.rhs(), value, registers);
    Integer result = lhs;
    std::string_view sign;
    switch (check.operation()) {
    case bundle::CheckedOp::none:
      break;
    case bundle::CheckedOp::add:
      sign = "+", result = lhs + rhs;
      break;
    case bundle::CheckedOp::subtract:
      sign = "-", result = lhs - rhs;
      break;
    case bundle::CheckedOp::multiply:
      sign = "*", result = lhs * rhs;
      break;
    case bundle::CheckedOp::shift:
      // What a shift by the width or more gives fits nothing.
      sign = "<<", result = lhs * powerOfTwo(rhs >= 0 && rhs < 64 ? static_cast<uint64_t>(int64_t(rhs)) : 64);
      break;
    }
    Integer limit = powerOfTwo(check.width() - 1u);
    if (result >= -limit && result < limit)
      continue;
    message = sign.empty() ? fmt::format("i{}: {} does not fit", check.width(), text(result))
                           : fmt::format("i{}: {} {} {} = {}", check.width(), text(lhs), sign, text(rhs), text(result));
    return &check;
  }
  return nullptr;
}

std::optional<int64_t> LoadScalarCommand::execute(const Context &context) const {
  uint8_t *data = resolve(source, {}, context.memories, context.registers);
  if (!data)
    return std::nullopt;
  size_t bytes = bytesOf(source.dtype);
  uint64_t bits = 0;
  for (size_t i = 0; i < bytes; ++i)
    bits |= static_cast<uint64_t>(data[i]) << (8 * i);
  if (source.dtype == bundle::DType::i1)
    return bits != 0;
  unsigned unused = 64 - 8 * static_cast<unsigned>(bytes);
  return static_cast<int64_t>(bits << unused) >> unused;
}

} // namespace rblnc::emulator
