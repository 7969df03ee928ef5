// Rows of 80 elements begin at lines of 64: their pitch is 128 in the scratchpad, while they stand close in DRAM. The sums
// of rows, whose last dimension is 1, are dense.
// RUN: %rblnc compile %s --split=none --emit=npu -o - | FileCheck %s

// CHECK-LABEL: npu.program @rows
// CHECK: %[[X:.*]] = npu.buffer "" scratchpad 0 bytes 8192
// CHECK: npu.dma <neural_dma 0> [16, 80] %{{.*}} <f32, 0, [80, 1]> to %[[X]] <f32, 0, [128, 1]>
// CHECK: %[[S:.*]] = npu.buffer "" scratchpad 0 bytes 64
// CHECK: npu.vector <neural_engine 0> [16] [80] ins(%[[X]]) [#npu.access<f32, 0, [128, 1]>]
// CHECK-SAME: outs(%[[X]], %[[S]]) [#npu.access<f32, 0, [128, 1]>, #npu.access<f32, 0, [1, 0]>]
// CHECK: npu.dma <task_dma 0> [16, 80] %[[X]] <f32, 0, [128, 1]> to %{{.*}} <f32, 0, [80, 1]>
// CHECK: npu.dma <task_dma 0> [16, 1] %[[S]] <f32, 0, [1, 0]>
func.func @rows(%x: !rbln.array<16x80xf32> {rbln.name = "x"}, %o: !rbln.array<16x80xf32> {rbln.name = "o"},
                %s: !rbln.array<16xf32> {rbln.name = "s"}) {
  %0 = rbln.load %x at 0 strides [80, 1] : <16x80xf32> -> tensor<16x80xf32>
  %e = tensor.empty() : tensor<16x80xf32>
  %1 = linalg.generic {indexing_maps = [affine_map<(i, j) -> (i, j)>, affine_map<(i, j) -> (i, j)>],
                       iterator_types = ["parallel", "parallel"]}
       ins(%0 : tensor<16x80xf32>) outs(%e : tensor<16x80xf32>) {
  ^bb0(%p: f32, %out: f32):
    %t = arith.addf %p, %p : f32
    linalg.yield %t : f32
  } -> tensor<16x80xf32>
  %2 = rbln.reduce %1 axis 1 : (tensor<16x80xf32>) -> tensor<16x1xf32> {
  ^bb0(%a: f32, %b: f32):
    %t = arith.addf %a, %b : f32
    rbln.yield %t : f32
  }
  rbln.store %1, %o at 0 strides [80, 1] : tensor<16x80xf32> -> <16x80xf32>
  rbln.store %2, %s at 0 strides [1, 0] : tensor<16x1xf32> -> <16xf32>
  return
}

// A single row needs no pitch, and no padding behind it.
// CHECK-LABEL: npu.program @one_row
// CHECK: npu.buffer "" scratchpad 0 bytes 320
func.func @one_row(%x: !rbln.array<80xf32> {rbln.name = "x"}, %o: !rbln.array<80xf32> {rbln.name = "o"}) {
  %0 = rbln.load %x at 0 strides [80, 1] : <80xf32> -> tensor<1x80xf32>
  rbln.store %0, %o at 0 strides [80, 1] : tensor<1x80xf32> -> <80xf32>
  return
}

// Rows of rows: lines by lines.
// CHECK-LABEL: npu.program @outer_dimensions
// CHECK: npu.buffer "" scratchpad 0 bytes 3072
// CHECK: npu.dma <neural_dma 0> [2, 3, 65] %{{.*}} <f32, 0, [195, 65, 1]> to %{{.*}} <f32, 0, [384, 128, 1]>
func.func @outer_dimensions(%x: !rbln.array<2x3x65xf32> {rbln.name = "x"}, %o: !rbln.array<2x3x65xf32> {rbln.name = "o"}) {
  %0 = rbln.load %x at 0 strides [195, 65, 1] : <2x3x65xf32> -> tensor<2x3x65xf32>
  rbln.store %0, %o at 0 strides [195, 65, 1] : tensor<2x3x65xf32> -> <2x3x65xf32>
  return
}
