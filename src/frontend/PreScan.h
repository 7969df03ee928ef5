// What is judged about text before MLIR's parser, which recurses and trusts sizes, sees it.
#pragma once

#include "rblnc/support/Codes.h"

#include "llvm/ADT/StringRef.h"

#include <cstddef>
#include <optional>
#include <string>

namespace rblnc::frontend {

/// How deep brackets may be nested, counting what aliases stand for.
inline constexpr size_t maxNesting = 256;

/// How many bytes the attributes and types of a file may have once aliases are written out. Locations do not count:
/// they are never written out.
inline constexpr size_t maxExpandedSize = size_t(256) << 20;

struct TextProblem {
  Code code;
  /// Byte offset of the place.
  size_t offset = 0;
  std::string message;
};

struct TextFacts {
  /// Some location has column 0: columns count from 0.
  bool hasColumnZero = false;
  /// Some word of the text is an operation of the tt dialect or a module.
  bool looksLikeIR = false;
};

/// Finds what would overflow the stack or exhaust memory: deep nesting of brackets, alone or through aliases that refer
/// to one another; aliases whose expansion explodes; affine expressions of thousands of terms; absurdly wide integers
/// and results; arrays of what is no number, which MLIR's parser trips over. One pass, linear in the length of the
/// text.
std::optional<TextProblem> scanText(llvm::StringRef text, TextFacts &facts);

} // namespace rblnc::frontend
