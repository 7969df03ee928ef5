// A slice goes to its store, over what stands between them: its window is in use until then, and no copy of it.
// RUN: %rblnc opt %s --passes=store-windows | FileCheck %s

// CHECK: rbln.window_insert
// CHECK-NEXT: rbln.store %{{.*}}, %{{.*}} at 0 strides [64, 1] : tensor<4x64xf32>
// CHECK-NEXT: %[[LAST:.*]] = rbln.window_slice
// CHECK-NEXT: rbln.store %[[LAST]]
func.func @append(%new: !rbln.array<4x64xf32>, %n: !rbln.array<i32>, %cache: !rbln.array<16x64xf32>, %copy: !rbln.array<4x64xf32>) {
  %0 = rbln.load %n at 0 strides [] : <i32> -> tensor<i32>
  %i = rbln.to_index %0 : tensor<i32> -> <0, 16>
  %end = rbln.to_index %0 : tensor<i32> -> <0, 20>
  %rows = rbln.load %new at 0 strides [64, 1] : <4x64xf32> -> tensor<4x64xf32>
  %old = rbln.load %cache at 0 strides [64, 1] : <16x64xf32> -> tensor<16x64xf32>
  %all = rbln.window_insert %rows into %old at %i axis 0 : tensor<4x64xf32> into tensor<16x64xf32>, <0, 16> -> tensor<20x64xf32>
  %last = rbln.window_slice %all to %end axis 0 : tensor<20x64xf32>, <0, 20> -> tensor<16x64xf32>
  rbln.store %rows, %copy at 0 strides [64, 1] : tensor<4x64xf32> -> <4x64xf32>
  rbln.store %last, %cache at 0 strides [64, 1] : tensor<16x64xf32> -> <16x64xf32>
  return
}
