// Host memory for the memories of the device, kept from one run to the next.
//
// A run begins with zeroed memories. Fresh ones from the host cost a page fault for every 4 KiB that is used; those of
// an earlier run cost clearing what that run may have written, which the program tells beforehand.
#pragma once

#include "Arena.h"

#include <cstdint>
#include <cstdlib>
#include <memory>
#include <vector>

namespace rblnc::emulator {

/// Bytes [first, end) of a memory.
struct ByteRange {
  uint64_t first = 0, end = 0;
  uint64_t size() const { return end - first; }
};

/// Zeroed blocks that are used again and again. Not thread-safe.
class BlockCache {
public:
  struct Free {
    void operator()(uint8_t *data) const { std::free(data); }
  };
  struct Owned {
    std::unique_ptr<uint8_t, Free> data;
    uint64_t bytes = 0;
    /// What may differ from zero.
    ByteRange dirty;
  };

  /// Zeroed bytes (not none); null when the host has none left.
  std::unique_ptr<uint8_t, Free> take(uint64_t bytes);
  /// Keeps a block for a later take() of the same size, unless enough is kept already.
  void give(Owned block);

private:
  std::vector<Owned> blocks;
  /// What may be dirty in all of them, and so has pages of the host.
  uint64_t kept = 0;
};

/// What a thread keeps for its next run. Threads share nothing, so runs never wait for each other.
struct HostMemory {
  BlockCache blocks;
  Arena arena;

  /// The calling thread's; freed when the thread ends.
  static HostMemory &ofThread();
  /// Leaves the calling thread's for good, in whatever state it is; ofThread() is another one then.
  static void forgetThread();
  static constexpr uint64_t maxKeptBytes = uint64_t{128} << 20;
};

} // namespace rblnc::emulator
