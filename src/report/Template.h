// HTML pages: a template of src/report/page with data in it.
#pragma once

#include "llvm/Support/JSON.h"

#include <string>
#include <string_view>

namespace rblnc::report {

/// The part of this name with the parts that it names in the place of their names, {{page.css}} for one, and the data
/// in the place of {{data}}. The data is JSON in a script element that no browser runs; what could end that element
/// early is written as an escape. A page's own script treats every text of it as text.
std::string fillTemplate(std::string_view part, llvm::json::Value data);

} // namespace rblnc::report
