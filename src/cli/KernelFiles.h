// The kernels that inputs on the command line stand for.
#pragma once

#include "rblnc/support/Diagnostic.h"

#include <string>
#include <vector>

namespace rblnc::cli {

/// Files as they are named, and of a folder every .ttir file in it and below, in the order of their paths; hidden files
/// and folders and links to folders are passed by. Each file once. Reports I001 for a folder without such a file and
/// for one that cannot be read.
std::vector<std::string> kernelFiles(const std::vector<std::string> &inputs, Diagnostics &diagnostics);

} // namespace rblnc::cli
