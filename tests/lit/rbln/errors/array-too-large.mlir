// RUN: not %rblnc opt %s 2>&1 | FileCheck %s
// CHECK: their product must fit in 63 bits
func.func @k(%a: !rbln.array<4294967296x4294967296xf32>) { return }
