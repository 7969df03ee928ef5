// Results of compilations on disk, found by what decides them: many processes, hosts and doors (the command line, the C
// library) share a folder without locks.
//
// An entry is one file, "llvmcache-<key>", so that LLVM's pruning bounds the folder. It is written aside and renamed,
// carries a digest of itself that every read checks, and is taken out when it is damaged; so a process that is killed
// at any moment leaves nothing that another could trip over. The folder may be deleted at any time.
#pragma once

#include "rblnc/driver/Compiler.h"

#include "llvm/Support/Error.h"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace rblnc {

/// The key of a compilation, in hexadecimal: a digest of the input's text, its file name without the folder, the
/// options, the figures of the targets and the build of the compiler. Line ends and blanks at the ends of lines make no
/// difference; nor do the folder, the host, the time, or anything of the environment.
std::string cacheKey(const Input &input, const CompileOptions &options);

/// What a compilation gave: the output of one that succeeded, and every diagnostic.
struct CacheEntry {
  std::optional<std::string> output;
  std::vector<Diagnostic> diagnostics;
};

class Cache {
public:
  struct Usage {
    uint64_t entries = 0;
    uint64_t bytes = 0;
  };
  struct Limits {
    uint64_t bytes = uint64_t(5) << 30;
    /// Entries that nobody used for so long go whatever the size is; 0 keeps them.
    std::chrono::seconds unused = {};
  };

  /// The folder need not exist: storing makes it.
  explicit Cache(std::string folder) : folder(std::move(folder)) {}
  /// $RBLNC_CACHE_DIR, or else $XDG_CACHE_HOME/rblnc/bundles, or else ~/.cache/rblnc/bundles; empty when the
  /// environment names none of them.
  static std::string defaultFolder();

  const std::string &path() const { return folder; }
  /// The entry, and marks it as used now. A damaged one is removed and not there.
  std::optional<CacheEntry> find(const std::string &key) const;
  /// Error R010 when the folder or the file cannot be written.
  llvm::Error store(const std::string &key, const CacheEntry &entry) const;

  Usage usage() const;
  /// Removes what was not used for the longest time until the limits hold. Looks at the folder only if it did not do so
  /// within the last minutes, unless `isForced`. Others may read and write meanwhile.
  void prune(const Limits &limits, bool isForced) const;
  /// Removes every entry and gives how many there were.
  uint64_t clear() const;

private:
  std::string fileOf(const std::string &key) const;

  std::string folder;
};

/// compile() through a cache: the same result and the same diagnostics, whether they come from there or not. What is
/// kept are bundles and IR, and refusals that name a rule of the chip or what does not fit; never an internal error,
/// nor what could not be read. `isHit` tells which it was. When the cache cannot be written, the result is given all
/// the same, and `cacheError` (if given) has the reason.
std::optional<std::string> compileThrough(const Cache &cache, const Input &input, const CompileOptions &options,
                                          Diagnostics &diagnostics, std::string *lastIR, bool &isHit,
                                          llvm::Error *cacheError = nullptr);

} // namespace rblnc
