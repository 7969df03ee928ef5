#include "Files.h"

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

} // namespace

void Files::read(const std::string &path, const std::string &what) {
  std::string key = path == "-" ? "" : identify(path);
  if (!key.empty())
    known.try_emplace(key, what);
}

std::optional<std::string> Files::write(const std::string &path, const std::string &what) {
  isStandardOutputUsed |= path == "-";
  std::string key = identify(path);
  if (key.empty())
    return std::nullopt;
  auto [other, isNew] = known.try_emplace(key, what);
  if (isNew)
    return std::nullopt;
  return fmt::format("{} would replace {}, '{}'", what, other->second, path == "-" ? "standard output" : path);
}

} // namespace rblnc::cli
