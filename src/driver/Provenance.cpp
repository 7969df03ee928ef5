#include "Provenance.h"

#include "rblnc/frontend/Frontend.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/BLAKE3.h"

namespace rblnc::driver {

std::vector<std::string> optionTexts(const CompileOptions &options) {
  std::string names;
  for (const Target &target : options.targets)
    names += (names.empty() ? "" : ",") + target.name;
  std::vector<std::string> texts{"--target=" + names};
  for (const auto &[name, value] : options.binds)
    texts.push_back("--bind " + name + "=" + value);
  for (const auto &[name, shape] : options.shapes) {
    std::string text = "--shape " + name + "=";
    for (size_t i = 0; i < shape.size(); ++i)
      text += (i ? "x" : "") + std::to_string(shape[i]);
    texts.push_back(text);
  }
  if (options.strict)
    texts.push_back("--strict");
  if (options.naivePartitionSkip)
    texts.push_back("--naive-partition-skip");
  if (options.hostLayout)
    texts.push_back("--host-layout=" + *options.hostLayout);
  if (options.computeDType)
    texts.push_back("--compute-dtype=" + nameOf(*options.computeDType).str());
  if (options.plan.split != Split::automatic)
    texts.push_back(options.plan.split == Split::none ? "--split=none" : "--split=most");
  if (options.plan.engines)
    texts.push_back("--engines=" + std::to_string(options.plan.engines));
  if (options.plan.rounds)
    texts.push_back("--rounds=" + std::to_string(options.plan.rounds));
  return texts;
}

std::string normalisedText(const Input &input) {
  llvm::StringRef text = input.text();
  if (text.starts_with("ML\xefR"))
    return text.str();
  std::string result;
  result.reserve(text.size());
  while (!text.empty()) {
    auto [line, rest] = text.split('\n');
    bool isEnded = line.size() < text.size();
    result += line.rtrim(" \t\r");
    if (isEnded)
      result += '\n';
    text = rest;
  }
  return result;
}

std::string inputDigest(const Input &input) {
  llvm::BLAKE3 hasher;
  hasher.update(normalisedText(input));
  return llvm::toHex(hasher.final(), /*LowerCase=*/true);
}

} // namespace rblnc::driver
