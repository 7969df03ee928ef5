// --cache and --no-cache, as every subcommand that compiles has them.
#pragma once

#include "rblnc/driver/Cache.h"

#include <optional>
#include <string>

namespace rblnc::cli {

class Command;

/// A cache is used when --cache names its folder or RBLNC_CACHE_DIR does, or always where it is on by default; never
/// with --no-cache, or RBLNC_CACHE=0 and no --cache.
class CacheOptions {
public:
  void addTo(Command &command, bool isOnByDefault);
  std::optional<Cache> cache() const;
  /// $RBLNC_CACHE_SIZE (as 5GiB), or 5 GiB.
  static Cache::Limits limits();

private:
  std::string folder;
  bool isOff = false, isOnByDefault = false;
};

/// "512MiB", "5GiB" or a number of bytes; nothing for anything else.
std::optional<uint64_t> parseSize(const std::string &text);

} // namespace rblnc::cli
