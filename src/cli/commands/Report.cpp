// rblnc report: a run as a page.
#include "Subcommands.h"
#include "emulation/Emulation.h"
#include "options/Command.h"
#include "rblnc/support/File.h"
#include "terminal/Output.h"

namespace rblnc::cli {
namespace {

struct Options : EmulationOptions {
  std::string output = "report.html";
};

int writeReport(const Options &options) {
  auto chosen = openChosen(options.bundle);
  if (!chosen)
    return report(chosen.takeError());
  Emulation emulation(options, chosen->file, chosen->number);
  emulation.protect(options.bundle);
  emulation.claim(options.output, "the report");
  emulation.prepare();
  if (emulation.isFine())
    emulation.run(/*profiles=*/true);
  if (emulation.isFine())
    emulation.keep(writeFileAtomically(options.output, report::htmlPage(emulation.profiled())));
  return report(emulation.diagnostics);
}

} // namespace

std::function<int()> setupReport(Command &command) {
  auto options = std::make_shared<Options>();
  addEmulationOptions(command, *options);
  command.file("-o,--output", options->output, "The page; - for standard output").showDefault();
  command.examples({{"rblnc report kernel.rbln", "writes report.html"},
                    {"rblnc report kernel.rbln --arg x=x.npy -o kernel.html", "of a run on this data"}});
  return [options] { return writeReport(*options); };
}

} // namespace rblnc::cli
