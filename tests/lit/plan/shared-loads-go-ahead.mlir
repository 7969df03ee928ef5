// Pieces of a that all engines need go into shared SRAM by the queue that stores results, ahead of the stores of rounds before.
// RUN: %rblnc compile %s --emit=npu -o - | FileCheck %s

// CHECK-LABEL: npu.program @product
// CHECK: %[[A:.*]] = npu.argument "a"
// CHECK: %[[C:.*]] = npu.argument "c"
// CHECK-COUNT-4: npu.dma <task_dma 0> {{.*}} %[[A]] <f32
// CHECK: npu.dma <neural_dma 7> {{.*}} to
// CHECK: npu.matmul <neural_engine 0>
// CHECK: npu.dma <task_dma 0> {{.*}} to %[[C]] <f32
// CHECK: npu.dma <task_dma 0> {{.*}} %[[A]] <f32
func.func @product(%a: !rbln.array<2048x1024xf32> {rbln.name = "a"}, %b: !rbln.array<1024x4096xf32> {rbln.name = "b"},
    %c: !rbln.array<2048x4096xf32> {rbln.name = "c"}) {
  %x = rbln.load %a at 0 strides [1024, 1] : !rbln.array<2048x1024xf32> -> tensor<2048x1024xf32>
  %y = rbln.load %b at 0 strides [4096, 1] : !rbln.array<1024x4096xf32> -> tensor<1024x4096xf32>
  %z = arith.constant dense<0.0> : tensor<2048x4096xf32>
  %d = linalg.generic {indexing_maps = [affine_map<(m, n, k) -> (m, k)>, affine_map<(m, n, k) -> (k, n)>,
                                        affine_map<(m, n, k) -> (m, n)>],
                       iterator_types = ["parallel", "parallel", "reduction"]}
       ins(%x, %y : tensor<2048x1024xf32>, tensor<1024x4096xf32>) outs(%z : tensor<2048x4096xf32>) {
  ^bb0(%p: f32, %q: f32, %s: f32):
    %t = arith.mulf %p, %q : f32
    %u = arith.addf %s, %t : f32
    linalg.yield %u : f32
  } -> tensor<2048x4096xf32>
  rbln.store %d, %c at 0 strides [4096, 1] : tensor<2048x4096xf32> -> !rbln.array<2048x4096xf32>
  return
}
