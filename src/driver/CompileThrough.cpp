// The key of a compilation, and compiling through a cache.
#include "Provenance.h"
#include "rblnc/driver/Cache.h"
#include "rblnc/driver/Version.h"
#include "rblnc/frontend/Frontend.h"
#include "rblnc/support/Watch.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/BLAKE3.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/raw_ostream.h"

namespace rblnc {
namespace {

/// Stands in an entry for the path of the input, which is another one in another folder.
constexpr llvm::StringRef inputMark = "\x01input";

/// Every file that the frames of the diagnostics name.
template <typename Use> void forEachFile(std::vector<Diagnostic> &diagnostics, Use use) {
  for (Diagnostic &diagnostic : diagnostics) {
    for (SourceFrame &frame : diagnostic.frames)
      use(frame.file);
    for (Diagnostic::Note &note : diagnostic.notes)
      for (SourceFrame &frame : note.frames)
        use(frame.file);
  }
}

/// Whether the result is one that depends on the key alone: messages about files that cannot be read name them, and
/// after a fault of ours there is no result.
bool isKept(const std::optional<std::string> &output, const Diagnostics &diagnostics) {
  if (!output && !diagnostics.hasErrors())
    return false;
  for (const Diagnostic &diagnostic : diagnostics.all())
    if (!llvm::StringRef("CPW").contains(infoOf(diagnostic.code).category()))
      return false;
  return true;
}

} // namespace

std::string cacheKey(const Input &input, const CompileOptions &options) {
  llvm::BLAKE3 hasher;
  auto add = [&](llvm::StringRef part) {
    hasher.update(std::to_string(part.size()) + ":");
    hasher.update(part);
  };
  add(buildDigest());
  add(options.producer);
  add(std::to_string(static_cast<unsigned>(options.emit)));
  llvm::StringRef name = input.name;
  add(name.substr(name.rfind('/') + 1));
  add(driver::normalisedText(input));
  for (const std::string &text : driver::optionTexts(options))
    add(text);
  for (const Target &target : options.targets) {
    std::string text;
    llvm::raw_string_ostream stream(text);
    llvm::json::OStream json(stream);
    writeTarget(json, target);
    add(text);
  }
  return llvm::toHex(hasher.final(), /*LowerCase=*/true);
}

std::optional<std::string> compileThrough(const Cache &cache, const Input &input, const CompileOptions &options,
                                          Diagnostics &diagnostics, std::string *lastIR, bool &isHit,
                                          llvm::Error *cacheError) {
  std::string key = cacheKey(input, options);
  // A compilation that was told to stop before it began has no result, whatever is kept.
  std::optional<CacheEntry> entry = wasStopped() ? std::nullopt : cache.find(key);
  isHit = entry.has_value();
  if (entry) {
    forEachFile(entry->diagnostics, [&](std::string &file) {
      if (file == inputMark)
        file = input.name;
    });
    for (Diagnostic &diagnostic : entry->diagnostics)
      diagnostics.report(std::move(diagnostic));
    return std::move(entry->output);
  }
  Diagnostics own;
  auto output = compile(input, options, own, lastIR);
  if (isKept(output, own)) {
    CacheEntry made{output, own.all()};
    forEachFile(made.diagnostics, [&](std::string &file) {
      if (file == input.name)
        file = inputMark.str();
    });
    llvm::Error error = cache.store(key, made);
    if (cacheError)
      *cacheError = llvm::joinErrors(std::move(*cacheError), std::move(error));
    else
      llvm::consumeError(std::move(error));
  }
  for (const Diagnostic &diagnostic : own.all())
    diagnostics.report(diagnostic);
  return output;
}

} // namespace rblnc
