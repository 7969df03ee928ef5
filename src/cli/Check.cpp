// rblnc check: kernels against the rules, without compiling them.
#include "Output.h"
#include "Reproducer.h"
#include "Subcommands.h"
#include "rblnc/driver/Compiler.h"
#include "rblnc/frontend/Frontend.h"

#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/JSON.h"

#include <CLI/CLI.hpp>

namespace rblnc::cli {
namespace {

struct Options {
  std::vector<std::string> inputs;
  bool strict = false;
  std::string format = "text";
};

llvm::json::Value asJson(const std::string &path, const Diagnostics &diagnostics) {
  auto list = llvm::json::parse(formatJson(diagnostics.all()));
  llvm::json::Object file{{"file", llvm::json::fixUTF8(path)}, {"ok", !diagnostics.hasErrors()}};
  if (list)
    file["diagnostics"] = std::move(*list);
  else
    llvm::consumeError(list.takeError());
  return file;
}

int checkAll(const Options &options) {
  std::vector<Diagnostic> all;
  llvm::json::Array files;
  for (const std::string &path : options.inputs) {
    Diagnostics diagnostics;
    diagnostics.setWarningsAreErrors(options.strict);
    auto input = readInput(path, diagnostics);
    CrashFile inputFile("input", input ? std::string_view(input->text().data(), input->text().size()) : "");
    if (input)
      checkKernel(*input, diagnostics, noteStep);
    all.insert(all.end(), diagnostics.all().begin(), diagnostics.all().end());
    if (options.format == "text")
      report(diagnostics);
    else if (exitCodeFor(diagnostics.all()) == exitInternal)
      noteReproducer();
    if (options.format == "json")
      files.push_back(asJson(path, diagnostics));
  }
  if (options.format == "json")
    print(llvm::formatv("{0:2}\n", llvm::json::Value(std::move(files))).str());
  return exitCodeFor(all);
}

} // namespace

std::function<int()> setupCheck(CLI::App &app) {
  auto options = std::make_shared<Options>();
  app.add_option("IN", options->inputs, "Kernels in Triton's IR; - for standard input")->required();
  app.add_flag("--strict", options->strict, "Warnings are errors");
  app.add_option("--format", options->format, "text (on standard error) or json (on standard output)")
      ->check(CLI::IsMember({"text", "json"}).description(""))
      ->type_name("FORMAT")
      ->capture_default_str();
  return [options] { return checkAll(*options); };
}

} // namespace rblnc::cli
