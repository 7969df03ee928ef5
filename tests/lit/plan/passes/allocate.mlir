// Two buffers that live at the same time lie apart; one that lives afterwards takes a place again. What no scratchpad
// holds goes to shared SRAM.
// RUN: %rblnc opt %s --passes=allocate | FileCheck %s

// CHECK: npu.buffer "a" scratchpad 0 bytes 256 at [[A:[0-9]+]]
// CHECK: npu.buffer "b" scratchpad 0 bytes 256 at [[B:[0-9]+]]
// CHECK: npu.buffer "huge" shared 0 bytes 16777216 at 0
// CHECK-NOT: npu.buffer "unused"
npu.program @three target "rbln-ca22" registers [] semaphores 0 {
  %x = npu.argument "x" f32 [4194304] "in"
  %y = npu.argument "y" f32 [4194304] "out"
  %a = npu.buffer "a" scratchpad 0 bytes 256
  npu.dma <neural_dma 0> [64] %x <f32, 0, [1]> to %a <f32, 0, [1]>
  %b = npu.buffer "b" scratchpad 0 bytes 256
  npu.dma <neural_dma 0> [64] %x <f32, 64, [1]> to %b <f32, 0, [1]>
  npu.dma <task_dma 0> [64] %a <f32, 0, [1]> to %y <f32, 64, [1]>
  npu.dma <task_dma 0> [64] %b <f32, 0, [1]> to %y <f32, 0, [1]>
  %huge = npu.buffer "huge" scratchpad 0 bytes 16777216
  %unused = npu.buffer "unused" scratchpad 0 bytes 64
  npu.dma <neural_dma 0> [4194304] %x <f32, 0, [1]> to %huge <f32, 0, [1]>
  npu.dma <task_dma 0> [4194304] %huge <f32, 0, [1]> to %y <f32, 0, [1]>
}
