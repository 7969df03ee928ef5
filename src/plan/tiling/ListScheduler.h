// The order in which slots' parts of operations run.
#pragma once

#include "RequiredTiles.h"

#include <vector>

namespace rblnc::plan {

/// A slot's part of an operation. A branch is one task, of RequiredTiles::processor: it holds the parts of all
/// slots.
struct Task {
  mlir::Operation *op;
  Slot slot;
};

/// Every task of a block's operations, each after what it depends on: the tasks that make its operands, and the earlier
/// transfers of the same array that it may meet. Round by round where the partition has rounds, so that what a round
/// needs can be dropped before the next one begins, and within a round in the order of the kernel, an operation's tasks
/// next to each other. What only brings values in, such as loads, comes right before the first task that needs it.
/// Incomplete when it was told to stop.
std::vector<Task> scheduleTasks(mlir::Block &block, const Partition &partition, const RequiredTiles &required);

} // namespace rblnc::plan
