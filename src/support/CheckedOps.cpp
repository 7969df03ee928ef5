#include "rblnc/support/CheckedOps.h"

#include <algorithm>
#include <fmt/format.h>

namespace rblnc {

std::optional<size_t> checkedOpOf(std::string_view operation) {
  const auto *found = std::find(checkedOpNames.begin(), checkedOpNames.end(), operation);
  if (found == checkedOpNames.end())
    return std::nullopt;
  return static_cast<size_t>(found - checkedOpNames.begin());
}

std::string checkedOpFault(std::string_view operation, int64_t width, int64_t partition) {
  if (!checkedOpOf(operation))
    return fmt::format("'{}' is no operation that overflows", operation);
  if (width < 1 || width > 64)
    return fmt::format("an integer of {} bits has no overflow check", width);
  bool isAppend = operation.starts_with("append");
  if (isAppend ? partition < 1 : partition != 0)
    return fmt::format("'{}' has no partition of {} rows", operation, partition);
  return {};
}

} // namespace rblnc
