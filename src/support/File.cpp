// File access with POSIX calls: pread for reading, temporary and rename for writing.
#include "rblnc/support/File.h"

#include "rblnc/support/CheckedMath.h"
#include "rblnc/support/Error.h"

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace rblnc {
namespace {

/// What a pipe may hold: it is kept in memory.
constexpr size_t maxPipeBytes = size_t{1} << 30;

llvm::Error cannotRead(const std::string &path, const std::string &why) {
  return makeError(Code::R004, "'" + path + "' cannot be read: " + why);
}

llvm::Error cannotWrite(const std::string &path, int error) {
  return makeError(Code::R010, "'" + path + "' cannot be written: " + std::strerror(error));
}

llvm::Expected<std::string> readPipe(int descriptor, const std::string &path) {
  std::string bytes;
  char chunk[1 << 16];
  while (true) {
    ssize_t got = ::read(descriptor, chunk, sizeof chunk);
    if (got == 0)
      return bytes;
    if (got < 0 && errno == EINTR)
      continue;
    if (got < 0)
      return cannotRead(path, std::strerror(errno));
    if (bytes.size() + static_cast<size_t>(got) > maxPipeBytes)
      return cannotRead(path, "a pipe may give at most 1 GiB");
    bytes.append(chunk, static_cast<size_t>(got));
  }
}

int writeAll(int descriptor, std::string_view bytes) {
  while (!bytes.empty()) {
    ssize_t put = ::write(descriptor, bytes.data(), bytes.size());
    if (put < 0 && errno == EINTR)
      continue;
    if (put < 0)
      return errno;
    bytes.remove_prefix(static_cast<size_t>(put));
  }
  return 0;
}

int writeParts(int descriptor, std::span<const std::string_view> parts) {
  for (std::string_view part : parts)
    if (int error = writeAll(descriptor, part))
      return error;
  return 0;
}

/// Holds back Ctrl-C, so that no temporary file is left behind.
class WithoutInterrupts {
public:
  WithoutInterrupts() {
    sigset_t interrupts;
    sigemptyset(&interrupts);
    sigaddset(&interrupts, SIGINT);
    pthread_sigmask(SIG_BLOCK, &interrupts, &before);
  }
  ~WithoutInterrupts() { pthread_sigmask(SIG_SETMASK, &before, nullptr); }
  WithoutInterrupts(const WithoutInterrupts &) = delete;
  WithoutInterrupts &operator=(const WithoutInterrupts &) = delete;

private:
  sigset_t before;
};

/// The permissions that a newly created file has; mkstemp's own are for its owner only.
mode_t defaultMode() {
  mode_t mask = ::umask(0);
  ::umask(mask);
  return 0666 & ~mask;
}

/// A path that is something other than a regular file (/dev/null, a pipe) is written in place.
bool isWrittenInPlace(const std::string &path) {
  struct stat info;
  return ::stat(path.c_str(), &info) == 0 && !S_ISREG(info.st_mode) && !S_ISDIR(info.st_mode);
}

/// The file that a chain of symbolic links ends at, so that a rename replaces it and not the link.
std::string resolveLinks(const std::string &path) {
  struct stat info;
  if (::lstat(path.c_str(), &info) != 0 || !S_ISLNK(info.st_mode))
    return path;
  char *real = ::realpath(path.c_str(), nullptr);
  if (!real)
    return path;
  std::string result(real);
  std::free(real);
  return result;
}

std::string directoryOf(const std::string &path) {
  size_t slash = path.rfind('/');
  if (slash == std::string::npos)
    return ".";
  return slash == 0 ? "/" : path.substr(0, slash);
}

} // namespace

llvm::Expected<ByteSource> ByteSource::open(const std::string &path) {
  ByteSource source;
  source.label = path;
  source.descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY);
  struct stat info;
  if (source.descriptor < 0 || ::fstat(source.descriptor, &info) != 0)
    return cannotRead(path, std::strerror(errno));
  if (S_ISDIR(info.st_mode))
    return cannotRead(path, "it is a directory");
  if (S_ISFIFO(info.st_mode)) {
    auto bytes = readPipe(source.descriptor, path);
    if (!bytes)
      return bytes.takeError();
    return ofMemory(std::move(*bytes), path);
  }
  if (!S_ISREG(info.st_mode))
    return cannotRead(path, "it is neither a file nor a pipe");
  source.length = static_cast<uint64_t>(info.st_size);
  return source;
}

ByteSource ByteSource::ofMemory(std::string bytes, std::string name) {
  ByteSource source;
  source.length = bytes.size();
  source.memory = std::move(bytes);
  source.label = std::move(name);
  return source;
}

