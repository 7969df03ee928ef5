// Tokens of MLIR text, found in one pass without recursion: enough to judge text before MLIR's parser sees it.
#pragma once

#include "llvm/ADT/StringRef.h"

namespace rblnc::frontend {

struct TextToken {
  enum Kind : uint8_t {
    End,
    Newline,
    /// A bare identifier: `tt.load`, `loc`, `x`. Numbers that contain letters are words too.
    Word,
    /// `#loc3`, `!tt.ptr`: an alias, or the name of a dialect's attribute or type.
    Alias,
    /// `%x`, `@f`, `^bb1` without a quoted part.
    Name,
    /// With its quotes; unterminated ones end at the end of the line, as for MLIR.
    String,
    Number,
    Open,
    Close,
    Arrow,
    Other,
  };
  Kind kind = End;
  llvm::StringRef text;

  bool is(char c) const { return text.size() == 1 && text.front() == c; }
};

class TextScanner {
public:
  explicit TextScanner(llvm::StringRef text) : position(text.begin()), end(text.end()) {}

  /// The next token; spaces and comments are skipped, ends of lines are not.
  TextToken next();

private:
  TextToken take(TextToken::Kind kind, const char *from);

  const char *position, *end;
};

} // namespace rblnc::frontend
