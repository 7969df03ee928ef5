// Scalar operations that no vector program has, and values from outside of it.
// RUN: split-file %s %t
// RUN: %python %S/../../cli/status.py 1 %rblnc compile %t/unknown.mlir -o - 2>&1 | FileCheck %s --check-prefix=UNKNOWN
// RUN: %python %S/../../cli/status.py 1 %rblnc compile %t/wide.mlir -o - 2>&1 | FileCheck %s --check-prefix=WIDE
// RUN: %python %S/../../cli/status.py 1 %rblnc compile %t/lower-half.mlir -o - 2>&1 | FileCheck %s --check-prefix=HALF
// UNKNOWN: error: 'math.clampf' has no encoding [RBLN-I022]
// WIDE: error: 'arith.extf' has no encoding [RBLN-I022]
// HALF: error: 'npu.yield' has no encoding [RBLN-I022]

//--- unknown.mlir
npu.program @a target "rbln-ca22" registers [] semaphores 0 {
  %t = npu.buffer "t" scratchpad 0 bytes 256 at 0
  npu.vector <neural_engine 0> [] [64] ins(%t) [#npu.access<f32, 0, [1]>] outs(%t) [#npu.access<f32, 0, [1]>] {
  ^bb0(%x: f32):
    %y = math.clampf %x to [%x, %x] : f32
    npu.yield %y : f32
  }
}

//--- wide.mlir
npu.program @a target "rbln-ca22" registers [] semaphores 0 {
  %t = npu.buffer "t" scratchpad 0 bytes 256 at 0
  npu.vector <neural_engine 0> [] [64] ins(%t) [#npu.access<f32, 0, [1]>] outs(%t) [#npu.access<f32, 0, [1]>] {
  ^bb0(%x: f32):
    %y = arith.extf %x : f32 to f64
    %z = arith.truncf %y : f64 to f32
    npu.yield %z : f32
  }
}

//--- lower-half.mlir
npu.program @a target "rbln-ca22" registers [] semaphores 0 {
  %t = npu.buffer "t" scratchpad 0 bytes 256 at 0
  npu.vector <neural_engine 0> [] [64] ins(%t) [#npu.access<i32, 0, [1]>] outs(%t) [#npu.access<i32, 0, [1]>] {
  ^bb0(%x: i32):
    %low, %high = arith.mului_extended %x, %x : i32
    npu.yield %low : i32
  }
}
