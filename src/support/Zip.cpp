// The zip format as far as .npz files use it (PKWARE's APPNOTE 6.3, sections 4.3 to 4.5).
#include "rblnc/support/Zip.h"

#include "rblnc/support/Error.h"

#include <algorithm>
#include <zlib.h>

namespace rblnc {
namespace {

constexpr uint32_t endSignature = 0x06054b50;
constexpr uint32_t end64Signature = 0x06064b50;
constexpr uint32_t end64LocatorSignature = 0x07064b50;
constexpr uint32_t centralSignature = 0x02014b50;
constexpr uint32_t localSignature = 0x04034b50;
constexpr size_t endSize = 22;
constexpr size_t centralSize = 46;
constexpr size_t localSize = 30;
constexpr uint64_t maxMembers = 1 << 16;
constexpr uint64_t maxDirectoryBytes = 64 << 20;
/// Deflate cannot do better than 258 bytes for two bits.
constexpr uint64_t maxDeflateRatio = 1032;

llvm::Error malformed(const ByteSource &source, const std::string &why) {
  return makeError(Code::R005, "'" + source.name() + "' is not a zip archive that can be read: " + why);
}

/// Little-endian fields of `bytes`; the caller has checked that they are inside.
template <typename T> T field(std::string_view bytes, size_t offset) {
  T value = 0;
  for (size_t i = 0; i < sizeof(T); ++i)
    value |= static_cast<T>(static_cast<T>(static_cast<unsigned char>(bytes[offset + i])) << (8 * i));
  return value;
}

struct Directory {
  uint64_t offset = 0;
  uint64_t bytes = 0;
  uint64_t members = 0;
};

llvm::Expected<Directory> findDirectory(const ByteSource &source) {
  // The end record is followed by a comment of at most 65535 bytes.
  uint64_t window = std::min<uint64_t>(source.size(), endSize + 0xffff);
  if (window < endSize)
    return malformed(source, "it has only " + std::to_string(source.size()) + " bytes");
  uint64_t windowOffset = source.size() - window;
  auto tail = source.readString(windowOffset, window);
  if (!tail)
    return tail.takeError();
  size_t end = window - endSize;
  while (field<uint32_t>(*tail, end) != endSignature || field<uint16_t>(*tail, end + 20) != window - endSize - end) {
    if (end == 0)
      return malformed(source, "it has no end record");
    --end;
  }
  Directory directory{field<uint32_t>(*tail, end + 16), field<uint32_t>(*tail, end + 12),
                      field<uint16_t>(*tail, end + 10)};
  if (directory.offset != 0xffffffff && directory.bytes != 0xffffffff && directory.members != 0xffff)
    return directory;

  if (end < 20 || field<uint32_t>(*tail, end - 20) != end64LocatorSignature)
    return malformed(source, "its zip64 locator is missing");
  auto record = source.readString(field<uint64_t>(*tail, end - 20 + 8), 56);
  if (!record)
    return record.takeError();
  if (field<uint32_t>(*record, 0) != end64Signature)
    return malformed(source, "its zip64 record is missing");
  return Directory{field<uint64_t>(*record, 48), field<uint64_t>(*record, 40), field<uint64_t>(*record, 32)};
}

/// Takes the sizes that do not fit 32 bits from the zip64 extra field. False when they are not there.
bool applyZip64(std::string_view extra, ZipArchive::Member &member) {
  bool needsSize = member.size == 0xffffffff;
  bool needsCompressed = member.compressedSize == 0xffffffff;
  bool needsOffset = member.headerOffset == 0xffffffff;
  if (!needsSize && !needsCompressed && !needsOffset)
    return true;
  while (extra.size() >= 4) {
    auto tag = field<uint16_t>(extra, 0);
    size_t length = field<uint16_t>(extra, 2);
    extra.remove_prefix(4);
    if (length > extra.size())
      return false;
    std::string_view body = extra.substr(0, length);
    extra.remove_prefix(length);
    if (tag != 1)
      continue;
    for (auto [needed, target] :
         {std::pair(needsSize, &member.size), std::pair(needsCompressed, &member.compressedSize),
          std::pair(needsOffset, &member.headerOffset)}) {
      if (!needed)
        continue;
      if (body.size() < 8)
        return false;
      *target = field<uint64_t>(body, 0);
      body.remove_prefix(8);
    }
    return true;
  }
  return false;
}

/// Raw deflate of `input`, into exactly `out.size()` bytes; whether the stream ends there is not asked when it is a
/// prefix.
bool inflateInto(std::string_view input, std::string &out, bool isWhole) {
  z_stream stream{};
  if (inflateInit2(&stream, -MAX_WBITS) != Z_OK)
    return false;
  size_t done = 0;
  int status = Z_OK;
  // zlib counts in 32 bits; an empty output still needs one call to see the end.
  char none;
  do {
    if (stream.avail_in == 0 && !input.empty()) {
      size_t chunk = std::min<size_t>(input.size(), 1 << 30);
      stream.next_in = reinterpret_cast<Bytef *>(const_cast<char *>(input.data()));
      stream.avail_in = static_cast<uInt>(chunk);
      input.remove_prefix(chunk);
    }
    size_t room = std::min<size_t>(out.size() - done, 1 << 30);
    stream.next_out = reinterpret_cast<Bytef *>(room ? out.data() + done : &none);
    stream.avail_out = static_cast<uInt>(room);
    size_t before = stream.avail_in;
    status = inflate(&stream, Z_NO_FLUSH);
    size_t made = room - stream.avail_out;
    done += made;
    if (status == Z_OK && made == 0 && before == stream.avail_in && (room != 0 || input.empty()))
      break;
    if (done == out.size() && !isWhole)
      break;
  } while (status == Z_OK);
  inflateEnd(&stream);
  return done == out.size() && (!isWhole || status == Z_STREAM_END);
}

uint32_t checksum(std::string_view bytes) {
  uLong crc = crc32(0, nullptr, 0);
  while (!bytes.empty()) {
    size_t chunk = std::min<size_t>(bytes.size(), 1 << 30);
    crc = crc32(crc, reinterpret_cast<const Bytef *>(bytes.data()), static_cast<uInt>(chunk));
    bytes.remove_prefix(chunk);
  }
  return static_cast<uint32_t>(crc);
}

} // namespace

llvm::Expected<ZipArchive> ZipArchive::open(ByteSource file) {
  ZipArchive archive(std::move(file));
  const ByteSource &source = archive.source;
  auto directory = findDirectory(source);
  if (!directory)
    return directory.takeError();
  if (directory->members > maxMembers || directory->bytes > maxDirectoryBytes)
    return malformed(source, "its directory is too large");
  auto bytes = source.readString(directory->offset, directory->bytes);
  if (!bytes)
    return bytes.takeError();
  std::string_view rest = *bytes;
  for (uint64_t i = 0; i < directory->members; ++i) {
    if (rest.size() < centralSize || field<uint32_t>(rest, 0) != centralSignature)
      return malformed(source, "its directory is cut short");
    size_t nameSize = field<uint16_t>(rest, 28), extraSize = field<uint16_t>(rest, 30);
    size_t commentSize = field<uint16_t>(rest, 32);
    if (rest.size() - centralSize < nameSize + extraSize + commentSize)
      return malformed(source, "its directory is cut short");
    Member member;
    member.method = field<uint16_t>(rest, 10);
    member.crc = field<uint32_t>(rest, 16);
    member.compressedSize = field<uint32_t>(rest, 20);
    member.size = field<uint32_t>(rest, 24);
    member.headerOffset = field<uint32_t>(rest, 42);
    member.name = rest.substr(centralSize, nameSize);
    if (!applyZip64(rest.substr(centralSize + nameSize, extraSize), member))
      return malformed(source, "a zip64 size is missing");
    rest.remove_prefix(centralSize + nameSize + extraSize + commentSize);
    archive.list.push_back(std::move(member));
  }
  return archive;
}

const ZipArchive::Member *ZipArchive::find(std::string_view name) const {
  for (const Member &member : list)
    if (member.name == name)
      return &member;
  return nullptr;
}

llvm::Expected<std::string> ZipArchive::extract(const Member &member, uint64_t limit) const {
  if (member.method != 0 && member.method != 8)
    return malformed(source, "'" + member.name + "' is compressed by method " + std::to_string(member.method));
  auto local = source.readString(member.headerOffset, localSize);
  if (!local)
    return local.takeError();
  if (field<uint32_t>(*local, 0) != localSignature)
    return malformed(source, "'" + member.name + "' is not where the directory says");
  if ((field<uint16_t>(*local, 6) & 1) != 0)
    return malformed(source, "'" + member.name + "' is encrypted");
  // headerOffset + localSize is within the file, so that these small sums cannot overflow.
  uint64_t offset = member.headerOffset + localSize + field<uint16_t>(*local, 26) + field<uint16_t>(*local, 28);
  if (offset > source.size() || member.compressedSize > source.size() - offset)
    return malformed(source, "'" + member.name + "' is cut short");
  bool isWhole = member.size <= limit;
  uint64_t wanted = std::min(member.size, limit);

  std::string result;
  if (member.method == 0) {
    if (member.size != member.compressedSize)
      return malformed(source, "'" + member.name + "' has two sizes");
    auto stored = source.readString(offset, wanted);
    if (!stored)
      return stored.takeError();
    result = std::move(*stored);
  } else {
    if (member.size / maxDeflateRatio > member.compressedSize)
      return malformed(source, "'" + member.name + "' claims to unpack to more than it can");
    // A prefix of the output comes from a prefix of the input, which deflate expands by a few bytes per 16 KiB at most.
    uint64_t needed = isWhole ? member.compressedSize : std::min(member.compressedSize, wanted + wanted / 8 + 1024);
    auto packed = source.readString(offset, needed);
    if (!packed)
      return packed.takeError();
    result.resize(wanted);
    if (!inflateInto(*packed, result, isWhole))
      return malformed(source, "'" + member.name + "' does not unpack");
  }
  if (isWhole && checksum(result) != member.crc)
    return malformed(source, "'" + member.name + "' has a wrong checksum");
  return result;
}

} // namespace rblnc
