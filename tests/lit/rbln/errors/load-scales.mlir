// RUN: not %rblnc opt %s 2>&1 | FileCheck %s
// CHECK: has 0 scales for 1 terms
func.func @k(%a: !rbln.array<4xf32>, %i: !rbln.index<0, 1>) {
  %v = rbln.load %a at 0 plus (%i : !rbln.index<0, 1>) times [] strides [1] : <4xf32> -> tensor<2xf32>
  return
}
