#include "Manifest.h"

#include "ManifestKeys.h"

#include <filesystem>
#include <fmt/format.h>

namespace rblnc::cli::batch {
namespace {

llvm::Error addKernel(const std::string &path, const ConfigNode *defaults, const ConfigNode &kernel,
                      const CompileOptions &options, std::vector<Job> &jobs) {
  if (kernel.kind != ConfigNode::Table)
    return configError(path, kernel, fmt::format("a kernel is {}, not a table", kernel.kindName()));
  if (auto error = checkKeys(path, kernel, false))
    return error;
  if (!kernel.find("input"))
    return configError(path, kernel, "a kernel has no 'input'", "write input = \"kernel.ttir\"");
  auto combinations = combinationsOf(kernel, path);
  if (!combinations)
    return combinations.takeError();
  for (const KeyValues &values : *combinations) {
    Job &job = jobs.emplace_back();
    job.options = options;
    for (const ConfigNode *table : {defaults, &kernel})
      if (table)
        if (auto error = applyKeys(path, *table, values, job))
          return error;
    if (job.name.empty()) {
      job.name = std::filesystem::path(job.input).stem().string();
      for (const auto &[key, value] : values)
        job.name += "-" + value;
    }
    // What is expected of a run is expected of one that happens.
    job.isRun |= !job.expectations.empty() || job.budget.isGiven();
  }
  return llvm::Error::success();
}

} // namespace

llvm::Expected<std::vector<Job>> readManifest(const std::string &path, const CompileOptions &options) {
  auto root = readConfig(path);
  if (!root)
    return root.takeError();
  const ConfigNode *defaults = nullptr, *kernels = nullptr;
  if (root->kind != ConfigNode::Table)
    return configError(path, *root, fmt::format("a manifest is {}, not a table", root->kindName()));
  for (const auto &[key, node] : root->entries) {
    if (key == "defaults" && node.kind == ConfigNode::Table)
      defaults = &node;
    else if (key == "kernel" && node.kind == ConfigNode::List)
      kernels = &node;
    else
      return configError(path, node, fmt::format("'{}' is no key of a manifest, or {}", key, node.kindName()),
                         "a manifest has a table [defaults] and kernels, each with [[kernel]] in front");
  }
  if (!kernels || kernels->items.empty())
    return configError(path, *root, "there is no kernel", "write [[kernel]] and input = \"kernel.ttir\"");
  if (defaults)
    if (auto error = checkKeys(path, *defaults, true))
      return error;
  std::vector<Job> jobs;
  for (const ConfigNode &kernel : kernels->items)
    if (auto error = addKernel(path, defaults, kernel, options, jobs))
      return error;
  return jobs;
}

} // namespace rblnc::cli::batch
