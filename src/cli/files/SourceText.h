// The Python sources that IR names.
#pragma once

#include <array>
#include <string>

namespace rblnc::cli {

/// Where a source may be: where the IR says, and beside the kernel's file, since IR often keeps only its last name.
/// `input` is the kernel's path.
std::array<std::string, 2> sourcePlaces(const std::string &file, const std::string &input);

/// The text of a file; "" when it cannot be read or is no source.
std::string readSource(const std::string &path);

} // namespace rblnc::cli
