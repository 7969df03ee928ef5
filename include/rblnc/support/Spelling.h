// What a misspelt word was meant to be.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace rblnc {

/// The candidate nearest to a misspelt word, whatever its case; empty when none is near.
std::string_view nearest(std::string_view word, const std::vector<std::string_view> &candidates);
/// "; did you mean 'x'?", or nothing.
std::string didYouMean(std::string_view word, const std::vector<std::string_view> &candidates);

/// What is said of a word that is none of those that may stand there.
std::string notOneOf(std::string_view word, const std::vector<std::string_view> &words);

} // namespace rblnc
