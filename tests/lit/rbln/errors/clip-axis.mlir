// RUN: not %rblnc opt %s 2>&1 | FileCheck %s
// CHECK: clips axis 1 of a block of rank 1
func.func @k(%a: !rbln.array<4xf32>) {
  %v = rbln.load %a at 0 strides [1] clips [#rbln.clip<axis = 1, lo = 0, hi = 2>] : <4xf32> -> tensor<4xf32>
  return
}
