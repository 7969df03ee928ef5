// New rows that are appended to a window which was just loaded: the filled rows are loaded to where they are used.
// RUN: %rblnc compile %s --emit=npu --split=none -o - | FileCheck %s

// CHECK-LABEL: npu.program @append
// CHECK: npu.dma <neural_dma 0> [2, 20, 64] {{.*}} to %[[ROWS:.*]] <f32, 0, [1280, 64, 1]> clips [#npu.clip<axis = 1, lo = 0, hi = 0, reg = 0, hi_scale = 1>] fill 0.000000e+00
// CHECK: npu.dma <task_dma 0> [2, 4, 64] {{.*}} to %[[ROWS]] <f32, 0, [1280, 64, 1], registers[0], scales[64]>
// CHECK-NOT: [2, 16, 64]
func.func @append(%new: !rbln.array<2x4x64xf32> {rbln.name = "new"}, %n: !rbln.array<i32> {rbln.name = "n"},
    %cache: !rbln.array<2x16x64xf32> {rbln.name = "cache"}, %out: !rbln.array<2x20x64xf32> {rbln.name = "out"}) {
  %0 = rbln.load %n at 0 strides [] : <i32> -> tensor<i32>
  %i = rbln.to_index %0 : tensor<i32> -> <0, 16>
  %rows = rbln.load %new at 0 strides [256, 64, 1] : <2x4x64xf32> -> tensor<2x4x64xf32>
  %old = rbln.load %cache at 0 strides [1024, 64, 1] : <2x16x64xf32> -> tensor<2x16x64xf32>
  %all = rbln.window_insert %rows into %old at %i axis 1 : tensor<2x4x64xf32> into tensor<2x16x64xf32>, <0, 16> -> tensor<2x20x64xf32>
  rbln.store %all, %out at 0 strides [1280, 64, 1] : tensor<2x20x64xf32> -> <2x20x64xf32>
  return
}

// What is stored to the array in between is not what the window has: it is loaded where the kernel says, and copied.
// CHECK-LABEL: npu.program @overwritten
// CHECK: npu.dma <neural_dma 0> [2, 16, 64] %{{.*}} <f32, 0, [1024, 64, 1]> to
// CHECK: npu.dma <task_dma 0> [2, 16, 64] {{.*}} clips [#npu.clip<axis = 1, lo = 0, hi = 0, reg = 0, hi_scale = 1>] fill
func.func @overwritten(%new: !rbln.array<2x4x64xf32> {rbln.name = "new"}, %n: !rbln.array<i32> {rbln.name = "n"},
    %cache: !rbln.array<2x16x64xf32> {rbln.name = "cache"}, %out: !rbln.array<2x20x64xf32> {rbln.name = "out"}) {
  %0 = rbln.load %n at 0 strides [] : <i32> -> tensor<i32>
  %i = rbln.to_index %0 : tensor<i32> -> <0, 16>
  %rows = rbln.load %new at 0 strides [256, 64, 1] : <2x4x64xf32> -> tensor<2x4x64xf32>
  %old = rbln.load %cache at 0 strides [1024, 64, 1] : <2x16x64xf32> -> tensor<2x16x64xf32>
  rbln.store %rows, %cache at 0 strides [1024, 64, 1] : tensor<2x4x64xf32> -> <2x16x64xf32>
  %all = rbln.window_insert %rows into %old at %i axis 1 : tensor<2x4x64xf32> into tensor<2x16x64xf32>, <0, 16> -> tensor<2x20x64xf32>
  rbln.store %all, %out at 0 strides [1280, 64, 1] : tensor<2x20x64xf32> -> <2x20x64xf32>
  return
}

// Zeros behind the window are loaded with it, and its last rows go straight to memory.
// CHECK-LABEL: npu.program @padded
// CHECK: npu.dma <neural_dma 0> [2, 32, 64] {{.*}} to %[[ROWS:.*]] <f32, 0, [2048, 64, 1]> clips [#npu.clip<axis = 1, lo = 0, hi = 0, reg = 0, hi_scale = 1>] fill 0.000000e+00
// CHECK: npu.dma <task_dma 0> [2, 16, 64] %[[ROWS]] <f32, 0, [2048, 64, 1], registers[2], scales[64]> to %2 <f32, 0, [1024, 64, 1]> clips [#npu.clip<axis = 1, lo = 0, hi = 0, reg = 1, hi_scale = 1>] fill 0.000000e+00
// CHECK: npu.dma <task_dma 0> [2, 32, 64] %[[ROWS]]
func.func @padded(%new: !rbln.array<2x4x64xf32> {rbln.name = "new"}, %n: !rbln.array<2xi32> {rbln.name = "n"},
    %cache: !rbln.array<2x16x64xf32> {rbln.name = "cache"}, %out: !rbln.array<2x32x64xf32> {rbln.name = "out"}) {
  %0 = rbln.load %n at 0 strides [] : <2xi32> -> tensor<i32>
  %i = rbln.to_index %0 : tensor<i32> -> <0, 16>
  %1 = rbln.load %n at 1 strides [] : <2xi32> -> tensor<i32>
  %end = rbln.to_index %1 : tensor<i32> -> <0, 20>
  %rows = rbln.load %new at 0 strides [256, 64, 1] : <2x4x64xf32> -> tensor<2x4x64xf32>
  %old = rbln.load %cache at 0 strides [1024, 64, 1] : <2x16x64xf32> -> tensor<2x16x64xf32>
  %all = rbln.window_insert %rows into %old at %i axis 1 : tensor<2x4x64xf32> into tensor<2x16x64xf32>, <0, 16> -> tensor<2x20x64xf32>
  %last = rbln.window_slice %all to %end axis 1 : tensor<2x20x64xf32>, <0, 20> -> tensor<2x16x64xf32>
  rbln.store %last, %cache at 0 strides [1024, 64, 1] : tensor<2x16x64xf32> -> <2x16x64xf32>
  %wide = rbln.pad %all low 0 axis 1 value 0.0 : f32 : tensor<2x20x64xf32> -> tensor<2x32x64xf32>
  rbln.store %wide, %out at 0 strides [2048, 64, 1] : tensor<2x32x64xf32> -> <2x32x64xf32>
  return
}
