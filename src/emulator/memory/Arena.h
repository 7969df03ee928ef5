// Scratch memory of the host for the units.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace rblnc::emulator {

/// Host memory that units use while they execute a command, kept from one command to the next.
class Arena {
public:
  /// At least this many bytes at a multiple of 64; whatever was there before is gone.
  uint8_t *take(size_t bytes);
  /// Frees what there is if it is more than `limit`.
  void shrink(size_t limit);

private:
  std::vector<uint8_t> bytes;
};

} // namespace rblnc::emulator
