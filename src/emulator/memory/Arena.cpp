#include "Arena.h"

namespace rblnc::emulator {

uint8_t *Arena::take(size_t size) {
  if (bytes.size() < size + 64)
    bytes.resize(size + 64);
  auto address = reinterpret_cast<uintptr_t>(bytes.data());
  return bytes.data() + ((address + 63) / 64 * 64 - address);
}

void Arena::shrink(size_t limit) {
  if (bytes.capacity() > limit)
    std::vector<uint8_t>().swap(bytes);
}

} // namespace rblnc::emulator
