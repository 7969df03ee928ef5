// The folder of entries.
#include "rblnc/driver/Cache.h"

#include "rblnc/support/Error.h"
#include "rblnc/support/File.h"
#include "rblnc/support/ParseDiagnostics.h"

#include "llvm/ADT/SmallString.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/BLAKE3.h"
#include "llvm/Support/CachePruning.h"
#include "llvm/Support/Endian.h"
#include "llvm/Support/FileSystem.h"

#include <array>
#include <cstdlib>
#include <fcntl.h>
#include <filesystem>
#include <sys/stat.h>

namespace rblnc {
namespace {

/// What LLVM's pruning looks at.
constexpr llvm::StringRef prefix = "llvmcache-";
/// Changes when the layout of an entry does: others are not there then. After it come the digest of all that follows,
/// the size of the diagnostics in bytes (64 bits, little-endian), the diagnostics as JSON, and, after a byte that says
/// whether there is one, the output.
constexpr llvm::StringRef magic = "RBLNCACHE1\n";
constexpr size_t digestSize = 32;

std::array<uint8_t, digestSize> digestOf(llvm::ArrayRef<llvm::StringRef> parts) {
  llvm::BLAKE3 hasher;
  for (llvm::StringRef part : parts)
    hasher.update(part);
  return hasher.final<digestSize>();
}

llvm::StringRef refOf(const std::array<uint8_t, digestSize> &digest) {
  return {reinterpret_cast<const char *>(digest.data()), digest.size()};
}

std::optional<CacheEntry> decode(llvm::StringRef bytes) {
  if (!bytes.consume_front(magic) || bytes.size() < digestSize + sizeof(uint64_t) + 1)
    return std::nullopt;
  llvm::StringRef digest = bytes.take_front(digestSize);
  bytes = bytes.drop_front(digestSize);
  if (refOf(digestOf(bytes)) != digest)
    return std::nullopt;
  uint64_t size = llvm::support::endian::read64le(bytes.data());
  bytes = bytes.drop_front(sizeof(uint64_t));
  if (size >= bytes.size())
    return std::nullopt;
  auto diagnostics = parseDiagnostics(bytes.take_front(size));
  if (!diagnostics)
    return std::nullopt;
  CacheEntry entry{std::nullopt, std::move(*diagnostics)};
  if (bytes[size] == 1)
    entry.output = bytes.drop_front(size + 1).str();
  return entry;
}

bool isEntry(const std::filesystem::directory_entry &file) {
  std::error_code error;
  return llvm::StringRef(file.path().filename().native()).starts_with(prefix) && file.is_regular_file(error);
}

/// Calls `use` with each entry's file; files that others remove meanwhile are passed over.
template <typename Use> void forEachEntry(const std::string &folder, Use use) {
  std::error_code error;
  for (std::filesystem::directory_iterator at(folder, error), end; !error && at != end; at.increment(error))
    if (isEntry(*at))
      use(*at);
}

} // namespace

std::string Cache::defaultFolder() {
  auto variable = [](const char *name) {
    const char *value = std::getenv(name);
    return std::string(value ? value : "");
  };
  if (std::string own = variable("RBLNC_CACHE_DIR"); !own.empty()) {
    llvm::SmallString<256> folder;
    llvm::sys::fs::expand_tilde(own, folder);
    return folder.str().str();
  }
  // A relative XDG_CACHE_HOME is to be ignored, by the specification.
  std::string root = variable("XDG_CACHE_HOME");
  if (root.empty() || root.front() != '/') {
    root = variable("HOME");
    if (root.empty())
      return "";
    root += "/.cache";
  }
  return root + "/rblnc/bundles";
}

std::string Cache::fileOf(const std::string &key) const { return folder + "/" + prefix.str() + key; }

std::optional<CacheEntry> Cache::find(const std::string &key) const {
  std::string path = fileOf(key);
  auto file = ByteSource::open(path);
  auto bytes = file ? file->readString(0, file->size()) : llvm::Expected<std::string>(file.takeError());
  if (!bytes) {
    llvm::consumeError(bytes.takeError());
    return std::nullopt;
  }
  auto entry = decode(*bytes);
  std::error_code error;
  if (!entry)
    std::filesystem::remove(path, error);
  else // Many file systems do not keep the time of the last read by themselves.
    ::utimensat(AT_FDCWD, path.c_str(), nullptr, 0);
  return entry;
}

llvm::Error Cache::store(const std::string &key, const CacheEntry &entry) const {
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (error)
    return makeError(Code::R010, "the cache '" + folder + "' cannot be made: " + error.message());
  std::string diagnostics = formatJson(entry.diagnostics);
  std::array<char, sizeof(uint64_t)> size;
  llvm::support::endian::write64le(size.data(), diagnostics.size());
  std::array<llvm::StringRef, 4> parts = {llvm::StringRef(size.data(), size.size()), diagnostics,
                                          entry.output ? llvm::StringRef("\1", 1) : llvm::StringRef("\0", 1),
                                          entry.output ? llvm::StringRef(*entry.output) : llvm::StringRef()};
  auto digest = digestOf(parts);
  std::vector<std::string_view> pieces = {magic, refOf(digest)};
  pieces.insert(pieces.end(), parts.begin(), parts.end());
  return writeFileAtomically(fileOf(key), pieces);
}

Cache::Usage Cache::usage() const {
  Usage usage;
  forEachEntry(folder, [&](const std::filesystem::directory_entry &file) {
    std::error_code error;
    uint64_t size = file.file_size(error);
    if (!error) {
      ++usage.entries;
      usage.bytes += size;
    }
  });
  return usage;
}

void Cache::prune(const Limits &limits, bool isForced) const {
  std::error_code error;
  if (!std::filesystem::is_directory(folder, error))
    return;
  llvm::CachePruningPolicy policy;
  policy.Interval = isForced ? std::chrono::seconds(0) : std::chrono::minutes(10);
  policy.Expiration = limits.unused;
  policy.MaxSizePercentageOfAvailableSpace = 0;
  policy.MaxSizeBytes = limits.bytes;
  llvm::pruneCache(folder, policy);
}

uint64_t Cache::clear() const {
  uint64_t count = 0;
  forEachEntry(folder, [&](const std::filesystem::directory_entry &file) {
    std::error_code error;
    count += std::filesystem::remove(file.path(), error);
  });
  return count;
}

} // namespace rblnc
