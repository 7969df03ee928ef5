// partition_skip becomes a computation of one element, which the branch reads.
// RUN: %rblnc opt %s --passes=expand | FileCheck %s

// CHECK-NOT: rbln.partition_skip
// CHECK: %[[SKIP:.*]] = linalg.generic
// CHECK: } -> tensor<i1>
// CHECK: tensor.extract %[[SKIP]][] : tensor<i1>
// CHECK-NOT: rbln.partition_skip
func.func @maybe(%x: !rbln.array<64xf32>, %n: !rbln.array<i32>, %y: !rbln.array<64xf32>) {
  %0 = rbln.load %n at 0 strides [] : <i32> -> tensor<i32>
  %i = rbln.to_index %0 : tensor<i32> -> <0, 16>
  %skip = rbln.partition_skip %i size 16 : <0, 16> -> tensor<i1>
  %condition = tensor.extract %skip[] : tensor<i1>
  scf.if %condition {
  } else {
    %1 = rbln.load %x at 0 strides [1] : <64xf32> -> tensor<64xf32>
    rbln.store %1, %y at 0 strides [1] : tensor<64xf32> -> <64xf32>
  }
  return
}
