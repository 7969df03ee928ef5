// TOML files, as configuration is written in.
#pragma once

#include "llvm/Support/Error.h"
#include "llvm/Support/JSON.h"

#include <string>
#include <string_view>

namespace rblnc {

/// The tables, arrays, strings, numbers and booleans of a TOML 1.0 text; a date becomes its text. Error I052, with the
/// place in `origin`, when it is not TOML or holds an integer that is not of 64 bits, or a float that JSON has none for
/// (inf, nan).
llvm::Expected<llvm::json::Object> parseToml(std::string_view text, const std::string &origin);

/// The same from a file. Error I001 when it cannot be read or has more than a MiB.
llvm::Expected<llvm::json::Object> readToml(const std::string &path);

} // namespace rblnc
