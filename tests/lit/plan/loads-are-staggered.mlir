// Eight engines stream through memory: the first load of each but the last is cut, one after an eighth of its rows, the
// next after two, so that they do not set up their next loads at the same time.
// RUN: %rblnc compile %s --emit=npu --split=most -o - | FileCheck %s

// CHECK-LABEL: npu.program @stream
// CHECK: npu.dma <neural_dma 0> [1, 128, 64] %[[X:.*]] <f32, 0, [65536, 64, 1]> to %[[A:.*]] <f32, 0, [0, 64, 1]> clips [#npu.clip<axis = 1, lo = 0, hi = 0, reg = 0, hi_scale = 1>]
// CHECK: npu.dma <neural_dma 0> [1, 896, 64] %[[X]] <f32, 8192, [65536, 64, 1]> to %[[A]] <f32, 8192, [0, 64, 1]> clips [#npu.clip<axis = 1, lo = -128, hi = -128, reg = 0, hi_scale = 1>]
// CHECK: npu.dma <neural_dma 1> [1, 256, 64]
// CHECK: npu.dma <neural_dma 1> [1, 768, 64]
// CHECK: npu.dma <neural_dma 6> [1, 896, 64]
// CHECK: npu.dma <neural_dma 6> [1, 128, 64]
// CHECK: npu.dma <neural_dma 7> [1, 1024, 64]
// CHECK-COUNT-24: npu.dma <neural_dma {{.*}}> [1, 1024, 64]
// CHECK-NOT: npu.dma <neural_dma
func.func @stream(%x: !rbln.array<4x8x1024x64xf32> {rbln.name = "x"}, %n: !rbln.array<i32> {rbln.name = "n", rbln.scalar},
                  %o: !rbln.array<4x8x1024x64xf32> {rbln.name = "o"}) {
  %0 = rbln.load %n at 0 strides [] : <i32> -> tensor<i32>
  %i = rbln.to_index %0 : tensor<i32> -> <0, 1024>
  %b0 = rbln.load %x at 0 strides [65536, 64, 1] clips [#rbln.clip<axis = 1, lo = 0, hi = 0, term = 0, hi_scale = 1>] clip_terms(%i : !rbln.index<0, 1024>) : <4x8x1024x64xf32> -> tensor<8x1024x64xf32>
  rbln.store %b0, %o at 0 strides [65536, 64, 1] : tensor<8x1024x64xf32> -> <4x8x1024x64xf32>
  %b1 = rbln.load %x at 524288 strides [65536, 64, 1] clips [#rbln.clip<axis = 1, lo = 0, hi = 0, term = 0, hi_scale = 1>] clip_terms(%i : !rbln.index<0, 1024>) : <4x8x1024x64xf32> -> tensor<8x1024x64xf32>
  rbln.store %b1, %o at 524288 strides [65536, 64, 1] : tensor<8x1024x64xf32> -> <4x8x1024x64xf32>
  %b2 = rbln.load %x at 1048576 strides [65536, 64, 1] clips [#rbln.clip<axis = 1, lo = 0, hi = 0, term = 0, hi_scale = 1>] clip_terms(%i : !rbln.index<0, 1024>) : <4x8x1024x64xf32> -> tensor<8x1024x64xf32>
  rbln.store %b2, %o at 1048576 strides [65536, 64, 1] : tensor<8x1024x64xf32> -> <4x8x1024x64xf32>
  %b3 = rbln.load %x at 1572864 strides [65536, 64, 1] clips [#rbln.clip<axis = 1, lo = 0, hi = 0, term = 0, hi_scale = 1>] clip_terms(%i : !rbln.index<0, 1024>) : <4x8x1024x64xf32> -> tensor<8x1024x64xf32>
  rbln.store %b3, %o at 1572864 strides [65536, 64, 1] : tensor<8x1024x64xf32> -> <4x8x1024x64xf32>
  return
}

// Whoever loads once has nothing to gain.
// CHECK-LABEL: npu.program @once
// CHECK-COUNT-8: npu.dma <neural_dma {{.*}}> [1, 1024, 64]
// CHECK-NOT: npu.dma <neural_dma
func.func @once(%x: !rbln.array<8x1024x64xf32> {rbln.name = "x"}, %o: !rbln.array<8x1024x64xf32> {rbln.name = "o"}) {
  %b = rbln.load %x at 0 strides [65536, 64, 1] : <8x1024x64xf32> -> tensor<8x1024x64xf32>
  rbln.store %b, %o at 0 strides [65536, 64, 1] : tensor<8x1024x64xf32> -> <8x1024x64xf32>
  return
}
