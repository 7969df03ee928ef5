// Constants that folding moved out of a region, or that somebody wrote there, come back into each engine's part.
// RUN: %rblnc compile %s --emit=npu --split=most -o - | FileCheck %s
// RUN: %rblnc compile %s --emit=npu --split=none -o - | FileCheck %s --check-prefix=NONE

// CHECK: npu.vector <neural_engine 7>
// CHECK: arith.constant 2.500000e+00
// CHECK: arith.mulf
// CHECK: arith.addf
// NONE: npu.vector <neural_engine 0>
// NONE: arith.constant 2.500000e+00
#id = affine_map<(i, j) -> (i, j)>
module {
  func.func @scale(%x: !rbln.array<64x64xf32>, %y: !rbln.array<64x64xf32>) {
    %c = arith.constant 2.5 : f32
    %0 = rbln.load %x at 0 strides [64, 1] : <64x64xf32> -> tensor<64x64xf32>
    %e = tensor.empty() : tensor<64x64xf32>
    %1 = linalg.generic {indexing_maps = [#id, #id], iterator_types = ["parallel", "parallel"]} ins(%0 : tensor<64x64xf32>) outs(%e : tensor<64x64xf32>) {
    ^bb0(%in: f32, %out: f32):
      %2 = arith.mulf %in, %c : f32
      %3 = arith.addf %2, %c : f32
      linalg.yield %3 : f32
    } -> tensor<64x64xf32>
    rbln.store %1, %y at 0 strides [64, 1] : tensor<64x64xf32> -> <64x64xf32>
    return
  }
}
