// Reading the input, whole and bounded.
#include "rblnc/frontend/Frontend.h"

#include "llvm/Support/SmallVectorMemoryBuffer.h"

#include <array>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace rblnc {
namespace {

constexpr size_t maxInputSize = size_t(256) << 20;

std::string lastError() { return std::strerror(errno); }

/// Closes what was opened here; standard input stays open.
class Descriptor {
public:
  explicit Descriptor(const std::string &path) : isOwned(path != "-") {
    descriptor = isOwned ? ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY) : STDIN_FILENO;
  }
  Descriptor(const Descriptor &) = delete;
  ~Descriptor() {
    if (isOwned && descriptor >= 0)
      ::close(descriptor);
  }
  int get() const { return descriptor; }

private:
  int descriptor;
  bool isOwned;
};

std::string tooLarge(const std::string &name) {
  return "'" + name + "' has more than " + std::to_string(maxInputSize >> 20) + " MiB";
}

} // namespace

std::optional<Input> readInput(const std::string &path, Diagnostics &diagnostics) {
  std::string name = path == "-" ? "<stdin>" : path;
  Descriptor file(path);
  struct stat status = {};
  if (file.get() < 0 || ::fstat(file.get(), &status) != 0) {
    diagnostics.report(Code::I001, "cannot open '" + name + "': " + lastError());
    return std::nullopt;
  }
  if (S_ISDIR(status.st_mode)) {
    diagnostics.report(Code::I001, "'" + name + "' is a directory", {}, "name the .ttir file in it");
    return std::nullopt;
  }
  bool isRegular = S_ISREG(status.st_mode);
  if (isRegular && static_cast<uint64_t>(status.st_size) > maxInputSize) {
    diagnostics.report(Code::I003, tooLarge(name) + " (" + std::to_string(status.st_size) + " bytes)");
    return std::nullopt;
  }

  llvm::SmallVector<char, 0> bytes;
  if (isRegular)
    bytes.reserve(static_cast<size_t>(status.st_size) + 1);
  std::array<char, 1 << 16> chunk;
  while (true) {
    ssize_t got = ::read(file.get(), chunk.data(), chunk.size());
    if (got < 0 && errno == EINTR)
      continue;
    if (got < 0) {
      diagnostics.report(Code::I001, "cannot read '" + name + "': " + lastError());
      return std::nullopt;
    }
    if (got == 0)
      break;
    if (static_cast<size_t>(got) > maxInputSize - bytes.size()) {
      diagnostics.report(Code::I003, tooLarge(name));
      return std::nullopt;
    }
    bytes.append(chunk.data(), chunk.data() + got);
  }
  if (bytes.empty()) {
    diagnostics.report(Code::I002, "'" + name + "' is empty");
    return std::nullopt;
  }
  // The module keeps the buffer's name in the locations of operations that have none of their own.
  llvm::StringRef base = llvm::StringRef(name).rsplit('/').second;
  if (base.empty())
    base = name;
  return Input{name, std::make_unique<llvm::SmallVectorMemoryBuffer>(std::move(bytes), base,
                                                                     /*RequiresNullTerminator=*/true)};
}

} // namespace rblnc
