#include "Measure.h"

#include "emulation/Emulation.h"
#include "pool/Pool.h"

#include "rblnc/bundle/Describe.h"
#include "rblnc/bundle/Reader.h"
#include "rblnc/support/Config.h"
#include "rblnc/support/Error.h"

#include "llvm/Support/FormatVariadic.h"

#include <filesystem>
#include <fmt/format.h>

namespace rblnc::cli::diff {
namespace fs = std::filesystem;
namespace {

/// One program of a bundle.
struct Item {
  std::string name, path;
  uint32_t program = 0;
};

std::string lineOf(const bundle::Bundle &bundle, uint32_t line) {
  std::vector<SourceFrame> frames = bundle::framesOf(bundle, line);
  if (frames.empty() || frames.front().file.empty())
    return "(no line)";
  // The two sides may have been compiled in different folders.
  return fmt::format("{}:{}", fs::path(frames.front().file).filename().string(), frames.front().line);
}

Measure measureProgram(const bundle::OpenBundle &file, uint32_t program) {
  Measure measure;
  DataOptions options;
  Emulation emulation(options, file, program);
  emulation.prepare(/*isSaid=*/false);
  if (emulation.isFine())
    emulation.run(/*profiles=*/true);
  if (!emulation.isFine()) {
    measure.fault = emulation.diagnostics.all().front().message;
    return measure;
  }
  const emulator::RunStats &stats = emulation.stats();
  measure.values = {stats.modelledSeconds * 1e6, static_cast<double>(stats.dramBytes),
                    static_cast<double>(stats.peakScratchpadBytes)};
  for (const emulator::LineProfile &line : emulation.profiled().profile.lines) {
    Values &values = measure.lines[lineOf(*file, line.line)];
    values[time] += line.seconds * 1e6;
    values[dram] += static_cast<double>(line.dramBytes);
  }
  return measure;
}

std::string measureItem(const Item &item) {
  auto file = bundle::openBundle(item.path);
  Measure measure;
  if (file)
    measure = measureProgram(*file, item.program);
  else
    measure.fault = toDiagnostic(file.takeError()).message;
  return llvm::formatv("{0}", measure.toJson()).str();
}

/// The programs of a bundle.
llvm::Error addItems(const std::string &name, const std::string &path, std::vector<Item> &items) {
  auto file = bundle::openBundle(path);
  if (!file)
    return file.takeError();
  uint32_t count = (*file)->programs() ? (*file)->programs()->size() : 0;
  for (uint32_t i = 0; i < count; ++i) {
    std::string chip = (*file)->targets()->Get((*file)->programs()->Get(i)->target())->name()->str();
    items.push_back({count == 1 ? name : fmt::format("{} [{}]", name, chip), path, i});
  }
  return llvm::Error::success();
}

llvm::Expected<Side> measureItems(const std::vector<Item> &items, unsigned workers) {
  Side side;
  PoolLimits limits{.workers = workers};
  runPool(
      static_cast<uint32_t>(items.size()), limits, [&](uint32_t number) { return measureItem(items[number]); },
      [&](uint32_t number, Answer answer) {
        Measure &measure = side[items[number].name];
        auto value = llvm::json::parse(answer.text);
        std::optional<Measure> parsed;
        if (value)
          parsed = Measure::fromJson(*value);
        else
          llvm::consumeError(value.takeError());
        if (parsed)
          measure = std::move(*parsed);
        else
          measure.fault = "the process that ran it ended: " + answer.text;
      },
      [] { return false; });
  return side;
}

llvm::Expected<Side> measureFolder(const std::string &path, unsigned workers) {
  std::vector<Item> items;
  Side broken;
  std::error_code error;
  for (fs::recursive_directory_iterator at(path, error), end; !error && at != end; at.increment(error)) {
    if (at->path().extension() != ".rbln")
      continue;
    std::string name = at->path().lexically_relative(path).replace_extension().generic_string();
    if (auto failure = addItems(name, at->path().string(), items))
      broken[name].fault = toDiagnostic(std::move(failure)).message;
  }
  if (error)
    return makeError(Code::R004, "'" + path + "' cannot be read: " + error.message());
  if (items.empty() && broken.empty())
    return makeError(Code::R004, "'" + path + "' holds no bundle", "name a folder with .rbln files");
  auto side = measureItems(items, workers);
  if (side)
    side->merge(broken);
  return side;
}

llvm::Expected<Side> readReport(const std::string &path) {
  auto root = readConfig(path);
  if (!root)
    return root.takeError();
  const ConfigNode *kernels = root->find("kernels");
  if (!kernels || kernels->kind != ConfigNode::List)
    return configError(path, *root, "this is no report of a batch: there are no 'kernels'",
                       "write one with rblnc batch --run --json=FILE");
  Side side;
  for (const ConfigNode &kernel : kernels->items) {
    const ConfigNode *name = kernel.find("name"), *figures = kernel.find("figures");
    if (!name)
      return configError(path, kernel, "a kernel of the report has no name");
    Measure &measure = side[name->text];
    auto figure = [&](std::string_view key) {
      const ConfigNode *node = figures ? figures->find(key) : nullptr;
      return node ? node->number : 0;
    };
    if (figures)
      measure.values = {figure("modelled_us"), figure("dram_bytes"), figure("scratchpad_bytes")};
    else
      measure.fault = "the report has no figures of it";
  }
  return side;
}

} // namespace

llvm::json::Value Measure::toJson() const {
  if (!fault.empty())
    return llvm::json::Object{{"fault", llvm::json::fixUTF8(fault)}};
  llvm::json::Object ofLines;
  for (const auto &[line, lineValues] : lines)
    ofLines[llvm::json::fixUTF8(line)] = llvm::json::Array(lineValues);
  return llvm::json::Object{{"values", llvm::json::Array(values)}, {"lines", std::move(ofLines)}};
}

std::optional<Measure> Measure::fromJson(const llvm::json::Value &value) {
  auto read = [](const llvm::json::Value *from, Values &into) {
    const llvm::json::Array *array = from ? from->getAsArray() : nullptr;
    if (!array || array->size() != into.size())
      return false;
    for (size_t i = 0; i < into.size(); ++i)
      into[i] = (*array)[i].getAsNumber().value_or(0);
    return true;
  };
  const llvm::json::Object *object = value.getAsObject();
  if (!object)
    return std::nullopt;
  Measure measure;
  if (auto fault = object->getString("fault")) {
    measure.fault = fault->str();
    return measure;
  }
  const llvm::json::Object *ofLines = object->getObject("lines");
  if (!read(object->get("values"), measure.values) || !ofLines)
    return std::nullopt;
  for (const auto &[line, lineValues] : *ofLines)
    if (!read(&lineValues, measure.lines[line.str()]))
      return std::nullopt;
  return measure;
}

bool isBundle(const std::string &path) {
  std::error_code error;
  return !fs::is_directory(path, error) && !llvm::StringRef(path).ends_with(".json");
}

llvm::Expected<Side> measure(const std::string &path, const std::string &name, unsigned workers) {
  std::error_code error;
  if (fs::is_directory(path, error))
    return measureFolder(path, workers);
  if (!isBundle(path))
    return readReport(path);
  std::vector<Item> items;
  if (auto failure = addItems(name.empty() ? fs::path(path).stem().string() : name, path, items))
    return failure;
  return measureItems(items, workers);
}

} // namespace rblnc::cli::diff
