// rblnc check: kernels against the rules, without compiling them.
#include "Output.h"
#include "Reproducer.h"
#include "Subcommands.h"
#include "rblnc/cli/Compiler.h"
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

Diagnostics checkFile(const std::string &path, bool strict) {
  Diagnostics diagnostics;
  diagnostics.setWarningsAreErrors(strict);
  if (auto input = readInput(path, diagnostics)) {
    CrashFile inputFile("input", {input->text().data(), input->text().size()});
    checkKernel(*input, diagnostics);
  }
  return diagnostics;
}

int checkAll(const Options &options) {
  std::vector<Diagnostic> all;
  llvm::json::Array files;
  for (const std::string &path : options.inputs) {
    Diagnostics diagnostics = checkFile(path, options.strict);
    all.insert(all.end(), diagnostics.all().begin(), diagnostics.all().end());
    if (options.format == "text") {
      report(diagnostics);
      continue;
    }
    auto list = llvm::json::parse(formatJson(diagnostics.all()));
    files.push_back(llvm::json::Object{{"file", llvm::json::fixUTF8(path)},
                                       {"ok", !diagnostics.hasErrors()},
                                       {"diagnostics", list ? std::move(*list) : llvm::json::Array()}});
    if (!list)
      llvm::consumeError(list.takeError());
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
