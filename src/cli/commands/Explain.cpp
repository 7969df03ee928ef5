// rblnc explain: the table of diagnostic codes.
#include "Subcommands.h"
#include "options/Command.h"
#include "rblnc/support/Spelling.h"
#include "terminal/Output.h"
#include "terminal/Text.h"

#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/JSON.h"

#include <fmt/format.h>

namespace rblnc::cli {
namespace {

struct Options {
  std::string code;
  bool json = false;
};

/// Source text, line by line, unwrapped.
std::string indented(std::string_view text) {
  std::string out;
  while (true) {
    size_t end = text.find('\n');
    out += "    ";
    out += text.substr(0, end);
    out += '\n';
    if (end == std::string_view::npos)
      return out;
    text.remove_prefix(end + 1);
  }
}

std::string asText(const CodeInfo &info) {
  std::string out = fmt::format("{}: {}{}\n", info.name, info.title, info.isWarning() ? " (a warning)" : "");
  auto section = [&](std::string_view heading, std::string_view text) {
    out += fmt::format("\n{}\n{}", heading, wrap(text, 4, std::min<size_t>(terminalWidth(), 100)));
  };
  section("Rule", info.rule);
  section("Reason", info.reason);
  section("Source", info.source);
  if (!info.wrong.empty())
    out += "\nWrong\n" + indented(info.wrong);
  if (!info.right.empty())
    out += "\nRight\n" + indented(info.right);
  return out;
}

llvm::StringRef ref(std::string_view text) { return {text.data(), text.size()}; }

llvm::json::Value asJson(const CodeInfo &info) {
  return llvm::json::Object{{"schema", 1},
                            {"code", ref(info.name)},
                            {"title", ref(info.title)},
                            {"rule", ref(info.rule)},
                            {"reason", ref(info.reason)},
                            {"source", ref(info.source)},
                            {"wrong", ref(info.wrong)},
                            {"right", ref(info.right)},
                            {"warning", info.isWarning()}};
}

int explainAll(bool json) {
  if (json) {
    llvm::json::Array rows;
    for (const CodeInfo &info : allCodes())
      rows.push_back(asJson(info));
    llvm::json::Object all{{"schema", 1}, {"codes", std::move(rows)}};
    print(llvm::formatv("{0:2}\n", llvm::json::Value(std::move(all))).str());
    return exitDone;
  }
  for (const CodeInfo &info : allCodes())
    print(fmt::format("{}  {}\n", info.name, info.title));
  return exitDone;
}

int explain(const Options &options) {
  if (options.code.empty())
    return explainAll(options.json);
  const CodeInfo *info = findCode(options.code);
  if (!info) {
    std::vector<std::string_view> names;
    bool isWhole = options.code.size() > 5;
    for (const CodeInfo &each : allCodes())
      names.push_back(isWhole ? each.name : each.name.substr(5));
    return usageError("there is no code '" + options.code + "'; `rblnc explain` lists them" +
                      didYouMean(options.code, names));
  }
  print(options.json ? llvm::formatv("{0:2}\n", asJson(*info)).str() : asText(*info));
  return exitDone;
}

} // namespace

std::function<int()> setupExplain(Command &command) {
  auto options = std::make_shared<Options>();
  command.option("CODE", options->code, "A code such as RBLN-C001 or C001; all are listed without one");
  command.flag("--json", options->json, "Print JSON");
  command.examples({{"rblnc explain RBLN-C001", "what the rule is, why, and how to keep it"},
                    {"rblnc explain | grep loop", "finds a code by its title"}});
  return [options] { return explain(*options); };
}

} // namespace rblnc::cli
