// Two engines have a row each, or one engine has both.
// RUN: %rblnc opt %s --passes=split --split=most --engines=2 | FileCheck %s
// RUN: %rblnc opt %s --passes=split --split=none | FileCheck %s --check-prefix=NONE

// CHECK: rbln.load %{{.*}} at 0 strides [64, 1] {rbln.engine = 0 : i64} : <2x64xf32> -> tensor<1x64xf32>
// CHECK: rbln.load %{{.*}} at 64 strides [64, 1] {rbln.engine = 1 : i64} : <2x64xf32> -> tensor<1x64xf32>
// CHECK: rbln.store %{{.*}}, %{{.*}} at 64 strides [64, 1] {rbln.engine = 1 : i64}
// CHECK-NOT: rbln.engine = 2
// NONE: rbln.load %{{.*}} at 0 strides [64, 1]{{.*}} : <2x64xf32> -> tensor<2x64xf32>
// NONE-NOT: rbln.engine = 1
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
