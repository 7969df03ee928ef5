// The kernels that inputs on the command line stand for.
#pragma once

#include "rblnc/support/Diagnostic.h"

#include <string>
#include <vector>

namespace rblnc::cli {

struct KernelFile {
  std::string path;
  /// The path below the folder that was named, or the file's own name, without the extension.
  std::string name;
};

/// Files as they are named, and of a folder every .ttir, .mlir and .mlirbc file in it and below, in the order of their
/// paths; hidden files and folders and links to folders are passed by. Each file once. Reports I001 for a folder
/// without such a file and for one that cannot be read.
std::vector<KernelFile> kernelFiles(const std::vector<std::string> &inputs, Diagnostics &diagnostics);

} // namespace rblnc::cli
