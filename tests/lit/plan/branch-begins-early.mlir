// What a branch can begin with becomes branches of its own, on the same condition: the registers, which go up as far as
// they can, and the new rows of the cache. Those lie behind the rows that the branch loads, whatever the index is, so the
// load needs not wait for them, nor they for it.
// RUN: %rblnc compile %s --emit=npu --split=none -o - | FileCheck %s

// CHECK-LABEL: npu.program @append
// CHECK: npu.skip <command_processor 0> 1 count 1
// CHECK-NEXT: npu.load_scalar <command_processor 0> 2
// CHECK-NEXT: npu.signal <command_processor 0> [[BLOCK:[0-9]+]]
// CHECK: npu.wait <task_dma 0> [[BLOCK]] reaches 1
// CHECK: npu.skip <task_dma 0> 1 count 1
// CHECK-NEXT: npu.dma <task_dma 0> [2, 1, 64] {{.*}} to %[[CACHE:.*]] <f32, 0, [1024, 64, 1], registers[2, 0], scales[2048, 64]>
// CHECK-NEXT: npu.wait <neural_dma 0> [[BLOCK]] reaches 1
// CHECK-NEXT: npu.skip <neural_dma 0> 1 count 2
// CHECK-NEXT: npu.skip <task_dma 0> 1 count 3
// CHECK: npu.dma <neural_dma 0> [2, 16, 64] %[[CACHE]] <f32, 0, [1024, 64, 1], registers[2]
// CHECK-NEXT: npu.signal <neural_dma 0> [[INSIDE:[0-9]+]]
// CHECK-NEXT: npu.wait <task_dma 0> [[INSIDE]] reaches 1
// CHECK-NEXT: npu.dma <task_dma 0> [2, 1, 64]
// CHECK-NEXT: npu.dma <task_dma 0> [2, 16, 64]
func.func @append(%new: !rbln.array<2x1x64xf32> {rbln.name = "new"}, %n: !rbln.array<2xi32> {rbln.name = "n"},
    %cache: !rbln.array<4x2x16x64xf32> {rbln.name = "cache"},
    %o: !rbln.array<2x16x64xf32> {rbln.name = "o"}) {
  %0 = rbln.load %n at 0 strides [] : <2xi32> -> tensor<i32>
  %i = rbln.to_index %0 : tensor<i32> -> <0, 16>
  %rows = rbln.load %new at 0 strides [64, 64, 1] : <2x1x64xf32> -> tensor<2x1x64xf32>
  %skip = rbln.partition_skip %i size 16 : <0, 16> -> tensor<i1>
  %condition = tensor.extract %skip[] : tensor<i1>
  %1 = rbln.load %n at 1 strides [] : <2xi32> -> tensor<i32>
  scf.if %condition {
  } else {
    %b = rbln.to_index %1 : tensor<i32> -> <0, 3>
    %old = rbln.load %cache at 0 plus(%b : !rbln.index<0, 3>) times [2048] strides [1024, 64, 1] clips [#rbln.clip<axis = 1, lo = 0, hi = 0, term = 0, hi_scale = 1>]
      clip_terms(%i : !rbln.index<0, 16>) : <4x2x16x64xf32> -> tensor<2x16x64xf32>
    %all = rbln.insert %rows into %old at %i axis 1
      : tensor<2x1x64xf32> into tensor<2x16x64xf32>, <0, 16>
    rbln.store %all, %cache at 0 plus(%b : !rbln.index<0, 3>) times [2048] strides [1024, 64, 1] clips [#rbln.clip<axis = 1, lo = 0, hi = 1, term = 0, hi_scale = 1>]
      clip_terms(%i : !rbln.index<0, 16>) : tensor<2x16x64xf32> -> <4x2x16x64xf32>
    rbln.store %all, %o at 0 strides [1024, 64, 1] : tensor<2x16x64xf32> -> <2x16x64xf32>
  }
  return
}

// Here the load reads the row as well, so it comes first, and the store stays behind it.
// CHECK-LABEL: npu.program @row_is_read
// CHECK: npu.skip <command_processor 0> 1 count 1
// CHECK: npu.skip <neural_dma 0> 1 count 2
// CHECK: npu.skip <task_dma 0> 1 count 4
// CHECK: npu.dma <neural_dma 0> [2, 16, 64] %[[CACHE:[0-9]+]]
// CHECK: npu.wait <task_dma 0>
// CHECK-NEXT: npu.dma <task_dma 0> [2, 1, 64]
// CHECK-NEXT: npu.dma <task_dma 0> [2, 1, 64] {{.*}} to %[[CACHE]]
// CHECK-NEXT: npu.dma <task_dma 0> [2, 16, 64]
func.func @row_is_read(%new: !rbln.array<2x1x64xf32> {rbln.name = "new"}, %n: !rbln.array<2xi32> {rbln.name = "n"},
    %cache: !rbln.array<4x2x16x64xf32> {rbln.name = "cache"},
    %o: !rbln.array<2x16x64xf32> {rbln.name = "o"}) {
  %0 = rbln.load %n at 0 strides [] : <2xi32> -> tensor<i32>
  %i = rbln.to_index %0 : tensor<i32> -> <0, 16>
  %rows = rbln.load %new at 0 strides [64, 64, 1] : <2x1x64xf32> -> tensor<2x1x64xf32>
  %skip = rbln.partition_skip %i size 16 : <0, 16> -> tensor<i1>
  %condition = tensor.extract %skip[] : tensor<i1>
  %1 = rbln.load %n at 1 strides [] : <2xi32> -> tensor<i32>
  scf.if %condition {
  } else {
    %b = rbln.to_index %1 : tensor<i32> -> <0, 3>
    %old = rbln.load %cache at 0 plus(%b : !rbln.index<0, 3>) times [2048] strides [1024, 64, 1] clips [#rbln.clip<axis = 1, lo = 0, hi = 1, term = 0, hi_scale = 1>]
      clip_terms(%i : !rbln.index<0, 16>) : <4x2x16x64xf32> -> tensor<2x16x64xf32>
    %all = rbln.insert %rows into %old at %i axis 1
      : tensor<2x1x64xf32> into tensor<2x16x64xf32>, <0, 16>
    rbln.store %all, %cache at 0 plus(%b : !rbln.index<0, 3>) times [2048] strides [1024, 64, 1] clips [#rbln.clip<axis = 1, lo = 0, hi = 1, term = 0, hi_scale = 1>]
      clip_terms(%i : !rbln.index<0, 16>) : tensor<2x16x64xf32> -> <4x2x16x64xf32>
    rbln.store %all, %o at 0 strides [1024, 64, 1] : tensor<2x16x64xf32> -> <2x16x64xf32>
  }
  return
}
