// Tokens of MLIR text.
#include "TextScanner.h"

#include <array>
#include <cstring>

namespace rblnc::frontend {
namespace {

enum Class : uint8_t { Plain, Space, Line, Letter, Digit, Quote, Opening, Closing, Prefix, Slash, Minus };

constexpr std::array<Class, 256> makeClasses() {
  std::array<Class, 256> classes = {};
  for (unsigned char c : {' ', '\t', '\r', '\f', '\v'})
    classes[c] = Space;
  classes['\n'] = Line;
  for (unsigned c = 'a'; c <= 'z'; ++c)
    classes[c] = classes[c - 'a' + 'A'] = Letter;
  classes['_'] = Letter;
  for (unsigned c = '0'; c <= '9'; ++c)
    classes[c] = Digit;
  for (unsigned char c : {'(', '[', '{', '<'})
    classes[c] = Opening;
  for (unsigned char c : {')', ']', '}', '>'})
    classes[c] = Closing;
  for (unsigned char c : {'#', '!', '%', '@', '^'})
    classes[c] = Prefix;
  classes['"'] = Quote;
  classes['/'] = Slash;
  classes['-'] = Minus;
  return classes;
}

constexpr std::array<Class, 256> classes = makeClasses();

Class classOf(char c) { return classes[static_cast<unsigned char>(c)]; }

bool continuesWord(char c) {
  Class kind = classOf(c);
  return kind == Letter || kind == Digit || c == '$' || c == '.';
}

} // namespace

TextToken TextScanner::take(TextToken::Kind kind, const char *from) {
  return {kind, llvm::StringRef(from, static_cast<size_t>(position - from))};
}

TextToken TextScanner::next() {
  while (position != end) {
    const char *from = position;
    Class kind = classOf(*position++);
    switch (kind) {
    case Space:
      continue;
    case Line:
      return take(TextToken::Newline, from);
    case Slash:
      if (position == end || *position != '/')
        return take(TextToken::Other, from);
      if (const void *line = std::memchr(position, '\n', static_cast<size_t>(end - position)))
        position = static_cast<const char *>(line);
      else
        position = end;
      continue;
    case Quote:
      while (position != end && *position != '"' && *position != '\n') {
        if (*position == '\\' && position + 1 != end && position[1] != '\n')
          ++position;
        ++position;
      }
      if (position != end && *position == '"')
        ++position;
      return take(TextToken::String, from);
    case Letter:
    case Digit:
      while (position != end && continuesWord(*position))
        ++position;
      return take(kind == Letter ? TextToken::Word : TextToken::Number, from);
    case Prefix:
      // After a digit only digits belong to the name; elsewhere '-' does too, so `%a->b` holds no arrow.
      if (*from != '@' && position != end && classOf(*position) == Digit)
        while (position != end && classOf(*position) == Digit)
          ++position;
      else
        while (position != end && (continuesWord(*position) || (*from != '@' && *position == '-')))
          ++position;
      return take(*from == '#' || *from == '!' ? TextToken::Alias : TextToken::Name, from);
    case Opening:
      return take(TextToken::Open, from);
    case Closing:
      return take(TextToken::Close, from);
    case Minus:
      if (position != end && *position == '>') {
        ++position;
        return take(TextToken::Arrow, from);
      }
      return take(TextToken::Other, from);
    case Plain:
      return take(TextToken::Other, from);
    }
  }
  return {TextToken::End, llvm::StringRef(end, 0)};
}

} // namespace rblnc::frontend
