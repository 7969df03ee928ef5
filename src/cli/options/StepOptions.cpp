#include "StepOptions.h"

#include "files/SourceText.h"
#include "rblnc/support/File.h"
#include "rblnc/support/Spelling.h"
#include "terminal/Log.h"
#include "terminal/Output.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/raw_ostream.h"

#include <algorithm>
#include <filesystem>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <set>

namespace rblnc::cli {

static constexpr std::string_view everyStep = "all";

static std::string stepNames() { return fmt::format("{}, {}", fmt::join(stepsWithIR(), ", "), everyStep); }

void StepOptions::addTo(Command &command) {
  command.commaList("--dump-after", dumpAfter, "Write the IR after these steps to --dump-dir: " + stepNames(), "STEP");
  command.file("--dump-dir", dumpFolder, "The folder of --dump-after; files are numbered in the order of the steps",
               "DIR");
  timeReport.addTo(command, "--time-report",
                   "Print each step's milliseconds, the operations after it and how much a pass did on standard error; "
                   "--time-report=FILE.json writes them as JSON instead");
  command.file(
      "--explore", explore,
      "Write a page that shows the IR before and after every step, with what differs, beside the Python source; also "
      "when the kernel is refused",
      "FILE.html");
}

int StepOptions::validate() {
  for (const std::string &name : dumpAfter)
    if (name != everyStep && std::find(stepsWithIR().begin(), stepsWithIR().end(), name) == stepsWithIR().end())
      return usageError("--dump-after: there is no step '" + name + "'; there are " + stepNames() +
                        didYouMean(name, {stepsWithIR().begin(), stepsWithIR().end()}));
  if (dumpAfter.empty() != dumpFolder.empty())
    return usageError(dumpFolder.empty() ? "--dump-after needs --dump-dir=DIR"
                                         : "--dump-dir goes with --dump-after=STEP");
  return exitDone;
}

int StepOptions::prepare() {
  for (const auto &[file, what] : {std::pair(timeReport.file(), "the time report"), std::pair(explore, "the page")}) {
    if (file.empty())
      continue;
    if (auto conflict = files.write(file, what))
      return usageError(*conflict);
    if (int status = report(checkWritable(file)))
      return status;
  }
  if (dumpFolder.empty())
    return exitDone;
  std::error_code error;
  std::filesystem::create_directories(dumpFolder, error);
  if (!error && !std::filesystem::is_directory(dumpFolder, error))
    error = std::make_error_code(std::errc::not_a_directory);
  if (error)
    return report(
        makeError(Code::R010, fmt::format("the folder '{}' cannot be made: {}", dumpFolder, error.message())));
  return exitDone;
}

StepObserver StepOptions::observer() {
  return [this](const StepReport &step) {
    logStep(step);
    bool isPass = !step.partOf.empty();
    std::string name(step.name);
    if (!step.target.empty())
      name += "-" + std::string(step.target);
    dump(step, name);
    if (!explore.empty())
      addToPage(step);
    rows.push_back({isPass ? std::string(step.partOf) + "/" + name : std::move(name), step.milliseconds,
                    wantsTimes() ? step.operations() : 0, step.count, std::string(step.counts), isPass});
    passes = isPass ? passes + 1 : 0;
    steps += isPass ? 0 : 1;
  };
}

void StepOptions::dump(const StepReport &step, const std::string &title) {
  auto isMeant = [&](const std::string &name) { return name == everyStep || name == step.name; };
  bool leavesIR = std::find(stepsWithIR().begin(), stepsWithIR().end(), step.name) != stepsWithIR().end();
  if (!step.done || !leavesIR || std::none_of(dumpAfter.begin(), dumpAfter.end(), isMeant))
    return;
  std::string number = fmt::format("{:02}", steps + 1);
  if (!step.partOf.empty())
    number += fmt::format(".{:02}", passes + 1);
  std::string name = fmt::format("{}-{}.mlir", number, title);
  // The name of a user's own chip may hold anything.
  for (char &c : name)
    if (!llvm::isAlnum(c) && c != '-' && c != '.' && c != '_')
      c = '_';
  std::string path = (std::filesystem::path(dumpFolder) / name).string();
  if (auto conflict = files.write(path, "the IR after '" + title + "'"))
    diagnostics.report(Code::R010, *conflict, {}, "give another folder as --dump-dir");
  else if (llvm::Error error = writeFileAtomically(path, step.text()))
    diagnostics.report(toDiagnostic(std::move(error)));
}

void StepOptions::addToPage(const StepReport &step) {
  if (std::find(stepsWithIR().begin(), stepsWithIR().end(), step.name) == stepsWithIR().end())
    return;
  page.steps.push_back({std::string(step.name), std::string(step.partOf), std::string(step.target), step.milliseconds,
                        step.operations(), step.done, step.count, std::string(step.counts), step.text()});
}

/// The files that locations of MLIR's text name: loc("kernel.py":12:8).
static std::set<std::string> filesNamedIn(llvm::StringRef text) {
  std::set<std::string> names;
  constexpr llvm::StringRef before = "loc(\"";
  for (size_t at = text.find(before); at != llvm::StringRef::npos; at = text.find(before, at + 1)) {
    llvm::StringRef rest = text.drop_front(at + before.size());
    size_t end = rest.find('"');
    if (end != llvm::StringRef::npos && rest.substr(end).starts_with("\":"))
      names.insert(rest.take_front(end).str());
  }
  return names;
}

std::string StepOptions::table() const {
  std::string text = fmt::format("{:<24} {:>12} {:>12}\n", "step", "milliseconds", "operations");
  double total = 0;
  for (const Row &row : rows) {
    std::string did = row.count ? fmt::format("  {} {}", row.count, row.counts) : "";
    text += fmt::format("{:<24} {:>12.3f} {:>12}{}\n", row.name, row.milliseconds, row.operations, did);
    total += row.isPass ? 0 : row.milliseconds;
  }
  return text + fmt::format("{:<24} {:>12.3f}\n", "all", total);
}

std::string StepOptions::json() const {
  std::string text;
  llvm::raw_string_ostream stream(text);
  llvm::json::OStream json(stream, 2);
  double total = 0;
  json.object([&] {
    json.attribute("schema", 1);
    json.attributeArray("steps", [&] {
      for (const Row &row : rows) {
        total += row.isPass ? 0 : row.milliseconds;
        json.object([&] {
          json.attribute("name", llvm::json::fixUTF8(row.name));
          json.attribute("milliseconds", row.milliseconds);
          json.attribute("operations", row.operations);
          if (!row.counts.empty())
            json.attributeObject("count", [&] { json.attribute(row.counts, row.count); });
        });
      }
    });
    json.attribute("milliseconds", total);
  });
  return text + "\n";
}

int StepOptions::finish(const std::string &input, const Diagnostics &reported) {
  if (!explore.empty()) {
    page.input = input;
    page.diagnostics = reported.all();
    for (const report::ExploredStep &step : page.steps)
      for (const std::string &file : filesNamedIn(step.ir))
        for (const std::string &path : sourcePlaces(file, input))
          if (!page.sources.contains(file))
            if (std::string text = readSource(path); !text.empty())
              page.sources[file] = std::move(text);
    if (llvm::Error error = writeFileAtomically(explore, report::explorationPage(page)))
      diagnostics.report(toDiagnostic(std::move(error)));
  }
  if (wantsTimes() && timeReport.file().empty())
    printAside(table());
  else if (wantsTimes())
    if (llvm::Error error = writeFileAtomically(timeReport.file(), json()))
      diagnostics.report(toDiagnostic(std::move(error)));
  return report(diagnostics);
}

} // namespace rblnc::cli
