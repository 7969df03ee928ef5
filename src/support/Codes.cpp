// The table of codes, made from the rows of include/rblnc/support/codes/*.def.
#include "rblnc/support/Codes.h"

#include <algorithm>
#include <array>

namespace rblnc {
namespace {

constexpr auto inNameOrder = [] {
  auto rows = std::to_array<CodeInfo>({
#define RBLNC_CODE(id, title, rule, reason, source, wrong, right)                                                      \
  CodeInfo{Code::id, "RBLN-" #id, title, rule, reason, source, wrong, right},
#include "rblnc/support/codes/All.def"
#undef RBLNC_CODE
  });
  std::sort(rows.begin(), rows.end(), [](const CodeInfo &a, const CodeInfo &b) { return a.name < b.name; });
  return rows;
}();

constexpr bool isBefore(const CodeInfo &row, Code code) { return row.code < code; }

static_assert(std::adjacent_find(inNameOrder.begin(), inNameOrder.end(),
                                 [](const CodeInfo &a, const CodeInfo &b) { return a.name == b.name; }) ==
                  inNameOrder.end(),
              "a code has two rows");
static_assert(std::all_of(inNameOrder.begin(), inNameOrder.end(),
                          [](const CodeInfo &row) { return row.name.size() == std::string_view("RBLN-C001").size(); }),
              "a code is a letter and three digits");

} // namespace

const CodeInfo &infoOf(Code code) {
  auto row = std::lower_bound(inNameOrder.begin(), inNameOrder.end(), code, isBefore);
  if (row != inNameOrder.end() && row->code == code)
    return *row;
  return *std::lower_bound(inNameOrder.begin(), inNameOrder.end(), Code::X001, isBefore);
}

std::span<const CodeInfo> allCodes() { return inNameOrder; }

const CodeInfo *findCode(std::string_view name) {
  std::string upper(name);
  for (char &c : upper)
    if (c >= 'a' && c <= 'z')
      c = static_cast<char>(c - 'a' + 'A');
  if (!upper.starts_with("RBLN-"))
    upper.insert(0, "RBLN-");
  auto row = std::lower_bound(inNameOrder.begin(), inNameOrder.end(), upper,
                              [](const CodeInfo &a, const std::string &b) { return a.name < b; });
  return row != inNameOrder.end() && row->name == upper ? &*row : nullptr;
}

} // namespace rblnc
