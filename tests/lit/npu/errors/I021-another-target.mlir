// RUN: %python %S/../../cli/status.py 1 %rblnc compile %s -o - 2>&1 | FileCheck %s
// RUN: %python %S/../../cli/status.py 1 %rblnc compile %s -o - --target=rbln-cr03,rbln-ca22 2>&1 | FileCheck %s --check-prefix=BOTH
// RUN: %rblnc compile %s -o %t.rbln --target=rbln-cr03
// CHECK: I021-another-target.mlir:[[# @LINE + 3]]:1: error: the program was planned for 'rbln-cr03' and is compiled for rbln-ca22 [RBLN-I021]
// CHECK-NEXT: fix: compile it with --target=rbln-cr03
// BOTH: is compiled for rbln-cr03, rbln-ca22 [RBLN-I021]
npu.program @a target "rbln-cr03" registers [] semaphores 0 {
}
