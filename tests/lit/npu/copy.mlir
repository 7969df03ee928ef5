// Device commands can be written by hand.
// RUN: %rblnc compile %s -o %t.rbln
// RUN: %rblnc inspect %t.rbln --section=program | FileCheck %s
// RUN: %rblnc run %t.rbln --arg x=64xf32=2.5 | FileCheck %s --check-prefix=RESULT
// CHECK: program copy for rbln-ca22
// CHECK: neural_dma0
// CHECK-NEXT: dma 64xf32 dram0+0[4] -> scratchpad0+0[4]  ; copy.mlir:[[# @LINE + 7]]:
// CHECK-NEXT: signal s0
// RESULT: y: 64xf32: min 2.5, max 2.5, mean 2.5
npu.program @copy target "rbln-ca22" registers [] semaphores 1 {
  %x = npu.argument "x" f32 [64] "in"
  %y = npu.argument "y" f32 [64] "out"
  %t = npu.buffer "t" scratchpad 0 bytes 256 at 0
  npu.dma <neural_dma 0> [64] %x <f32, 0, [1]> to %t <f32, 0, [1]>
  npu.signal <neural_dma 0> 0
  npu.wait <task_dma 0> 0 reaches 1
  npu.dma <task_dma 0> [64] %t <f32, 0, [1]> to %y <f32, 0, [1]>
}
