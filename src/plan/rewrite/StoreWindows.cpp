#include "StoreWindows.h"

using namespace mlir;

namespace rblnc::plan {

rbln::StoreOp storeOf(rbln::WindowSliceOp slice) {
  if (!slice->hasOneUse())
    return {};
  auto store = dyn_cast<rbln::StoreOp>(*slice->user_begin());
  bool isPlain = store && store->getBlock() == slice->getBlock() && !store.getClips();
  return isPlain ? store : rbln::StoreOp();
}

int64_t storeWindows(func::FuncOp kernel) {
  SmallVector<rbln::WindowSliceOp> slices;
  kernel.walk([&](rbln::WindowSliceOp slice) { slices.push_back(slice); });
  int64_t moved = 0;
  for (rbln::WindowSliceOp slice : slices)
    if (rbln::StoreOp store = storeOf(slice)) {
      slice->moveBefore(store);
      ++moved;
    }
  return moved;
}

} // namespace rblnc::plan
