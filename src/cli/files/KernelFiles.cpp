#include "KernelFiles.h"

#include <algorithm>
#include <filesystem>
#include <set>

namespace rblnc::cli {
namespace {

namespace fs = std::filesystem;

bool isKernel(const fs::path &path) {
  fs::path extension = path.extension();
  return extension == ".ttir" || extension == ".mlir" || extension == ".mlirbc";
}

bool isHidden(const fs::path &path) { return path.filename().string().starts_with('.'); }

/// The kernels below a folder, unsorted.
std::vector<std::string> walk(const std::string &folder, std::error_code &error) {
  std::vector<std::string> found;
  fs::recursive_directory_iterator entry(folder, error), end;
  while (!error && entry != end) {
    std::error_code none;
    if (isHidden(entry->path()) && entry->is_directory(none))
      entry.disable_recursion_pending();
    else if (!isHidden(entry->path()) && isKernel(entry->path()) && !entry->is_directory(none))
      found.push_back(entry->path().string());
    entry.increment(error);
  }
  return found;
}

} // namespace

std::vector<KernelFile> kernelFiles(const std::vector<std::string> &inputs, Diagnostics &diagnostics) {
  std::vector<KernelFile> files;
  std::set<std::string> known;
  auto add = [&](const std::string &path, fs::path name) {
    std::error_code error;
    // Standard input is read once, too.
    if (known.insert(path == "-" ? path : fs::weakly_canonical(fs::absolute(path, error), error).string()).second)
      files.push_back({path, (isKernel(name) ? name.replace_extension() : name).generic_string()});
  };
  for (const std::string &input : inputs) {
    std::error_code error;
    if (input == "-" || !fs::is_directory(input, error)) {
      add(input, fs::path(input).filename());
      continue;
    }
    std::vector<std::string> found = walk(input, error);
    if (error)
      diagnostics.report(Code::I001, "'" + input + "' cannot be read: " + error.message());
    else if (found.empty())
      diagnostics.report(Code::I001, "there is no kernel (.ttir, .mlir, .mlirbc) in '" + input + "'", {},
                         "rblnc.ttir(kernel, …) of the Python package gives a kernel's text");
    std::sort(found.begin(), found.end());
    for (const std::string &path : found)
      add(path, fs::path(path).lexically_relative(input));
  }
  return files;
}

} // namespace rblnc::cli
