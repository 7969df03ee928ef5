// RUN: not %rblnc opt %s 2>&1 | FileCheck %s
// CHECK: moves 'f16' but the array holds 'f32'
func.func @k(%a: !rbln.array<4xf32>) {
  %v = rbln.load %a at 0 strides [1] : <4xf32> -> tensor<4xf16>
  return
}
