#include "LoadWindows.h"

#include "rblnc/rbln/Dialect.h"

using namespace mlir;

namespace rblnc::plan {

/// Whether something is stored to the load's array between the two, or one of them stands in another block.
static bool isOverwritten(rbln::LoadOp load, Operation *until) {
  if (load->getBlock() != until->getBlock())
    return true;
  for (Operation *op = load->getNextNode(); op != until; op = op->getNextNode()) {
    bool stores = false;
    op->walk([&](rbln::StoreOp store) { stores |= store.getArray() == load.getArray(); });
    if (stores)
      return true;
  }
  return false;
}

/// The type of the block when zeros that are put behind it are part of it: of these zeros and of slices all its users
/// are. Slices end with the rows of the window.
static RankedTensorType withZerosBehind(rbln::WindowInsertOp window) {
  RankedTensorType type = window.getResult().getType(), wider = type;
  for (Operation *user : window->getUsers()) {
    if (auto slice = dyn_cast<rbln::WindowSliceOp>(user); slice && slice.getAxis() == window.getAxis())
      continue;
    auto pad = dyn_cast<rbln::PadOp>(user);
    bool isBehind = pad && pad.getAxis() == window.getAxis() && pad.getLow() == 0 &&
                    pad.getValue() == Builder(pad.getContext()).getZeroAttr(type.getElementType());
    if (!isBehind || (wider != type && wider != pad.getResult().getType()))
      return type;
    wider = pad.getResult().getType();
  }
  return wider;
}

static bool rewrite(rbln::WindowInsertOp window) {
  auto load = window.getBase().getDefiningOp<rbln::LoadOp>();
  if (!load || !load->hasOneUse() || load.getClips() || load.getPadding() || isOverwritten(load, window))
    return false;
  OpBuilder builder(window);
  RankedTensorType type = withZerosBehind(window);
  auto axis = static_cast<int64_t>(window.getAxis());
  // Rows from the start of the window up to `off`.
  auto filled = rbln::ClipAttr::get(builder.getContext(), axis, /*lo=*/0, /*hi=*/0, /*term=*/0, /*lo_scale=*/0,
                                    /*hi_scale=*/1);
  auto rows = rbln::LoadOp::create(builder, load.getLoc(), type, load.getArray(), load.getTerms(),
                                   ValueRange{window.getIndex()}, load.getOffsetAttr(), load.getScalesAttr(),
                                   load.getStridesAttr(), builder.getArrayAttr({filled}), TypedAttr());
  auto insert = rbln::InsertOp::create(builder, window.getLoc(), type, rows.getResult(), window.getRows(),
                                       window.getIndex(), window.getAxisAttr(), builder.getI64IntegerAttr(0));
  for (Operation *user : llvm::make_early_inc_range(window->getUsers()))
    if (auto pad = dyn_cast<rbln::PadOp>(user); pad && pad.getResult().getType() == type) {
      pad.getResult().replaceAllUsesWith(insert.getResult());
      pad->erase();
    }
  window.getResult().replaceAllUsesWith(insert.getResult());
  window->erase();
  load->erase();
  return true;
}

int64_t loadWindows(func::FuncOp kernel) {
  SmallVector<rbln::WindowInsertOp> windows;
  kernel.walk([&](rbln::WindowInsertOp window) { windows.push_back(window); });
  return llvm::count_if(windows, rewrite);
}

} // namespace rblnc::plan
