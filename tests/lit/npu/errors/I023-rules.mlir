// What the verifier of bundles finds is the input's fault, at its line.
// RUN: split-file %s %t
// RUN: %python %S/../../cli/status.py 1 %rblnc compile %t/memory.mlir -o %t.rbln 2>&1 | FileCheck %s --check-prefix=MEMORY
// RUN: %python %S/../../cli/status.py 1 %rblnc compile %t/register.mlir -o %t.rbln 2>&1 | FileCheck %s --check-prefix=REGISTER
// RUN: %python %S/../../cli/status.py 1 %rblnc compile %t/wait.mlir -o %t.rbln 2>&1 | FileCheck %s --check-prefix=WAIT
// RUN: %python %S/../../cli/status.py 1 %rblnc compile %t/engine.mlir -o %t.rbln 2>&1 | FileCheck %s --check-prefix=ENGINE
// RUN: %python %S/../../cli/status.py 1 %rblnc compile %t/workspace.mlir -o %t.rbln 2>&1 | FileCheck %s --check-prefix=WORKSPACE
// RUN: %python %S/../../cli/status.py 1 %rblnc compile %t/work.mlir -o %t.rbln 2>&1 | FileCheck %s --check-prefix=WORK
// RUN: %python %S/../../cli/status.py 1 %rblnc compile %t/skip.mlir -o %t.rbln 2>&1 | FileCheck %s --check-prefix=SKIP
// RUN: not test -e %t.rbln
// MEMORY: memory.mlir:4:3: error: the program breaks a rule of the device: command 0 of neural_dma 0 (dma): {{.*}} [RBLN-I023]
// REGISTER: error: the program breaks a rule of the device: {{.*}} [RBLN-I023]
// WAIT: error: the program breaks a rule of the device: {{.*}} [RBLN-I023]
// ENGINE: the target has 8 engines {{.*}} [RBLN-I023]
// WORKSPACE: the workspace has more than {{.*}} [RBLN-I023]
// WORK: error: the program breaks a rule of the device: {{.*}} [RBLN-I023]
// SKIP: it skips 2147483647 commands, {{.*}} [RBLN-I023]

//--- memory.mlir
npu.program @a target "rbln-ca22" registers [] semaphores 0 {
  %x = npu.argument "x" f32 [64] "in"
  %t = npu.buffer "t" scratchpad 0 bytes 256 at 4194048
  npu.dma <neural_dma 0> [64] %x <f32, 1, [1]> to %t <f32, 0, [1]>
}

//--- register.mlir
npu.program @a target "rbln-ca22" registers [#npu.register<0, 3, "i">] semaphores 0 {
  %x = npu.argument "x" f32 [64] "in"
  %t = npu.buffer "t" scratchpad 0 bytes 256 at 0
  npu.dma <neural_dma 0> [64] %x <f32, 0, [1], registers [7], scales [1]> to %t <f32, 0, [1]>
}

//--- wait.mlir
npu.program @a target "rbln-ca22" registers [] semaphores 1 {
  npu.wait <neural_dma 0> 0 reaches 1
}

//--- engine.mlir
npu.program @a target "rbln-ca22" registers [] semaphores 1 {
  npu.signal <neural_engine 8> 0
}

//--- workspace.mlir
npu.program @a target "rbln-ca22" registers [] semaphores 0 {
  %t = npu.buffer "t" dram 0 bytes 288230376151711744 at 288230376151711744
}

//--- work.mlir
npu.program @a target "rbln-ca22" registers [] semaphores 0 {
  %x = npu.argument "x" f32 [1] "in"
  %t = npu.buffer "t" scratchpad 0 bytes 4 at 0
  npu.matmul <neural_engine 0> [] [2147483648, 2147483648, 2147483648] %x <f32, 0, [0, 0, 0]>, %x <f32, 0, [0, 0, 0]> to %t <f32, 0, [0, 0, 0]>
}

//--- skip.mlir
npu.program @a target "rbln-ca22" registers [#npu.register<0, 1, "n">] semaphores 0 {
  npu.skip <neural_dma 0> 0 count 2147483647
}
