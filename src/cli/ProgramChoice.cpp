#include "ProgramChoice.h"

#include "rblnc/bundle/Writer.h"
#include "rblnc/support/Error.h"
#include "rblnc/target/Target.h"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

namespace rblnc::cli {
namespace {

std::string_view targetOf(const bundle::Bundle &bundle, uint32_t program) {
  return bundle.targets()->Get(bundle.programs()->Get(program)->target())->name()->string_view();
}

uint32_t programCount(const bundle::Bundle &bundle) { return bundle.programs() ? bundle.programs()->size() : 0; }

std::optional<uint32_t> find(const bundle::Bundle &bundle, std::string_view target) {
  for (uint32_t i = 0; i < programCount(bundle); ++i)
    if (targetOf(bundle, i) == target)
      return i;
  return std::nullopt;
}

/// The bundle with other figures for the chip of one of its programs.
llvm::Expected<bundle::OpenBundle> onChip(const bundle::OpenBundle &file, uint32_t program, const Target &chip) {
  std::unique_ptr<bundle::BundleT> contents(file->UnPack());
  bundle::TargetT &figures = *contents->targets[contents->programs[program]->target];
  std::string planned = figures.name;
  figures = bundle::freeze(chip);
  auto bytes = bundle::writeBundle(*contents);
  if (!bytes)
    return bytes.takeError();
  llvm::StringRef view(reinterpret_cast<const char *>(bytes->data()), bytes->size());
  auto opened = bundle::openBundle(llvm::MemoryBuffer::getMemBufferCopy(view, "the bundle"));
  if (!opened)
    return makeError(Code::I021,
                     fmt::format("the program was planned for '{}' and cannot run on '{}': {}", planned, chip.name,
                                 toDiagnostic(opened.takeError()).message),
                     "compile the kernel with the same --target-file");
  return opened;
}

} // namespace

void BundleOptions::addTo(CLI::App &app) {
  app.add_option("BUNDLE", path, "A .rbln file")->required();
  app.add_option("--target", target, "Of a bundle for several chips: the one whose program runs (default the first)")
      ->type_name("CHIP");
  app.add_option("--target-file", targetFile,
                 "Run by the figures of a chip of your own, as JSON; `rblnc targets rbln-ca22 --json` prints one")
      ->type_name("FILE");
}

llvm::Expected<ChosenProgram> openChosen(const BundleOptions &options) {
  auto file = bundle::openBundle(options.path);
  if (!file)
    return file.takeError();
  uint32_t number = 0;
  if (!options.target.empty()) {
    std::optional<uint32_t> found = find(**file, options.target);
    if (!found) {
      std::string known;
      for (uint32_t i = 0; i < programCount(**file); ++i)
        known += (known.empty() ? "" : ", ") + std::string(targetOf(**file, i));
      return makeError(Code::R030, fmt::format("the bundle has no program for '{}'", options.target),
                       "it has programs for " + (known.empty() ? "no chip" : known));
    }
    number = *found;
  }
  if (options.targetFile.empty())
    return ChosenProgram{std::move(*file), number};
  auto chip = readTargetFile(options.targetFile);
  if (!chip)
    return chip.takeError();
  if (options.target.empty())
    number = find(**file, chip->name).value_or(0);
  if (number >= programCount(**file))
    return makeError(Code::R030, "the bundle has no program");
  auto changed = onChip(*file, number, *chip);
  if (!changed)
    return changed.takeError();
  return ChosenProgram{std::move(*changed), number};
}

} // namespace rblnc::cli
