// Loads of dynamic scalars into registers.
#include "Units.h"

#include "rblnc/support/CheckedOps.h"

#include "llvm/ADT/DynamicAPInt.h"
#include "llvm/Support/raw_ostream.h"

#include <algorithm>
#include <fmt/format.h>

namespace rblnc::emulator {

LoadScalarCommand decode(const bundle::LoadScalar &load) {
  return {{}, load.register_(), DecodedAccess::decode(*load.source()), load.checks()};
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

bool isAppend(const bundle::OverflowCheck &check) {
  return check.operation() == bundle::CheckedOp::append || check.operation() == bundle::CheckedOp::append_last;
}

/// Says that of the `rows` that are inserted behind the first `offset` of a partition some are lost. False when none
/// is.
bool findLostRows(const bundle::OverflowCheck &check, const Integer &offset, const Integer &rows, std::string_view name,
                  Diagnostic &diagnostic) {
  Integer partition(check.partition());
  bool isTakenLater = offset == partition && check.operation() == bundle::CheckedOp::append;
  if (offset + rows <= partition || isTakenLater)
    return false;
  Integer kept = std::max(partition - offset, Integer(0));
  diagnostic.code = Code::R037;
  diagnostic.message =
      fmt::format("new rows are lost: {} is {}, and a partition of {} rows has room for {} of {} new ones behind those",
                  name, text(offset), text(partition), text(kept), text(rows));
  if (kept > 0)
    diagnostic.fix = fmt::format("choose chunks that divide the partition, {} rows, and begin at multiples of their "
                                 "length",
                                 text(partition));
  else
    diagnostic.fix = fmt::format("pass clamp(n - p * {0}, 0, {0}) for partition p of n cached tokens, and a partition "
                                 "for the new rows",
                                 text(partition));
  return true;
}

} // namespace

const bundle::OverflowCheck *LoadScalarCommand::findFault(int64_t value, llvm::ArrayRef<int64_t> registers,
                                                          std::string_view name, bool appendChecks,
                                                          Diagnostic &diagnostic) const {
  for (uint32_t i = 0; i < (checks ? checks->size() : 0); ++i) {
    const bundle::OverflowCheck &check = *checks->Get(i);
    bool isIdle = check.unless() && std::any_of(check.unless()->begin(), check.unless()->end(), [&](uint32_t number) {
                    return (number == reg ? value : registers[number]) == 0;
                  });
    if (isIdle)
      continue;
    Integer lhs = evaluate(check, *check.lhs(), value, registers);
    Integer rhs = evaluate(check, *check.rhs(), value, registers);
    if (isAppend(check)) {
      if (appendChecks && findLostRows(check, lhs, rhs, name, diagnostic))
        return &check;
      continue;
    }
    Integer result = lhs;
    switch (check.operation()) {
    case bundle::CheckedOp::none:
    case bundle::CheckedOp::append:
    case bundle::CheckedOp::append_last:
      break;
    case bundle::CheckedOp::add:
      result = lhs + rhs;
      break;
    case bundle::CheckedOp::subtract:
      result = lhs - rhs;
      break;
    case bundle::CheckedOp::multiply:
      result = lhs * rhs;
      break;
    case bundle::CheckedOp::shift:
      // What a shift by the width or more gives fits nothing.
      result = lhs * powerOfTwo(rhs >= 0 && rhs < 64 ? static_cast<uint64_t>(int64_t(rhs)) : 64);
      break;
    }
    Integer limit = powerOfTwo(check.width() - 1u);
    if (result >= -limit && result < limit)
      continue;
    diagnostic.code = Code::R036;
    diagnostic.message = fmt::format("integer overflow in an address: i{}: ", check.width());
    std::string_view sign = checkedOpNames[static_cast<size_t>(check.operation())];
    diagnostic.message += sign.empty() ? fmt::format("{} does not fit", text(result))
                                       : fmt::format("{} {} {} = {}", text(lhs), sign, text(rhs), text(result));
    diagnostic.fix = check.width() < 64 ? "widen the operands first: .to(tl.int64)" : "pass smaller values";
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
