// RUN: %python %S/../../cli/status.py 1 %rblnc compile %s -o %t.rbln 2>&1 | FileCheck %s
// RUN: not test -e %t.rbln
npu.program @a target "rbln-ca22" registers [] semaphores 0 {
}
// CHECK: I020-second-program.mlir:[[# @LINE + 1]]:1: error: the module has a second npu.program, 'b' [RBLN-I020]
npu.program @b target "rbln-ca22" registers [] semaphores 0 {
}
