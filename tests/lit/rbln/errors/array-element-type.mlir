// RUN: not %rblnc opt %s 2>&1 | FileCheck %s
// CHECK: array element type must be
func.func @k(%a: !rbln.array<4xf64>) { return }
