// RUN: %python %S/../../cli/status.py 1 %rblnc compile %s -o - 2>&1 | FileCheck %s
// CHECK: I020-no-program.mlir:[[# @LINE + 1]]:1: error: 'npu.signal' stands outside of an npu.program [RBLN-I020]
npu.signal <neural_dma 0> 0
