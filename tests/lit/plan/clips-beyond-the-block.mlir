// Clips may name any bound; each engine's part of the block is clipped as the whole one is.
// RUN: %rblnc compile %s --emit=npu --split=most -o - | FileCheck %s

// CHECK: npu.dma <neural_dma 7> [8, 64] {{.*}} clips [#npu.clip<axis = 0, lo = -56, hi = 8>]
// CHECK: npu.dma <neural_dma 7> [8, 64] {{.*}} clips [#npu.clip<axis = 0, lo = -56, hi = -56>]
module {
  func.func @clip(%x: !rbln.array<64x64xf32>, %y: !rbln.array<64x64xf32>, %z: !rbln.array<64x64xf32>) {
    %0 = rbln.load %x at 0 strides [64, 1] clips [#rbln.clip<axis = 0, lo = -9223372036854775808, hi = 9223372036854775807>] : <64x64xf32> -> tensor<64x64xf32>
    %1 = rbln.load %x at 0 strides [64, 1] clips [#rbln.clip<axis = 0, lo = 0, hi = -9223372036854775808>] : <64x64xf32> -> tensor<64x64xf32>
    rbln.store %0, %y at 0 strides [64, 1] : tensor<64x64xf32> -> <64x64xf32>
    rbln.store %1, %z at 0 strides [64, 1] : tensor<64x64xf32> -> <64x64xf32>
    return
  }
}
