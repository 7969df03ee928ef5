// Engines that stream are shifted against each other: the second one begins with a part of its last load, and the rest of
// that stays where it was. Nothing is read that the other part does not read.
// RUN: %rblnc opt %s --passes=stagger-loads | FileCheck %s

// CHECK-COUNT-4: npu.dma <neural_dma 0> [1024, 64] %0
// CHECK: npu.dma <neural_dma 1> [31, 64] %0 <f32, 458752, [64, 1]> to %[[LAST:.*]] <f32, 0, [64, 1]>
// CHECK-COUNT-3: npu.dma <neural_dma 1> [1024, 64] %0
// CHECK: npu.dma <neural_dma 1> [993, 64] %0 <f32, 460736, [64, 1]> to %[[LAST]] <f32, 1984, [64, 1]>
// CHECK-NOT: npu.dma <neural_dma
npu.program @stream target "rbln-ca22" registers [] semaphores 0 {
  %0 = npu.argument "x" f32 [8, 1024, 64] "in"
  %1 = npu.argument "y" f32 [8, 1024, 64] "out"
  %b00 = npu.buffer "" scratchpad 0 bytes 262144
  npu.dma <neural_dma 0> [1024, 64] %0 <f32, 0, [64, 1]> to %b00 <f32, 0, [64, 1]>
  %b01 = npu.buffer "" scratchpad 0 bytes 262144
  npu.dma <neural_dma 0> [1024, 64] %0 <f32, 65536, [64, 1]> to %b01 <f32, 0, [64, 1]>
  %b02 = npu.buffer "" scratchpad 0 bytes 262144
  npu.dma <neural_dma 0> [1024, 64] %0 <f32, 131072, [64, 1]> to %b02 <f32, 0, [64, 1]>
  %b03 = npu.buffer "" scratchpad 0 bytes 262144
  npu.dma <neural_dma 0> [1024, 64] %0 <f32, 196608, [64, 1]> to %b03 <f32, 0, [64, 1]>
  npu.dma <task_dma 0> [1024, 64] %b00 <f32, 0, [64, 1]> to %1 <f32, 0, [64, 1]>
  npu.dma <task_dma 0> [1024, 64] %b01 <f32, 0, [64, 1]> to %1 <f32, 65536, [64, 1]>
  npu.dma <task_dma 0> [1024, 64] %b02 <f32, 0, [64, 1]> to %1 <f32, 131072, [64, 1]>
  npu.dma <task_dma 0> [1024, 64] %b03 <f32, 0, [64, 1]> to %1 <f32, 196608, [64, 1]>
  %b10 = npu.buffer "" scratchpad 1 bytes 262144
  npu.dma <neural_dma 1> [1024, 64] %0 <f32, 262144, [64, 1]> to %b10 <f32, 0, [64, 1]>
  %b11 = npu.buffer "" scratchpad 1 bytes 262144
  npu.dma <neural_dma 1> [1024, 64] %0 <f32, 327680, [64, 1]> to %b11 <f32, 0, [64, 1]>
  %b12 = npu.buffer "" scratchpad 1 bytes 262144
  npu.dma <neural_dma 1> [1024, 64] %0 <f32, 393216, [64, 1]> to %b12 <f32, 0, [64, 1]>
  %b13 = npu.buffer "" scratchpad 1 bytes 262144
  npu.dma <neural_dma 1> [1024, 64] %0 <f32, 458752, [64, 1]> to %b13 <f32, 0, [64, 1]>
  npu.dma <task_dma 1> [1024, 64] %b10 <f32, 0, [64, 1]> to %1 <f32, 262144, [64, 1]>
  npu.dma <task_dma 1> [1024, 64] %b11 <f32, 0, [64, 1]> to %1 <f32, 327680, [64, 1]>
  npu.dma <task_dma 1> [1024, 64] %b12 <f32, 0, [64, 1]> to %1 <f32, 393216, [64, 1]>
  npu.dma <task_dma 1> [1024, 64] %b13 <f32, 0, [64, 1]> to %1 <f32, 458752, [64, 1]>
}
