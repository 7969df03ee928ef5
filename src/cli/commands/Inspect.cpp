// rblnc inspect: what is in a bundle.
#include "Subcommands.h"
#include "emulation/ProgramChoice.h"
#include "options/Command.h"
#include "rblnc/bundle/Describe.h"
#include "rblnc/bundle/Disassemble.h"
#include "rblnc/bundle/Format.h"
#include "rblnc/bundle/Reader.h"
#include "rblnc/support/Spelling.h"
#include "rblnc/support/Tensor.h"
#include "terminal/Output.h"

#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/JSON.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <map>

namespace rblnc::cli {
namespace {

using bundle::OpenBundle;
using llvm::json::Array;
using llvm::json::Object;

struct Options {
  std::string path;
  std::string section;
  bool json = false;
};

/// Bundles are not trusted: their names may hold bytes that JSON or a terminal cannot take.
template <typename Text> std::string clean(Text text) { return bundle::cleanText(text); }

std::string_view textOf(const flatbuffers::String *text) {
  return text ? std::string_view(text->c_str(), text->size()) : std::string_view();
}

std::string place(const OpenBundle &file, uint32_t line) {
  std::vector<SourceFrame> frames = bundle::framesOf(*file, line);
  return frames.empty() || frames.front().file.empty() ? "" : clean(frames.front().str());
}

/// The text of IR: its line ends stay.
std::string wholeText(const flatbuffers::String *text) {
  std::string_view view = textOf(text);
  std::string out = llvm::json::fixUTF8(llvm::StringRef(view.data(), view.size()));
  for (char &c : out)
    if ((static_cast<unsigned char>(c) < 0x20 && c != '\n' && c != '\t') || c == 0x7f)
      c = '?';
  return out;
}

template <typename Table, typename Visit> void each(const Table *table, Visit visit) {
  if (table)
    for (flatbuffers::uoffset_t i = 0; i < table->size(); ++i)
      visit(i, *table->Get(i));
}

std::string_view targetName(const bundle::Bundle &bundle, const bundle::Program &program) {
  return textOf(bundle.targets()->Get(program.target())->name());
}

// ---- signature ---------------------------------------------------------------------------------------------------

std::string typeText(const bundle::Argument &argument) {
  std::string dtype = EnumNameDType(argument.dtype());
  if (argument.kind() == bundle::ArgumentKind::scalar)
    return dtype;
  if (!argument.has_shape())
    return fmt::format("{} elements of {}", argument.extent(), dtype);
  std::vector<int64_t> shape;
  if (argument.shape())
    shape.assign(argument.shape()->begin(), argument.shape()->end());
  return (shape.empty() ? "" : formatShape(shape) + "x") + dtype;
}

void printSignature(const OpenBundle &file) {
  print("signature\n");
  each(file->signature(), [&](auto, const bundle::Argument &argument) {
    print(fmt::format("  {:<16} {:<6} {:<5} {:<24} {:<6} layout  region {} {}\n", clean(textOf(argument.name())),
                      EnumNameArgumentKind(argument.kind()), EnumNameDirection(argument.direction()),
                      typeText(argument), EnumNameArgumentLayout(argument.layout()), argument.region(),
                      place(file, argument.line())));
  });
}

Array signatureJson(const OpenBundle &file) {
  Array rows;
  each(file->signature(), [&](auto, const bundle::Argument &argument) {
    Object row{{"name", clean(textOf(argument.name()))},
               {"kind", EnumNameArgumentKind(argument.kind())},
               {"dtype", EnumNameDType(argument.dtype())},
               {"direction", EnumNameDirection(argument.direction())},
               {"layout", EnumNameArgumentLayout(argument.layout())},
               {"extent", argument.extent()},
               {"alignment", argument.alignment()},
               {"region", argument.region()},
               {"line", place(file, argument.line())}};
    if (argument.has_shape()) {
      Array shape;
      if (argument.shape())
        for (int64_t extent : *argument.shape())
          shape.push_back(extent);
      row["shape"] = std::move(shape);
    } else {
      row["shape"] = nullptr;
    }
    rows.push_back(std::move(row));
  });
  return rows;
}

// ---- memory plan -------------------------------------------------------------------------------------------------

/// The bytes up to which each memory is used, by memory and unit.
std::map<std::pair<bundle::Memory, uint32_t>, int64_t> peaksOf(const bundle::Program &program) {
  std::map<std::pair<bundle::Memory, uint32_t>, int64_t> peaks;
  each(program.buffers(), [&](auto, const bundle::Buffer &buffer) {
    int64_t &peak = peaks[{buffer.memory(), buffer.unit()}];
    peak = std::max<int64_t>(peak, buffer.offset() + buffer.bytes());
  });
  return peaks;
}

void printMemory(const OpenBundle &file) {
  print("memory\n");
  each(file->regions(), [&](auto i, const bundle::Region &region) {
    print(fmt::format("  dram{:<4} {:<10} {:>12} bytes\n", i, EnumNameRegionKind(region.kind()), region.bytes()));
  });
  each(file->programs(), [&](auto, const bundle::Program &program) {
    int64_t scratchpad = 0, shared = 0;
    std::string title;
    if (file->programs()->size() > 1)
      title = clean(targetName(*file, program)) + ": ";
    if (file->targets() && program.target() < file->targets()->size()) {
      scratchpad = file->targets()->Get(program.target())->scratchpad_bytes();
      shared = file->targets()->Get(program.target())->shared_bytes();
    }
    print(fmt::format("  {}peak scratchpad {} of {} bytes, peak shared SRAM {} of {} bytes\n", title,
                      program.peak_scratchpad(), scratchpad, program.peak_shared(), shared));
    std::string peaks;
    for (auto [memory, bytes] : peaksOf(program))
      peaks += fmt::format("{}{}{} {}", peaks.empty() ? "" : ", ", EnumNameMemory(memory.first), memory.second, bytes);
    print(fmt::format("  {}peak of each: {}\n", title, peaks.empty() ? "none is used" : peaks));
    each(program.buffers(), [&](auto, const bundle::Buffer &buffer) {
      print(fmt::format("  {:<11} {:>10} {:>10} bytes  commands {}..{}  {} {}\n",
                        fmt::format("{}{}", EnumNameMemory(buffer.memory()), buffer.unit()),
                        fmt::format("+{}", buffer.offset()), buffer.bytes(), buffer.first(), buffer.last(),
                        clean(textOf(buffer.name())), place(file, buffer.line())));
    });
  });
}

Object memoryJson(const OpenBundle &file) {
  Array regions, programs;
  each(file->regions(), [&](auto, const bundle::Region &region) {
    regions.push_back(Object{{"kind", EnumNameRegionKind(region.kind())}, {"bytes", region.bytes()}});
  });
  each(file->programs(), [&](auto, const bundle::Program &program) {
    Array buffers;
    each(program.buffers(), [&](auto, const bundle::Buffer &buffer) {
      buffers.push_back(Object{{"memory", EnumNameMemory(buffer.memory())},
                               {"unit", buffer.unit()},
                               {"offset", buffer.offset()},
                               {"bytes", buffer.bytes()},
                               {"first", buffer.first()},
                               {"last", buffer.last()},
                               {"name", clean(textOf(buffer.name()))},
                               {"line", place(file, buffer.line())}});
    });
    Array peaks;
    for (auto [memory, bytes] : peaksOf(program))
      peaks.push_back(Object{{"memory", EnumNameMemory(memory.first)}, {"unit", memory.second}, {"bytes", bytes}});
    programs.push_back(Object{{"target", clean(targetName(*file, program))},
                              {"peaks", std::move(peaks)},
                              {"peak_scratchpad", program.peak_scratchpad()},
                              {"peak_shared", program.peak_shared()},
                              {"buffers", std::move(buffers)}});
  });
  return Object{{"regions", std::move(regions)}, {"programs", std::move(programs)}};
}

// ---- program -----------------------------------------------------------------------------------------------------

void printProgram(const OpenBundle &file) {
  each(file->programs(), [&](auto, const bundle::Program &program) {
    print(fmt::format("program {} for {}\n", clean(textOf(program.kernel())), clean(targetName(*file, program))));
    each(program.registers(), [&](auto i, const bundle::Register &reg) {
      print(fmt::format("  r{} in [{}, {}]  {} {}\n", i, reg.min(), reg.max(), clean(textOf(reg.name())),
                        place(file, reg.line())));
    });
    each(program.queues(), [&](auto, const bundle::Queue &queue) {
      print(fmt::format("  {}{}\n", EnumNameUnit(queue.unit()), queue.index()));
      each(queue.commands(), [&](auto i, const bundle::Command &command) {
        std::string text = bundle::disassemble(command);
        // The Python line stands behind the command's first line; the values of a vector program follow below it.
        size_t end = std::min(text.find('\n'), text.size());
        std::string at = place(file, command.line());
        std::string rest = text.substr(end);
        for (size_t newline = rest.find('\n'); newline != std::string::npos; newline = rest.find('\n', newline + 1))
          rest.insert(newline + 1, "           ");
        print(fmt::format("    {:>5}  {}{}{}{}\n", i, text.substr(0, end), at.empty() ? "" : "  ; ", at, rest));
      });
    });
  });
}

Array programJson(const OpenBundle &file) {
  Array programs;
  each(file->programs(), [&](auto, const bundle::Program &program) {
    Array queues, registers;
    each(program.registers(), [&](auto, const bundle::Register &reg) {
      registers.push_back(Object{{"min", reg.min()},
                                 {"max", reg.max()},
                                 {"name", clean(textOf(reg.name()))},
                                 {"line", place(file, reg.line())}});
    });
    each(program.queues(), [&](auto, const bundle::Queue &queue) {
      Array commands;
      each(queue.commands(), [&](auto, const bundle::Command &command) {
        commands.push_back(Object{{"kind", std::string(bundle::kindOf(command.body_type()))},
                                  {"text", bundle::disassemble(command)},
                                  {"line", place(file, command.line())}});
      });
      queues.push_back(
          Object{{"unit", EnumNameUnit(queue.unit())}, {"index", queue.index()}, {"commands", std::move(commands)}});
    });
    programs.push_back(Object{{"kernel", clean(textOf(program.kernel()))},
                              {"target", clean(targetName(*file, program))},
                              {"semaphores", program.semaphores()},
                              {"registers", std::move(registers)},
                              {"queues", std::move(queues)}});
  });
  return programs;
}

// ---- provenance and texts ----------------------------------------------------------------------------------------

Object provenanceJson(const OpenBundle &file) {
  Array options, targets;
  const bundle::Provenance *provenance = file->provenance();
  if (provenance)
    each(provenance->options(),
         [&](auto, const flatbuffers::String &option) { options.push_back(clean(textOf(&option))); });
  each(file->targets(), [&](auto, const bundle::Target &target) { targets.push_back(clean(textOf(target.name()))); });
  return Object{{"digest", file.digest()},
                {"bytes", static_cast<int64_t>(file.file().size())},
                {"format", bundle::formatVersion},
                {"targets", std::move(targets)},
                {"producer", provenance ? clean(textOf(provenance->producer())) : ""},
                {"options", std::move(options)},
                {"input_digest", provenance ? clean(textOf(provenance->input_digest())) : ""},
                {"triton_era", provenance ? clean(textOf(provenance->triton_era())) : ""}};
}

void printProvenance(const OpenBundle &file) {
  Object object = provenanceJson(file);
  print("provenance\n");
  for (const char *key :
       {"producer", "options", "targets", "triton_era", "input_digest", "format", "bytes", "digest"}) {
    std::string text;
    if (const Array *list = object.getArray(key))
      for (const llvm::json::Value &value : *list)
        text += (text.empty() ? "" : " ") + value.getAsString()->str();
    else if (auto string = object.getString(key))
      text = string->str();
    else if (auto integer = object.getInteger(key))
      text = std::to_string(*integer);
    print(fmt::format("  {:<13} {}\n", key, text));
  }
}

struct Section {
  const char *name;
  void (*text)(const OpenBundle &);
  llvm::json::Value (*json)(const OpenBundle &);
  /// Printed when no section is named.
  bool byDefault;
};

constexpr Section sections[] = {
    {"signature", printSignature, [](const OpenBundle &f) -> llvm::json::Value { return signatureJson(f); }, true},
    {"memory", printMemory, [](const OpenBundle &f) -> llvm::json::Value { return memoryJson(f); }, true},
    {"program", printProgram, [](const OpenBundle &f) -> llvm::json::Value { return programJson(f); }, true},
    {"provenance", printProvenance, [](const OpenBundle &f) -> llvm::json::Value { return provenanceJson(f); }, true},
    {"rbln-ir", [](const OpenBundle &f) { print(wholeText(f->rbln_ir())); },
     [](const OpenBundle &f) -> llvm::json::Value { return wholeText(f->rbln_ir()); }, false},
    {"ttir", [](const OpenBundle &f) { print(wholeText(f->ttir())); },
     [](const OpenBundle &f) -> llvm::json::Value { return wholeText(f->ttir()); }, false},
};

int inspect(const Options &options) {
  std::vector<std::string_view> names;
  for (const Section &section : sections)
    names.push_back(section.name);
  if (!options.section.empty() && std::find(names.begin(), names.end(), options.section) == names.end())
    return usageError(fmt::format("there is no section '{}'; there are {}{}", options.section, fmt::join(names, ", "),
                                  didYouMean(options.section, names)));
  auto file = openBundleAt(options.path);
  if (!file)
    return report(file.takeError());
  Object object{{"schema", 1}};
  bool isFirst = true;
  for (const Section &section : sections) {
    if (options.section.empty() ? !section.byDefault : options.section != section.name)
      continue;
    if (options.json) {
      object[section.name] = section.json(*file);
      continue;
    }
    if (!isFirst)
      print("\n");
    isFirst = false;
    section.text(*file);
  }
  if (options.json)
    print(llvm::formatv("{0:2}\n", llvm::json::Value(std::move(object))).str());
  return exitDone;
}

} // namespace

std::function<int()> setupInspect(Command &command) {
  auto options = std::make_shared<Options>();
  command.option("BUNDLE", options->path, "A .rbln file; - for standard input").required();
  command.option("--section", options->section,
                 "Only one section: signature, memory, program, provenance, rbln-ir or ttir");
  command.flag("--json", options->json, "Print JSON");
  command.examples(
      {{"rblnc inspect kernel.rbln", "everything but the texts of the IR"},
       {"rblnc inspect kernel.rbln --section=program", "the commands of each queue with their Python lines"},
       {"rblnc inspect kernel.rbln --json | jq .signature", "for programs"}});
  return [options] { return inspect(*options); };
}

} // namespace rblnc::cli
