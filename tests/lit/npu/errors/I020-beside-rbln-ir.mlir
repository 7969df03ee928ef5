// RUN: %python %S/../../cli/status.py 1 %rblnc compile %s -o - 2>&1 | FileCheck %s
npu.program @a target "rbln-ca22" registers [] semaphores 0 {
}
// CHECK: I020-beside-rbln-ir.mlir:[[# @LINE + 1]]:1: error: 'func.func' stands outside of an npu.program [RBLN-I020]
func.func @b() {
  return
}
