// Rows that come from memory and go back to where they are need not be written.
#pragma once

#include "mlir/Dialect/Func/IR/FuncOps.h"

namespace rblnc::plan {

/// A kernel appends to a cache by load, insert and store of a whole block. Every such store is replaced by one of the
/// inserted rows alone,
///
///     keys = insert(load(block, rows < n), new, n);  store(block, keys, rows < n + L)
///  -> keys = insert(load(block, rows < n), new, n);  store(block at row n, new, those of its rows that were stored)
///
/// where memory is the same afterwards, whatever the index is within its bounds. Indices are equal when they are made
/// from the same integer.
///
///  1. The store's value is the insertion's result, and the insertion's data is the load's; between them stand at most
///     reshapes that add or drop dimensions of extent 1.
///  2. Load and store stand in one block and name the same elements: array, offset, terms and strides are equal.
///  3. Along every axis but that of the insertion both have the same clips.
///  4. Along that axis, rows that the store writes and the insertion does not replace are rows that the load read. The
///     clips must be linear in the inserting index for this to be proven.
///  5. Nothing between them may have written to the block.
///  6. Neither reaches beyond the array, and the new store does not either: what is diagnosed stays so.
///
/// Rows that are left alone are not rounded to the chip's compute type, as they are when they are written back. Load
/// and insertion stay where something else uses the rows, and are erased where nothing does.
/// Gives the number of stores that are narrowed.
int64_t narrowStores(mlir::func::FuncOp kernel);

} // namespace rblnc::plan
