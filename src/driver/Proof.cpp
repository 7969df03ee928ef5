#include "Proof.h"

#include "rblnc/bundle/Reader.h"
#include "rblnc/support/Error.h"

namespace rblnc::driver {

std::optional<Diagnostic> findFault(std::span<const uint8_t> bytes) {
  llvm::StringRef view(reinterpret_cast<const char *>(bytes.data()), bytes.size());
  auto opened = bundle::openBundle(llvm::MemoryBuffer::getMemBufferCopy(view, "the bundle"));
  if (opened)
    return std::nullopt;
  Diagnostic fault = toDiagnostic(opened.takeError());
  fault.message = "the bundle that was made breaks a rule of bundles: " + fault.message + " [" +
                  std::string(infoOf(fault.code).name) + "]";
  fault.code = Code::X001;
  // What the verifier says to do is meant for those who were handed a broken file.
  fault.fix.clear();
  return fault;
}

} // namespace rblnc::driver
