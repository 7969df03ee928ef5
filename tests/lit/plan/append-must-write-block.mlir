// Stores of a changed block that must write all of it: each lacks one of the conditions of src/plan/rewrite/NarrowStores.h.
// RUN: %rblnc compile %s --emit=npu -o - | FileCheck %s

// Condition 1: the value is not an insertion into what was loaded.
// CHECK-LABEL: npu.program @computed_rows 
// CHECK: npu.dma <task_dma 0> [2, 16, 64] {{.*}} to %[[CACHE:.*]] <f32, 2048, [1024, 64, 1]
func.func @computed_rows(%new: !rbln.array<2x1x64xf32> {rbln.name = "new"}, %n: !rbln.array<2xi32> {rbln.name = "n"},
    %cache: !rbln.array<4x2x16x64xf32> {rbln.name = "cache"}) {
  %0 = rbln.load %n at 0 strides [] : <2xi32> -> tensor<i32>
  %i = rbln.to_index %0 : tensor<i32> -> <0, 16>
  %rows = rbln.load %new at 0 strides [64, 64, 1] : <2x1x64xf32> -> tensor<2x1x64xf32>
  %old = rbln.load %cache at 2048 strides [1024, 64, 1] : <4x2x16x64xf32> -> tensor<2x16x64xf32>
  %empty = tensor.empty() : tensor<2x16x64xf32>
  %twice = linalg.generic {indexing_maps = [affine_map<(a, b, c) -> (a, b, c)>, affine_map<(a, b, c) -> (a, b, c)>],
                           iterator_types = ["parallel", "parallel", "parallel"]}
    ins(%old : tensor<2x16x64xf32>) outs(%empty : tensor<2x16x64xf32>) {
    ^bb0(%x: f32, %y: f32):
      %z = arith.addf %x, %x : f32
      linalg.yield %z : f32
    } -> tensor<2x16x64xf32>
  %all = rbln.insert %rows into %twice at %i axis 1
    : tensor<2x1x64xf32> into tensor<2x16x64xf32>, <0, 16>
  rbln.store %all, %cache at 2048 strides [1024, 64, 1] clips [#rbln.clip<axis = 1, lo = 0, hi = 1, term = 0, hi_scale = 1>]
    clip_terms(%i : !rbln.index<0, 16>) : tensor<2x16x64xf32> -> <4x2x16x64xf32>
  return
}

// Condition 1: a reshape that merges rows.
// CHECK-LABEL: npu.program @merged_rows 
// CHECK: npu.dma <task_dma 0> [32, 64] {{.*}} to %[[CACHE:.*]] <f32, 2048, [64, 1]
func.func @merged_rows(%new: !rbln.array<2x1x64xf32> {rbln.name = "new"}, %n: !rbln.array<2xi32> {rbln.name = "n"},
    %cache: !rbln.array<4x2x16x64xf32> {rbln.name = "cache"}) {
  %0 = rbln.load %n at 0 strides [] : <2xi32> -> tensor<i32>
  %i = rbln.to_index %0 : tensor<i32> -> <0, 16>
  %rows = rbln.load %new at 0 strides [64, 64, 1] : <2x1x64xf32> -> tensor<2x1x64xf32>
  %old = rbln.load %cache at 2048 strides [1024, 64, 1] : <4x2x16x64xf32> -> tensor<2x16x64xf32>
  %all = rbln.insert %rows into %old at %i axis 1
    : tensor<2x1x64xf32> into tensor<2x16x64xf32>, <0, 16>
  %flat = tensor.collapse_shape %all [[0, 1], [2]] : tensor<2x16x64xf32> into tensor<32x64xf32>
  rbln.store %flat, %cache at 2048 strides [64, 1] : tensor<32x64xf32> -> <4x2x16x64xf32>
  return
}

// Condition 2: another block of the same array.
// CHECK-LABEL: npu.program @other_block 
// CHECK: npu.dma <task_dma 0> [2, 16, 64] {{.*}} to %[[CACHE:.*]] <f32, 2048, [1024, 64, 1]
func.func @other_block(%new: !rbln.array<2x1x64xf32> {rbln.name = "new"}, %n: !rbln.array<2xi32> {rbln.name = "n"},
    %cache: !rbln.array<4x2x16x64xf32> {rbln.name = "cache"}) {
  %0 = rbln.load %n at 0 strides [] : <2xi32> -> tensor<i32>
  %i = rbln.to_index %0 : tensor<i32> -> <0, 16>
  %rows = rbln.load %new at 0 strides [64, 64, 1] : <2x1x64xf32> -> tensor<2x1x64xf32>
  %old = rbln.load %cache at 0 strides [1024, 64, 1] clips [#rbln.clip<axis = 1, lo = 0, hi = 0, term = 0, hi_scale = 1>]
    clip_terms(%i : !rbln.index<0, 16>) : <4x2x16x64xf32> -> tensor<2x16x64xf32>
  %all = rbln.insert %rows into %old at %i axis 1
    : tensor<2x1x64xf32> into tensor<2x16x64xf32>, <0, 16>
  rbln.store %all, %cache at 2048 strides [1024, 64, 1] clips [#rbln.clip<axis = 1, lo = 0, hi = 1, term = 0, hi_scale = 1>]
    clip_terms(%i : !rbln.index<0, 16>) : tensor<2x16x64xf32> -> <4x2x16x64xf32>
  return
}

// Condition 2: another array.
// CHECK-LABEL: npu.program @other_array 
// CHECK: npu.dma <task_dma 0> [2, 16, 64] {{.*}} to %[[CACHE:.*]] <f32, 2048, [1024, 64, 1]
func.func @other_array(%new: !rbln.array<2x1x64xf32> {rbln.name = "new"}, %n: !rbln.array<2xi32> {rbln.name = "n"},
    %cache: !rbln.array<4x2x16x64xf32> {rbln.name = "cache"},
    %copy: !rbln.array<4x2x16x64xf32> {rbln.name = "copy"}) {
  %0 = rbln.load %n at 0 strides [] : <2xi32> -> tensor<i32>
  %i = rbln.to_index %0 : tensor<i32> -> <0, 16>
  %rows = rbln.load %new at 0 strides [64, 64, 1] : <2x1x64xf32> -> tensor<2x1x64xf32>
  %old = rbln.load %cache at 2048 strides [1024, 64, 1] clips [#rbln.clip<axis = 1, lo = 0, hi = 0, term = 0, hi_scale = 1>]
    clip_terms(%i : !rbln.index<0, 16>) : <4x2x16x64xf32> -> tensor<2x16x64xf32>
  %all = rbln.insert %rows into %old at %i axis 1
    : tensor<2x1x64xf32> into tensor<2x16x64xf32>, <0, 16>
  rbln.store %all, %copy at 2048 strides [1024, 64, 1] clips [#rbln.clip<axis = 1, lo = 0, hi = 1, term = 0, hi_scale = 1>]
    clip_terms(%i : !rbln.index<0, 16>) : tensor<2x16x64xf32> -> <4x2x16x64xf32>
  return
}

// Condition 2: other strides.
// CHECK-LABEL: npu.program @other_strides 
// CHECK: npu.dma <task_dma 0> [2, 16, 64] {{.*}} to %[[CACHE:.*]] <f32, 2048, [1024, 64, 1]
func.func @other_strides(%new: !rbln.array<2x1x64xf32> {rbln.name = "new"}, %n: !rbln.array<2xi32> {rbln.name = "n"},
    %cache: !rbln.array<4x2x16x64xf32> {rbln.name = "cache"}) {
  %0 = rbln.load %n at 0 strides [] : <2xi32> -> tensor<i32>
  %i = rbln.to_index %0 : tensor<i32> -> <0, 16>
  %rows = rbln.load %new at 0 strides [64, 64, 1] : <2x1x64xf32> -> tensor<2x1x64xf32>
  %old = rbln.load %cache at 2048 strides [2048, 64, 1] clips [#rbln.clip<axis = 1, lo = 0, hi = 0, term = 0, hi_scale = 1>]
    clip_terms(%i : !rbln.index<0, 16>) : <4x2x16x64xf32> -> tensor<2x16x64xf32>
  %all = rbln.insert %rows into %old at %i axis 1
    : tensor<2x1x64xf32> into tensor<2x16x64xf32>, <0, 16>
  rbln.store %all, %cache at 2048 strides [1024, 64, 1] clips [#rbln.clip<axis = 1, lo = 0, hi = 1, term = 0, hi_scale = 1>]
    clip_terms(%i : !rbln.index<0, 16>) : tensor<2x16x64xf32> -> <4x2x16x64xf32>
  return
}

// Condition 2: a place that another index decides.
// CHECK-LABEL: npu.program @other_terms 
// CHECK: npu.dma <task_dma 0> [2, 16, 64] {{.*}} to %[[CACHE:.*]] <f32, 2048, [1024, 64, 1]
func.func @other_terms(%new: !rbln.array<2x1x64xf32> {rbln.name = "new"}, %n: !rbln.array<2xi32> {rbln.name = "n"},
    %cache: !rbln.array<4x2x16x64xf32> {rbln.name = "cache"}) {
  %0 = rbln.load %n at 0 strides [] : <2xi32> -> tensor<i32>
  %i = rbln.to_index %0 : tensor<i32> -> <0, 16>
  %rows = rbln.load %new at 0 strides [64, 64, 1] : <2x1x64xf32> -> tensor<2x1x64xf32>
  %1 = rbln.load %n at 1 strides [] : <2xi32> -> tensor<i32>
  %b = rbln.to_index %1 : tensor<i32> -> <0, 3>
  %old = rbln.load %cache at 0 plus(%b : !rbln.index<0, 3>) times [2048] strides [1024, 64, 1] clips [#rbln.clip<axis = 1, lo = 0, hi = 0, term = 0, hi_scale = 1>]
    clip_terms(%i : !rbln.index<0, 16>) : <4x2x16x64xf32> -> tensor<2x16x64xf32>
  %all = rbln.insert %rows into %old at %i axis 1
    : tensor<2x1x64xf32> into tensor<2x16x64xf32>, <0, 16>
  rbln.store %all, %cache at 2048 strides [1024, 64, 1] clips [#rbln.clip<axis = 1, lo = 0, hi = 1, term = 0, hi_scale = 1>]
    clip_terms(%i : !rbln.index<0, 16>) : tensor<2x16x64xf32> -> <4x2x16x64xf32>
  return
}

// Condition 2: the load stands before the branch.
// CHECK-LABEL: npu.program @load_outside 
// CHECK: npu.dma <task_dma 0> [2, 16, 64] {{.*}} to %[[CACHE:.*]] <f32, 2048, [1024, 64, 1]
func.func @load_outside(%new: !rbln.array<2x1x64xf32> {rbln.name = "new"}, %n: !rbln.array<2xi32> {rbln.name = "n"},
    %cache: !rbln.array<4x2x16x64xf32> {rbln.name = "cache"}) {
  %0 = rbln.load %n at 0 strides [] : <2xi32> -> tensor<i32>
  %i = rbln.to_index %0 : tensor<i32> -> <0, 16>
  %rows = rbln.load %new at 0 strides [64, 64, 1] : <2x1x64xf32> -> tensor<2x1x64xf32>
  %old = rbln.load %cache at 2048 strides [1024, 64, 1] clips [#rbln.clip<axis = 1, lo = 0, hi = 0, term = 0, hi_scale = 1>]
    clip_terms(%i : !rbln.index<0, 16>) : <4x2x16x64xf32> -> tensor<2x16x64xf32>
  %skip = rbln.partition_skip %i size 16 : <0, 16> -> tensor<i1>
  %condition = tensor.extract %skip[] : tensor<i1>
  scf.if %condition {
  } else {
    %all = rbln.insert %rows into %old at %i axis 1
      : tensor<2x1x64xf32> into tensor<2x16x64xf32>, <0, 16>
    rbln.store %all, %cache at 2048 strides [1024, 64, 1] clips [#rbln.clip<axis = 1, lo = 0, hi = 1, term = 0, hi_scale = 1>]
      clip_terms(%i : !rbln.index<0, 16>) : tensor<2x16x64xf32> -> <4x2x16x64xf32>
  }
  return
}

// Condition 3: columns that were not read.
// CHECK-LABEL: npu.program @other_columns 
// CHECK: npu.dma <task_dma 0> [2, 16, 64] {{.*}} to %[[CACHE:.*]] <f32, 2048, [1024, 64, 1]
func.func @other_columns(%new: !rbln.array<2x1x64xf32> {rbln.name = "new"}, %n: !rbln.array<2xi32> {rbln.name = "n"},
    %cache: !rbln.array<4x2x16x64xf32> {rbln.name = "cache"}) {
  %0 = rbln.load %n at 0 strides [] : <2xi32> -> tensor<i32>
  %i = rbln.to_index %0 : tensor<i32> -> <0, 16>
  %rows = rbln.load %new at 0 strides [64, 64, 1] : <2x1x64xf32> -> tensor<2x1x64xf32>
  %old = rbln.load %cache at 2048 strides [1024, 64, 1] clips [#rbln.clip<axis = 1, lo = 0, hi = 0, term = 0, hi_scale = 1>, #rbln.clip<axis = 2, lo = 0, hi = 32>]
    clip_terms(%i : !rbln.index<0, 16>) : <4x2x16x64xf32> -> tensor<2x16x64xf32>
  %all = rbln.insert %rows into %old at %i axis 1
    : tensor<2x1x64xf32> into tensor<2x16x64xf32>, <0, 16>
  rbln.store %all, %cache at 2048 strides [1024, 64, 1] clips [#rbln.clip<axis = 1, lo = 0, hi = 1, term = 0, hi_scale = 1>]
    clip_terms(%i : !rbln.index<0, 16>) : tensor<2x16x64xf32> -> <4x2x16x64xf32>
  return
}

// Condition 4: the store writes a row beyond the inserted one, which was not read.
// CHECK-LABEL: npu.program @row_beyond 
// CHECK: npu.dma <task_dma 0> [2, 16, 64] {{.*}} to %[[CACHE:.*]] <f32, 2048, [1024, 64, 1]
func.func @row_beyond(%new: !rbln.array<2x1x64xf32> {rbln.name = "new"}, %n: !rbln.array<2xi32> {rbln.name = "n"},
    %cache: !rbln.array<4x2x16x64xf32> {rbln.name = "cache"}) {
  %0 = rbln.load %n at 0 strides [] : <2xi32> -> tensor<i32>
  %i = rbln.to_index %0 : tensor<i32> -> <0, 16>
  %rows = rbln.load %new at 0 strides [64, 64, 1] : <2x1x64xf32> -> tensor<2x1x64xf32>
  %old = rbln.load %cache at 2048 strides [1024, 64, 1] clips [#rbln.clip<axis = 1, lo = 0, hi = 0, term = 0, hi_scale = 1>]
    clip_terms(%i : !rbln.index<0, 16>) : <4x2x16x64xf32> -> tensor<2x16x64xf32>
  %all = rbln.insert %rows into %old at %i axis 1
    : tensor<2x1x64xf32> into tensor<2x16x64xf32>, <0, 16>
  rbln.store %all, %cache at 2048 strides [1024, 64, 1] clips [#rbln.clip<axis = 1, lo = 0, hi = 2, term = 0, hi_scale = 1>]
    clip_terms(%i : !rbln.index<0, 16>) : tensor<2x16x64xf32> -> <4x2x16x64xf32>
  return
}

// Condition 4: all rows are written, but those before the index were read.
// CHECK-LABEL: npu.program @all_rows 
// CHECK: npu.dma <task_dma 0> [2, 16, 64] {{.*}} to %[[CACHE:.*]] <f32, 2048, [1024, 64, 1]
func.func @all_rows(%new: !rbln.array<2x1x64xf32> {rbln.name = "new"}, %n: !rbln.array<2xi32> {rbln.name = "n"},
    %cache: !rbln.array<4x2x16x64xf32> {rbln.name = "cache"}) {
  %0 = rbln.load %n at 0 strides [] : <2xi32> -> tensor<i32>
  %i = rbln.to_index %0 : tensor<i32> -> <0, 16>
  %rows = rbln.load %new at 0 strides [64, 64, 1] : <2x1x64xf32> -> tensor<2x1x64xf32>
  %old = rbln.load %cache at 2048 strides [1024, 64, 1] clips [#rbln.clip<axis = 1, lo = 0, hi = 0, term = 0, hi_scale = 1>]
    clip_terms(%i : !rbln.index<0, 16>) : <4x2x16x64xf32> -> tensor<2x16x64xf32>
  %all = rbln.insert %rows into %old at %i axis 1
    : tensor<2x1x64xf32> into tensor<2x16x64xf32>, <0, 16>
  rbln.store %all, %cache at 2048 strides [1024, 64, 1] : tensor<2x16x64xf32> -> <4x2x16x64xf32>
  return
}

// Condition 4: the first row is written, but was not read.
// CHECK-LABEL: npu.program @first_row 
// CHECK: npu.dma <task_dma 0> [2, 16, 64] {{.*}} to %[[CACHE:.*]] <f32, 2048, [1024, 64, 1]
func.func @first_row(%new: !rbln.array<2x1x64xf32> {rbln.name = "new"}, %n: !rbln.array<2xi32> {rbln.name = "n"},
    %cache: !rbln.array<4x2x16x64xf32> {rbln.name = "cache"}) {
  %0 = rbln.load %n at 0 strides [] : <2xi32> -> tensor<i32>
  %i = rbln.to_index %0 : tensor<i32> -> <0, 16>
  %rows = rbln.load %new at 0 strides [64, 64, 1] : <2x1x64xf32> -> tensor<2x1x64xf32>
  %old = rbln.load %cache at 2048 strides [1024, 64, 1] clips [#rbln.clip<axis = 1, lo = 1, hi = 0, term = 0, hi_scale = 1>]
    clip_terms(%i : !rbln.index<0, 16>) : <4x2x16x64xf32> -> tensor<2x16x64xf32>
  %all = rbln.insert %rows into %old at %i axis 1
    : tensor<2x1x64xf32> into tensor<2x16x64xf32>, <0, 16>
  rbln.store %all, %cache at 2048 strides [1024, 64, 1] clips [#rbln.clip<axis = 1, lo = 0, hi = 1, term = 0, hi_scale = 1>]
    clip_terms(%i : !rbln.index<0, 16>) : tensor<2x16x64xf32> -> <4x2x16x64xf32>
  return
}

// Condition 4: another index says how many rows are written.
// CHECK-LABEL: npu.program @other_count 
// CHECK: npu.dma <task_dma 0> [2, 16, 64] {{.*}} to %[[CACHE:.*]] <f32, 2048, [1024, 64, 1]
func.func @other_count(%new: !rbln.array<2x1x64xf32> {rbln.name = "new"}, %n: !rbln.array<2xi32> {rbln.name = "n"},
    %cache: !rbln.array<4x2x16x64xf32> {rbln.name = "cache"}) {
  %0 = rbln.load %n at 0 strides [] : <2xi32> -> tensor<i32>
  %i = rbln.to_index %0 : tensor<i32> -> <0, 16>
  %rows = rbln.load %new at 0 strides [64, 64, 1] : <2x1x64xf32> -> tensor<2x1x64xf32>
  %1 = rbln.load %n at 1 strides [] : <2xi32> -> tensor<i32>
  %b = rbln.to_index %1 : tensor<i32> -> <0, 16>
  %old = rbln.load %cache at 2048 strides [1024, 64, 1] clips [#rbln.clip<axis = 1, lo = 0, hi = 0, term = 0, hi_scale = 1>]
    clip_terms(%i : !rbln.index<0, 16>) : <4x2x16x64xf32> -> tensor<2x16x64xf32>
  %all = rbln.insert %rows into %old at %i axis 1
    : tensor<2x1x64xf32> into tensor<2x16x64xf32>, <0, 16>
  rbln.store %all, %cache at 2048 strides [1024, 64, 1] clips [#rbln.clip<axis = 1, lo = 0, hi = 1, term = 0, hi_scale = 1>]
    clip_terms(%b : !rbln.index<0, 16>) : tensor<2x16x64xf32> -> <4x2x16x64xf32>
  return
}

// Condition 5: another store may write to the block after it was read.
// CHECK-LABEL: npu.program @written_between 
// CHECK: npu.dma <task_dma 0> [2, 16, 64] {{.*}} to %[[CACHE:.*]] <f32, 2048, [1024, 64, 1]
func.func @written_between(%new: !rbln.array<2x1x64xf32> {rbln.name = "new"}, %n: !rbln.array<2xi32> {rbln.name = "n"},
    %cache: !rbln.array<4x2x16x64xf32> {rbln.name = "cache"}) {
  %0 = rbln.load %n at 0 strides [] : <2xi32> -> tensor<i32>
  %i = rbln.to_index %0 : tensor<i32> -> <0, 16>
  %rows = rbln.load %new at 0 strides [64, 64, 1] : <2x1x64xf32> -> tensor<2x1x64xf32>
  %old = rbln.load %cache at 2048 strides [1024, 64, 1] clips [#rbln.clip<axis = 1, lo = 0, hi = 0, term = 0, hi_scale = 1>]
    clip_terms(%i : !rbln.index<0, 16>) : <4x2x16x64xf32> -> tensor<2x16x64xf32>
  %all = rbln.insert %rows into %old at %i axis 1
    : tensor<2x1x64xf32> into tensor<2x16x64xf32>, <0, 16>
  rbln.store %rows, %cache at 3008 strides [1024, 64, 1] : tensor<2x1x64xf32> -> <4x2x16x64xf32>
  rbln.store %all, %cache at 2048 strides [1024, 64, 1] clips [#rbln.clip<axis = 1, lo = 0, hi = 1, term = 0, hi_scale = 1>]
    clip_terms(%i : !rbln.index<0, 16>) : tensor<2x16x64xf32> -> <4x2x16x64xf32>
  return
}

// Condition 5: the same, at an index.
// CHECK-LABEL: npu.program @written_between_at_index 
// CHECK: npu.dma <task_dma 0> [2, 16, 64] {{.*}} to %[[CACHE:.*]] <f32, 2048, [1024, 64, 1]
func.func @written_between_at_index(%new: !rbln.array<2x1x64xf32> {rbln.name = "new"}, %n: !rbln.array<2xi32> {rbln.name = "n"},
    %cache: !rbln.array<4x2x16x64xf32> {rbln.name = "cache"}) {
  %0 = rbln.load %n at 0 strides [] : <2xi32> -> tensor<i32>
  %i = rbln.to_index %0 : tensor<i32> -> <0, 16>
  %rows = rbln.load %new at 0 strides [64, 64, 1] : <2x1x64xf32> -> tensor<2x1x64xf32>
  %1 = rbln.load %n at 1 strides [] : <2xi32> -> tensor<i32>
  %b = rbln.to_index %1 : tensor<i32> -> <0, 3>
  %old = rbln.load %cache at 2048 strides [1024, 64, 1] clips [#rbln.clip<axis = 1, lo = 0, hi = 0, term = 0, hi_scale = 1>]
    clip_terms(%i : !rbln.index<0, 16>) : <4x2x16x64xf32> -> tensor<2x16x64xf32>
  %all = rbln.insert %rows into %old at %i axis 1
    : tensor<2x1x64xf32> into tensor<2x16x64xf32>, <0, 16>
  rbln.store %rows, %cache at 0 plus(%b : !rbln.index<0, 3>) times [2048] strides [1024, 64, 1] : tensor<2x1x64xf32> -> <4x2x16x64xf32>
  rbln.store %all, %cache at 2048 strides [1024, 64, 1] clips [#rbln.clip<axis = 1, lo = 0, hi = 1, term = 0, hi_scale = 1>]
    clip_terms(%i : !rbln.index<0, 16>) : tensor<2x16x64xf32> -> <4x2x16x64xf32>
  return
}
