// Of a block that is loaded, changed by an insertion and stored again, only the inserted row is written.
// RUN: %rblnc opt %s --passes=narrow-stores | FileCheck %s

// CHECK-LABEL: func.func @append
// CHECK-NOT: rbln.insert
// CHECK: rbln.store %{{.*}}, %{{.*}} at 0 plus(%[[I:.*]] : !rbln.index<0, 15>) times [64] strides [64, 1]
// CHECK-SAME: tensor<1x64xf32> -> <16x64xf32>
func.func @append(%new: !rbln.array<1x64xf32>, %n: !rbln.array<i32>, %cache: !rbln.array<16x64xf32>) {
  %0 = rbln.load %n at 0 strides [] : <i32> -> tensor<i32>
  %i = rbln.to_index %0 : tensor<i32> -> <0, 15>
  %row = rbln.load %new at 0 strides [64, 1] : <1x64xf32> -> tensor<1x64xf32>
  %old = rbln.load %cache at 0 strides [64, 1] : <16x64xf32> -> tensor<16x64xf32>
  %all = rbln.insert %row into %old at %i axis 0 : tensor<1x64xf32> into tensor<16x64xf32>, <0, 15>
  rbln.store %all, %cache at 0 strides [64, 1] : tensor<16x64xf32> -> <16x64xf32>
  return
}

// Stored one row further down, all of the block changes.
// CHECK-LABEL: func.func @moved
// CHECK: rbln.insert
// CHECK: rbln.store %{{.*}}, %{{.*}} at 64 strides [64, 1] : tensor<16x64xf32>
func.func @moved(%new: !rbln.array<1x64xf32>, %n: !rbln.array<i32>, %cache: !rbln.array<17x64xf32>) {
  %0 = rbln.load %n at 0 strides [] : <i32> -> tensor<i32>
  %i = rbln.to_index %0 : tensor<i32> -> <0, 15>
  %row = rbln.load %new at 0 strides [64, 1] : <1x64xf32> -> tensor<1x64xf32>
  %old = rbln.load %cache at 0 strides [64, 1] : <17x64xf32> -> tensor<16x64xf32>
  %all = rbln.insert %row into %old at %i axis 0 : tensor<1x64xf32> into tensor<16x64xf32>, <0, 15>
  rbln.store %all, %cache at 64 strides [64, 1] : tensor<16x64xf32> -> <17x64xf32>
  return
}
