#include "rblnc/emulator/Report.h"

namespace rblnc::emulator {
namespace {

/// A bundle's text may hold anything; JSON holds only UTF-8.
std::string utf8(const flatbuffers::String *text) {
  return text ? llvm::json::fixUTF8(llvm::StringRef(text->data(), text->size())) : std::string();
}

} // namespace

llvm::json::Object describeRun(const bundle::Bundle &bundle, Numerics numerics, const RunStats &stats,
                               double hostSeconds) {
  llvm::json::Value value = toJson(stats);
  llvm::json::Object object = std::move(*value.getAsObject());
  if (bundle.programs() && bundle.programs()->size()) {
    const bundle::Program &program = *bundle.programs()->Get(0);
    object["kernel"] = utf8(program.kernel());
    if (bundle.targets() && program.target() < bundle.targets()->size())
      object["target"] = utf8(bundle.targets()->Get(program.target())->name());
  }
  object["numerics"] = numerics == Numerics::ieee ? "ieee" : "device";
  object["host_seconds"] = hostSeconds;
  return object;
}

} // namespace rblnc::emulator
