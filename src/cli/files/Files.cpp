#include "Files.h"

#include <fcntl.h>
#include <filesystem>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

namespace rblnc::cli {
namespace {

/// What names a file whatever its path is; empty for what any number of results can be written to. A file that is not
/// there yet is named by its path without links and dots.
std::string identify(const std::string &path) {
  struct stat info{};
  bool isOutput = path == "-";
  if (isOutput ? ::fstat(STDOUT_FILENO, &info) == 0 : ::stat(path.c_str(), &info) == 0) {
    if (S_ISREG(info.st_mode) || S_ISFIFO(info.st_mode))
      return fmt::format("{}:{}", info.st_dev, info.st_ino);
    return isOutput ? "-" : "";
  }
  std::error_code error;
  // A relative path whose first part is not there would stay relative.
  std::filesystem::path whole = std::filesystem::absolute(path, error);
  std::string place = std::filesystem::weakly_canonical(whole, error).string();
  return isOutput ? "-" : error ? path : place;
}

/// A file that is held, so that its number goes to no other one meanwhile.
class Held {
public:
  explicit Held(const std::string &path)
      : descriptor(path == "-" ? ::fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 0) : ::open(path.c_str(), O_PATH | O_CLOEXEC)),
        isThere(descriptor >= 0 && ::fstat(descriptor, &info) == 0) {}
  Held(const Held &) = delete;
  Held &operator=(const Held &) = delete;
  ~Held() {
    if (descriptor >= 0)
      ::close(descriptor);
  }

  bool isSameAs(const Held &other) const {
    return isThere == other.isThere &&
           (!isThere || (info.st_dev == other.info.st_dev && info.st_ino == other.info.st_ino));
  }

private:
  struct stat info{};
  int descriptor;
  bool isThere;
};

} // namespace

void Files::read(const std::string &path, const std::string &what) {
  std::string key = path == "-" ? "" : identify(path);
  if (!key.empty())
    known.emplace(key, Known{path, what});
}

std::optional<std::string> Files::write(const std::string &path, const std::string &what) {
  isStandardOutputUsed |= path == "-";
  std::string key = identify(path);
  if (key.empty())
    return std::nullopt;
  for (auto [at, end] = known.equal_range(key); at != end; ++at) {
    const Known &other = at->second;
    // Where another process replaces its files just now, the number of one that is gone may be that of a new one.
    if (other.path == path || Held(other.path).isSameAs(Held(path)))
      return fmt::format("{} would replace {}, '{}'", what, other.what, path == "-" ? "standard output" : path);
  }
  known.emplace(key, Known{path, what});
  return std::nullopt;
}

} // namespace rblnc::cli
