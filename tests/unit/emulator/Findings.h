// What the checks of a run found.
#pragma once

#include "emulator/Elements.h"

namespace rblnc::test {

using Codes = std::vector<std::string>;

/// "R040", in the order in which they were found.
inline Codes codes(const RunResult &result) {
  Codes list;
  for (const Diagnostic &finding : result.findings)
    list.push_back(std::string(infoOf(finding.code).name.substr(5)));
  return list;
}

} // namespace rblnc::test
