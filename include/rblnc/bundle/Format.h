// The fixed header of a .rbln file. All integers are little-endian.
//
//   offset  bytes  what
//        0      8  magic
//        8      4  format version
//       12      4  reserved, zero
//       16      8  bytes of the payload; the file is exactly headerBytes + that many long
//       24     32  BLAKE3 digest of everything else: bytes 0 to 23, bytes 56 to 63, then the payload
//       56      8  reserved, zero
//       64      …  payload: the FlatBuffer of src/bundle/bundle.fbs, without padding
//
// The version rises with every change that an older or a newer reader would misunderstand; it is compared before
// anything after it is looked at, so a file of any other version gives one sentence.
#pragma once

#include <array>
#include <cstdint>

namespace rblnc::bundle {

/// The first byte is not ASCII and line ends are in it, as in PNG: a transfer as text does not go unnoticed.
inline constexpr std::array<uint8_t, 8> magic = {0x89, 'R', 'B', 'L', 'N', '\r', '\n', 0x1a};
inline constexpr uint32_t formatVersion = 1;

inline constexpr uint64_t headerBytes = 64;
inline constexpr uint64_t versionOffset = 8;
inline constexpr uint64_t sizeOffset = 16;
inline constexpr uint64_t digestOffset = 24;
inline constexpr uint64_t digestBytes = 32;

/// FlatBuffers' own limit.
inline constexpr uint64_t maxPayloadBytes = (uint64_t{1} << 31) - 1;

} // namespace rblnc::bundle
