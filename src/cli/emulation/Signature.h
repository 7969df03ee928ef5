// The arguments of a bundle's kernel, as `rblnc run` sees them.
#pragma once

#include "rblnc/bundle/Reader.h"
#include "rblnc/cli/Argument.h"
#include "rblnc/support/Diagnostic.h"

#include <map>

namespace rblnc::cli {

/// One parameter for each argument of the signature, in its order.
std::vector<Parameter> parametersOf(const bundle::Bundle &bundle);

/// Reads NAME=… options into a map from the parameter's place to the text after the name. Reports R001 (with the
/// nearest name) for a name that is no parameter, R002 for one that is given twice, R003 for an option without a name.
std::map<size_t, std::string> assign(const std::string &option, const std::vector<std::string> &texts,
                                     const std::vector<Parameter> &parameters, Diagnostics &diagnostics);

} // namespace rblnc::cli
