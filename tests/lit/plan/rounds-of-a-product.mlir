// Products whose operands do not fit the scratchpads.
// RUN: %rblnc compile %s --emit=npu -o - | FileCheck %s --check-prefixes=CHECK,ALL
// RUN: %rblnc compile %s --emit=npu --split=none -o - | FileCheck %s --check-prefixes=CHECK,ONE

// The columns are cut over the engines and the sum into rounds; a is loaded once: from DRAM into shared SRAM, and from there to each engine.
// CHECK-LABEL: npu.program @product
// ALL: %[[A:.*]] = npu.argument "a"
// ALL: %[[STAGE:.*]] = npu.buffer "" shared
// ALL: npu.dma <neural_dma 0> [128, [[PIECE:[0-9]+]]] %[[STAGE]] {{.*}} to
// ALL: npu.dma <neural_dma 4> [128, [[PIECE]]] %[[STAGE]] {{.*}} to
// ALL: npu.matmul <neural_engine 0> [] [128, [[COLUMNS:[0-9]+]], [[PIECE]]]
// ALL: npu.matmul <neural_engine 4> [] [128, [[COLUMNS]], [[PIECE]]]
// ALL-NOT: npu.buffer "" dram
func.func @product(%a: !rbln.array<128x4096xf32> {rbln.name = "a"}, %b: !rbln.array<4096x4096xf32> {rbln.name = "b"},
    %c: !rbln.array<128x4096xf32> {rbln.name = "c"}) {
  %x = rbln.load %a at 0 strides [4096, 1] : !rbln.array<128x4096xf32> -> tensor<128x4096xf32>
  %y = rbln.load %b at 0 strides [4096, 1] : !rbln.array<4096x4096xf32> -> tensor<4096x4096xf32>
  %z = arith.constant dense<0.0> : tensor<128x4096xf32>
  %d = linalg.generic {indexing_maps = [affine_map<(m, n, k) -> (m, k)>, affine_map<(m, n, k) -> (k, n)>,
                                        affine_map<(m, n, k) -> (m, n)>],
                       iterator_types = ["parallel", "parallel", "reduction"]}
       ins(%x, %y : tensor<128x4096xf32>, tensor<4096x4096xf32>) outs(%z : tensor<128x4096xf32>) {
  ^bb0(%p: f32, %q: f32, %s: f32):
    %t = arith.mulf %p, %q : f32
    %u = arith.addf %s, %t : f32
    linalg.yield %u : f32
  } -> tensor<128x4096xf32>
  rbln.store %d, %c at 0 strides [4096, 1] : tensor<128x4096xf32> -> !rbln.array<128x4096xf32>
  return
}

// One engine, few rows and columns, and a long sum: each piece goes on where the last one ended, in place.
// CHECK-LABEL: npu.program @sum
// ONE: npu.matmul <neural_engine 0> [] [64, 64, [[PIECE:[0-9]+]]] {{.*}} to %[[SUM:[0-9]+]] <f32, 0, [64, 1, 0]>
// ONE: npu.matmul <neural_engine 0> [] [64, 64, [[PIECE]]] {{.*}} plus %[[SUM]] <f32, 0, [64, 1, 0]> to %[[SUM]] <f32, 0, [64, 1, 0]>
// ONE-NOT: npu.buffer "" {{shared|dram}}
// ONE: npu.dma <task_dma 0> [64, 64] %[[SUM]]
func.func @sum(%a: !rbln.array<64x65536xf32> {rbln.name = "a"}, %b: !rbln.array<65536x64xf32> {rbln.name = "b"},
    %c: !rbln.array<64x64xf32> {rbln.name = "c"}) {
  %x = rbln.load %a at 0 strides [65536, 1] : !rbln.array<64x65536xf32> -> tensor<64x65536xf32>
  %y = rbln.load %b at 0 strides [64, 1] : !rbln.array<65536x64xf32> -> tensor<65536x64xf32>
  %z = arith.constant dense<0.0> : tensor<64x64xf32>
  %d = linalg.generic {indexing_maps = [affine_map<(m, n, k) -> (m, k)>, affine_map<(m, n, k) -> (k, n)>,
                                        affine_map<(m, n, k) -> (m, n)>],
                       iterator_types = ["parallel", "parallel", "reduction"]}
       ins(%x, %y : tensor<64x65536xf32>, tensor<65536x64xf32>) outs(%z : tensor<64x64xf32>) {
  ^bb0(%p: f32, %q: f32, %s: f32):
    %t = arith.mulf %p, %q : f32
    %u = arith.addf %s, %t : f32
    linalg.yield %u : f32
  } -> tensor<64x64xf32>
  rbln.store %d, %c at 0 strides [64, 1] : tensor<64x64xf32> -> !rbln.array<64x64xf32>
  return
}

// Scores of which a softmax needs whole rows, from keys that do not fit: the keys are cut into pieces of columns, whose
// products go to their place in the scores.
// CHECK-LABEL: npu.program @scores
// ALL: npu.matmul <neural_engine 0> [] [{{[0-9]+}}, [[PIECE:[0-9]+]], 512] {{.*}} to %[[SCORES:[0-9]+]] <f32, 0, [16384, 1, 0]>
// ALL: npu.matmul <neural_engine 0> [] [{{[0-9]+}}, [[PIECE]], 512] {{.*}} to %[[SCORES]] <f32, [[PIECE]], [16384, 1, 0]>
// ALL: npu.vector <neural_engine 0> [{{[0-9]+}}] [16384] ins(%[[SCORES]])
func.func @scores(%q: !rbln.array<128x512xf32> {rbln.name = "q"}, %k: !rbln.array<16384x512xf32> {rbln.name = "k"},
    %m: !rbln.array<128x1xf32> {rbln.name = "m"}) {
  %x = rbln.load %q at 0 strides [512, 1] : !rbln.array<128x512xf32> -> tensor<128x512xf32>
  %y = rbln.load %k at 0 strides [512, 1] : !rbln.array<16384x512xf32> -> tensor<16384x512xf32>
  %z = arith.constant dense<0.0> : tensor<128x16384xf32>
  %d = linalg.generic {indexing_maps = [affine_map<(m, n, k) -> (m, k)>, affine_map<(m, n, k) -> (n, k)>,
                                        affine_map<(m, n, k) -> (m, n)>],
                       iterator_types = ["parallel", "parallel", "reduction"]}
       ins(%x, %y : tensor<128x512xf32>, tensor<16384x512xf32>) outs(%z : tensor<128x16384xf32>) {
  ^bb0(%p: f32, %r: f32, %s: f32):
    %t = arith.mulf %p, %r : f32
    %u = arith.addf %s, %t : f32
    linalg.yield %u : f32
  } -> tensor<128x16384xf32>
  %e = rbln.reduce %d axis 1 : (tensor<128x16384xf32>) -> tensor<128x1xf32> {
  ^bb0(%p: f32, %r: f32):
    %t = arith.maximumf %p, %r : f32
    rbln.yield %t : f32
  }
  rbln.store %e, %m at 0 strides [1, 1] : tensor<128x1xf32> -> !rbln.array<128x1xf32>
  return
}
