// Pieces are loaded to where they belong in the whole, and the whole is changed in its place, unless somebody reads a
// piece later; a piece that stands in it twice is copied.
// RUN: %rblnc opt %s --passes=choose-commands | FileCheck %s
#id = affine_map<(i, j) -> (i, j)>

// CHECK-LABEL: npu.program @in_place
// CHECK: %[[WHOLE:[0-9]+]] = npu.buffer "" scratchpad 0 bytes 1024
// CHECK-NEXT: npu.dma <neural_dma 0> [2, 64] %{{.*}} <f32, 0, [64, 1]> to %[[WHOLE]] <f32, 0, [64, 1]>
// CHECK-NEXT: npu.dma <neural_dma 0> [2, 64] %{{.*}} <f32, 128, [64, 1]> to %[[WHOLE]] <f32, 128, [64, 1]>
// CHECK-NEXT: npu.vector <neural_engine 0> {{.*}} ins(%[[WHOLE]]) {{.*}} outs(%[[WHOLE]])
func.func @in_place(%x: !rbln.array<4x64xf32> {rbln.name = "x"}, %y: !rbln.array<4x64xf32> {rbln.name = "y"}) {
  %0 = rbln.load %x at 0 strides [64, 1] : <4x64xf32> -> tensor<2x64xf32>
  %1 = rbln.load %x at 128 strides [64, 1] : <4x64xf32> -> tensor<2x64xf32>
  %c = tensor.concat dim(0) %0, %1 : (tensor<2x64xf32>, tensor<2x64xf32>) -> tensor<4x64xf32>
  %e = tensor.empty() : tensor<4x64xf32>
  %d = linalg.generic {indexing_maps = [#id, #id], iterator_types = ["parallel", "parallel"]} ins(%c : tensor<4x64xf32>) outs(%e : tensor<4x64xf32>) {
  ^bb0(%a: f32, %out: f32):
    %2 = arith.negf %a : f32
    linalg.yield %2 : f32
  } -> tensor<4x64xf32>
  rbln.store %d, %y at 0 strides [64, 1] : tensor<4x64xf32> -> <4x64xf32>
  return
}

// The second piece is stored as well, so the whole must stay as it is: its negation gets a buffer of its own.
// CHECK-LABEL: npu.program @piece_is_read
// CHECK: %[[WHOLE:[0-9]+]] = npu.buffer "" scratchpad 0 bytes 1024
// CHECK: %[[OTHER:[0-9]+]] = npu.buffer "" scratchpad 0 bytes 1024
// CHECK-NEXT: npu.vector <neural_engine 0> {{.*}} ins(%[[WHOLE]]) {{.*}} outs(%[[OTHER]])
// CHECK: npu.dma <task_dma 0> [4, 64] %[[OTHER]] <f32, 0, [64, 1]>
// CHECK-NEXT: npu.dma <task_dma 0> [2, 64] %[[WHOLE]] <f32, 128, [64, 1]>
func.func @piece_is_read(%x: !rbln.array<4x64xf32> {rbln.name = "x"}, %y: !rbln.array<4x64xf32> {rbln.name = "y"},
    %z: !rbln.array<2x64xf32> {rbln.name = "z"}) {
  %0 = rbln.load %x at 0 strides [64, 1] : <4x64xf32> -> tensor<2x64xf32>
  %1 = rbln.load %x at 128 strides [64, 1] : <4x64xf32> -> tensor<2x64xf32>
  %c = tensor.concat dim(0) %0, %1 : (tensor<2x64xf32>, tensor<2x64xf32>) -> tensor<4x64xf32>
  %e = tensor.empty() : tensor<4x64xf32>
  %d = linalg.generic {indexing_maps = [#id, #id], iterator_types = ["parallel", "parallel"]} ins(%c : tensor<4x64xf32>) outs(%e : tensor<4x64xf32>) {
  ^bb0(%a: f32, %out: f32):
    %2 = arith.negf %a : f32
    linalg.yield %2 : f32
  } -> tensor<4x64xf32>
  rbln.store %d, %y at 0 strides [64, 1] : tensor<4x64xf32> -> <4x64xf32>
  rbln.store %1, %z at 0 strides [64, 1] : tensor<2x64xf32> -> <2x64xf32>
  return
}

// CHECK-LABEL: npu.program @twice
// CHECK: npu.dma <neural_dma 0> [2, 64] %{{.*}} to %[[PIECE:[0-9]+]] <f32, 0, [64, 1]>
// CHECK: npu.dma <task_dma 0> [2, 64] %[[PIECE]] <f32, 0, [64, 1]> to %[[WHOLE:[0-9]+]] <f32, 0, [64, 1]>
// CHECK-NEXT: npu.dma <task_dma 0> [2, 64] %[[PIECE]] <f32, 0, [64, 1]> to %[[WHOLE]] <f32, 128, [64, 1]>
func.func @twice(%x: !rbln.array<2x64xf32> {rbln.name = "x"}, %y: !rbln.array<4x64xf32> {rbln.name = "y"}) {
  %0 = rbln.load %x at 0 strides [64, 1] : <2x64xf32> -> tensor<2x64xf32>
  %c = tensor.concat dim(0) %0, %0 : (tensor<2x64xf32>, tensor<2x64xf32>) -> tensor<4x64xf32>
  rbln.store %c, %y at 0 strides [64, 1] : tensor<4x64xf32> -> <4x64xf32>
  return
}

// The place of a part of a part counts from where the whole starts.
// CHECK-LABEL: npu.program @part
// CHECK: npu.dma <task_dma 0> [1, 64] %{{[0-9]+}} <f32, 192, [64, 1]>
func.func @part(%x: !rbln.array<4x64xf32> {rbln.name = "x"}, %y: !rbln.array<1x64xf32> {rbln.name = "y"}) {
  %0 = rbln.load %x at 0 strides [64, 1] : <4x64xf32> -> tensor<4x64xf32>
  %1 = tensor.extract_slice %0[2, 0] [2, 64] [1, 1] : tensor<4x64xf32> to tensor<2x64xf32>
  %2 = tensor.extract_slice %1[1, 0] [1, 64] [1, 1] : tensor<2x64xf32> to tensor<1x64xf32>
  rbln.store %2, %y at 0 strides [64, 1] : tensor<1x64xf32> -> <1x64xf32>
  return
}
