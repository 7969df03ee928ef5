#include "SourceText.h"

#include "rblnc/support/Error.h"
#include "rblnc/support/File.h"

#include <filesystem>

namespace rblnc::cli {

/// No source of a kernel is larger.
static constexpr uint64_t maxBytes = uint64_t{16} << 20;

std::array<std::string, 2> sourcePlaces(const std::string &file, const std::string &input) {
  return {file, (std::filesystem::path(input).parent_path() / file).string()};
}

std::string readSource(const std::string &path) {
  std::error_code error;
  if (!std::filesystem::is_regular_file(path, error))
    return "";
  auto file = ByteSource::open(path);
  auto text = file && file->size() <= maxBytes ? file->readString(0, static_cast<size_t>(file->size()))
                                               : llvm::Expected<std::string>(std::string());
  if (!file)
    llvm::consumeError(file.takeError());
  if (!text) {
    llvm::consumeError(text.takeError());
    return "";
  }
  return *text;
}

} // namespace rblnc::cli
