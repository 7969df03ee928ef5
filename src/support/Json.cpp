#include "rblnc/support/Json.h"

namespace rblnc {
namespace {

bool isNestedDeeper(llvm::StringRef text, unsigned maxDepth) {
  unsigned depth = 0;
  bool inString = false;
  for (size_t i = 0; i < text.size(); ++i) {
    char c = text[i];
    if (inString) {
      if (c == '\\')
        ++i;
      else if (c == '"')
        inString = false;
    } else if (c == '"') {
      inString = true;
    } else if (c == '{' || c == '[') {
      if (++depth > maxDepth)
        return true;
    } else if ((c == '}' || c == ']') && depth > 0) {
      --depth;
    }
  }
  return false;
}

} // namespace

llvm::Expected<llvm::json::Value> parseJson(llvm::StringRef text, unsigned maxDepth) {
  if (isNestedDeeper(text, maxDepth))
    return llvm::createStringError("it is nested more than " + std::to_string(maxDepth) + " deep");
  return llvm::json::parse(text);
}

} // namespace rblnc