ByteSource::ByteSource(ByteSource &&other) noexcept
    : descriptor(std::exchange(other.descriptor, -1)), length(other.length), memory(std::move(other.memory)),
      label(std::move(other.label)) {}

ByteSource::~ByteSource() {
  if (descriptor >= 0)
    ::close(descriptor);
}

llvm::Error ByteSource::read(uint64_t offset, std::span<std::byte> out) const {
  if (offset > length || out.size() > length - offset)
    return makeError(Code::R005, "'" + label + "' ends early: " + std::to_string(out.size()) +
                                     " bytes are missing at " + std::to_string(offset) + " of " +
                                     std::to_string(length));
  if (descriptor < 0) {
    if (!out.empty())
      std::memcpy(out.data(), memory.data() + offset, out.size());
    return llvm::Error::success();
  }
  while (!out.empty()) {
    ssize_t got = ::pread(descriptor, out.data(), out.size(), static_cast<off_t>(offset));
    if (got < 0 && errno == EINTR)
      continue;
    if (got < 0)
      return cannotRead(label, std::strerror(errno));
    if (got == 0)
      return cannotRead(label, "it became shorter while it was read");
    out = out.subspan(static_cast<size_t>(got));
    offset += static_cast<uint64_t>(got);
  }
  return llvm::Error::success();
}

llvm::Expected<std::string> ByteSource::readString(uint64_t offset, size_t size) const {
  std::string result;
  if (offset <= length && size <= length - offset)
    result.resize(size);
  else
    return makeError(Code::R005, "'" + label + "' ends early: " + std::to_string(size) + " bytes are missing at " +
                                     std::to_string(offset) + " of " + std::to_string(length));
  if (auto error = read(offset, {reinterpret_cast<std::byte *>(result.data()), size}))
    return error;
  return result;
}

llvm::Expected<std::string> readStandardInput(uint64_t most) {
  std::string bytes;
  char chunk[1 << 16];
  while (bytes.size() < most) {
    ssize_t got =
        ::read(STDIN_FILENO, chunk, static_cast<size_t>(std::min<uint64_t>(sizeof chunk, most - bytes.size())));
    if (got == 0)
      break;
    if (got < 0 && errno == EINTR)
      continue;
    if (got < 0)
      return cannotRead("<stdin>", std::strerror(errno));
    bytes.append(chunk, static_cast<size_t>(got));
  }
  return bytes;
}

llvm::Error writeFileAtomically(const std::string &path, std::span<const std::string_view> parts) {
  if (path == "-") {
    if (int error = writeParts(STDOUT_FILENO, parts))
      return cannotWrite("standard output", error);
    return llvm::Error::success();
  }
  if (isWrittenInPlace(path)) {
    int descriptor = ::open(path.c_str(), O_WRONLY | O_CLOEXEC | O_NOCTTY);
    int error = descriptor < 0 ? errno : writeParts(descriptor, parts);
    if (descriptor >= 0 && ::close(descriptor) != 0 && error == 0)
      error = errno;
    return error ? cannotWrite(path, error) : llvm::Error::success();
  }
  std::string target = resolveLinks(path);
  std::string temporary = target + ".tmp.XXXXXX";
  WithoutInterrupts whole;
  int descriptor = ::mkostemp(temporary.data(), O_CLOEXEC);
  if (descriptor < 0)
    return cannotWrite(path, errno);
  int error = writeParts(descriptor, parts);
  if (!error && ::fchmod(descriptor, defaultMode()) != 0)
    error = errno;
  if (::close(descriptor) != 0 && !error)
    error = errno;
  if (!error && ::rename(temporary.c_str(), target.c_str()) != 0)
    error = errno;
  if (error) {
    ::unlink(temporary.c_str());
    return cannotWrite(path, error);
  }
  return llvm::Error::success();
}

llvm::Error writeFileAtomically(const std::string &path, std::string_view contents) {
  return writeFileAtomically(path, std::span(&contents, 1));
}

llvm::Error checkWritable(const std::string &path) {
  if (path == "-")
    return llvm::Error::success();
  struct stat info;
  bool exists = ::stat(path.c_str(), &info) == 0;
  if (exists && S_ISDIR(info.st_mode))
    return cannotWrite(path, EISDIR);
  if (path.empty() || path.back() == '/')
    return cannotWrite(path, path.empty() ? ENOENT : EISDIR);
  if (exists && !S_ISREG(info.st_mode))
    return ::access(path.c_str(), W_OK) == 0 ? llvm::Error::success() : cannotWrite(path, errno);
  if (::access(directoryOf(resolveLinks(path)).c_str(), W_OK | X_OK) != 0)
    return cannotWrite(path, errno);
  return llvm::Error::success();
}

} // namespace rblnc
