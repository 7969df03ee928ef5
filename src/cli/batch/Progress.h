// What a batch says while it works: diagnostics in the order of the kernels, and how far it is.
#pragma once

#include "Reports.h"

#include <cstddef>
#include <vector>

namespace rblnc::cli::batch {

/// All of it goes to standard error. On a terminal the last line tells how far the batch is and is gone in the end;
/// elsewhere each kernel gets a line, in their order.
class Progress {
public:
  Progress(const std::vector<Record> &records, bool isQuiet);
  ~Progress();

  /// To be called when another record has its outcome.
  void update();
  /// Says what waits for kernels in front of it that will not be finished, and removes the line.
  void finish();

private:
  void say(const Record &record);
  void showLine();
  void clearLine();

  const std::vector<Record> &records;
  bool isQuiet, isTerminal;
  size_t said = 0, done = 0;
  bool isLineShown = false;
};

} // namespace rblnc::cli::batch
