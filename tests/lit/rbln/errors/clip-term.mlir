// RUN: not %rblnc opt %s 2>&1 | FileCheck %s
// CHECK: clip uses term 0 of 0
func.func @k(%a: !rbln.array<4xf32>) {
  %v = rbln.load %a at 0 strides [1] clips [#rbln.clip<axis = 0, lo = 0, hi = 2, term = 0>] : <4xf32> -> tensor<4xf32>
  return
}
