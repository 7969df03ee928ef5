#include "Suppressions.h"

#include "RuleChoice.h"
#include "files/SourceText.h"

#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringRef.h"

namespace rblnc::cli {
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
    // "ignored" and "ignore-next-line" are other words.
    auto goesOn = [](char c) { return llvm::isAlnum(c) || c == '-' || c == '_'; };
    if (!comment.consume_front("ignore") || (!comment.empty() && goesOn(comment.front())))
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
  std::string text = readSource(path);
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
    for (const std::string &path : sourcePlaces(frame.file, input)) {
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
