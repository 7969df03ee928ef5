// Opening: the file, the header, the digest, FlatBuffers' verification, then ours.
#include "rblnc/bundle/Reader.h"

#include "Digest.h"

#include "rblnc/bundle/Format.h"
#include "rblnc/support/Error.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/Endian.h"
#include "llvm/Support/FileSystem.h"

#include <algorithm>
#include <cstring>
#include <fmt/format.h>

namespace rblnc::bundle {
namespace {

const uint8_t *bytesOf(const llvm::MemoryBuffer &buffer) {
  return reinterpret_cast<const uint8_t *>(buffer.getBufferStart());
}

/// `bytes` are the first ones of a file of `size`: all, or those of a header.
llvm::Error checkHeader(const uint8_t *bytes, uint64_t size, const std::string &name) {
  if (size == 0)
    return makeError(Code::B002, fmt::format("{} is empty, so it is no .rbln bundle", name));
  if (size < magic.size() || std::memcmp(bytes, magic.data(), magic.size()) != 0) {
    // A file cut within the magic still deserves the right name for its trouble.
    if (size < magic.size() && std::memcmp(bytes, magic.data(), size) == 0)
      return makeError(Code::B004, fmt::format("{} ends after {} bytes, within the header of a bundle", name, size));
    return makeError(Code::B002,
                     fmt::format("{} is no .rbln bundle: it does not start with the format's magic bytes", name),
                     "write one with: rblnc compile KERNEL.ttir -o KERNEL.rbln");
  }
  if (size < headerBytes)
    return makeError(Code::B004, fmt::format("{} ends after {} bytes, within the header of a bundle", name, size));
  uint32_t version = llvm::support::endian::read32le(bytes + versionOffset);
  if (version != formatVersion)
    return makeError(
        Code::B003,
        fmt::format("{} has bundle format {}, and this rblnc reads format {}", name, version, formatVersion),
        "compile the kernel again with this rblnc");
  uint64_t payload = llvm::support::endian::read64le(bytes + sizeOffset);
  if (payload != size - headerBytes)
    return makeError(
        Code::B004,
        fmt::format("{} has {} bytes after its header, and the header says {}", name, size - headerBytes, payload),
        "copy the file again, or compile the kernel again");
  if (payload > maxPayloadBytes)
    return makeError(Code::B004, fmt::format("{} has {} bytes after its header, and the format allows {}", name,
                                             payload, maxPayloadBytes));
  return llvm::Error::success();
}

/// FlatBuffers lets many offsets point at one table and visits it every time. An honest table takes 8 bytes or more, so
/// this bound keeps the time linear in the size of the file and refuses no honest file.
flatbuffers::Verifier::Options verifierOptions(uint64_t payloadBytes) {
  flatbuffers::Verifier::Options options;
  options.max_depth = 16;
  options.max_tables = static_cast<flatbuffers::uoffset_t>(payloadBytes / 8 + 16);
  return options;
}

} // namespace

const void *OpenBundle::payload() const { return buffer->getBufferStart() + headerBytes; }

std::string OpenBundle::digest() const {
  return llvm::toHex(llvm::ArrayRef(bytesOf(*buffer) + digestOffset, digestBytes), /*LowerCase=*/true);
}

llvm::Expected<OpenBundle> openBundle(std::unique_ptr<llvm::MemoryBuffer> buffer, const VerifyLimits &limits) {
  std::string name = buffer->getBufferIdentifier().str();
  const uint8_t *bytes = bytesOf(*buffer);
  if (llvm::Error error = checkHeader(bytes, buffer->getBufferSize(), name))
    return error;
  std::span<const uint8_t> file(bytes, buffer->getBufferSize());
  auto digest = digestOf(file);
  if (std::memcmp(digest.data(), bytes + digestOffset, digestBytes) != 0)
    return makeError(Code::B005, fmt::format("{} is corrupted: its digest does not match its contents", name),
                     "copy the file again, or compile the kernel again");
  std::span<const uint8_t> payload = file.subspan(headerBytes);
  bool isAligned = reinterpret_cast<uintptr_t>(payload.data()) % 8 == 0;
  flatbuffers::Verifier verifier(payload.data(), payload.size(), verifierOptions(payload.size()));
  if (!isAligned || !verifier.VerifyBuffer<Bundle>())
    return makeError(Code::B006,
                     fmt::format("{} is not well-formed: its payload is no FlatBuffer of the bundle schema", name));
  if (llvm::Error error = verify(*GetBundle(payload.data()), limits))
    return error;
  return OpenBundle(std::move(buffer));
}

llvm::Expected<OpenBundle> openBundle(const std::string &path, const VerifyLimits &limits) {
  // Opening a pipe would wait for a writer, so the kind of file is looked at first.
  llvm::sys::fs::file_status status;
  if (std::error_code error = llvm::sys::fs::status(path, status))
    return makeError(Code::B001, fmt::format("{} cannot be opened: {}", path, error.message()));
  if (status.type() == llvm::sys::fs::file_type::directory_file)
    return makeError(Code::B001, fmt::format("{} is a directory, not a .rbln bundle", path));
  if (status.type() != llvm::sys::fs::file_type::regular_file)
    return makeError(Code::B001, fmt::format("{} is not a regular file", path));
  // What is no bundle is not read to its end.
  auto head = llvm::MemoryBuffer::getFileSlice(path, std::min<uint64_t>(status.getSize(), headerBytes), 0,
                                               /*IsVolatile=*/true);
  if (!head)
    return makeError(Code::B001, fmt::format("{} cannot be read: {}", path, head.getError().message()));
  if (llvm::Error error = checkHeader(bytesOf(**head), status.getSize(), path))
    return error;
  // Read, not mapped, which LLVM does for volatile files that end with a zero: a file that is written anew while it is
  // used must not change, or fault, under the machine.
  auto buffer =
      llvm::MemoryBuffer::getFile(path, /*IsText=*/false, /*RequiresNullTerminator=*/true, /*IsVolatile=*/true);
  if (!buffer)
    return makeError(Code::B001, fmt::format("{} cannot be read: {}", path, buffer.getError().message()));
  return openBundle(std::move(*buffer), limits);
}

} // namespace rblnc::bundle
