#include "Digest.h"

#include "llvm/ADT/ArrayRef.h"
#include "llvm/Support/BLAKE3.h"

namespace rblnc::bundle {

std::array<uint8_t, digestBytes> digestOf(std::span<const uint8_t> file) {
  llvm::BLAKE3 hasher;
  hasher.update(llvm::ArrayRef(file.data(), digestOffset));
  std::span<const uint8_t> rest = file.subspan(digestOffset + digestBytes);
  hasher.update(llvm::ArrayRef(rest.data(), rest.size()));
  return hasher.final<digestBytes>();
}

} // namespace rblnc::bundle
