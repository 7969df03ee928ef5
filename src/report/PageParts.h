// The files of src/report/page.
#pragma once

#include <span>
#include <string_view>

namespace rblnc::report {

struct PagePart {
  std::string_view name, text;
};

std::span<const PagePart> pageParts();

} // namespace rblnc::report
