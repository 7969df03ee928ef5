// The register that a branch begins with gets a branch of its own, on the same condition, in front of it. A store of what
// the branch itself loads stays.
// RUN: %rblnc opt %s --passes=split-branches | FileCheck %s

// CHECK: npu.branch 0
// CHECK-NEXT: npu.load_scalar <command_processor 0> 1
// CHECK-NEXT: npu.join
// CHECK-NEXT: npu.branch 0
// CHECK-NEXT: npu.dma <neural_dma 0>
// CHECK-NEXT: npu.dma <task_dma 0>
// CHECK-NEXT: npu.join
// CHECK-NOT: npu.branch
npu.program @branch target "rbln-ca22" registers [#npu.register<0, 1, "n">, #npu.register<0, 3, "n">] semaphores 0 {
  %n = npu.argument "n" i32 [2] "in"
  %x = npu.argument "x" f32 [4, 64] "in"
  %y = npu.argument "y" f32 [64] "out"
  %b = npu.buffer "" scratchpad 0 bytes 256
  npu.load_scalar <command_processor 0> 0 %n <i32, 0, []>
  npu.branch 0
  npu.load_scalar <command_processor 0> 1 %n <i32, 1, []>
  npu.dma <neural_dma 0> [64] %x <f32, 0, [1], registers[1], scales[64]> to %b <f32, 0, [1]>
  npu.dma <task_dma 0> [64] %b <f32, 0, [1]> to %y <f32, 0, [1]>
  npu.join
}
