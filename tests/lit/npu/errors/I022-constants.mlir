// A splat is short as text and long as data.
// RUN: %python %S/../../cli/status.py 1 %rblnc compile %s -o - 2>&1 | FileCheck %s
npu.program @a target "rbln-ca22" registers [] semaphores 0 {
  // CHECK: I022-constants.mlir:[[# @LINE + 1]]:8: error: 'npu.constant' and the constants before it have more than 256 MiB [RBLN-I022]
  %c = npu.constant dense<0> : tensor<65536x65536xi8>
}
