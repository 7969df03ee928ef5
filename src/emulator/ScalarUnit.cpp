// Loads of dynamic scalars into registers.
#include "Units.h"

namespace rblnc::emulator {

LoadScalarCommand LoadScalarCommand::decode(const bundle::LoadScalar &load) {
  return {load.register_(), DecodedAccess::decode(*load.source())};
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
