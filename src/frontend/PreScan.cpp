// What is judged about text before MLIR's parser sees it.
#include "PreScan.h"

#include "TextScanner.h"

#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringMap.h"

#include <algorithm>

namespace rblnc::frontend {
namespace {

/// Affine expressions are lists of terms that the parser turns into a chain, recursing once a term.
constexpr size_t maxAffineTokens = 2048;
/// i1000 and wider: every constant of such a type takes that much memory, and no kernel has one.
constexpr size_t maxIntegerDigits = 3;

/// No operation has that many results; all uses of a file together refer to no more than this.
constexpr size_t maxResult = 4096;
constexpr size_t maxResults = size_t(1) << 24;

/// What an alias stands for.
struct Expansion {
  size_t depth = 0;
  size_t size = 0;
};

char closerOf(char opener) { return opener == '(' ? ')' : opener == '[' ? ']' : opener == '{' ? '}' : '>'; }

/// "i128", "si64", "ui8": the digits; empty for other words.
llvm::StringRef integerDigits(llvm::StringRef word) {
  if (!word.consume_front("i") && !word.consume_front("si") && !word.consume_front("ui"))
    return {};
  return llvm::all_of(word, llvm::isDigit) ? word : llvm::StringRef();
}

/// "i32", "f16", "bf16", "f8E5M2".
bool isNumberType(llvm::StringRef word) {
  if (!integerDigits(word).empty())
    return true;
  return (word.consume_front("bf") || word.consume_front("f")) && !word.empty() && llvm::isDigit(word.front());
}

class PreScan {
public:
  PreScan(llvm::StringRef text, TextFacts &facts) : text(text), scanner(text), facts(facts) {}

  std::optional<TextProblem> run() {
    for (TextToken token = scanner.next(); token.kind != TextToken::End && !problem; token = scanner.next()) {
      if (token.kind == TextToken::Newline) {
        afterNewline = true;
        continue;
      }
      beginOrEndDefinition(token);
      visit(token);
      noteLocation(token);
      previous = token;
      afterNewline = false;
    }
    return problem;
  }

private:
  void fail(Code code, llvm::StringRef at, std::string message) {
    problem = {code, static_cast<size_t>(at.begin() - text.begin()), std::move(message)};
  }

  void visit(TextToken token) {
    checkArray(token);
    switch (token.kind) {
    case TextToken::Open:
      open(token);
      break;
    case TextToken::Close:
      close(token);
      break;
    case TextToken::Alias:
      if (token.text.size() > 1 && llvm::isDigit(token.text[1]))
        useResult(token);
      else
        useAlias(token);
      break;
    case TextToken::Word:
      if (token.text == "affine_map" || token.text == "affine_set")
        affineTokens = 1;
      checkInteger(token.text);
      facts.looksLikeIR |= token.text == "module" || token.text.starts_with("tt.") || token.text.starts_with("npu.") ||
                           token.text.ends_with(".func");
      break;
    case TextToken::Number:
      // Dimensions and element type of a shape are one token: 16x32xi64.
      checkInteger(token.text.rsplit('x').second);
      break;
    case TextToken::String:
      facts.looksLikeIR |= token.text.contains(".func\"") || token.text == "\"builtin.module\"";
      break;
    default:
      break;
    }
    // Terms are counted from `affine_map` to the end of its brackets; most files have none.
    if (affineTokens && ++affineTokens > maxAffineTokens)
      fail(Code::I004, token.text, "an affine expression has more than " + std::to_string(maxAffineTokens) + " tokens");
  }

  /// `array<index: 1>` is more than MLIR's parser stands, also where an alias says index. What it can hold has a name
  /// of its own.
  void checkArray(TextToken token) {
    if (arrayState == ArrayState::Element && !isNumberType(token.text))
      fail(Code::I005, token.text,
           "an array has elements of an integer or float type, not '" + shortened(token.text) + "'");
    if (token.text == "array")
      arrayState = ArrayState::Word;
    else
      arrayState = arrayState == ArrayState::Word && token.text == "<" ? ArrayState::Element : ArrayState::None;
  }

  void checkInteger(llvm::StringRef word) {
    if (integerDigits(word).size() > maxIntegerDigits)
      fail(Code::I005, word, "integers have at most 999 bits, not those of '" + shortened(word) + "'");
  }

  /// `%x#3`: the parser makes room for every result up to that one.
  void useResult(TextToken token) {
    size_t number = 0;
    if (token.text.drop_front().getAsInteger(10, number) || number > maxResult || (results += number) > maxResults)
      fail(Code::I005, token.text, "'" + shortened(token.text) + "' is no result of an operation");
  }

