// A small load goes in front of the large loads, to the queue that does not load them; one of what the kernel writes does
// not move.
// RUN: %rblnc opt %s --passes=hoist-commands | FileCheck %s

// CHECK: npu.dma <task_dma 0> [64] %{{.*}} <f32, 0, [1]> to %[[S:.*]] <f32, 0, [1]>
// CHECK: npu.dma <neural_dma 0> [4096, 64]
// CHECK: npu.dma <task_dma 0> [64] %[[S]]
// CHECK: npu.dma <neural_dma 0> [64] %{{.*}} <f32, 0, [1]> to
npu.program @far target "rbln-ca22" registers [] semaphores 0 {
  %x = npu.argument "x" f32 [4096, 64] "in"
  %y = npu.argument "y" f32 [64] "in"
  %z = npu.argument "z" f32 [64] "inout"
  %o = npu.argument "o" f32 [4096, 64] "out"
  %0 = npu.buffer "" scratchpad 0 bytes 1048576
  npu.dma <neural_dma 0> [4096, 64] %x <f32, 0, [64, 1]> to %0 <f32, 0, [64, 1]>
  npu.dma <task_dma 0> [4096, 64] %0 <f32, 0, [64, 1]> to %o <f32, 0, [64, 1]>
  %1 = npu.buffer "" scratchpad 0 bytes 256
  npu.dma <neural_dma 0> [64] %y <f32, 0, [1]> to %1 <f32, 0, [1]>
  npu.dma <task_dma 0> [64] %1 <f32, 0, [1]> to %z <f32, 0, [1]>
  %2 = npu.buffer "" scratchpad 0 bytes 256
  npu.dma <neural_dma 0> [64] %z <f32, 0, [1]> to %2 <f32, 0, [1]>
  npu.dma <task_dma 0> [64] %2 <f32, 0, [1]> to %o <f32, 64, [1]>
}
