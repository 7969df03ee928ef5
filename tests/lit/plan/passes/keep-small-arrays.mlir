// Two elements of a table are loaded with one transfer of all of it; of a table of more than 4096 bytes they are not.
// RUN: %rblnc opt %s --passes=keep-small-arrays | FileCheck %s

// CHECK-LABEL: npu.program @small
// CHECK: %[[COPY:.*]] = npu.buffer "t" scratchpad 0 bytes 4096
// CHECK-NEXT: npu.dma <neural_dma 0> [1024] %0 <i32, 0, [1]> to %[[COPY]] <i32, 0, [1]>
// CHECK-NEXT: npu.dma <task_dma 0> [1] %[[COPY]] <i32, 0, [0]> to %1 <i32, 0, [1]>
// CHECK-NEXT: npu.dma <task_dma 0> [1] %[[COPY]] <i32, 3, [0]> to %1 <i32, 1, [1]>
npu.program @small target "rbln-ca22" registers [] semaphores 0 {
  %0 = npu.argument "t" i32 [1024] "in"
  %1 = npu.argument "o" i32 [2] "out"
  %2 = npu.buffer "" scratchpad 0 bytes 4
  npu.dma <neural_dma 0> [1] %0 <i32, 0, [1]> to %2 <i32, 0, [0]>
  npu.dma <task_dma 0> [1] %2 <i32, 0, [0]> to %1 <i32, 0, [1]>
  %3 = npu.buffer "" scratchpad 0 bytes 4
  npu.dma <neural_dma 0> [1] %0 <i32, 3, [1]> to %3 <i32, 0, [0]>
  npu.dma <task_dma 0> [1] %3 <i32, 0, [0]> to %1 <i32, 1, [1]>
}

// CHECK-LABEL: npu.program @large
// CHECK: npu.dma <neural_dma 0> [1] %0 <i32, 0, [1]>
// CHECK: npu.dma <neural_dma 0> [1] %0 <i32, 3, [1]>
npu.program @large target "rbln-ca22" registers [] semaphores 0 {
  %0 = npu.argument "t" i32 [1025] "in"
  %1 = npu.argument "o" i32 [2] "out"
  %2 = npu.buffer "" scratchpad 0 bytes 4
  npu.dma <neural_dma 0> [1] %0 <i32, 0, [1]> to %2 <i32, 0, [0]>
  npu.dma <task_dma 0> [1] %2 <i32, 0, [0]> to %1 <i32, 0, [1]>
  %3 = npu.buffer "" scratchpad 0 bytes 4
  npu.dma <neural_dma 0> [1] %0 <i32, 3, [1]> to %3 <i32, 0, [0]>
  npu.dma <task_dma 0> [1] %3 <i32, 0, [0]> to %1 <i32, 1, [1]>
}
