// RUN: not %rblnc opt %s 2>&1 | FileCheck %s
// CHECK: has 2 strides for a block of rank 1
func.func @k(%a: !rbln.array<4xf32>) {
  %v = rbln.load %a at 0 strides [4, 1] : <4xf32> -> tensor<4xf32>
  return
}
