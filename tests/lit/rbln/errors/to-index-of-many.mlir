// RUN: not %rblnc opt %s 2>&1 | FileCheck %s
// CHECK: needs one integer
func.func @k(%a: !rbln.array<4xi32>) {
  %v = rbln.load %a at 0 strides [1] : <4xi32> -> tensor<4xi32>
  %i = rbln.to_index %v : tensor<4xi32> -> !rbln.index<0, 1>
  return
}
