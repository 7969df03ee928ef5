// RUN: %python %S/../../cli/status.py 1 %rblnc compile %s -o - 2>&1 | FileCheck %s
npu.program @a target "rbln-ca22" registers [#npu.register<0, 1, "n">] semaphores 0 {
  // CHECK: I022-branch.mlir:[[# @LINE + 1]]:3: error: 'npu.branch' has no encoding [RBLN-I022]
  npu.branch 0
  npu.join
}
