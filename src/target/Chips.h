// The chip descriptions that the build embeds (see CMakeLists.txt).
#pragma once

#include "llvm/ADT/StringRef.h"

#include <span>

namespace rblnc {

struct ChipFile {
  llvm::StringRef name;
  llvm::StringRef json;
};

std::span<const ChipFile> chipFiles();

} // namespace rblnc
