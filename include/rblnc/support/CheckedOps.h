// What is checked of integers that address memory: the operations that RBLN IR, device commands and listings write the
// same way.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace rblnc {

/// In the order of the bundle's schema (CheckedOp of src/bundle/bundle.fbs). The last two are about rows that are
/// inserted into a partition, and not about an overflow.
inline constexpr std::array<std::string_view, 7> checkedOpNames = {"", "+", "-", "*", "<<", "append", "append last"};

/// The place of an operation in that list; nothing when it is none.
std::optional<size_t> checkedOpOf(std::string_view operation);

/// What is wrong with a check of an integer of `width` bits, or of a partition of so many rows (0: of none); or empty.
std::string checkedOpFault(std::string_view operation, int64_t width, int64_t partition);

} // namespace rblnc
