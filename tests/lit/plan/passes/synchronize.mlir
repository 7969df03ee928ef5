// The store waits for the load and for nothing else; the second load writes other bytes than the store reads, and the
// third one waits, as it writes the bytes that are stored.
// RUN: %rblnc opt %s --passes=synchronize | FileCheck %s

// CHECK: npu.dma <neural_dma 0> [64] %{{.*}} <f32, 0, [1]>
// CHECK-NEXT: npu.signal <neural_dma 0> [[L:[0-9]+]]
// CHECK-NEXT: npu.wait <task_dma 0> [[L]] reaches 1
// CHECK-NEXT: npu.dma <task_dma 0>
// CHECK-NEXT: npu.signal <task_dma 0> [[S:[0-9]+]]
// CHECK-NEXT: npu.dma <neural_dma 0> [64] %{{.*}} <f32, 64, [1]>
// CHECK-NEXT: npu.wait <neural_dma 0> [[S]] reaches 1
// CHECK-NEXT: npu.dma <neural_dma 0> [64] %{{.*}} <f32, 128, [1]>
// CHECK-NOT: npu.wait
npu.program @reuse target "rbln-ca22" registers [] semaphores 0 {
  %x = npu.argument "x" f32 [192] "in"
  %y = npu.argument "y" f32 [64] "out"
  %a = npu.buffer "a" scratchpad 0 bytes 256 at 0
  %b = npu.buffer "b" scratchpad 0 bytes 256 at 256
  npu.dma <neural_dma 0> [64] %x <f32, 0, [1]> to %a <f32, 0, [1]>
  npu.dma <task_dma 0> [64] %a <f32, 0, [1]> to %y <f32, 0, [1]>
  npu.dma <neural_dma 0> [64] %x <f32, 64, [1]> to %b <f32, 0, [1]>
  npu.dma <neural_dma 0> [64] %x <f32, 128, [1]> to %a <f32, 0, [1]>
}
