// The passes that order the commands of a program for its queues. Each tells how much it did.
#pragma once

#include "rblnc/npu/Dialect.h"
#include "rblnc/target/Target.h"

namespace rblnc::plan {

/// Loads small arrays, such as tables, once for each engine that needs several parts of them. The commands are as
/// chosen; results stay the same. Gives the number of arrays.
int64_t keepSmallArrays(npu::ProgramOp program);

/// Makes branches of their own of the registers and stores that a branch can begin with. Gives their number.
int64_t splitBranches(npu::ProgramOp program);

/// Moves small commands that only need arguments up in the program, so that large transfers hide them. Registers are
/// loaded and checked in the same order. Gives how many go up.
int64_t hoistCommands(npu::ProgramOp program, const Target &target);

/// Shifts engines that stream through memory against each other: they begin with parts of different size of a later
/// load, or of the first one, so that not all of them set up the next transfer at once. Gives the number of loads cut.
int64_t staggerLoads(npu::ProgramOp program, const Target &target);

/// Moves loads into shared SRAM up over commands of their queue that wait for what is computed. Gives how many.
int64_t stageAhead(npu::ProgramOp program);

/// Orders commands of different queues that touch the same memory or register: a signal after the earlier one, a wait
/// before the later one. Buffers must have addresses. Gives the number of signals and waits.
int64_t synchronize(npu::ProgramOp program);

} // namespace rblnc::plan
