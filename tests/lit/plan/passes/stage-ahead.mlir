// Eight loads into shared SRAM that two engines copy go to the queue that stores, and up over the copies of the ones
// before: four are on their way before the first is read.
// RUN: %rblnc opt %s --passes=stage-ahead | FileCheck %s

// CHECK-COUNT-4: npu.dma <task_dma 0> [1024] %0 {{.*}} to
// CHECK: npu.dma <neural_dma 0> [1024]
// CHECK-NOT: npu.dma <neural_dma {{.*}}> [1024] %0
npu.program @shared target "rbln-ca22" registers [] semaphores 0 {
  %0 = npu.argument "x" f32 [8, 1024] "in"
  %s0 = npu.buffer "" shared 0 bytes 4096
  %a0 = npu.buffer "" scratchpad 0 bytes 4096
  %b0 = npu.buffer "" scratchpad 1 bytes 4096
  npu.dma <neural_dma 0> [1024] %0 <f32, 0, [1]> to %s0 <f32, 0, [1]>
  npu.dma <neural_dma 0> [1024] %s0 <f32, 0, [1]> to %a0 <f32, 0, [1]>
  npu.dma <neural_dma 1> [1024] %s0 <f32, 0, [1]> to %b0 <f32, 0, [1]>
  %s1 = npu.buffer "" shared 0 bytes 4096
  %a1 = npu.buffer "" scratchpad 0 bytes 4096
  %b1 = npu.buffer "" scratchpad 1 bytes 4096
  npu.dma <neural_dma 0> [1024] %0 <f32, 1024, [1]> to %s1 <f32, 0, [1]>
  npu.dma <neural_dma 0> [1024] %s1 <f32, 0, [1]> to %a1 <f32, 0, [1]>
  npu.dma <neural_dma 1> [1024] %s1 <f32, 0, [1]> to %b1 <f32, 0, [1]>
  %s2 = npu.buffer "" shared 0 bytes 4096
  %a2 = npu.buffer "" scratchpad 0 bytes 4096
  %b2 = npu.buffer "" scratchpad 1 bytes 4096
  npu.dma <neural_dma 0> [1024] %0 <f32, 2048, [1]> to %s2 <f32, 0, [1]>
  npu.dma <neural_dma 0> [1024] %s2 <f32, 0, [1]> to %a2 <f32, 0, [1]>
  npu.dma <neural_dma 1> [1024] %s2 <f32, 0, [1]> to %b2 <f32, 0, [1]>
  %s3 = npu.buffer "" shared 0 bytes 4096
  %a3 = npu.buffer "" scratchpad 0 bytes 4096
  %b3 = npu.buffer "" scratchpad 1 bytes 4096
  npu.dma <neural_dma 0> [1024] %0 <f32, 3072, [1]> to %s3 <f32, 0, [1]>
  npu.dma <neural_dma 0> [1024] %s3 <f32, 0, [1]> to %a3 <f32, 0, [1]>
  npu.dma <neural_dma 1> [1024] %s3 <f32, 0, [1]> to %b3 <f32, 0, [1]>
  %s4 = npu.buffer "" shared 0 bytes 4096
  %a4 = npu.buffer "" scratchpad 0 bytes 4096
  %b4 = npu.buffer "" scratchpad 1 bytes 4096
  npu.dma <neural_dma 0> [1024] %0 <f32, 4096, [1]> to %s4 <f32, 0, [1]>
  npu.dma <neural_dma 0> [1024] %s4 <f32, 0, [1]> to %a4 <f32, 0, [1]>
  npu.dma <neural_dma 1> [1024] %s4 <f32, 0, [1]> to %b4 <f32, 0, [1]>
  %s5 = npu.buffer "" shared 0 bytes 4096
  %a5 = npu.buffer "" scratchpad 0 bytes 4096
  %b5 = npu.buffer "" scratchpad 1 bytes 4096
  npu.dma <neural_dma 0> [1024] %0 <f32, 5120, [1]> to %s5 <f32, 0, [1]>
  npu.dma <neural_dma 0> [1024] %s5 <f32, 0, [1]> to %a5 <f32, 0, [1]>
  npu.dma <neural_dma 1> [1024] %s5 <f32, 0, [1]> to %b5 <f32, 0, [1]>
  %s6 = npu.buffer "" shared 0 bytes 4096
  %a6 = npu.buffer "" scratchpad 0 bytes 4096
  %b6 = npu.buffer "" scratchpad 1 bytes 4096
  npu.dma <neural_dma 0> [1024] %0 <f32, 6144, [1]> to %s6 <f32, 0, [1]>
  npu.dma <neural_dma 0> [1024] %s6 <f32, 0, [1]> to %a6 <f32, 0, [1]>
  npu.dma <neural_dma 1> [1024] %s6 <f32, 0, [1]> to %b6 <f32, 0, [1]>
  %s7 = npu.buffer "" shared 0 bytes 4096
  %a7 = npu.buffer "" scratchpad 0 bytes 4096
  %b7 = npu.buffer "" scratchpad 1 bytes 4096
  npu.dma <neural_dma 0> [1024] %0 <f32, 7168, [1]> to %s7 <f32, 0, [1]>
  npu.dma <neural_dma 0> [1024] %s7 <f32, 0, [1]> to %a7 <f32, 0, [1]>
  npu.dma <neural_dma 1> [1024] %s7 <f32, 0, [1]> to %b7 <f32, 0, [1]>
}
