// Reading zip archives: what a .npz file is. Stored and deflated members, and zip64 sizes.
#pragma once

#include "rblnc/support/File.h"

#include <string>
#include <string_view>
#include <vector>

namespace rblnc {

class ZipArchive {
public:
  struct Member {
    std::string name;
    uint16_t method = 0;
    uint32_t crc = 0;
    uint64_t compressedSize = 0;
    uint64_t size = 0;
    uint64_t headerOffset = 0;
  };

  /// Reads the central directory. Error R005 when it is not an archive that can be read.
  static llvm::Expected<ZipArchive> open(ByteSource source);

  const std::string &name() const { return source.name(); }
  const std::vector<Member> &members() const { return list; }
  /// The member with that name; null when there is none.
  const Member *find(std::string_view name) const;
  /// The member's first `limit` bytes, or all of them when it has no more; then its checksum is checked too. Error
  /// R005.
  llvm::Expected<std::string> extract(const Member &member, uint64_t limit) const;

private:
  explicit ZipArchive(ByteSource source) : source(std::move(source)) {}

  ByteSource source;
  std::vector<Member> list;
};

} // namespace rblnc
