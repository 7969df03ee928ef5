// What a batch tells: the line at the end, and reports for other programs.
#pragma once

#include "Job.h"

#include <span>
#include <string>
#include <vector>

namespace rblnc::cli::batch {

/// A kernel and, once it is known, what became of it.
struct Record {
  const Job *job;
  std::optional<Outcome> outcome;
};

struct Counts {
  size_t files = 0, ok = 0, cached = 0, refused = 0, differs = 0, internal = 0, unfinished = 0;
};
Counts countRecords(std::span<const Record> records);

/// "544 files: 484 ok (312 cached), 60 refused, 0 internal, 1.6 s"; what differs and what was not finished is named
/// when there is any.
std::string summaryLine(const Counts &counts, double seconds);

/// {"schema": 1, "kernels": [{"name", "input", "output", "state", "cached", "targets", "figures", "diagnostics"}],
///  "summary": {…}}; with the milliseconds of each kernel when `times` are wanted.
std::string reportJson(std::span<const Record> records, bool times);

/// A rule of make: each bundle depends on its kernel and on `others`.
std::string depfile(std::span<const Record> records, std::span<const std::string> others);

} // namespace rblnc::cli::batch
