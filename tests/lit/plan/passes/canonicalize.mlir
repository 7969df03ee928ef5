// A constant that a region reads from outside gets a copy inside; the kernel stays as it is otherwise.
// RUN: %rblnc opt %s --passes=canonicalize | FileCheck %s

// CHECK: linalg.generic
// CHECK-NEXT: ^bb0(%[[X:.*]]: f32, %{{.*}}: f32):
// CHECK-NEXT: %[[C:.*]] = arith.constant -2.500000e+00 : f32
// CHECK-NEXT: arith.mulf %[[X]], %[[C]] : f32
#id = affine_map<(i) -> (i)>
func.func @scale(%x: !rbln.array<64xf32>, %y: !rbln.array<64xf32>) {
  %c = arith.constant -2.5 : f32
  %0 = rbln.load %x at 0 strides [1] : <64xf32> -> tensor<64xf32>
  %e = tensor.empty() : tensor<64xf32>
  %1 = linalg.generic {indexing_maps = [#id, #id], iterator_types = ["parallel"]} ins(%0 : tensor<64xf32>) outs(%e : tensor<64xf32>) {
  ^bb0(%in: f32, %out: f32):
    %2 = arith.mulf %in, %c : f32
    linalg.yield %2 : f32
  } -> tensor<64xf32>
  rbln.store %1, %y at 0 strides [1] : tensor<64xf32> -> <64xf32>
  return
}
