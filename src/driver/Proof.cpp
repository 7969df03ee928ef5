#include "Proof.h"

#include "rblnc/support/Error.h"

namespace rblnc::driver {

Diagnostic explainFault(Diagnostic fault, Code code) {
  bool isTooLarge = fault.code == Code::B033 || fault.code == Code::B034 || fault.code == Code::B036;
  if (isTooLarge && code == Code::X001) {
    // Nothing is wrong with the program but its size, which the kernel and the options decide.
    fault.code = Code::P003;
    fault.message = "the kernel becomes more than a bundle may hold: " + fault.message;
    fault.fix =
        "ask for fewer rounds, or give the kernel's loops fewer and larger blocks; where a row is too long, reduce "
        "it in parts, and many values that are reduced at once in groups";
    return fault;
  }
  fault.message = (code == Code::X001 ? "the bundle that was made breaks a rule of bundles: "
                                      : "the program breaks a rule of the device: ") +
                  fault.message + " [" + std::string(infoOf(fault.code).name) + "]";
  fault.code = code;
  // What the verifier says to do is meant for those who were handed a broken file.
  fault.fix.clear();
  return fault;
}

llvm::Expected<bundle::OpenBundle> openBytes(std::span<const uint8_t> bytes) {
  llvm::StringRef view(reinterpret_cast<const char *>(bytes.data()), bytes.size());
  return bundle::openBundle(llvm::MemoryBuffer::getMemBufferCopy(view, "the bundle"));
}

std::optional<Diagnostic> findFault(std::span<const uint8_t> bytes, Code code) {
  auto opened = openBytes(bytes);
  if (opened)
    return std::nullopt;
  return explainFault(toDiagnostic(opened.takeError()), code);
}

} // namespace rblnc::driver
