// RUN: %python %S/../../cli/status.py 1 %rblnc compile %s -o - 2>&1 | FileCheck %s
npu.program @a target "rbln-ca22" registers [] semaphores 0 {
  // CHECK: I022-buffer-without-address.mlir:[[# @LINE + 1]]:8: error: 'npu.buffer' has no address: write 'at' and its offset in bytes [RBLN-I022]
  %t = npu.buffer "t" scratchpad 0 bytes 256
}
