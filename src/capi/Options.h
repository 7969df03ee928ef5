// Reading the structs that a caller fills in.
#pragma once

#include "rblnc/rblnc.h"

#include "llvm/ADT/StringRef.h"

#include <algorithm>
#include <cstring>
#include <initializer_list>
#include <optional>
#include <string>

namespace rblnc::capi {

/// Checks the `size` of a caller's struct: that of the struct now or as it once was (`earlierSizes`), or a longer one
/// with nothing set behind what this library knows. Gives what is wrong with it, or nothing.
template <typename T>
std::optional<std::string> sizeFault(const T *given, const char *name,
                                     std::initializer_list<size_t> earlierSizes = {}) {
  // A size that was never set is often huge; what it claims is not looked at.
  constexpr size_t mostBytes = 4096;
  size_t size = given->size;
  if (std::find(earlierSizes.begin(), earlierSizes.end(), size) != earlierSizes.end())
    return std::nullopt;
  if (size < sizeof(T) || size > mostBytes)
    return std::string(name) + ".size is " + std::to_string(size) + ", and must be " + std::to_string(sizeof(T)) +
           ": set it to sizeof(" + name + ")";
  const auto *bytes = reinterpret_cast<const unsigned char *>(given);
  if (std::any_of(bytes + sizeof(T), bytes + size, [](unsigned char byte) { return byte != 0; }))
    return std::string(name) + " has options that this rblnc does not know: use the library that its header came with";
  return std::nullopt;
}

/// What a struct of any known size says; what an earlier one did not have yet is zero. Its size must have been checked.
template <typename T> T completed(const T &given) {
  T result{};
  std::memcpy(static_cast<void *>(&result), static_cast<const void *>(&given), std::min(given.size, sizeof(T)));
  return result;
}

inline bool isString(rblnc_string text) { return text.data || text.size == 0; }
inline llvm::StringRef refOf(rblnc_string text) { return {text.data, text.size}; }

} // namespace rblnc::capi
