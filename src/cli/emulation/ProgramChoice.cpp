#include "ProgramChoice.h"

#include "options/Command.h"
#include "rblnc/bundle/Figures.h"
#include "rblnc/bundle/Format.h"
#include "rblnc/bundle/Writer.h"
#include "rblnc/support/Error.h"
#include "rblnc/support/File.h"
#include "rblnc/support/Spelling.h"
#include "rblnc/target/Target.h"

#include "llvm/Support/Endian.h"

#include <algorithm>
#include <fmt/format.h>
#include <fmt/ranges.h>

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

llvm::Error noSuchProgram(const bundle::Bundle &bundle, const std::string &target) {
  std::vector<std::string_view> known;
  for (uint32_t i = 0; i < programCount(bundle); ++i)
    known.push_back(targetOf(bundle, i));
  return makeError(
      Code::R030, fmt::format("the bundle has no program for '{}'{}", target, didYouMean(target, known)),
      fmt::format("it has programs for {}", known.empty() ? "no chip" : fmt::to_string(fmt::join(known, ", "))));
}

void BundleOptions::addTo(Command &command) {
  command.option("BUNDLE", path, "A .rbln file; - for standard input").required();
  command.option("--target", target, "Of a bundle for several chips: the one whose program runs (default the first)")
      .type("CHIP");
  command.file("--target-file", targetFile,
               "Run by the figures of a chip of your own, as JSON; `rblnc targets rbln-ca22 --json` prints one");
}

llvm::Expected<bundle::OpenBundle> openBundleAt(const std::string &path) {
  if (path != "-")
    return bundle::openBundle(path);
  auto fail = [](llvm::Error error) { return makeError(Code::B001, toDiagnostic(std::move(error)).message); };
  auto bytes = readStandardInput(bundle::headerBytes);
  if (!bytes)
    return fail(bytes.takeError());
  std::string_view magic(reinterpret_cast<const char *>(bundle::magic.data()), bundle::magic.size());
  // What is no bundle may have no end. One byte more than the header says tells that the input is too long.
  if (bytes->size() == bundle::headerBytes && bytes->starts_with(magic)) {
    uint64_t payload = llvm::support::endian::read64le(bytes->data() + bundle::sizeOffset);
    auto rest = readStandardInput(std::min(payload, bundle::maxPayloadBytes) + 1);
    if (!rest)
      return fail(rest.takeError());
    *bytes += *rest;
  }
  return bundle::openBundle(llvm::MemoryBuffer::getMemBufferCopy(*bytes, "<stdin>"));
}

llvm::Expected<ChosenProgram> openChosen(const BundleOptions &options) {
  auto file = openBundleAt(options.path);
  if (!file)
    return file.takeError();
  uint32_t number = 0;
  if (!options.target.empty()) {
    std::optional<uint32_t> found = find(**file, options.target);
    if (!found) {
      return noSuchProgram(**file, options.target);
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
