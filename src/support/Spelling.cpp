// The distance of words is counted in letters to change, add or remove; a capital is nearer than another letter.
#include "rblnc/support/Spelling.h"

#include "llvm/ADT/StringRef.h"

#include <algorithm>
#include <fmt/format.h>
#include <fmt/ranges.h>

namespace rblnc {

std::string_view nearest(std::string_view word, const std::vector<std::string_view> &candidates) {
  llvm::StringRef given(word.data(), word.size());
  // A third of the letters may differ, or two of a short word.
  unsigned limit = std::max<unsigned>(2, static_cast<unsigned>(word.size() / 3));
  std::string_view best;
  unsigned bestDistance = limit + 1;
  auto isStart = [&](std::string_view candidate) {
    return llvm::StringRef(candidate.data(), candidate.size()).starts_with_insensitive(given);
  };
  for (std::string_view candidate : candidates) {
    llvm::StringRef other(candidate.data(), candidate.size());
    unsigned distance = given.equals_insensitive(other) ? 0 : given.edit_distance_insensitive(other, true, limit);
    bool isNearer = distance < bestDistance || (distance == bestDistance && isStart(candidate) && !isStart(best));
    // Nothing of the word would be left.
    if (isNearer && distance <= limit && distance < std::min(word.size(), candidate.size())) {
      best = candidate;
      bestDistance = distance;
    }
  }
  return best;
}

std::string didYouMean(std::string_view word, const std::vector<std::string_view> &candidates) {
  std::string_view name = nearest(word, candidates);
  return name.empty() ? "" : "; did you mean '" + std::string(name) + "'?";
}

std::string notOneOf(std::string_view word, const std::vector<std::string_view> &words) {
  return fmt::format("there is no '{}'; write one of {}{}", word, fmt::join(words, ", "), didYouMean(word, words));
}

} // namespace rblnc
