// The whole `tt` dialect.
#ifndef RBLNC_TRITON_TD
#define RBLNC_TRITON_TD

include "rblnc/triton/TritonAttributes.td"
include "rblnc/triton/TritonDescriptorOps.td"
include "rblnc/triton/TritonDialect.td"
include "rblnc/triton/TritonDotOps.td"
include "rblnc/triton/TritonFuncOps.td"
include "rblnc/triton/TritonMathOps.td"
include "rblnc/triton/TritonMemoryOps.td"
include "rblnc/triton/TritonReduceOps.td"
include "rblnc/triton/TritonShapeOps.td"
include "rblnc/triton/TritonTypes.td"

#endif
