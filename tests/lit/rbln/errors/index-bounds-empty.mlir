// RUN: not %rblnc opt %s 2>&1 | FileCheck %s
// CHECK: index bounds are empty: 3 > 2
func.func @k(%a: !rbln.index<3, 2>) { return }
