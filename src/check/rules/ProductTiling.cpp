// RBLN-W016: a product whose tiles walk over both rows and columns of one array.
#include "rblnc/triton/Dialect.h"

#include "Access.h"
#include "Describe.h"
#include "Rule.h"
#include "TileOffset.h"

namespace rblnc::rules {

void productTiling(mlir::Operation *op, Context &context) {
  if (!context.facts.has(mlir::cast<tt::StoreOp>(op).getValue(), Fact::Product))
    return;
  Access access = accessOf(op, context.facts);
  mlir::BlockArgument base = baseOf(access.pointer);
  std::optional<TileOffset> offset = tileOffsetOf(access.pointer);
  if (!base || !offset)
    return;

  auto [place, isFirst] = context.storedTiles.try_emplace(base, StoredTiles{*offset, false, false});
  StoredTiles &tiles = place->second;
  bool wereBoth = tiles.rowsVary && tiles.columnsVary;
  tiles.rowsVary |= offset->row != tiles.first.row;
  tiles.columnsVary |= offset->column != tiles.first.column;
  if (wereBoth || !tiles.rowsVary || !tiles.columnsVary)
    return;
  context.report(op, {"the product is stored to " + access.arrayText() + " in tiles of " + shapeText(access.shape()) +
                          " that walk over both rows and columns; the vendor's compiler takes tiles over one of them",
                      "tile over the rows only, with all columns in every tile",
                      access.arrayText(),
                      {}});
}

} // namespace rblnc::rules
