// Eight engines stream through memory, in step: they are shifted against each other, so that they do not set up their
// next loads at the same time.
// RUN: %rblnc compile %s --emit=npu --split=most -o - | FileCheck %s

// Where there is room, an engine begins with a part of its last load, each one with a larger one.
// CHECK-LABEL: npu.program @ahead
// CHECK: npu.dma <neural_dma 0> [1, 1024, 64] %[[X:.*]] <f32, 0, [65536, 64, 1]>
// CHECK: npu.dma <neural_dma 1> [1, 31, 64] %[[X]] <f32, 1638400, [65536, 64, 1]> to %[[LAST:.*]] <f32, 0, [0, 64, 1]> clips [#npu.clip<axis = 1, lo = 0, hi = 0, reg = 0, hi_scale = 1>]
// CHECK: npu.dma <neural_dma 1> [1, 1024, 64] %[[X]] <f32, 65536, [65536, 64, 1]>
// CHECK: npu.dma <neural_dma 1> [1, 993, 64] %[[X]] <f32, 1640384, [65536, 64, 1]> to %[[LAST]] <f32, 1984, [0, 64, 1]> clips [#npu.clip<axis = 1, lo = -31, hi = -31, reg = 0, hi_scale = 1>]
func.func @ahead(%x: !rbln.array<4x8x1024x64xf32> {rbln.name = "x"}, %n: !rbln.array<i32> {rbln.name = "n", rbln.scalar},
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


// Where there is none, the first load of each but the last is cut, one after an eighth of its rows, the next after two.
// CHECK-LABEL: npu.program @stream
// CHECK: npu.dma <neural_dma 0> [1, 256, 64] %[[X:.*]] <f32, 0, [131072, 64, 1]> to %[[A:.*]] <f32, 0, [0, 64, 1]> clips [#npu.clip<axis = 1, lo = 0, hi = 0, reg = 0, hi_scale = 1>]
// CHECK: npu.dma <neural_dma 0> [1, 1792, 64] %[[X]] <f32, 16384, [131072, 64, 1]> to %[[A]] <f32, 16384, [0, 64, 1]> clips [#npu.clip<axis = 1, lo = -256, hi = -256, reg = 0, hi_scale = 1>]
// CHECK: npu.dma <neural_dma 1> [1, 512, 64]
// CHECK: npu.dma <neural_dma 1> [1, 1536, 64]
// CHECK: npu.dma <neural_dma 6> [1, 1792, 64]
// CHECK: npu.dma <neural_dma 6> [1, 256, 64]
// CHECK: npu.dma <neural_dma 7> [1, 2048, 64]
// CHECK-COUNT-24: npu.dma <neural_dma {{.*}}> [1, 2048, 64]
// CHECK-NOT: npu.dma <neural_dma
func.func @stream(%x: !rbln.array<4x8x2048x64xf32> {rbln.name = "x"}, %n: !rbln.array<i32> {rbln.name = "n", rbln.scalar},
                  %o: !rbln.array<4x8x2048x64xf32> {rbln.name = "o"}) {
  %0 = rbln.load %n at 0 strides [] : <i32> -> tensor<i32>
  %i = rbln.to_index %0 : tensor<i32> -> <0, 2048>
  %b0 = rbln.load %x at 0 strides [131072, 64, 1] clips [#rbln.clip<axis = 1, lo = 0, hi = 0, term = 0, hi_scale = 1>] clip_terms(%i : !rbln.index<0, 2048>) : <4x8x2048x64xf32> -> tensor<8x2048x64xf32>
  rbln.store %b0, %o at 0 strides [131072, 64, 1] : tensor<8x2048x64xf32> -> <4x8x2048x64xf32>
  %b1 = rbln.load %x at 1048576 strides [131072, 64, 1] clips [#rbln.clip<axis = 1, lo = 0, hi = 0, term = 0, hi_scale = 1>] clip_terms(%i : !rbln.index<0, 2048>) : <4x8x2048x64xf32> -> tensor<8x2048x64xf32>
  rbln.store %b1, %o at 1048576 strides [131072, 64, 1] : tensor<8x2048x64xf32> -> <4x8x2048x64xf32>
  %b2 = rbln.load %x at 2097152 strides [131072, 64, 1] clips [#rbln.clip<axis = 1, lo = 0, hi = 0, term = 0, hi_scale = 1>] clip_terms(%i : !rbln.index<0, 2048>) : <4x8x2048x64xf32> -> tensor<8x2048x64xf32>
  rbln.store %b2, %o at 2097152 strides [131072, 64, 1] : tensor<8x2048x64xf32> -> <4x8x2048x64xf32>
  %b3 = rbln.load %x at 3145728 strides [131072, 64, 1] clips [#rbln.clip<axis = 1, lo = 0, hi = 0, term = 0, hi_scale = 1>] clip_terms(%i : !rbln.index<0, 2048>) : <4x8x2048x64xf32> -> tensor<8x2048x64xf32>
  rbln.store %b3, %o at 3145728 strides [131072, 64, 1] : tensor<8x2048x64xf32> -> <4x8x2048x64xf32>
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
