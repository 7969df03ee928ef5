// What cannot be planned is refused before anything is changed, by the pass alone as in the chain.
// RUN: not %rblnc opt %s --passes=verify-kernel 2>&1 | FileCheck %s
// RUN: not %rblnc opt %s --passes=choose-commands 2>&1 | FileCheck %s

// CHECK: error: 'tensor.pad' has no device command [RBLN-P002]
func.func @pad(%x: !rbln.array<4xf32>, %y: !rbln.array<6xf32>) {
  %zero = arith.constant 0.0 : f32
  %0 = rbln.load %x at 0 strides [1] : <4xf32> -> tensor<4xf32>
  %1 = tensor.pad %0 low[1] high[1] {
  ^bb0(%i: index):
    tensor.yield %zero : f32
  } : tensor<4xf32> to tensor<6xf32>
  rbln.store %1, %y at 0 strides [1] : tensor<6xf32> -> <6xf32>
  return
}
