// RUN: not %rblnc opt %s 2>&1 | FileCheck %s
// CHECK: pads with
func.func @k(%a: !rbln.array<4xf32>) {
  %v = rbln.load %a at 0 strides [1] padding 1 : i32 : <4xf32> -> tensor<4xf32>
  return
}
