// RBLN-W016: a product whose tiles walk over both rows and columns of one array. Sees block pointers with constant
// offsets only.
#include "rblnc/triton/Dialect.h"

#include "../Access.h"
#include "../Describe.h"
#include "../Rule.h"

namespace rblnc::rules {
namespace {

/// Offsets of a block in its array, in elements an axis; none when one is not constant.
std::optional<llvm::SmallVector<int64_t>> constantOffsets(mlir::Value pointer) {
  llvm::SmallVector<int64_t> sum;
  auto add = [&](mlir::OperandRange offsets) {
    if (sum.empty())
      sum.assign(offsets.size(), 0);
    for (auto [total, value] : llvm::zip_equal(sum, offsets)) {
      std::optional<int64_t> offset = constantInt(value);
      if (!offset || __builtin_add_overflow(total, *offset, &total))
        return false;
    }
    return true;
  };
  while (auto advance = pointer.getDefiningOp<tt::AdvanceOp>()) {
    if (!add(advance.getOffsets()))
      return std::nullopt;
    pointer = advance.getPtr();
  }
  auto root = pointer.getDefiningOp<tt::MakeTensorPtrOp>();
  if (!root || !add(root.getOffsets()))
    return std::nullopt;
  return sum;
}

} // namespace

void productTiling(mlir::Operation *op, Context &context) {
  Access access = accessOf(op, context.facts);
  if (access.form != PointerForm::Block || !context.facts.has(access.stored, Fact::Product))
    return;
  mlir::BlockArgument base = baseOf(access.pointer);
  auto offsets = constantOffsets(access.pointer);
  if (!base || !offsets || offsets->size() < 2)
    return;

  StoredTiles &tiles = context.storedTiles[base];
  if (tiles.firstOffsets.size() != offsets->size())
    tiles = {*offsets, false, false};
  size_t rank = offsets->size();
  bool wereBoth = tiles.rowsVary && tiles.columnsVary;
  tiles.rowsVary |= (*offsets)[rank - 2] != tiles.firstOffsets[rank - 2];
  tiles.columnsVary |= (*offsets)[rank - 1] != tiles.firstOffsets[rank - 1];
  if (wereBoth || !tiles.rowsVary || !tiles.columnsVary)
    return;
  context.report(op, {"the product is stored to " + access.arrayText() + " in tiles of " + shapeText(access.shape()) +
                          " that walk over both rows and columns; the vendor's compiler takes tiles over one of them",
                      "tile over the rows only, with all columns in every tile",
                      access.arrayText(),
                      {}});
}

} // namespace rblnc::rules
