// What the emulator's timing model would say of a program, before there is a bundle.
#pragma once

#include "rblnc/npu/Dialect.h"
#include "rblnc/target/CostModel.h"

namespace rblnc::plan {

/// Seconds from the first command to the end of the last one, with the queues at work at the same time. The program's
/// queues have been ordered by `synchronize`. No branch is skipped, and what registers clip off is moved: as much as
/// any run can do.
double modelledSeconds(npu::ProgramOp program, const CostModel &model);

/// The program's device commands, but for those that only order its queues.
size_t countCommands(npu::ProgramOp program);

} // namespace rblnc::plan
