// Where rows at lines do not suit a reshape: who needs a transfer of its own for that, and who does not.
// RUN: %rblnc compile %s --split=none --emit=npu -o - | FileCheck %s

// Nobody computes with the rows: the buffer is dense from the start.
// CHECK-LABEL: npu.program @only_flat
// CHECK: npu.dma <neural_dma 0> [8, 80] %{{.*}} <f32, 0, [80, 1]> to %[[X:.*]] <f32, 0, [80, 1]>
// CHECK-NOT: layout_change
// CHECK: npu.dma <task_dma 0> [640] %[[X]] <f32, 0, [1]>
// CHECK: npu.dma <task_dma 0> [8, 80] %[[X]] <f32, 0, [80, 1]>
func.func @only_flat(%x: !rbln.array<8x80xf32> {rbln.name = "x"}, %o: !rbln.array<640xf32> {rbln.name = "o"},
                     %p: !rbln.array<8x80xf32> {rbln.name = "p"}) {
  %0 = rbln.load %x at 0 strides [80, 1] : <8x80xf32> -> tensor<8x80xf32>
  %1 = tensor.collapse_shape %0 [[0, 1]] : tensor<8x80xf32> into tensor<640xf32>
  rbln.store %1, %o at 0 strides [1] : tensor<640xf32> -> <640xf32>
  rbln.store %0, %p at 0 strides [80, 1] : tensor<8x80xf32> -> <8x80xf32>
  return
}

// The sums of the rows want lines, the reshape wants none.
// CHECK-LABEL: npu.program @rows_and_flat
// CHECK: npu.dma <neural_dma 0> [8, 80] %{{.*}} <f32, 0, [80, 1]> to %[[X:.*]] <f32, 0, [128, 1]>
// CHECK: npu.dma <task_dma 0> [8, 80] %[[X]] <f32, 0, [128, 1]> to %[[D:.*]] <f32, 0, [80, 1]> layout_change
// CHECK: npu.dma <task_dma 0> [640] %[[D]] <f32, 0, [1]>
func.func @rows_and_flat(%x: !rbln.array<8x80xf32> {rbln.name = "x"}, %o: !rbln.array<640xf32> {rbln.name = "o"},
                         %s: !rbln.array<8xf32> {rbln.name = "s"}) {
  %0 = rbln.load %x at 0 strides [80, 1] : <8x80xf32> -> tensor<8x80xf32>
  %1 = tensor.collapse_shape %0 [[0, 1]] : tensor<8x80xf32> into tensor<640xf32>
  rbln.store %1, %o at 0 strides [1] : tensor<640xf32> -> <640xf32>
  %2 = rbln.reduce %0 axis 1 : (tensor<8x80xf32>) -> tensor<8x1xf32> {
  ^bb0(%a: f32, %b: f32):
    %t = arith.addf %a, %b : f32
    rbln.yield %t : f32
  }
  rbln.store %2, %s at 0 strides [1, 0] : tensor<8x1xf32> -> <8xf32>
  return
}

// A result that only the reshape reads is written densely, and not over its padded operand.
// CHECK-LABEL: npu.program @computed
// CHECK: npu.dma <neural_dma 0> [8, 80] %{{.*}} <f32, 0, [80, 1]> to %[[X:.*]] <f32, 0, [128, 1]>
// CHECK: npu.vector <neural_engine 0> [] [8, 80] ins(%[[X]]) [#npu.access<f32, 0, [128, 1]>]
// CHECK-SAME: outs(%[[Y:.*]]) [#npu.access<f32, 0, [80, 1]>]
// CHECK-NOT: layout_change
// CHECK: npu.dma <task_dma 0> [640] %[[Y]] <f32, 0, [1]>
func.func @computed(%x: !rbln.array<8x80xf32> {rbln.name = "x"}, %o: !rbln.array<640xf32> {rbln.name = "o"}) {
  %0 = rbln.load %x at 0 strides [80, 1] : <8x80xf32> -> tensor<8x80xf32>
  %e = tensor.empty() : tensor<8x80xf32>
  %1 = linalg.generic {indexing_maps = [affine_map<(i, j) -> (i, j)>, affine_map<(i, j) -> (i, j)>],
                       iterator_types = ["parallel", "parallel"]}
       ins(%0 : tensor<8x80xf32>) outs(%e : tensor<8x80xf32>) {
  ^bb0(%p: f32, %out: f32):
    %t = arith.addf %p, %p : f32
    linalg.yield %t : f32
  } -> tensor<8x80xf32>
  %2 = tensor.collapse_shape %1 [[0, 1]] : tensor<8x80xf32> into tensor<640xf32>
  rbln.store %2, %o at 0 strides [1] : tensor<640xf32> -> <640xf32>
  return
}

// Rows can be counted otherwise: strides say that.
// CHECK-LABEL: npu.program @rows_of_rows
// CHECK: npu.dma <neural_dma 0> [8, 80] %{{.*}} <f32, 0, [80, 1]> to %[[X:.*]] <f32, 0, [128, 1]>
// CHECK-NOT: layout_change
// CHECK: npu.dma <task_dma 0> [2, 4, 80] %[[X]] <f32, 0, [512, 128, 1]>
func.func @rows_of_rows(%x: !rbln.array<8x80xf32> {rbln.name = "x"}, %o: !rbln.array<8x80xf32> {rbln.name = "o"}) {
  %0 = rbln.load %x at 0 strides [80, 1] : <8x80xf32> -> tensor<8x80xf32>
  %1 = tensor.expand_shape %0 [[0, 1], [2]] output_shape [2, 4, 80] : tensor<8x80xf32> into tensor<2x4x80xf32>
  rbln.store %1, %o at 0 strides [320, 80, 1] : tensor<2x4x80xf32> -> <8x80xf32>
  return
}

// A transposed tensor as one row: no layout of its buffer would do.
// CHECK-LABEL: npu.program @transposed
// CHECK: npu.dma <neural_dma 0> [8, 80] %{{.*}} <f32, 0, [80, 1]> to %[[X:.*]] <f32, 0, [128, 1]>
// CHECK: npu.dma <task_dma 0> [80, 8] %[[X]] <f32, 0, [1, 128]> to %{{.*}} <f32, 0, [8, 1]> layout_change
// CHECK-NOT: layout_change
func.func @transposed(%x: !rbln.array<8x80xf32> {rbln.name = "x"}, %o: !rbln.array<640xf32> {rbln.name = "o"}) {
  %0 = rbln.load %x at 0 strides [80, 1] : <8x80xf32> -> tensor<8x80xf32>
  %e = tensor.empty() : tensor<80x8xf32>
  %1 = linalg.generic {indexing_maps = [affine_map<(i, j) -> (j, i)>, affine_map<(i, j) -> (i, j)>],
                       iterator_types = ["parallel", "parallel"]}
       ins(%0 : tensor<8x80xf32>) outs(%e : tensor<80x8xf32>) {
  ^bb0(%p: f32, %out: f32):
    linalg.yield %p : f32
  } -> tensor<80x8xf32>
  %2 = tensor.collapse_shape %1 [[0, 1]] : tensor<80x8xf32> into tensor<640xf32>
  rbln.store %2, %o at 0 strides [1] : tensor<640xf32> -> <640xf32>
  return
}
