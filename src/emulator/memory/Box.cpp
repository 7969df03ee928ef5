#include "Box.h"

#include <algorithm>

namespace rblnc::emulator {

bool Box::isEmpty() const {
  for (size_t d = 0; d < lo.size(); ++d)
    if (lo[d] >= hi[d])
      return true;
  return false;
}

DecodedClip decodeClip(const bundle::Clip &clip) {
  return {clip.axis(), clip.register_(), clip.lo(), clip.lo_scale(), clip.hi(), clip.hi_scale()};
}

Box clipped(llvm::ArrayRef<int64_t> shape, llvm::ArrayRef<DecodedClip> clips, llvm::ArrayRef<int64_t> registers) {
  Box box;
  box.lo.assign(shape.size(), 0);
  box.hi.assign(shape.begin(), shape.end());
  using Wide = __int128;
  for (const DecodedClip &clip : clips) {
    Wide value = clip.reg >= 0 ? registers[static_cast<size_t>(clip.reg)] : 0;
    Wide lo = clip.lo + value * clip.loScale, hi = clip.hi + value * clip.hiScale;
    int64_t &boxLo = box.lo[clip.axis], &boxHi = box.hi[clip.axis];
    boxLo = static_cast<int64_t>(std::clamp<Wide>(lo, boxLo, boxHi));
    boxHi = static_cast<int64_t>(std::clamp<Wide>(hi, boxLo, boxHi));
  }
  return box;
}

} // namespace rblnc::emulator