  static std::string shortened(llvm::StringRef word) { return word.take_front(24).str(); }

  void open(TextToken token) {
    if (affineTokens && stack.size() < affineDepth)
      affineDepth = stack.size();
    stack.push_back(token.text.front());
    reach(stack.size(), token);
  }

  void close(TextToken token) {
    // '<' also compares in affine sets, so one without its '>' is dropped when an enclosing bracket closes.
    size_t match = stack.size();
    while (match > 0 && closerOf(stack[match - 1]) != token.text.front())
      if (stack[--match] != '<')
        return;
    if (match == 0)
      return;
    stack.resize(match - 1);
    if (affineTokens && stack.size() <= affineDepth) {
      affineTokens = 0;
      affineDepth = ~size_t(0);
    }
  }

  void reach(size_t depth, TextToken token) {
    if (depth > maxNesting)
      fail(Code::I004, token.text, "brackets are nested more than " + std::to_string(maxNesting) + " deep");
    current.depth = std::max(current.depth, depth);
  }

  void useAlias(TextToken token) {
    auto known = aliases.find(token.text);
    if (known == aliases.end())
      return;
    // Inside a definition the brackets around the use add up with those of what is used.
    if (stack.size() + known->second.depth > maxNesting)
      return fail(Code::I004, token.text,
                  "'" + shortened(token.text) + "' stands for something nested more than " +
                      std::to_string(maxNesting) + " deep");
    current.depth = std::max(current.depth, stack.size() + known->second.depth + 1);
    current.size += known->second.size;
    if (current.size > maxExpandedSize || (definition.empty() && (total += known->second.size) > maxExpandedSize))
      fail(Code::I003, token.text,
           "the input has more than " + std::to_string(maxExpandedSize >> 20) +
               " MiB once its aliases are written out");
  }

  /// `#name = value` and `!name = type`, outside of all brackets, up to a token that no value goes on with.
  void beginOrEndDefinition(TextToken token) {
    if (!stack.empty())
      return;
    if (token.is('=') && previous.kind == TextToken::Alias) {
      endDefinition(previous.text);
      definition = previous.text;
      definitionBegin = token.text.begin();
      current = {};
      isLocation = false;
      hasValue = false;
      return;
    }
    if (definition.empty())
      return;
    bool starts = token.kind == TextToken::Word || token.kind == TextToken::Name || token.kind == TextToken::String;
    if (hasValue && afterNewline && starts && !previous.is(':') && previous.kind != TextToken::Arrow)
      return endDefinition(token.text);
    if (!hasValue)
      isLocation = token.text == "loc";
    hasValue = true;
  }

  void endDefinition(llvm::StringRef at) {
    if (definition.empty())
      return;
    current.size += static_cast<size_t>(at.begin() - definitionBegin);
    if (isLocation)
      current.size = 0;
    aliases[definition] = current;
    definition = {};
    current = {};
  }

  /// `"file.py":12:0`
  void noteLocation(TextToken token) {
    switch (locationState) {
    case 0:
      locationState = token.kind == TextToken::String ? 1 : 0;
      return;
    case 1:
    case 3:
      locationState = token.is(':') ? locationState + 1 : token.kind == TextToken::String ? 1 : 0;
      return;
    case 2:
      locationState = token.kind == TextToken::Number ? 3 : token.kind == TextToken::String ? 1 : 0;
      return;
    default:
      facts.hasColumnZero |= token.text == "0";
      locationState = 0;
    }
  }

  llvm::StringRef text;
  TextScanner scanner;
  TextFacts &facts;
  std::optional<TextProblem> problem;

  llvm::SmallVector<char, 64> stack;
  TextToken previous;
  bool afterNewline = false;
  int locationState = 0;

  llvm::StringMap<Expansion> aliases;
  size_t total = 0;
  // The definition that is being read, if any.
  llvm::StringRef definition;
  const char *definitionBegin = nullptr;
  Expansion current;
  bool isLocation = false;
  bool hasValue = false;

  /// What was read of `array<element`.
  enum class ArrayState : uint8_t { None, Word, Element };
  ArrayState arrayState = ArrayState::None;

  size_t results = 0;
  size_t affineTokens = 0;
  size_t affineDepth = ~size_t(0);
};

} // namespace

std::optional<TextProblem> scanText(llvm::StringRef text, TextFacts &facts) { return PreScan(text, facts).run(); }

} // namespace rblnc::frontend
