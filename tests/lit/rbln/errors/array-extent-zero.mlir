// RUN: not %rblnc opt %s 2>&1 | FileCheck %s
// CHECK: array extents must be positive
func.func @k(%a: !rbln.array<0xf32>) { return }
