// The filled rows of a window are loaded to where the insertion needs them: one load with a clip, no window_insert.
// RUN: %rblnc opt %s --passes=load-windows | FileCheck %s

// CHECK-LABEL: func.func @append
// CHECK: %[[ROWS:.*]] = rbln.load %{{.*}} at 0 strides [64, 1] clips [#rbln.clip<axis = 0, lo = 0, hi = 0, term = 0, hi_scale = 1>]
// CHECK-SAME: -> tensor<20x64xf32>
// CHECK-NEXT: rbln.insert %{{.*}} into %[[ROWS]]
// CHECK-NOT: rbln.window_insert
func.func @append(%new: !rbln.array<4x64xf32>, %n: !rbln.array<i32>, %cache: !rbln.array<16x64xf32>, %out: !rbln.array<20x64xf32>) {
  %0 = rbln.load %n at 0 strides [] : <i32> -> tensor<i32>
  %i = rbln.to_index %0 : tensor<i32> -> <0, 16>
  %rows = rbln.load %new at 0 strides [64, 1] : <4x64xf32> -> tensor<4x64xf32>
  %old = rbln.load %cache at 0 strides [64, 1] : <16x64xf32> -> tensor<16x64xf32>
  %all = rbln.window_insert %rows into %old at %i axis 0 : tensor<4x64xf32> into tensor<16x64xf32>, <0, 16> -> tensor<20x64xf32>
  rbln.store %all, %out at 0 strides [64, 1] : tensor<20x64xf32> -> <20x64xf32>
  return
}

// The window is read elsewhere too: both need all of it, so nothing changes.
// CHECK-LABEL: func.func @read_elsewhere
// CHECK: rbln.window_insert
func.func @read_elsewhere(%new: !rbln.array<4x64xf32>, %n: !rbln.array<i32>, %cache: !rbln.array<16x64xf32>, %out: !rbln.array<20x64xf32>, %copy: !rbln.array<16x64xf32>) {
  %0 = rbln.load %n at 0 strides [] : <i32> -> tensor<i32>
  %i = rbln.to_index %0 : tensor<i32> -> <0, 16>
  %rows = rbln.load %new at 0 strides [64, 1] : <4x64xf32> -> tensor<4x64xf32>
  %old = rbln.load %cache at 0 strides [64, 1] : <16x64xf32> -> tensor<16x64xf32>
  %all = rbln.window_insert %rows into %old at %i axis 0 : tensor<4x64xf32> into tensor<16x64xf32>, <0, 16> -> tensor<20x64xf32>
  rbln.store %all, %out at 0 strides [64, 1] : tensor<20x64xf32> -> <20x64xf32>
  rbln.store %old, %copy at 0 strides [64, 1] : tensor<16x64xf32> -> <16x64xf32>
  return
}
