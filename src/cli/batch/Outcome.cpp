// The outcome of a kernel as text, for the pipe between processes.
#include "Job.h"

#include "rblnc/driver/ExitCode.h"
#include "rblnc/support/ParseDiagnostics.h"

#include "llvm/Support/Error.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/JSON.h"

namespace rblnc::cli::batch {

std::string_view nameOf(State state) {
  static constexpr std::string_view names[] = {"ok", "refused", "differs", "internal"};
  return names[static_cast<size_t>(state)];
}

State stateOf(const std::vector<Diagnostic> &diagnostics) {
  switch (exitCodeFor(diagnostics)) {
  case exitDone:
    return State::ok;
  case exitDiffers:
    return State::differs;
  case exitInternal:
    return State::internal;
  default:
    return State::refused;
  }
}

std::string Outcome::serialise() const {
  llvm::json::Object object{{"state", static_cast<int64_t>(state)},
                            {"cached", isCached},
                            {"milliseconds", milliseconds},
                            {"diagnostics", formatJson(diagnostics)},
                            {"cache_fault", llvm::json::fixUTF8(cacheFault)}};
  if (figures)
    object["figures"] = llvm::json::Array{figures->microseconds, static_cast<int64_t>(figures->dramBytes),
                                          static_cast<int64_t>(figures->scratchpadBytes)};
  return llvm::formatv("{0}", llvm::json::Value(std::move(object))).str();
}

std::optional<Outcome> Outcome::parse(llvm::StringRef text) {
  auto value = llvm::json::parse(text);
  if (!value) {
    llvm::consumeError(value.takeError());
    return std::nullopt;
  }
  const llvm::json::Object *object = value->getAsObject();
  auto state = object ? object->getInteger("state") : std::nullopt;
  auto diagnostics = object ? parseDiagnostics(object->getString("diagnostics").value_or("")) : std::nullopt;
  if (!state || *state < 0 || *state > static_cast<int64_t>(State::internal) || !diagnostics)
    return std::nullopt;
  Outcome outcome{static_cast<State>(*state),
                  object->getBoolean("cached").value_or(false),
                  object->getNumber("milliseconds").value_or(0),
                  std::move(*diagnostics),
                  std::nullopt,
                  object->getString("cache_fault").value_or("").str()};
  if (const llvm::json::Array *figures = object->getArray("figures"); figures && figures->size() == 3)
    outcome.figures = Figures{(*figures)[0].getAsNumber().value_or(0),
                              static_cast<uint64_t>((*figures)[1].getAsInteger().value_or(0)),
                              static_cast<uint64_t>((*figures)[2].getAsInteger().value_or(0))};
  return outcome;
}

} // namespace rblnc::cli::batch
