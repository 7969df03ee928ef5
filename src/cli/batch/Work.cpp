#include "Work.h"

#include "emulation/Expectations.h"

#include "rblnc/bundle/Reader.h"
#include "rblnc/frontend/Frontend.h"
#include "rblnc/support/Error.h"
#include "rblnc/support/File.h"

#include <chrono>
#include <filesystem>
#include <fmt/format.h>

namespace rblnc::cli::batch {
namespace {

void keep(llvm::Error error, Diagnostics &diagnostics) {
  if (error)
    diagnostics.report(toDiagnostic(std::move(error)));
}

/// Writes the bundle unless the file has these bytes already: what is made from it need not be made again then.
void writeBundle(const std::string &path, const std::string &bytes, Diagnostics &diagnostics) {
  std::error_code error;
  if (std::filesystem::file_size(path, error) == bytes.size() && !error) {
    auto file = ByteSource::open(path);
    auto old = file ? file->readString(0, bytes.size()) : llvm::Expected<std::string>(file.takeError());
    if (old && *old == bytes)
      return;
    llvm::consumeError(old.takeError());
  }
  std::filesystem::create_directories(std::filesystem::path(path).parent_path(), error);
  keep(writeFileAtomically(path, bytes), diagnostics);
}

/// RBLN-R016 for each figure that is over its budget.
void compareBudget(const Budget &budget, const Figures &figures, Diagnostics &diagnostics) {
  auto over = [&](std::string_view what, auto used, auto allowed, std::string_view unit) {
    if (allowed && static_cast<double>(used) > static_cast<double>(*allowed))
      diagnostics.report(Code::R016, fmt::format("{} is {} {}, and the budget is {}", what, used, unit, *allowed));
  };
  over("the modelled time", figures.microseconds, budget.microseconds, "us");
  over("the traffic with DRAM", figures.dramBytes, budget.dramBytes, "bytes");
  over("the peak of a scratchpad", figures.scratchpadBytes, budget.scratchpadBytes, "bytes");
}

void runBundle(const Job &job, std::string bytes, Outcome &outcome, Diagnostics &diagnostics) {
  auto opened = bundle::openBundle(llvm::MemoryBuffer::getMemBufferCopy(bytes, job.name));
  if (!opened)
    return keep(opened.takeError(), diagnostics);
  DataOptions request;
  for (const auto &[name, spec] : job.arguments)
    request.arguments.push_back(name + "=" + spec);
  request.seed = job.seed;
  std::vector<std::string> expectations;
  for (const auto &[name, file] : job.expectations)
    expectations.push_back(name + "=" + file);
  Emulation emulation(request, *opened, 0);
  Expectations expected(expectations, {job.relative, job.absolute, false}, emulation);
  emulation.prepare(/*isSaid=*/false);
  if (emulation.isFine())
    expected.load();
  if (emulation.isFine())
    emulation.run(false);
  if (emulation.isFine()) {
    const emulator::RunStats &stats = emulation.stats();
    outcome.figures = Figures{stats.modelledSeconds * 1e6, stats.dramBytes, stats.peakScratchpadBytes};
    expected.compare();
    compareBudget(job.budget, *outcome.figures, emulation.diagnostics);
  }
  for (const Diagnostic &diagnostic : emulation.diagnostics.all())
    diagnostics.report(diagnostic);
}

} // namespace

Outcome process(const Job &job, const Cache *cache) {
  auto start = std::chrono::steady_clock::now();
  Outcome outcome;
  Diagnostics diagnostics;
  std::optional<std::string> bytes;
  llvm::Error cacheError = llvm::Error::success();
  if (auto input = readInput(job.input, diagnostics))
    bytes = cache ? compileThrough(*cache, *input, job.options, diagnostics, nullptr, outcome.isCached, &cacheError)
                  : compile(*input, job.options, diagnostics);
  if (bytes && !job.output.empty())
    writeBundle(job.output, *bytes, diagnostics);
  if (bytes && job.isRun && !diagnostics.hasErrors())
    runBundle(job, std::move(*bytes), outcome, diagnostics);
  if (cacheError)
    outcome.cacheFault = toDiagnostic(std::move(cacheError)).message;
  outcome.diagnostics = diagnostics.all();
  outcome.state = stateOf(outcome.diagnostics);
  outcome.milliseconds = std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count();
  return outcome;
}

} // namespace rblnc::cli::batch
