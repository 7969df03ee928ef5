// Rows that an index vector chooses: gathered from an array, scattered to one.
// RUN: %rblnc opt %s -o %t.mlir
// RUN: %rblnc opt %t.mlir | diff %t.mlir -
// RUN: FileCheck %s --check-prefix=TEXT < %t.mlir
// RUN: %rblnc compile %s -o %t.rbln
// RUN: %rblnc inspect %t.rbln --section=program | FileCheck %s
// RUN: %rblnc inspect %t.rbln --section=program --json | FileCheck %s --check-prefix=JSON
// RUN: %rblnc run %t.rbln --arg index=4xi32=2 --arg mask=4xi1=1 --arg table=16x8xf32=3.5 --arg y=16x8xf32=0 --stats=%t.json | FileCheck %s --check-prefix=RESULT
// RUN: FileCheck %s --check-prefix=STATS < %t.json
// RUN: %rblnc run %t.rbln --arg index=4xi32=2 --arg mask=4xi1=0 --arg table=16x8xf32=3.5 --arg y=16x8xf32=0 | FileCheck %s --check-prefix=MASKED
// TEXT: npu.indexed_dma <neural_dma 0> gather [4, 8] axis 0 of 16 %{{.*}} <f32, 0, [8, 1]> by %{{.*}} <i32, 0, [1, 0]> mask %{{.*}} <i1, 0, [1, 0]> to %{{.*}} <f32, 0, [8, 1]> clips [#npu.clip<axis = 1, lo = 0, hi = 7>] fill 5.000000e-01 : f32
// TEXT: npu.indexed_dma <task_dma 0> scatter [4, 8] axis 0 of 16 %{{.*}} <f32, 0, [8, 1]> by %{{.*}} <i32, 0, [1, 0]> to %{{.*}} <f32, 0, [8, 1]>
// CHECK: gather 4x8xf32 dram0+0[32,4] -> scratchpad0+64[32,4] i0 of 16 by i32 scratchpad0+0[4,0] mask scratchpad0+32[1,0] clip(0 <= i1 < 7) fill 0x3f000000  ; indexed-dma.mlir:[[# @LINE + 17]]:
// CHECK: scatter 4x8xf32 scratchpad0+64[32,4] -> dram{{.}}+0[32,4] i0 of 16 by i32 scratchpad0+0[4,0]  ; indexed-dma.mlir:[[# @LINE + 20]]:
// JSON-DAG: "kind": "indexed_dma"
// What it writes: two vectors of 16 and 4 bytes, 128 bytes of gathered rows, and as much of rows that are scattered to one place.
// STATS: "dma_bytes": 276
// RESULT: y: 16x8xf32: min 0, max 3.5,
// MASKED: y: 16x8xf32: min 0, max 0.5,
npu.program @rows target "rbln-ca22" registers [] semaphores 1 {
  %table = npu.argument "table" f32 [16, 8] "in"
  %index = npu.argument "index" i32 [4] "in"
  %mask = npu.argument "mask" i1 [4] "in"
  %y = npu.argument "y" f32 [16, 8] "inout"
  %i = npu.buffer "i" scratchpad 0 bytes 16 at 0
  %m = npu.buffer "m" scratchpad 0 bytes 4 at 32
  %t = npu.buffer "t" scratchpad 0 bytes 128 at 64
  npu.dma <neural_dma 0> [4] %index <i32, 0, [1]> to %i <i32, 0, [1]>
  npu.dma <neural_dma 0> [4] %mask <i1, 0, [1]> to %m <i1, 0, [1]>
  npu.indexed_dma <neural_dma 0> gather [4, 8] axis 0 of 16 %table <f32, 0, [8, 1]> by %i <i32, 0, [1, 0]>
    mask %m <i1, 0, [1, 0]> to %t <f32, 0, [8, 1]> clips [#npu.clip<axis = 1, lo = 0, hi = 7>] fill 5.0e-01 : f32
  npu.signal <neural_dma 0> 0
  npu.wait <task_dma 0> 0 reaches 1
  npu.indexed_dma <task_dma 0> scatter [4, 8] axis 0 of 16 %t <f32, 0, [8, 1]> by %i <i32, 0, [1, 0]> to %y <f32, 0, [8, 1]>
}
