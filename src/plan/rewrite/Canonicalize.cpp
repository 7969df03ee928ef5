#include "Canonicalize.h"

#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/IR/Builders.h"

#include <algorithm>

using namespace mlir;

namespace rblnc::plan {
namespace {

/// Leaves a region nothing to read from outside.
int64_t closeRegion(Region &region) {
  llvm::SmallDenseMap<Operation *, Operation *> copies;
  OpBuilder builder = OpBuilder::atBlockBegin(&region.front());
  region.walk([&](Operation *inside) {
    for (OpOperand &operand : inside->getOpOperands()) {
      Operation *outside = operand.get().getDefiningOp();
      if (!outside || !outside->hasTrait<OpTrait::ConstantLike>() || region.isAncestor(operand.get().getParentRegion()))
        continue;
      Operation *&copy = copies[outside];
      if (!copy)
        copy = builder.clone(*outside);
      operand.set(copy->getResult(cast<OpResult>(operand.get()).getResultNumber()));
    }
  });
  return static_cast<int64_t>(copies.size());
}

template <typename Access> int64_t clipInside(Access access, ShapedType block) {
  int64_t changed = 0;
  SmallVector<Attribute> clips;
  if (ArrayAttr given = access.getClipsAttr())
    for (auto clip : given.template getAsRange<rbln::ClipAttr>()) {
      clips.push_back(clipWithin(clip, block));
      changed += clips.back() != clip;
    }
  if (changed)
    access.setClipsAttr(ArrayAttr::get(access.getContext(), clips));
  return changed;
}

} // namespace

rbln::ClipAttr clipWithin(rbln::ClipAttr clip, ShapedType block) {
  if (clip.getTerm() >= 0)
    return clip;
  int64_t extent = block.getDimSize(clip.getAxis());
  return rbln::ClipAttr::get(clip.getContext(), clip.getAxis(), std::clamp<int64_t>(clip.getLo(), 0, extent),
                             std::clamp<int64_t>(clip.getHi(), 0, extent), clip.getTerm(), clip.getLoScale(),
                             clip.getHiScale());
}

int64_t canonicalize(func::FuncOp kernel) {
  int64_t changed = 0;
  // Inner operations of a region that is closed are walked as well, and have nothing to do.
  kernel.walk([&](Operation *op) {
    if (isa<linalg::GenericOp, rbln::ReduceOp>(op))
      for (Region &region : op->getRegions())
        changed += closeRegion(region);
    else if (auto load = dyn_cast<rbln::LoadOp>(op))
      changed += clipInside(load, load.getResult().getType());
    else if (auto store = dyn_cast<rbln::StoreOp>(op))
      changed += clipInside(store, store.getValue().getType());
  });
  return changed;
}

} // namespace rblnc::plan
