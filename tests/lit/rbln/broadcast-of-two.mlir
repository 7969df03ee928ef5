// An operand with extent 1 is read at 0 wherever the result has more, be it two.
// RUN: %rblnc opt %s --passes=expand | FileCheck %s
// CHECK-DAG: #[[ROW:.*]] = affine_map<(d0, d1) -> (d0, 0)>
// CHECK-DAG: #[[COLUMN:.*]] = affine_map<(d0, d1) -> (0, d1)>
// CHECK-DAG: #[[SAME:.*]] = affine_map<(d0, d1) -> (d0, d1)>

// CHECK-LABEL: @two_columns
// CHECK: linalg.generic {indexing_maps = [#[[SAME]], #[[ROW]], #[[SAME]]]
func.func @two_columns(%a: !rbln.array<2x2xf32> {rbln.name = "a"}) {
  %x = rbln.load %a at 0 strides [2, 1] : <2x2xf32> -> tensor<2x2xf32>
  %r = rbln.softmax %x axis 1 : tensor<2x2xf32>
  rbln.store %r, %a at 0 strides [2, 1] : tensor<2x2xf32> -> <2x2xf32>
  return
}

// CHECK-LABEL: @two_rows
// CHECK: linalg.generic {indexing_maps = [#[[SAME]], #[[COLUMN]], #[[SAME]]]
func.func @two_rows(%a: !rbln.array<2x3xf32> {rbln.name = "a"}) {
  %x = rbln.load %a at 0 strides [3, 1] : <2x3xf32> -> tensor<2x3xf32>
  %mask = rbln.load %a at 0 strides [3, 1] : <2x3xf32> -> tensor<1x3xf32>
  %r = rbln.masked_softmax %x, %mask : tensor<2x3xf32>, tensor<1x3xf32>
  rbln.store %r, %a at 0 strides [3, 1] : tensor<2x3xf32> -> <2x3xf32>
  return
}

// One column needs no broadcast.
// CHECK-LABEL: @one_column
// CHECK-NOT: (d0, 0)
// CHECK-NOT: #[[ROW]],
// CHECK: return
func.func @one_column(%a: !rbln.array<2x1xf32> {rbln.name = "a"}) {
  %x = rbln.load %a at 0 strides [1, 1] : <2x1xf32> -> tensor<2x1xf32>
  %r = rbln.softmax %x axis 1 : tensor<2x1xf32>
  rbln.store %r, %a at 0 strides [1, 1] : tensor<2x1xf32> -> <2x1xf32>
  return
}
