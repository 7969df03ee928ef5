#include "Suppressions.h"

#include "RuleChoice.h"
#include "rblnc/support/Error.h"
#include "rblnc/support/File.h"

#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringRef.h"

#include <filesystem>

namespace rblnc::cli {
namespace {

/// No source of a kernel is larger.
constexpr uint64_t maxBytes = uint64_t{16} << 20;

std::string textOf(const std::string &path) {
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

} // namespace

std::vector<std::string> suppressedCodes(std::string_view line) {
  std::vector<std::string> codes;
  llvm::StringRef rest(line.data(), line.size());
  while (true) {
    size_t at = std::min(rest.find('#'), rest.find("//"));
    if (at == llvm::StringRef::npos)
      return codes;
    rest = rest.drop_front(at).ltrim("#/").ltrim();
    llvm::StringRef comment = rest;
    if (!comment.consume_front("rblnc:"))
      continue;
    comment = comment.ltrim();
    if (!comment.consume_front("ignore") || (!comment.empty() && llvm::isAlnum(comment.front())))
      continue;
    comment = comment.ltrim();
    size_t end = comment.find(']');
    if (!comment.consume_front("[")) {
      codes.push_back("");
      continue;
    }
    if (end == llvm::StringRef::npos)
      continue;
    llvm::SmallVector<llvm::StringRef> words;
    comment.take_front(end - 1).split(words, ',', -1, /*KeepEmpty=*/false);
    for (llvm::StringRef word : words)
      codes.push_back(word.trim().str());
  }
}

const Suppressions::Lines &Suppressions::linesOf(const std::string &path) {
  auto [entry, isNew] = files.try_emplace(path);
  if (!isNew)
    return entry->second;
  std::string text = textOf(path);
  uint32_t number = 0;
  for (llvm::StringRef line : llvm::split(text, '\n')) {
    ++number;
    if (line.contains("rblnc:"))
      for (std::string &code : suppressedCodes({line.data(), line.size()}))
        entry->second.emplace(number, std::move(code));
  }
  return entry->second;
}

bool Suppressions::covers(const Diagnostic &diagnostic, const std::string &input) {
  if (!isRule(infoOf(diagnostic.code)))
    return false;
  for (const SourceFrame &frame : diagnostic.frames) {
    if (frame.file.empty() || frame.line == 0)
      continue;
    std::filesystem::path beside = std::filesystem::path(input).parent_path() / frame.file;
    for (const std::string &path : {frame.file, beside.string()}) {
      auto [first, last] = linesOf(path).equal_range(frame.line);
      for (auto line = first; line != last; ++line) {
        RuleSet set;
        if (line->second.empty() || (!set.add(line->second) && set.contains(diagnostic.code)))
          return true;
      }
    }
  }
  return false;
}

} // namespace rblnc::cli
