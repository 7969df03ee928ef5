// A load, a computation in place and a store; buffers have sizes and no addresses yet.
// RUN: %rblnc opt %s --passes=choose-commands --target=rbln-ca25 | FileCheck %s

// CHECK: npu.program @add target "rbln-ca25" registers [] semaphores 0 {
// CHECK-NEXT: %[[X:.*]] = npu.argument "x" f32 [2, 64] "in"
// CHECK-NEXT: %[[Y:.*]] = npu.argument "y" f32 [2, 64] "out"
// CHECK-NEXT: %[[B:.*]] = npu.buffer "" scratchpad 0 bytes 512{{$}}
// CHECK-NEXT: npu.dma <neural_dma 0> [2, 64] %[[X]] <f32, 0, [64, 1]> to %[[B]] <f32, 0, [64, 1]>
// CHECK-NEXT: npu.vector <neural_engine 0> {{.*}} ins(%[[B]]) {{.*}} outs(%[[B]])
// CHECK: npu.dma <task_dma 0> [2, 64] %[[B]] <f32, 0, [64, 1]> to %[[Y]] <f32, 0, [64, 1]>
// CHECK-NOT: func.func
#id = affine_map<(i, j) -> (i, j)>
func.func @add(%x: !rbln.array<2x64xf32> {rbln.name = "x"}, %y: !rbln.array<2x64xf32> {rbln.name = "y"}) {
  %0 = rbln.load %x at 0 strides [64, 1] : <2x64xf32> -> tensor<2x64xf32>
  %e = tensor.empty() : tensor<2x64xf32>
  %1 = linalg.generic {indexing_maps = [#id, #id, #id], iterator_types = ["parallel", "parallel"]} ins(%0, %0 : tensor<2x64xf32>, tensor<2x64xf32>) outs(%e : tensor<2x64xf32>) {
  ^bb0(%a: f32, %b: f32, %out: f32):
    %2 = arith.addf %a, %b : f32
    linalg.yield %2 : f32
  } -> tensor<2x64xf32>
  rbln.store %1, %y at 0 strides [64, 1] : tensor<2x64xf32> -> <2x64xf32>
  return
}
