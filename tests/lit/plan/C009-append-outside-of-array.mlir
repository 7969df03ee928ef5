// A block that can lie beyond its array is diagnosed, though only rows of it that are inside would have to be written.
// RUN: not %rblnc compile %s --emit=npu -o - 2>&1 | FileCheck %s

// CHECK: the block reaches element 10239 of 'cache', which has 8192 [RBLN-C009]
func.func @outside(%new: !rbln.array<2x1x64xf32> {rbln.name = "new"}, %n: !rbln.array<2xi32> {rbln.name = "n"},
    %cache: !rbln.array<4x2x16x64xf32> {rbln.name = "cache"}) {
  %0 = rbln.load %n at 0 strides [] : <2xi32> -> tensor<i32>
  %i = rbln.to_index %0 : tensor<i32> -> <0, 16>
  %rows = rbln.load %new at 0 strides [64, 64, 1] : <2x1x64xf32> -> tensor<2x1x64xf32>
  %1 = rbln.load %n at 1 strides [] : <2xi32> -> tensor<i32>
  %b = rbln.to_index %1 : tensor<i32> -> <0, 4>
  %old = rbln.load %cache at 0 plus(%b : !rbln.index<0, 4>) times [2048] strides [1024, 64, 1] : <4x2x16x64xf32> -> tensor<2x16x64xf32>
  %all = rbln.insert %rows into %old at %i axis 1
    : tensor<2x1x64xf32> into tensor<2x16x64xf32>, <0, 16>
  rbln.store %all, %cache at 0 plus(%b : !rbln.index<0, 4>) times [2048] strides [1024, 64, 1] : tensor<2x16x64xf32> -> <4x2x16x64xf32>
  return
}
