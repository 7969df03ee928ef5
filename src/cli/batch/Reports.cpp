#include "Reports.h"

#include "llvm/Support/Error.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/JSON.h"

#include <fmt/format.h>

namespace rblnc::cli::batch {
namespace {

llvm::json::Value diagnosticsJson(const std::vector<Diagnostic> &diagnostics) {
  auto list = llvm::json::parse(formatJson(diagnostics));
  if (list)
    return std::move(*list);
  llvm::consumeError(list.takeError());
  return llvm::json::Array();
}

llvm::json::Object toJson(const Record &record, bool times) {
  const Job &job = *record.job;
  llvm::json::Array targets;
  for (const Target &target : job.options.targets)
    targets.push_back(target.name);
  llvm::json::Object object{
      {"name", llvm::json::fixUTF8(job.name)},
      {"input", llvm::json::fixUTF8(job.input)},
      {"output", job.output.empty() ? llvm::json::Value(nullptr) : llvm::json::fixUTF8(job.output)},
      {"targets", std::move(targets)}};
  if (!record.outcome) {
    object["state"] = "unfinished";
    return object;
  }
  const Outcome &outcome = *record.outcome;
  object["state"] = std::string(nameOf(outcome.state));
  object["cached"] = outcome.isCached;
  object["diagnostics"] = diagnosticsJson(outcome.diagnostics);
  if (outcome.figures)
    object["figures"] =
        llvm::json::Object{{"modelled_us", outcome.figures->microseconds},
                           {"dram_bytes", static_cast<int64_t>(outcome.figures->dramBytes)},
                           {"scratchpad_bytes", static_cast<int64_t>(outcome.figures->scratchpadBytes)}};
  if (times)
    object["milliseconds"] = outcome.milliseconds;
  return object;
}

/// A path as make reads it.
std::string escaped(llvm::StringRef path) {
  std::string result;
  for (char c : path) {
    if (c == ' ' || c == '#' || c == '\\' || c == ':')
      result += '\\';
    else if (c == '$')
      result += '$';
    result += c;
  }
  return result;
}

} // namespace

Counts countRecords(std::span<const Record> records) {
  Counts counts;
  counts.files = records.size();
  for (const Record &record : records) {
    if (!record.outcome) {
      ++counts.unfinished;
      continue;
    }
    switch (record.outcome->state) {
    case State::ok:
      ++counts.ok;
      counts.cached += record.outcome->isCached;
      break;
    case State::refused:
      ++counts.refused;
      break;
    case State::differs:
      ++counts.differs;
      break;
    case State::internal:
      ++counts.internal;
      break;
    }
  }
  return counts;
}

std::string summaryLine(const Counts &counts, double seconds) {
  std::string line = fmt::format("{} file{}: {} ok ({} cached), {} refused", counts.files, counts.files == 1 ? "" : "s",
                                 counts.ok, counts.cached, counts.refused);
  if (counts.differs)
    line += fmt::format(", {} differ", counts.differs);
  line += fmt::format(", {} internal", counts.internal);
  if (counts.unfinished)
    line += fmt::format(", {} not finished", counts.unfinished);
  return line + fmt::format(", {:.1f} s", seconds);
}

std::string reportJson(std::span<const Record> records, bool times) {
  llvm::json::Array kernels;
  for (const Record &record : records)
    kernels.push_back(toJson(record, times));
  Counts counts = countRecords(records);
  auto number = [](size_t value) { return static_cast<int64_t>(value); };
  llvm::json::Object summary{{"files", number(counts.files)},          {"ok", number(counts.ok)},
                             {"cached", number(counts.cached)},        {"refused", number(counts.refused)},
                             {"differs", number(counts.differs)},      {"internal", number(counts.internal)},
                             {"unfinished", number(counts.unfinished)}};
  llvm::json::Object root{{"schema", 1}, {"kernels", std::move(kernels)}, {"summary", std::move(summary)}};
  return llvm::formatv("{0:2}\n", llvm::json::Value(std::move(root))).str();
}

std::string depfile(std::span<const Record> records, std::span<const std::string> others) {
  std::string text;
  for (const Record &record : records) {
    if (record.job->output.empty())
      continue;
    text += escaped(record.job->output) + ": " + escaped(record.job->input);
    for (std::span<const std::string> files : {std::span<const std::string>(record.job->targetFiles), others})
      for (const std::string &file : files)
        text += " " + escaped(file);
    text += '\n';
  }
  return text;
}

} // namespace rblnc::cli::batch
