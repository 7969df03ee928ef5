// The bytes of the arguments that a run has to move at least once.
#pragma once

#include "memory/Footprint.h"

#include <memory>
#include <vector>

namespace rblnc::emulator {

class CompulsoryBytes {
public:
  explicit CompulsoryBytes(const bundle::Bundle &bundle);

  /// In the order of execution, reads of a command before its writes.
  void touch(const Footprint &footprint);

  /// Distinct bytes of arguments that were read before the run wrote them.
  uint64_t read() const { return readBytes; }
  /// Distinct bytes of arguments that were written.
  uint64_t written() const { return writtenBytes; }

private:
  static constexpr int64_t pageBytes = 1 << 16;
  /// One bit a byte.
  struct Page {
    uint64_t isRead[pageBytes / 64] = {}, isWritten[pageBytes / 64] = {};
  };
  /// Pages that nobody touches are not made.
  using Pages = std::vector<std::unique_ptr<Page>>;

  void touchRun(Pages &pages, int64_t first, int64_t last, bool isWritten);

  std::vector<Pages> regions; ///< empty for what is no argument
  uint64_t readBytes = 0, writtenBytes = 0;
};

} // namespace rblnc::emulator
