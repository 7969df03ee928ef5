// Reading files at given places, and writing them whole or not at all.
#pragma once

#include "llvm/Support/Error.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace rblnc {

/// Bytes that can be read at any offset: a regular file (nothing is mapped, so that a file which shrinks while it is
/// read is an error and not a signal), a pipe that was read to its end, or memory.
class ByteSource {
public:
  /// Opens a file. Error R004 when it cannot be opened or is neither a regular file nor a pipe.
  static llvm::Expected<ByteSource> open(const std::string &path);
  /// Owns `bytes`; `name` stands for them in messages.
  static ByteSource ofMemory(std::string bytes, std::string name);

  ByteSource(ByteSource &&other) noexcept;
  ByteSource &operator=(ByteSource &&) = delete;
  ~ByteSource();

  uint64_t size() const { return length; }
  const std::string &name() const { return label; }
  /// Fills all of `out` from `offset`. Error R005 when that goes past the end, R004 when reading fails.
  llvm::Error read(uint64_t offset, std::span<std::byte> out) const;
  llvm::Expected<std::string> readString(uint64_t offset, size_t size) const;

private:
  ByteSource() = default;

  int descriptor = -1;
  uint64_t length = 0;
  std::string memory;
  std::string label;
};

/// The next bytes of standard input, `most` of them or up to its end. Error R004 when it cannot be read.
llvm::Expected<std::string> readStandardInput(uint64_t most);

/// Writes `parts` one after the other to a temporary file beside `path` and renames it to `path`; on failure the
/// temporary file is removed and `path` is as it was. "-" writes to standard output. Error R010.
llvm::Error writeFileAtomically(const std::string &path, std::span<const std::string_view> parts);
llvm::Error writeFileAtomically(const std::string &path, std::string_view contents);

/// Fails with R010 as writeFileAtomically would because of the path alone, so that long work is not done in vain.
llvm::Error checkWritable(const std::string &path);

} // namespace rblnc
