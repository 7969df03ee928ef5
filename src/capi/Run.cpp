// Running bundles, and what a run tells.
#include "Bundle.h"
#include "Options.h"
#include "Progress.h"

#include "rblnc/emulator/Report.h"
#include "rblnc/report/Report.h"
#include "rblnc/support/Error.h"

#include "llvm/ADT/SmallVector.h"
#include "llvm/Support/FormatVariadic.h"

#include <array>
#include <atomic>
#include <chrono>
#include <cstddef>

using namespace rblnc;

namespace {

/// A text that is made when it is first asked for. Nobody waits for another thread that makes it: that one may have a
/// fault.
class LazyText {
public:
  LazyText() = default;
  LazyText(const LazyText &) = delete;
  LazyText &operator=(const LazyText &) = delete;
  ~LazyText() { delete text.load(); }

  /// Empty when it cannot be made.
  template <typename F> rblnc_string get(F make) const noexcept {
    if (const std::string *known = text.load())
      return capi::textOf(*known);
    capi::Guard guard(capi::Guard::Answer::Jump);
    if (sigsetjmp(guard.place, 0)) {
      guard.recover();
      return {};
    }
    try {
      capi::haveProvokedFault("report");
      auto made = std::make_unique<const std::string>(make());
      const std::string *known = nullptr;
      if (text.compare_exchange_strong(known, made.get()))
        known = made.release();
      return capi::textOf(*known);
    } catch (...) {
      return {}; // no memory
    }
  }

private:
  mutable std::atomic<const std::string *> text = nullptr;
};

} // namespace

struct rblnc_result {
  std::shared_ptr<const capi::Program> program;
  emulator::RunStats stats;
  emulator::Numerics numerics;
  double hostSeconds;
  std::optional<emulator::Profile> profile;
  /// Most callers never ask for it.
  LazyText json = {};
  std::array<LazyText, 4> reports = {};
};

namespace {

std::optional<std::string> readOptions(const rblnc_run_options &given, emulator::RunOptions &options) {
  if (given.numerics != RBLNC_IEEE && given.numerics != RBLNC_DEVICE)
    return "numerics is " + std::to_string(given.numerics) + ", and RBLNC_IEEE and RBLNC_DEVICE are known";
  options.numerics = given.numerics == RBLNC_IEEE ? emulator::Numerics::ieee : emulator::Numerics::device;
  options.checks = given.checks != 0;
  if (given.max_memory_bytes)
    options.maxMemoryBytes = given.max_memory_bytes;
  options.profile = given.profile != 0;
  options.appendChecks = given.no_append_checks == 0;
  return std::nullopt;
}

std::string reportOf(const rblnc_result &result, rblnc_report_form form) {
  report::ProfiledRun run{*result.program->file, result.program->program(), result.stats,
                          *result.profile,       result.numerics,           result.hostSeconds};
  switch (form) {
  case RBLNC_REPORT_JSON:
    return llvm::formatv("{0:2}\n", llvm::json::Value(report::statisticsJson(run))).str();
  case RBLNC_REPORT_TABLE:
    return report::statisticsTable(run);
  case RBLNC_REPORT_TRACE:
    return report::perfettoTrace(run);
  case RBLNC_REPORT_PAGE:
    return report::htmlPage(run);
  }
  return {};
}

} // namespace

rblnc_status rblnc_run(const rblnc_bundle *bundle, const rblnc_buffer *arguments, size_t count,
                       const rblnc_run_options *given, rblnc_result **result, rblnc_diagnostics **diagnostics) {
  return capi::guarded(diagnostics, "the emulator", [&](capi::Report &report) -> rblnc_status {
    if (result)
      *result = nullptr;
    if (!bundle)
      return report.usage("rblnc_run: bundle is NULL");
    if (!arguments && count)
      return report.usage("rblnc_run: arguments is NULL");
    emulator::RunOptions options;
    options.checks = false;
    rblnc_run_options all{};
    if (given) {
      std::optional<std::string> fault =
          capi::sizeFault(given, "rblnc_run_options",
                          {offsetof(rblnc_run_options, profile), offsetof(rblnc_run_options, progress),
                           offsetof(rblnc_run_options, no_append_checks)});
      if (!fault)
        fault = readOptions(all = capi::completed(*given), options);
      if (fault)
        return report.usage("rblnc_run: " + *fault);
    }
    llvm::SmallVector<std::span<std::byte>, 16> arrays;
    // A count that is wrong is not trusted to be the length of the list.
    if (count == rblnc_bundle_argument_count(bundle))
      for (const rblnc_buffer &buffer : std::span(arguments, count))
        arrays.emplace_back(static_cast<std::byte *>(buffer.data), buffer.size);
    else
      return report.give(Diagnostic{Code::R031,
                                    Severity::Error,
                                    "the kernel has " + std::to_string(rblnc_bundle_argument_count(bundle)) +
                                        " arguments, and " + std::to_string(count) + " were given",
                                    {},
                                    "",
                                    {}});

    Watch watch(capi::listenerOf(all), capi::requestOf(all));
    WatchScope scope(&watch);
    capi::haveProvokedFault("run");
    auto start = std::chrono::steady_clock::now();
    auto run = bundle->program->machine.run(arrays, options);
    double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    if (!run)
      return report.give(toDiagnostic(run.takeError()));
    std::unique_ptr<rblnc_result> handle;
    if (result)
      handle.reset(
          new rblnc_result{bundle->program, std::move(run->stats), options.numerics, seconds, std::move(run->profile)});
    rblnc_status status = run->findings.empty() ? RBLNC_DONE : report.give(run->findings);
    if (result)
      *result = handle.release();
    return status;
  });
}

double rblnc_result_modelled_seconds(const rblnc_result *result) { return result ? result->stats.modelledSeconds : 0; }

double rblnc_result_host_seconds(const rblnc_result *result) { return result ? result->hostSeconds : 0; }

rblnc_string rblnc_result_json(const rblnc_result *result) {
  if (!result)
    return {};
  return result->json.get([&] {
    llvm::json::Object object =
        emulator::describeRun(*result->program->file, result->numerics, result->stats, result->hostSeconds);
    return llvm::formatv("{0:2}\n", llvm::json::Value(std::move(object))).str();
  });
}

rblnc_string rblnc_result_report(const rblnc_result *result, rblnc_report_form form) {
  auto index = static_cast<size_t>(form);
  if (!result || !result->profile || index >= result->reports.size())
    return {};
  return result->reports[index].get([&] { return reportOf(*result, form); });
}

void rblnc_result_release(rblnc_result *result) { delete result; }
