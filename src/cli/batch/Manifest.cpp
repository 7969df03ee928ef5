// The keys of a manifest: one row of a table each.
#include "Manifest.h"

#include "Keys.h"

#include "rblnc/support/Error.h"
#include "rblnc/support/Spelling.h"
#include "rblnc/support/Tensor.h"
#include "rblnc/target/Target.h"

#include <filesystem>
#include <fmt/format.h>

namespace rblnc::cli::batch {
namespace {

/// What the values of one kernel are read with.
struct Reader {
  const std::string &path; ///< of the manifest
  const KeyValues &values;
  Job &job;

  llvm::Error wrong(const ConfigNode &node, std::string_view key, std::string_view wanted) const {
    return configError(path, node, fmt::format("'{}' is {}, and must be {}", key, node.kindName(), wanted));
  }
  /// A path of the manifest as the process sees it.
  std::string relativeToManifest(const std::string &text) const {
    return (std::filesystem::path(path).parent_path() / text).string();
  }
  llvm::Error readString(const ConfigNode &node, std::string_view key, std::string &into) const {
    if (node.kind != ConfigNode::String)
      return wrong(node, key, "a string");
    return substitute(node, values, path).moveInto(into);
  }
  /// A string with its keys replaced, or another scalar as text.
  llvm::Error readScalar(const ConfigNode &node, std::string_view key, std::string &into) const {
    if (node.kind == ConfigNode::String)
      return readString(node, key, into);
    into = node.scalarText();
    return into.empty() ? wrong(node, key, "a string or a number") : llvm::Error::success();
  }
  llvm::Error readStrings(const ConfigNode &node, std::string_view key, std::vector<std::string> &into) const {
    into.clear();
    if (node.kind != ConfigNode::List)
      return readString(node, key, into.emplace_back());
    for (const ConfigNode &item : node.items)
      if (auto error = readString(item, key, into.emplace_back()))
        return error;
    return llvm::Error::success();
  }
  llvm::Error readTable(const ConfigNode &node, std::string_view key, std::map<std::string, std::string> &into) const {
    if (node.kind != ConfigNode::Table)
      return wrong(node, key, "a table");
    for (const auto &[name, value] : node.entries)
      if (auto error = readScalar(value, std::string(key) + "." + name, into[name]))
        return error;
    return llvm::Error::success();
  }
  llvm::Error readFlag(const ConfigNode &node, std::string_view key, bool &into) const {
    if (node.kind != ConfigNode::Boolean)
      return wrong(node, key, "true or false");
    into = node.flag;
    return llvm::Error::success();
  }
  template <typename T> llvm::Error readInteger(const ConfigNode &node, std::string_view key, T &into) const {
    if (node.kind != ConfigNode::Integer || node.integer < 0)
      return wrong(node, key, "an integer from 0");
    into = static_cast<T>(node.integer);
    return llvm::Error::success();
  }
  llvm::Error readNumber(const ConfigNode &node, std::string_view key, std::optional<double> &into) const {
    if ((node.kind != ConfigNode::Integer && node.kind != ConfigNode::Float) || !(node.number >= 0))
      return wrong(node, key, "a number from 0");
    into = node.number;
    return llvm::Error::success();
  }
};

llvm::Error readTargets(const Reader &reader, const ConfigNode &node) {
  std::vector<std::string> names;
  if (auto error = reader.readStrings(node, "target", names))
    return error;
  reader.job.options.targets.clear();
  for (const std::string &name : names) {
    auto target = findTarget(name);
    if (!target)
      return configError(reader.path, node, toDiagnostic(target.takeError()).message);
    reader.job.options.targets.push_back(**target);
  }
  return llvm::Error::success();
}

llvm::Error readTargetFiles(const Reader &reader, const ConfigNode &node) {
  std::vector<std::string> names;
  if (auto error = reader.readStrings(node, "target_file", names))
    return error;
  reader.job.options.targets.clear();
  for (const std::string &name : names) {
    auto target = readTargetFile(reader.relativeToManifest(name));
    if (!target)
      return target.takeError();
    reader.job.options.targets.push_back(std::move(*target));
  }
  return llvm::Error::success();
}

llvm::Error readShapes(const Reader &reader, const ConfigNode &node) {
  if (node.kind != ConfigNode::Table)
    return reader.wrong(node, "shape", "a table");
  for (const auto &[name, value] : node.entries) {
    std::string key = "shape." + name, text;
    if (value.kind == ConfigNode::List) {
      for (const ConfigNode &extent : value.items) {
        std::string part;
        if (auto error = reader.readScalar(extent, key, part))
          return error;
        text += (text.empty() ? "" : "x") + part;
      }
    } else if (auto error = reader.readString(value, key, text)) {
      return error;
    }
    auto shape = parseShape(text);
    if (!shape || std::find(shape->begin(), shape->end(), 0) != shape->end())
      return configError(reader.path, value, fmt::format("'{}' is no shape for '{}'", text, name), "write [2, 16, 8]");
    reader.job.options.shapes[name] = std::move(*shape);
  }
  return llvm::Error::success();
}

llvm::Error readSplit(const Reader &reader, const ConfigNode &node) {
  std::string how;
  if (auto error = reader.readString(node, "split", how))
    return error;
  static const std::map<std::string, Split> splits = {
      {"auto", Split::automatic}, {"none", Split::none}, {"most", Split::most}};
  auto split = splits.find(how);
  if (split == splits.end())
    return configError(reader.path, node, fmt::format("'split' is '{}', and must be auto, none or most", how));
  reader.job.options.plan.split = split->second;
  return llvm::Error::success();
}

llvm::Error readBudget(const Reader &reader, const ConfigNode &node) {
  if (node.kind != ConfigNode::Table)
    return reader.wrong(node, "budget", "a table");
  Budget &budget = reader.job.budget;
  for (const auto &[name, value] : node.entries) {
    llvm::Error error = name == "time_us" ? reader.readNumber(value, "budget.time_us", budget.microseconds)
                        : name == "dram_bytes"
                            ? reader.readInteger(value, "budget.dram_bytes", budget.dramBytes.emplace())
                        : name == "scratchpad_bytes"
                            ? reader.readInteger(value, "budget.scratchpad_bytes", budget.scratchpadBytes.emplace())
                            : configError(reader.path, value, fmt::format("'budget.{}' is no key", name),
                                          "a budget has time_us, dram_bytes and scratchpad_bytes");
    if (error)
      return error;
  }
  return llvm::Error::success();
}

struct Row {
  std::string_view key;
  llvm::Error (*read)(const Reader &, const ConfigNode &);
  bool isForDefaults = true;
};

/// In the order in which they are read: what a run needs comes before.
constexpr Row rows[] = {
    {"name", [](const Reader &r, const ConfigNode &n) { return r.readString(n, "name", r.job.name); }, false},
    {"input",
     [](const Reader &r, const ConfigNode &n) -> llvm::Error {
       if (auto error = r.readString(n, "input", r.job.input))
         return error;
       r.job.input = r.relativeToManifest(r.job.input);
       return llvm::Error::success();
     },
     false},
    {"target", readTargets},
    {"target_file", readTargetFiles},
    {"bind", [](const Reader &r, const ConfigNode &n) { return r.readTable(n, "bind", r.job.options.binds); }},
    {"shape", readShapes},
    {"host_layout",
     [](const Reader &r, const ConfigNode &n) {
       return r.readString(n, "host_layout", r.job.options.hostLayout.emplace());
     }},
    {"strict", [](const Reader &r, const ConfigNode &n) { return r.readFlag(n, "strict", r.job.options.strict); }},
    {"naive_partition_skip",
     [](const Reader &r, const ConfigNode &n) {
       return r.readFlag(n, "naive_partition_skip", r.job.options.naivePartitionSkip);
     }},
    {"split", readSplit},
    {"engines",
     [](const Reader &r, const ConfigNode &n) { return r.readInteger(n, "engines", r.job.options.plan.engines); }},
    {"rounds",
     [](const Reader &r, const ConfigNode &n) { return r.readInteger(n, "rounds", r.job.options.plan.rounds); }},
    {"run", [](const Reader &r, const ConfigNode &n) { return r.readFlag(n, "run", r.job.isRun); }},
    {"args", [](const Reader &r, const ConfigNode &n) { return r.readTable(n, "args", r.job.arguments); }},
    {"expect",
     [](const Reader &r, const ConfigNode &n) -> llvm::Error {
       if (auto error = r.readTable(n, "expect", r.job.expectations))
         return error;
       for (auto &[name, file] : r.job.expectations)
         file = r.relativeToManifest(file);
       return llvm::Error::success();
     }},
    {"seed", [](const Reader &r, const ConfigNode &n) { return r.readInteger(n, "seed", r.job.seed); }},
    {"rtol", [](const Reader &r, const ConfigNode &n) { return r.readNumber(n, "rtol", r.job.relative); }},
    {"atol", [](const Reader &r, const ConfigNode &n) { return r.readNumber(n, "atol", r.job.absolute); }},
    {"budget", readBudget},
};

/// Keys that are read elsewhere.
constexpr std::string_view others[] = {"keys", "exclude"};

llvm::Error unknownKey(const std::string &path, const ConfigNode &node, const std::string &key, bool isDefaults) {
  std::vector<std::string_view> known;
  for (const Row &row : rows)
    if (row.isForDefaults || !isDefaults)
      known.push_back(row.key);
  if (!isDefaults)
    known.insert(known.end(), std::begin(others), std::end(others));
  return configError(
      path, node,
      fmt::format("'{}' is no key of {}{}", key, isDefaults ? "defaults" : "a kernel", didYouMean(key, known)));
}

llvm::Error checkKeys(const std::string &path, const ConfigNode &table, bool isDefaults) {
  for (const auto &[key, node] : table.entries) {
    bool isKnown = !isDefaults && std::find(std::begin(others), std::end(others), key) != std::end(others);
    for (const Row &row : rows)
      isKnown |= row.key == key && (row.isForDefaults || !isDefaults);
    if (!isKnown)
      return unknownKey(path, node, key, isDefaults);
  }
  return llvm::Error::success();
}

llvm::Error apply(const Reader &reader, const ConfigNode &table) {
  for (const Row &row : rows)
    if (const ConfigNode *node = table.find(row.key))
      if (auto error = row.read(reader, *node))
        return error;
  return llvm::Error::success();
}

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
    Reader reader{path, values, job};
    if (defaults)
      if (auto error = apply(reader, *defaults))
        return error;
    if (auto error = apply(reader, kernel))
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
