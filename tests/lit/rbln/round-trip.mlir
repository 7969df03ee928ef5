// Every operation, type and attribute of the dialect prints as it is read.
// RUN: %rblnc opt %s -o %t.mlir
// RUN: %rblnc opt %t.mlir | diff %t.mlir -
// RUN: FileCheck %s < %t.mlir

// CHECK: func.func @all(%[[A:.*]]: !rbln.array<16x64xf32> {rbln.name = "a"}, %[[S:.*]]: !rbln.array<i32> {rbln.name = "n", rbln.scalar})
func.func @all(%a: !rbln.array<16x64xf32> {rbln.name = "a"}, %n: !rbln.array<i32> {rbln.name = "n", rbln.scalar}) {
  // CHECK: rbln.load %[[S]] at 0 strides [] : <i32> -> tensor<i32>
  %s = rbln.load %n at 0 strides [] : <i32> -> tensor<i32>
  // CHECK: rbln.to_index %{{.*}} : tensor<i32> -> <0, 8>
  %i = rbln.to_index %s : tensor<i32> -> !rbln.index<0, 8>
  // CHECK: rbln.load %[[A]] at 0 plus(%{{.*}} : !rbln.index<0, 8>) times [64] strides [64, 1] clips [#rbln.clip<axis = 0, lo = 0, hi = 5>, #rbln.clip<axis = 1, lo = 0, hi = 9, term = 0, lo_scale = 1>] clip_terms(%{{.*}} : !rbln.index<0, 8>) padding 0xFF800000 : f32 : <16x64xf32> -> tensor<8x64xf32>
  %v = rbln.load %a at 0 plus (%i : !rbln.index<0, 8>) times [64] strides [64, 1]
    clips [#rbln.clip<axis = 0, lo = 0, hi = 5>, #rbln.clip<axis = 1, lo = 0, hi = 9, term = 0, lo_scale = 1>]
    clip_terms (%i : !rbln.index<0, 8>) padding 0xFF800000 : f32 : <16x64xf32> -> tensor<8x64xf32>
  // CHECK: rbln.reduce %{{.*}} axis 1 : (tensor<8x64xf32>) -> tensor<8x1xf32> {
  %r = rbln.reduce %v axis 1 : (tensor<8x64xf32>) -> tensor<8x1xf32> {
  ^bb0(%x: f32, %y: f32):
    %m = arith.maxnumf %x, %y : f32
    rbln.yield %m : f32
  }
  // CHECK: rbln.store %{{.*}}, %[[A]] at 3 strides [64, 1] : tensor<8x1xf32> -> <16x64xf32>
  rbln.store %r, %a at 3 strides [64, 1] : tensor<8x1xf32> -> <16x64xf32>
  return
}
