// rblnc cache: what is in the cache of compilations, and making room in it.
#include "Subcommands.h"
#include "options/CacheOptions.h"
#include "options/Command.h"
#include "terminal/Output.h"

#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/JSON.h"

#include <fmt/format.h>

namespace rblnc::cli {
namespace {

struct Options {
  std::string action, folder, maxSize;
  unsigned unusedDays = 0;
  bool json = false;
};

std::string readable(uint64_t bytes) {
  static constexpr const char *units[] = {"B", "KiB", "MiB", "GiB", "TiB"};
  double value = static_cast<double>(bytes);
  size_t unit = 0;
  for (; value >= 1024 && unit + 1 < std::size(units); ++unit)
    value /= 1024;
  return unit == 0 ? fmt::format("{} B", bytes) : fmt::format("{:.1f} {}", value, units[unit]);
}

int info(const Cache &cache, const Cache::Limits &limits, bool json) {
  Cache::Usage usage = cache.usage();
  if (json)
    print(llvm::formatv("{0:2}\n",
                        llvm::json::Value(llvm::json::Object{{"schema", 1},
                                                             {"folder", llvm::json::fixUTF8(cache.path())},
                                                             {"entries", static_cast<int64_t>(usage.entries)},
                                                             {"bytes", static_cast<int64_t>(usage.bytes)},
                                                             {"limit_bytes", static_cast<int64_t>(limits.bytes)}}))
              .str());
  else
    print(fmt::format("folder   {}\nentries  {}\nsize     {} of {}\n", cache.path(), usage.entries,
                      readable(usage.bytes), readable(limits.bytes)));
  return exitDone;
}

int act(const Options &options) {
  Cache::Limits limits = CacheOptions::limits();
  if (!options.maxSize.empty()) {
    auto size = parseSize(options.maxSize);
    if (!size || *size == 0)
      return usageError("--max-size takes a size such as 512MiB or 4GiB, not '" + options.maxSize + "'");
    limits.bytes = *size;
  }
  limits.unused = std::chrono::hours(24 * options.unusedDays);
  std::string folder = options.folder.empty() ? Cache::defaultFolder() : options.folder;
  if (folder.empty())
    return usageError("no folder is named: neither --cache, nor RBLNC_CACHE_DIR, XDG_CACHE_HOME or HOME");
  Cache cache(folder);
  if (options.action == "info")
    return info(cache, limits, options.json);
  if (options.action == "clear") {
    print(fmt::format("removed {} entries from {}\n", cache.clear(), folder));
    return exitDone;
  }
  Cache::Usage before = cache.usage();
  cache.prune(limits, /*isForced=*/true);
  Cache::Usage after = cache.usage();
  print(fmt::format("removed {} entries, {}; {} entries, {} are left in {}\n", before.entries - after.entries,
                    readable(before.bytes - after.bytes), after.entries, readable(after.bytes), folder));
  return exitDone;
}

} // namespace

std::function<int()> setupCache(Command &command) {
  auto options = std::make_shared<Options>();
  command
      .choice<std::string>("ACTION", options->action, {{"info", "info"}, {"prune", "prune"}, {"clear", "clear"}},
                           "info: where it is and how full; prune: remove what was not used for the longest time; "
                           "clear: remove everything",
                           "")
      .required();
  command.file("--cache", options->folder,
               "The folder (default: $RBLNC_CACHE_DIR, or rblnc/bundles below $XDG_CACHE_HOME or ~/.cache)", "DIR");
  command.option("--max-size", options->maxSize, "For prune: how large it may be (default $RBLNC_CACHE_SIZE, or 5GiB)")
      .type("SIZE");
  command.option("--unused", options->unusedDays, "For prune: remove also what was not used for N days")
      .type("N")
      .within(1, 36500);
  command.flag("--json", options->json, "For info: as JSON");
  return [options] { return act(*options); };
}

} // namespace rblnc::cli
