#include "Report.h"

#include "rblnc/driver/ExitCode.h"

#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/JSON.h"

#include <algorithm>
#include <memory>

namespace rblnc::capi {
namespace {

static_assert(static_cast<int>(RBLNC_REJECTED) == exitRejected && static_cast<int>(RBLNC_USAGE) == exitUsage &&
              static_cast<int>(RBLNC_BAD_BUNDLE) == exitBadBundle && static_cast<int>(RBLNC_INTERNAL) == exitInternal);

} // namespace

rblnc_status Report::give(const std::vector<Diagnostic> &diagnostics) {
  if (out && !diagnostics.empty()) {
    auto handle = std::make_unique<rblnc_diagnostics>();
    // Errors first: callers show the head of a message, and it has to be why there is no result.
    std::vector<Diagnostic> sorted = diagnostics;
    std::stable_partition(sorted.begin(), sorted.end(),
                          [](const Diagnostic &diagnostic) { return diagnostic.severity == Severity::Error; });
    for (const Diagnostic &diagnostic : sorted)
      handle->text += formatText(diagnostic);
    handle->json = formatJson(sorted);
    handle->count = diagnostics.size();
    delete *out;
    *out = handle.release();
  }
  return static_cast<rblnc_status>(exitCodeFor(diagnostics));
}

rblnc_status Report::give(Diagnostic diagnostic) {
  std::vector<Diagnostic> list;
  list.push_back(std::move(diagnostic));
  return give(list);
}

rblnc_status Report::usage(const std::string &message) {
  if (out) {
    auto handle = std::make_unique<rblnc_diagnostics>();
    handle->text = "rblnc: error: " + message + "\n";
    llvm::json::Array list;
    list.push_back(llvm::json::Object{
        {"severity", "error"}, {"message", llvm::json::fixUTF8(message)}, {"frames", llvm::json::Array()}});
    handle->json = llvm::formatv("{0:2}\n", llvm::json::Value(std::move(list))).str();
    handle->count = 1;
    delete *out;
    *out = handle.release();
  }
  return RBLNC_USAGE;
}

rblnc_status Report::fault(const char *what) noexcept {
  try {
    give(Diagnostic{Code::X001, Severity::Error, what, {}, "", {}});
  } catch (...) {
    // Without memory the status says what there is to say.
  }
  return RBLNC_INTERNAL;
}

rblnc_status Report::fault(const Fault &fault, const char *where) noexcept {
  try {
    return this->fault(fault.describe(where).c_str());
  } catch (...) {
    return RBLNC_INTERNAL;
  }
}

} // namespace rblnc::capi

using rblnc::capi::textOf;

rblnc_string rblnc_diagnostics_text(const rblnc_diagnostics *diagnostics) {
  return diagnostics ? textOf(diagnostics->text) : rblnc_string{};
}

rblnc_string rblnc_diagnostics_json(const rblnc_diagnostics *diagnostics) {
  return diagnostics ? textOf(diagnostics->json) : rblnc_string{};
}

size_t rblnc_diagnostics_count(const rblnc_diagnostics *diagnostics) { return diagnostics ? diagnostics->count : 0; }

void rblnc_diagnostics_release(rblnc_diagnostics *diagnostics) { delete diagnostics; }
