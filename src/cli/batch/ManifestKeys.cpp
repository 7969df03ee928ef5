// The keys of a manifest: one row of a table each.
#include "ManifestKeys.h"

#include "options/KernelOptions.h"
#include "options/TargetOptions.h"

#include "rblnc/support/Error.h"
#include "rblnc/support/Spelling.h"
#include "rblnc/support/Tensor.h"
#include "rblnc/support/TensorFile.h"

#include <algorithm>
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
  /// The same of a number.
  llvm::Error outOfRange(const ConfigNode &node, std::string_view key, std::string_view wanted) const {
    return configError(path, node, fmt::format("'{}' is {}, and must be {}", key, node.scalarText(), wanted));
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
    return readTable(node, key, into, [](std::string text) { return text; });
  }
  template <typename Change>
  llvm::Error readTable(const ConfigNode &node, std::string_view key, std::map<std::string, std::string> &into,
                        Change change) const {
    if (node.kind != ConfigNode::Table)
      return wrong(node, key, "a table");
    for (const auto &[name, value] : node.entries) {
      std::string text;
      if (auto error = readScalar(value, std::string(key) + "." + name, text))
        return error;
      into[name] = change(std::move(text));
    }
    return llvm::Error::success();
  }
  llvm::Error readFlag(const ConfigNode &node, std::string_view key, bool &into) const {
    if (node.kind != ConfigNode::Boolean)
      return wrong(node, key, "true or false");
    into = node.flag;
    return llvm::Error::success();
  }
  template <typename T> llvm::Error readInteger(const ConfigNode &node, std::string_view key, T &into) const {
    if (node.kind != ConfigNode::Integer)
      return wrong(node, key, "an integer from 0");
    if (node.integer < 0)
      return outOfRange(node, key, "an integer from 0");
    into = static_cast<T>(node.integer);
    return llvm::Error::success();
  }
  /// What --engines and --rounds take.
  llvm::Error readParts(const ConfigNode &node, std::string_view key, int64_t &into) const {
    if (node.kind != ConfigNode::Integer)
      return wrong(node, key, "an integer");
    if (node.integer < 1 || node.integer > maxParts)
      return outOfRange(node, key, fmt::format("from 1 to {}", maxParts));
    into = node.integer;
    return llvm::Error::success();
  }
  llvm::Error readNumber(const ConfigNode &node, std::string_view key, std::optional<double> &into) const {
    if (node.kind != ConfigNode::Integer && node.kind != ConfigNode::Float)
      return wrong(node, key, "a number from 0");
    if (!(node.number >= 0))
      return outOfRange(node, key, "a number from 0");
    into = node.number;
    return llvm::Error::success();
  }
};

/// The chips of `target` or `target_file`, in place of those before.
template <typename Find>
llvm::Error readTargets(const Reader &reader, const ConfigNode &node, std::string_view key, Find find) {
  std::vector<std::string> names;
  if (auto error = reader.readStrings(node, key, names))
    return error;
  if (names.empty())
    return configError(reader.path, node, fmt::format("'{}' is an empty list", key), "name a chip, or leave it out");
  reader.job.options.targets.clear();
  reader.job.targetFiles.clear();
  for (const std::string &name : names)
    if (auto error = find(name))
      return error;
  if (auto name = repeatedTarget(reader.job.options.targets))
    return configError(reader.path, node, fmt::format("the target '{}' is given twice", *name));
  return llvm::Error::success();
}

llvm::Error readTarget(const Reader &reader, const ConfigNode &node) {
  return readTargets(reader, node, "target", [&](const std::string &name) -> llvm::Error {
    auto target = findTarget(name);
    if (!target)
      return configError(reader.path, node, toDiagnostic(target.takeError()).message);
    reader.job.options.targets.push_back(**target);
    return llvm::Error::success();
  });
}

llvm::Error readTargetFiles(const Reader &reader, const ConfigNode &node) {
  return readTargets(reader, node, "target_file", [&](const std::string &name) -> llvm::Error {
    std::string file = reader.relativeToManifest(name);
    auto target = readTargetFile(file);
    if (!target)
      return target.takeError();
    reader.job.options.targets.push_back(std::move(*target));
    reader.job.targetFiles.push_back(std::move(file));
    return llvm::Error::success();
  });
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

/// The meaning of one of some words.
template <typename T>
llvm::Error readChoice(const Reader &reader, const ConfigNode &node, std::string_view key,
                       const std::vector<std::pair<std::string_view, T>> &choices, T &into) {
  std::string given;
  if (auto error = reader.readString(node, key, given))
    return error;
  std::vector<std::string_view> words;
  for (const auto &[word, meaning] : choices) {
    words.push_back(word);
    if (given == word) {
      into = meaning;
      return llvm::Error::success();
    }
  }
  return configError(reader.path, node, fmt::format("'{}': {}", key, notOneOf(given, words)));
}

/// Files are relative to the manifest.
llvm::Error readArguments(const Reader &reader, const ConfigNode &node) {
  return reader.readTable(node, "args", reader.job.arguments, [&](const std::string &spec) {
    return TensorFile::isTensorFile(spec) ? reader.relativeToManifest(spec) : spec;
  });
}

llvm::Error readExpectations(const Reader &reader, const ConfigNode &node) {
  return reader.readTable(node, "expect", reader.job.expectations,
                          [&](const std::string &file) { return reader.relativeToManifest(file); });
}

llvm::Error readName(const Reader &reader, const ConfigNode &node) {
  if (auto error = reader.readString(node, "name", reader.job.name))
    return error;
  for (const std::filesystem::path &part : std::filesystem::path(reader.job.name))
    if (part == "..")
      return configError(reader.path, node, fmt::format("'{}' leaves the folder of the bundles", reader.job.name),
                         "write a name without '..'");
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
    {"name", readName, false},
    {"input",
     [](const Reader &r, const ConfigNode &n) -> llvm::Error {
       if (auto error = r.readString(n, "input", r.job.input))
         return error;
       r.job.input = r.relativeToManifest(r.job.input);
       return llvm::Error::success();
     },
     false},
    {"target", readTarget},
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
    {"compute_dtype",
     [](const Reader &r, const ConfigNode &n) {
       return readChoice(r, n, "compute_dtype", computeDTypeChoices(), r.job.options.computeDType);
     }},
    {"split", [](const Reader &r,
                 const ConfigNode &n) { return readChoice(r, n, "split", splitChoices(), r.job.options.plan.split); }},
    {"engines",
     [](const Reader &r, const ConfigNode &n) { return r.readParts(n, "engines", r.job.options.plan.engines); }},
    {"rounds",
     [](const Reader &r, const ConfigNode &n) { return r.readParts(n, "rounds", r.job.options.plan.rounds); }},
    {"run", [](const Reader &r, const ConfigNode &n) { return r.readFlag(n, "run", r.job.isRun); }},
    {"args", readArguments},
    {"expect", readExpectations},
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

} // namespace

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

llvm::Error applyKeys(const std::string &path, const ConfigNode &table, const KeyValues &values, Job &job) {
  if (const ConfigNode *file = table.find("target_file"); file && table.find("target"))
    return configError(path, *file, "'target' and 'target_file' exclude each other", "name chips with one of them");
  Reader reader{path, values, job};
  for (const Row &row : rows)
    if (const ConfigNode *node = table.find(row.key))
      if (auto error = row.read(reader, *node))
        return error;
  return llvm::Error::success();
}

} // namespace rblnc::cli::batch
