#include "CacheOptions.h"

#include "Command.h"

#include "llvm/ADT/StringRef.h"

#include <cstdlib>

namespace rblnc::cli {
namespace {

std::string variable(const char *name) {
  const char *value = std::getenv(name);
  return value ? value : "";
}

} // namespace

void CacheOptions::addTo(Command &command, bool isOn) {
  isOnByDefault = isOn;
  command.file(
      "--cache", folder,
      isOn ? "The folder of the cache (default: $RBLNC_CACHE_DIR, or rblnc/bundles below $XDG_CACHE_HOME or ~/.cache)"
           : "Look for the result in this folder first, and keep it there (default: $RBLNC_CACHE_DIR, if it is set)",
      "DIR");
  command.flag("--no-cache", isOff, "Compile anew, and keep nothing");
}

std::optional<Cache> CacheOptions::cache() const {
  if (isOff)
    return std::nullopt;
  if (!folder.empty())
    return Cache(folder);
  std::string lower = llvm::StringRef(variable("RBLNC_CACHE")).lower();
  if (lower == "0" || lower == "off" || lower == "false" || lower == "no")
    return std::nullopt;
  if (!isOnByDefault && variable("RBLNC_CACHE_DIR").empty())
    return std::nullopt;
  std::string found = Cache::defaultFolder();
  return found.empty() ? std::nullopt : std::optional<Cache>(found);
}

Cache::Limits CacheOptions::limits() {
  Cache::Limits limits;
  if (auto size = parseSize(variable("RBLNC_CACHE_SIZE")))
    limits.bytes = *size;
  return limits;
}

std::optional<uint64_t> parseSize(const std::string &text) {
  llvm::StringRef rest = text;
  uint64_t number = 0;
  if (rest.consumeInteger(10, number))
    return std::nullopt;
  unsigned shift = 0;
  rest = rest.trim();
  if (rest == "KiB")
    shift = 10;
  else if (rest == "MiB")
    shift = 20;
  else if (rest == "GiB")
    shift = 30;
  else if (!rest.empty() && rest != "B")
    return std::nullopt;
  if (number > (UINT64_MAX >> shift))
    return std::nullopt;
  return number << shift;
}

} // namespace rblnc::cli
