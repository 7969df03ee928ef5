// A block of a cache that is loaded, changed by an insertion and stored again: only the inserted rows are written, at the
// index, and only those that are within the block and within what the store writes.
// RUN: %rblnc compile %s --emit=npu -o - | FileCheck %s

// Nobody else needs the block, so it is not even loaded. What is not written still belongs to the result.
// CHECK-LABEL: npu.program @append
// CHECK: npu.argument "cache" f32 [4, 2, 16, 64] "inout"
// CHECK-NOT: [2, 16, 64]
// CHECK: npu.dma <task_dma 0> [2, 1, 64] {{.*}} to %[[CACHE:.*]] <f32, 2048, [1024, 64, 1], registers[0], scales[64]> clips [#npu.clip<axis = 1, lo = 0, hi = 16, reg = 0, hi_scale = -1>]
// CHECK-NOT: npu.dma
func.func @append(%new: !rbln.array<2x1x64xf32> {rbln.name = "new"}, %n: !rbln.array<2xi32> {rbln.name = "n"},
    %cache: !rbln.array<4x2x16x64xf32> {rbln.name = "cache"}) {
  %0 = rbln.load %n at 0 strides [] : <2xi32> -> tensor<i32>
  %i = rbln.to_index %0 : tensor<i32> -> <0, 16>
  %rows = rbln.load %new at 0 strides [64, 64, 1] : <2x1x64xf32> -> tensor<2x1x64xf32>
  %old = rbln.load %cache at 2048 strides [1024, 64, 1] clips [#rbln.clip<axis = 1, lo = 0, hi = 0, term = 0, hi_scale = 1>]
    clip_terms(%i : !rbln.index<0, 16>) : <4x2x16x64xf32> -> tensor<2x16x64xf32>
  %all = rbln.insert %rows into %old at %i axis 1
    : tensor<2x1x64xf32> into tensor<2x16x64xf32>, <0, 16>
  rbln.store %all, %cache at 2048 strides [1024, 64, 1] clips [#rbln.clip<axis = 1, lo = 0, hi = 1, term = 0, hi_scale = 1>]
    clip_terms(%i : !rbln.index<0, 16>) : tensor<2x16x64xf32> -> <4x2x16x64xf32>
  return
}

// What is computed from the block sees the inserted row, and it is stored elsewhere as it was.
// CHECK-LABEL: npu.program @other_use
// CHECK: npu.dma <neural_dma 0> [2, 16, 64] {{.*}} clips [#npu.clip<axis = 1, lo = 0, hi = 0, reg = 0, hi_scale = 1>]
// CHECK: npu.dma <task_dma 0> [2, 1, 64] {{.*}} to %[[BLOCK:.*]] <f32, 0, [1024, 64, 1], registers[0], scales[64]>
// CHECK: npu.dma <task_dma 0> [2, 1, 64] {{.*}} to %[[CACHE:.*]] <f32, 2048, [1024, 64, 1], registers[0], scales[64]> clips [#npu.clip<axis = 1, lo = 0, hi = 16, reg = 0, hi_scale = -1>]
// CHECK: npu.dma <task_dma 0> [2, 16, 64] %[[BLOCK]] 
func.func @other_use(%new: !rbln.array<2x1x64xf32> {rbln.name = "new"}, %n: !rbln.array<2xi32> {rbln.name = "n"},
    %cache: !rbln.array<4x2x16x64xf32> {rbln.name = "cache"},
    %o: !rbln.array<2x16x64xf32> {rbln.name = "o"}) {
  %0 = rbln.load %n at 0 strides [] : <2xi32> -> tensor<i32>
  %i = rbln.to_index %0 : tensor<i32> -> <0, 16>
  %rows = rbln.load %new at 0 strides [64, 64, 1] : <2x1x64xf32> -> tensor<2x1x64xf32>
  %old = rbln.load %cache at 2048 strides [1024, 64, 1] clips [#rbln.clip<axis = 1, lo = 0, hi = 0, term = 0, hi_scale = 1>]
    clip_terms(%i : !rbln.index<0, 16>) : <4x2x16x64xf32> -> tensor<2x16x64xf32>
  %all = rbln.insert %rows into %old at %i axis 1
    : tensor<2x1x64xf32> into tensor<2x16x64xf32>, <0, 16>
  rbln.store %all, %cache at 2048 strides [1024, 64, 1] clips [#rbln.clip<axis = 1, lo = 0, hi = 1, term = 0, hi_scale = 1>]
    clip_terms(%i : !rbln.index<0, 16>) : tensor<2x16x64xf32> -> <4x2x16x64xf32>
  rbln.store %all, %o at 0 strides [1024, 64, 1] : tensor<2x16x64xf32> -> <2x16x64xf32>
  return
}

// Several rows at an index that may lie outside; the store writes the first two of them, and row 3 is never written.
// CHECK-LABEL: npu.program @some_of_the_rows
// CHECK: npu.dma <task_dma 0> [2, 4, 64] {{.*}} <f32, 2048, [1024, 64, 1], registers[0], scales[64]> clips [#npu.clip<axis = 1, lo = 4, hi = 16, reg = 0, lo_scale = -1, hi_scale = -1>, #npu.clip<axis = 1, lo = 0, hi = 2>]
func.func @some_of_the_rows(%new: !rbln.array<2x4x64xf32> {rbln.name = "new"}, %n: !rbln.array<2xi32> {rbln.name = "n"},
    %cache: !rbln.array<4x2x16x64xf32> {rbln.name = "cache"}) {
  %0 = rbln.load %n at 0 strides [] : <2xi32> -> tensor<i32>
  %i = rbln.to_index %0 : tensor<i32> -> <-8, 16>
  %rows = rbln.load %new at 0 strides [256, 64, 1] : <2x4x64xf32> -> tensor<2x4x64xf32>
  %old = rbln.load %cache at 2048 strides [1024, 64, 1] clips [#rbln.clip<axis = 1, lo = 0, hi = 2, term = 0, hi_scale = 1>]
    clip_terms(%i : !rbln.index<-8, 16>) : <4x2x16x64xf32> -> tensor<2x16x64xf32>
  %all = rbln.insert %rows into %old at %i axis 1
    : tensor<2x4x64xf32> into tensor<2x16x64xf32>, <-8, 16>
  rbln.store %all, %cache at 2048 strides [1024, 64, 1] clips [#rbln.clip<axis = 1, lo = 0, hi = 2, term = 0, hi_scale = 1>, #rbln.clip<axis = 1, lo = 4, hi = 16>]
    clip_terms(%i : !rbln.index<-8, 16>) : tensor<2x16x64xf32> -> <4x2x16x64xf32>
  return
}

// A whole block: whatever the index, its other rows were read.
// CHECK-LABEL: npu.program @whole_block
// CHECK: npu.dma <task_dma 0> [2, 1, 64] {{.*}} to %[[CACHE:.*]] <f32, 2048, [1024, 64, 1], registers[0], scales[64]> clips [#npu.clip<axis = 1, lo = 0, hi = 16, reg = 0, hi_scale = -1>]
func.func @whole_block(%new: !rbln.array<2x1x64xf32> {rbln.name = "new"}, %n: !rbln.array<2xi32> {rbln.name = "n"},
    %cache: !rbln.array<4x2x16x64xf32> {rbln.name = "cache"}) {
  %0 = rbln.load %n at 0 strides [] : <2xi32> -> tensor<i32>
  %i = rbln.to_index %0 : tensor<i32> -> <0, 16>
  %rows = rbln.load %new at 0 strides [64, 64, 1] : <2x1x64xf32> -> tensor<2x1x64xf32>
  %old = rbln.load %cache at 2048 strides [1024, 64, 1] : <4x2x16x64xf32> -> tensor<2x16x64xf32>
  %all = rbln.insert %rows into %old at %i axis 1
    : tensor<2x1x64xf32> into tensor<2x16x64xf32>, <0, 16>
  rbln.store %all, %cache at 2048 strides [1024, 64, 1] : tensor<2x16x64xf32> -> <4x2x16x64xf32>
  return
}

// The same integer with other bounds is the same index.
// CHECK-LABEL: npu.program @same_integer
// CHECK: npu.dma <task_dma 0> [2, 1, 64] {{.*}} to %[[CACHE:.*]] <f32, 2048, [1024, 64, 1], registers[0], scales[64]> clips [#npu.clip<axis = 1, lo = 0, hi = 16, reg = 0, hi_scale = -1>]
func.func @same_integer(%new: !rbln.array<2x1x64xf32> {rbln.name = "new"}, %n: !rbln.array<2xi32> {rbln.name = "n"},
    %cache: !rbln.array<4x2x16x64xf32> {rbln.name = "cache"}) {
  %0 = rbln.load %n at 0 strides [] : <2xi32> -> tensor<i32>
  %i = rbln.to_index %0 : tensor<i32> -> <0, 16>
  %rows = rbln.load %new at 0 strides [64, 64, 1] : <2x1x64xf32> -> tensor<2x1x64xf32>
  %j = rbln.to_index %0 : tensor<i32> -> <0, 100>
  %old = rbln.load %cache at 2048 strides [1024, 64, 1] clips [#rbln.clip<axis = 1, lo = 0, hi = 0, term = 0, hi_scale = 1>]
    clip_terms(%i : !rbln.index<0, 16>) : <4x2x16x64xf32> -> tensor<2x16x64xf32>
  %all = rbln.insert %rows into %old at %i axis 1
    : tensor<2x1x64xf32> into tensor<2x16x64xf32>, <0, 16>
  rbln.store %all, %cache at 2048 strides [1024, 64, 1] clips [#rbln.clip<axis = 1, lo = 0, hi = 1, term = 0, hi_scale = 1>]
    clip_terms(%j : !rbln.index<0, 100>) : tensor<2x16x64xf32> -> <4x2x16x64xf32>
  return
}

// Clips of other axes stay, and so do the other terms of the address.
// CHECK-LABEL: npu.program @other_axes_and_terms
// CHECK: npu.dma <task_dma 0> [2, 1, 64] {{.*}} <f32, 0, [1024, 64, 1], registers[1, 0], scales[2048, 64]> clips [#npu.clip<axis = 1, lo = 0, hi = 16, reg = 0, hi_scale = -1>, #npu.clip<axis = 2, lo = 0, hi = 60>]
func.func @other_axes_and_terms(%new: !rbln.array<2x1x64xf32> {rbln.name = "new"}, %n: !rbln.array<2xi32> {rbln.name = "n"},
    %cache: !rbln.array<4x2x16x64xf32> {rbln.name = "cache"}) {
  %0 = rbln.load %n at 0 strides [] : <2xi32> -> tensor<i32>
  %i = rbln.to_index %0 : tensor<i32> -> <0, 16>
  %rows = rbln.load %new at 0 strides [64, 64, 1] : <2x1x64xf32> -> tensor<2x1x64xf32>
  %1 = rbln.load %n at 1 strides [] : <2xi32> -> tensor<i32>
  %b = rbln.to_index %1 : tensor<i32> -> <0, 3>
  %old = rbln.load %cache at 0 plus(%b : !rbln.index<0, 3>) times [2048] strides [1024, 64, 1] clips [#rbln.clip<axis = 1, lo = 0, hi = 0, term = 0, hi_scale = 1>, #rbln.clip<axis = 2, lo = 0, hi = 60>]
    clip_terms(%i : !rbln.index<0, 16>) : <4x2x16x64xf32> -> tensor<2x16x64xf32>
  %all = rbln.insert %rows into %old at %i axis 1
    : tensor<2x1x64xf32> into tensor<2x16x64xf32>, <0, 16>
  rbln.store %all, %cache at 0 plus(%b : !rbln.index<0, 3>) times [2048] strides [1024, 64, 1] clips [#rbln.clip<axis = 1, lo = 0, hi = 1, term = 0, hi_scale = 1>, #rbln.clip<axis = 2, lo = 0, hi = 60>]
    clip_terms(%i : !rbln.index<0, 16>) : tensor<2x16x64xf32> -> <4x2x16x64xf32>
  return
}

// Dimensions of extent 1 may come and go on the way.
// CHECK-LABEL: npu.program @reshaped
// CHECK: npu.dma <task_dma 0> [2, 1, 64] {{.*}} <f32, 2048, [1024, 64, 1], registers[0], scales[64]>
// CHECK-NOT: npu.dma
func.func @reshaped(%new: !rbln.array<2x1x64xf32> {rbln.name = "new"}, %n: !rbln.array<2xi32> {rbln.name = "n"},
    %cache: !rbln.array<4x2x16x64xf32> {rbln.name = "cache"}) {
  %0 = rbln.load %n at 0 strides [] : <2xi32> -> tensor<i32>
  %i = rbln.to_index %0 : tensor<i32> -> <0, 16>
  %rows = rbln.load %new at 0 strides [64, 64, 1] : <2x1x64xf32> -> tensor<2x1x64xf32>
  %five = rbln.load %cache at 2048 strides [2048, 1024, 64, 64, 1] clips [#rbln.clip<axis = 2, lo = 0, hi = 0, term = 0, hi_scale = 1>]
    clip_terms(%i : !rbln.index<0, 16>) : <4x2x16x64xf32> -> tensor<1x2x16x1x64xf32>
  %old = tensor.collapse_shape %five [[0, 1], [2, 3], [4]] : tensor<1x2x16x1x64xf32> into tensor<2x16x64xf32>
  %all = rbln.insert %rows into %old at %i axis 1
    : tensor<2x1x64xf32> into tensor<2x16x64xf32>, <0, 16>
  %four = tensor.expand_shape %all [[0], [1, 2], [3]] output_shape [2, 1, 16, 64] : tensor<2x16x64xf32> into tensor<2x1x16x64xf32>
  rbln.store %four, %cache at 2048 strides [1024, 7, 64, 1] clips [#rbln.clip<axis = 2, lo = 0, hi = 1, term = 0, hi_scale = 1>]
    clip_terms(%i : !rbln.index<0, 16>) : tensor<2x1x16x64xf32> -> <4x2x16x64xf32>
  return
}

// Another block of the cache may be written in between.
// CHECK-LABEL: npu.program @apart
// CHECK: npu.dma <task_dma 0> [2, 1, 64] {{.*}} <f32, 0, [1024, 64, 1]>
// CHECK: npu.dma <task_dma 0> [2, 1, 64] {{.*}} to {{.*}} <f32, 2048, [1024, 64, 1], registers[0], scales[64]> clips [#npu.clip<axis = 1, lo = 0, hi = 16, reg = 0, hi_scale = -1>]
func.func @apart(%new: !rbln.array<2x1x64xf32> {rbln.name = "new"}, %n: !rbln.array<2xi32> {rbln.name = "n"},
    %cache: !rbln.array<4x2x16x64xf32> {rbln.name = "cache"}) {
  %0 = rbln.load %n at 0 strides [] : <2xi32> -> tensor<i32>
  %i = rbln.to_index %0 : tensor<i32> -> <0, 16>
  %rows = rbln.load %new at 0 strides [64, 64, 1] : <2x1x64xf32> -> tensor<2x1x64xf32>
  %old = rbln.load %cache at 2048 strides [1024, 64, 1] clips [#rbln.clip<axis = 1, lo = 0, hi = 0, term = 0, hi_scale = 1>]
    clip_terms(%i : !rbln.index<0, 16>) : <4x2x16x64xf32> -> tensor<2x16x64xf32>
  %all = rbln.insert %rows into %old at %i axis 1
    : tensor<2x1x64xf32> into tensor<2x16x64xf32>, <0, 16>
  rbln.store %rows, %cache at 0 strides [1024, 64, 1] : tensor<2x1x64xf32> -> <4x2x16x64xf32>
  rbln.store %all, %cache at 2048 strides [1024, 64, 1] clips [#rbln.clip<axis = 1, lo = 0, hi = 1, term = 0, hi_scale = 1>]
    clip_terms(%i : !rbln.index<0, 16>) : tensor<2x16x64xf32> -> <4x2x16x64xf32>
  return
}

// Inside of a branch too.
// CHECK-LABEL: npu.program @branch
// CHECK: npu.skip <task_dma 0>
// CHECK: npu.dma <task_dma 0> [2, 1, 64] {{.*}} to %[[CACHE:.*]] <f32, 2048, [1024, 64, 1], registers[0], scales[64]> clips [#npu.clip<axis = 1, lo = 0, hi = 16, reg = 0, hi_scale = -1>]
func.func @branch(%new: !rbln.array<2x1x64xf32> {rbln.name = "new"}, %n: !rbln.array<2xi32> {rbln.name = "n"},
    %cache: !rbln.array<4x2x16x64xf32> {rbln.name = "cache"}) {
  %0 = rbln.load %n at 0 strides [] : <2xi32> -> tensor<i32>
  %i = rbln.to_index %0 : tensor<i32> -> <0, 16>
  %rows = rbln.load %new at 0 strides [64, 64, 1] : <2x1x64xf32> -> tensor<2x1x64xf32>
  %skip = rbln.partition_skip %i size 16 : <0, 16> -> tensor<i1>
  %condition = tensor.extract %skip[] : tensor<i1>
  scf.if %condition {
  } else {
    %old = rbln.load %cache at 2048 strides [1024, 64, 1] clips [#rbln.clip<axis = 1, lo = 0, hi = 0, term = 0, hi_scale = 1>]
      clip_terms(%i : !rbln.index<0, 16>) : <4x2x16x64xf32> -> tensor<2x16x64xf32>
    %all = rbln.insert %rows into %old at %i axis 1
      : tensor<2x1x64xf32> into tensor<2x16x64xf32>, <0, 16>
    rbln.store %all, %cache at 2048 strides [1024, 64, 1] clips [#rbln.clip<axis = 1, lo = 0, hi = 1, term = 0, hi_scale = 1>]
      clip_terms(%i : !rbln.index<0, 16>) : tensor<2x16x64xf32> -> <4x2x16x64xf32>
  }
  return
}
