// What commands move, and what a load may be moved over.
#pragma once

#include "rblnc/npu/Dialect.h"

#include <cstdint>

namespace rblnc::plan {

/// How many bytes of its memory a touch is of, and `most` at most: an operand that repeats along a dimension is touched
/// once, and clips are left out of account.
int64_t bytesTouched(const npu::Touch &touch, int64_t most = INT64_MAX);

/// Bytes of the whole blocks that a command writes; what is too much for 64 bits counts as INT64_MAX.
int64_t bytesOf(npu::CommandInterface command);

/// Whether a command of an engine's DMA queues brings something in: those of NeuralDma do nothing else, and those of
/// TaskDma where they read an array.
bool isLoad(npu::CommandInterface command);
/// Whether a command of an engine's DMA queues writes an array.
bool isStore(npu::CommandInterface command);
/// Whether an operation is a command that reads a memory.
bool reads(mlir::Operation *op, mlir::Value memory);

/// Whether a load from an array has to come after an earlier operation of the program: the beginning or end of a
/// branch, a register that it uses, a store of what it reads, or anything that touches where it loads to.
bool mustFollow(npu::CommandInterface load, mlir::Operation *earlier, mlir::ArrayAttr registers);

} // namespace rblnc::plan
