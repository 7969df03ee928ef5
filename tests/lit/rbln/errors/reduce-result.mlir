// RUN: not %rblnc opt %s 2>&1 | FileCheck %s
// CHECK: result 0 must be the input's type with extent 1 at axis 0
func.func @k(%a: !rbln.array<4xf32>) {
  %v = rbln.load %a at 0 strides [1] : <4xf32> -> tensor<4xf32>
  %r = rbln.reduce %v axis 0 : (tensor<4xf32>) -> tensor<4xf32> {
  ^bb0(%x: f32, %y: f32):
    rbln.yield %x : f32
  }
  return
}
