// Every rule of the commands' own definitions, broken once, and what just keeps it.
// RUN: %python %S/../../modules.py %rblnc %s
// ----- around
npu.program @a target "rbln-ca22" registers [#npu.register<0, 1, "n">] semaphores 0 {
  %x = npu.argument "x" f32 [64] "inout"
  BODY
}
// ----- accepted
npu.dma <neural_dma 0> [8, 8] %x <f32, 0, [8, 1]> to %x <f32, 0, [8, 1]> clips [#npu.clip<axis = 1, lo = 0, hi = 3>] fill 1.0 : f32
// ----- refused: 'npu.dma' op has an access of 1 strides over 2 dimensions [RBLN-I006]
npu.dma <neural_dma 0> [8, 8] %x <f32, 0, [8]> to %x <f32, 0, [8, 1]>
// ----- refused: 'npu.dma' op has an access of 3 strides over 2 dimensions
npu.dma <neural_dma 0> [8, 8] %x <f32, 0, [8, 1, 1]> to %x <f32, 0, [8, 1]>
// ----- refused: 'npu.dma' op has an access of 1 strides over 2 dimensions
npu.dma <neural_dma 0> [8, 8] %x <f32, 0, [8, 1]> to %x <f32, 0, [8]>
// ----- refused: 'npu.dma' op has an access of 3 strides over 2 dimensions
npu.dma <neural_dma 0> [8, 8] %x <f32, 0, [8, 1]> to %x <f32, 0, [8, 1, 1]>
// ----- refused: 'npu.dma' op has an access of 0 strides over 1 dimensions
npu.dma <neural_dma 0> [8] %x <f32, 0, [1]> to %x <f32, 0, []>
// ----- refused: 'npu.dma' op copies 'f32' to 'i32'
npu.dma <neural_dma 0> [64] %x <f32, 0, [1]> to %x <i32, 0, [1]>
// ----- refused: 'npu.dma' op copies 'bf16' to 'f16'
npu.dma <neural_dma 0> [64] %x <bf16, 0, [1]> to %x <f16, 0, [1]>
// ----- refused: 'npu.dma' op fills with 'i32' but copies 'f32'
npu.dma <neural_dma 0> [64] %x <f32, 0, [1]> to %x <f32, 0, [1]> fill 0 : i32
// ----- refused: 'npu.dma' op fills with something else than a number
npu.dma <neural_dma 0> [64] %x <f32, 0, [1]> to %x <f32, 0, [1]> fill "zero" : f32
// ----- refused: 'npu.dma' op fills with 'bf16' but copies 'f16'
npu.dma <neural_dma 0> [64] %x <f16, 0, [1]> to %x <f16, 0, [1]> fill 0.0 : bf16
// ----- refused: 'npu.dma' op fills with 'i32' but copies 'i64'
npu.dma <neural_dma 0> [64] %x <i64, 0, [1]> to %x <i64, 0, [1]> fill 0 : i32
// ----- accepted
npu.dma <neural_dma 0> [64] %x <i1, 0, [1]> to %x <i1, 0, [1]> fill true
// ----- refused: 'npu.dma' op clips axis 1 of rank 1
npu.dma <neural_dma 0> [64] %x <f32, 0, [1]> to %x <f32, 0, [1]> clips [#npu.clip<axis = 1, lo = 0, hi = 3>]
// ----- refused: 'npu.dma' op clips axis 2 of rank 2
npu.dma <neural_dma 0> [8, 8] %x <f32, 0, [8, 1]> to %x <f32, 0, [8, 1]> clips [#npu.clip<axis = 0, lo = 0, hi = 3>, #npu.clip<axis = 2, lo = 0, hi = 3>]
// ----- refused: 'npu.dma' op clips axis 0 of rank 0
npu.dma <neural_dma 0> [] %x <f32, 0, []> to %x <f32, 0, []> clips [#npu.clip<axis = 0, lo = 0, hi = 3>]
// ----- accepted
npu.matmul <neural_engine 0> [2] [4, 4, 4] %x <f32, 0, [16, 4, 0, 1]>, %x <f32, 0, [16, 0, 1, 4]> plus %x <f32, 0, [16, 4, 1, 0]> to %x <f32, 0, [16, 4, 1, 0]>
// ----- refused: 'npu.matmul' op needs m, n and k
npu.matmul <neural_engine 0> [] [4, 4] %x <f32, 0, [4, 0]>, %x <f32, 0, [0, 1]> to %x <f32, 0, [4, 1]>
// ----- refused: 'npu.matmul' op needs m, n and k
npu.matmul <neural_engine 0> [] [2, 4, 4, 4] %x <f32, 0, [16, 4, 0, 1]>, %x <f32, 0, [16, 0, 1, 4]> to %x <f32, 0, [16, 4, 1, 0]>
// ----- refused: 'npu.matmul' op needs c and its access, or neither
"npu.matmul"(%x, %x, %x) <{queue = #npu.queue<neural_engine 0>, batch = array<i64>, mnk = array<i64: 4, 4, 4>, a_access = #npu.access<f32, 0, [4, 0, 1]>, b_access = #npu.access<f32, 0, [0, 1, 4]>, c_access = #npu.access<f32, 0, [4, 1, 0]>, d_access = #npu.access<f32, 0, [4, 1, 0]>}> : (!npu.memory, !npu.memory, !npu.memory) -> ()
// ----- refused: 'npu.matmul' op needs c and its access, or neither
"npu.matmul"(%x, %x, %x, %x) <{queue = #npu.queue<neural_engine 0>, batch = array<i64>, mnk = array<i64: 4, 4, 4>, a_access = #npu.access<f32, 0, [4, 0, 1]>, b_access = #npu.access<f32, 0, [0, 1, 4]>, d_access = #npu.access<f32, 0, [4, 1, 0]>}> : (!npu.memory, !npu.memory, !npu.memory, !npu.memory) -> ()
// ----- refused: 'npu.matmul' op has an access of 4 strides over 3 dimensions
npu.matmul <neural_engine 0> [] [4, 4, 4] %x <f32, 0, [16, 4, 0, 1]>, %x <f32, 0, [0, 1, 4]> plus %x <f32, 0, [4, 1, 0]> to %x <f32, 0, [4, 1, 0]>
// ----- refused: 'npu.matmul' op has an access of 2 strides over 3 dimensions
npu.matmul <neural_engine 0> [] [4, 4, 4] %x <f32, 0, [4, 0, 1]>, %x <f32, 0, [0, 1]> plus %x <f32, 0, [4, 1, 0]> to %x <f32, 0, [4, 1, 0]>
// ----- refused: 'npu.matmul' op has an access of 1 strides over 3 dimensions
npu.matmul <neural_engine 0> [] [4, 4, 4] %x <f32, 0, [4, 0, 1]>, %x <f32, 0, [0, 1, 4]> plus %x <f32, 0, [4]> to %x <f32, 0, [4, 1, 0]>
// ----- refused: 'npu.matmul' op has an access of 0 strides over 3 dimensions
npu.matmul <neural_engine 0> [] [4, 4, 4] %x <f32, 0, [4, 0, 1]>, %x <f32, 0, [0, 1, 4]> plus %x <f32, 0, [4, 1, 0]> to %x <f32, 0, []>
// ----- refused: 'npu.matmul' op has an access of 3 strides over 4 dimensions
npu.matmul <neural_engine 0> [2] [4, 4, 4] %x <f32, 0, [16, 4, 0, 1]>, %x <f32, 0, [16, 0, 1, 4]> to %x <f32, 0, [4, 1, 0]>
// ----- accepted
npu.vector <neural_engine 0> [8] [8] ins(%x, %x) [#npu.access<f32, 0, [8, 1]>, #npu.access<i32, 0, [0, 1]>] outs(%x, %x) [#npu.access<i32, 0, [8, 1]>, #npu.access<f32, 0, [8, 1]>] {
^bb0(%a: f32, %b: i32):
  npu.yield %b, %a : i32, f32
}
// ----- refused: 'npu.vector' op needs one access for each input and output
npu.vector <neural_engine 0> [] [64] ins(%x, %x) [#npu.access<f32, 0, [1]>] outs(%x) [#npu.access<f32, 0, [1]>] {
^bb0(%a: f32):
  npu.yield %a : f32
}
// ----- refused: 'npu.vector' op needs one access for each input and output
npu.vector <neural_engine 0> [] [64] ins(%x) [#npu.access<f32, 0, [1]>] outs(%x) [#npu.access<f32, 0, [1]>, #npu.access<f32, 0, [1]>] {
^bb0(%a: f32):
  npu.yield %a : f32
}
// ----- refused: 'npu.vector' op has an access of 1 strides over 2 dimensions
npu.vector <neural_engine 0> [8] [8] ins(%x) [#npu.access<f32, 0, [1]>] outs(%x) [#npu.access<f32, 0, [8, 1]>] {
^bb0(%a: f32):
  npu.yield %a : f32
}
// ----- refused: 'npu.vector' op has an access of 3 strides over 2 dimensions
npu.vector <neural_engine 0> [8] [8] ins(%x) [#npu.access<f32, 0, [8, 1]>] outs(%x) [#npu.access<f32, 0, [8, 1, 1]>] {
^bb0(%a: f32):
  npu.yield %a : f32
}
// ----- refused: 'npu.vector' op has an access of 1 strides over 2 dimensions
npu.vector <neural_engine 0> [8] [8] ins(%x, %x) [#npu.access<f32, 0, [8, 1]>, #npu.access<f32, 0, [1]>] outs(%x) [#npu.access<f32, 0, [8, 1]>] {
^bb0(%a: f32, %b: f32):
  npu.yield %a : f32
}
// ----- refused: 'npu.vector' op region needs 1 arguments
npu.vector <neural_engine 0> [] [64] ins(%x) [#npu.access<f32, 0, [1]>] outs(%x) [#npu.access<f32, 0, [1]>] {
^bb0(%a: f32, %b: f32):
  npu.yield %a : f32
}
// ----- refused: 'npu.vector' op region needs 2 arguments
npu.vector <neural_engine 0> [] [64] ins(%x, %x) [#npu.access<f32, 0, [1]>, #npu.access<f32, 0, [1]>] outs(%x) [#npu.access<f32, 0, [1]>] {
^bb0(%a: f32):
  npu.yield %a : f32
}
// ----- refused: 'npu.vector' op reads 'f32' as 'i32'
npu.vector <neural_engine 0> [] [64] ins(%x) [#npu.access<f32, 0, [1]>] outs(%x) [#npu.access<i32, 0, [1]>] {
^bb0(%a: i32):
  npu.yield %a : i32
}
// ----- refused: 'npu.vector' op reads 'f16' as 'bf16'
npu.vector <neural_engine 0> [] [64] ins(%x, %x) [#npu.access<bf16, 0, [1]>, #npu.access<f16, 0, [1]>] outs(%x) [#npu.access<bf16, 0, [1]>] {
^bb0(%a: bf16, %b: bf16):
  npu.yield %a : bf16
}
// ----- refused: 'npu.vector' op region must yield 1 values
npu.vector <neural_engine 0> [] [64] ins(%x) [#npu.access<f32, 0, [1]>] outs(%x) [#npu.access<f32, 0, [1]>] {
^bb0(%a: f32):
  npu.yield
}
// ----- refused: 'npu.vector' op region must yield 1 values
npu.vector <neural_engine 0> [] [64] ins(%x) [#npu.access<f32, 0, [1]>] outs(%x) [#npu.access<f32, 0, [1]>] {
^bb0(%a: f32):
  npu.yield %a, %a : f32, f32
}
// ----- refused: 'npu.vector' op region must yield 0 values
npu.vector <neural_engine 0> [] [64] ins(%x) [#npu.access<f32, 0, [1]>] outs() [] {
^bb0(%a: f32):
  npu.yield %a : f32
}
// ----- refused: 'npu.vector' op region must yield 1 values
npu.vector <neural_engine 0> [] [64] ins(%x) [#npu.access<f32, 0, [1]>] outs(%x) [#npu.access<f32, 0, [1]>] {
^bb0(%a: f32):
  %b = arith.addf %a, %a : f32
}
// ----- refused: 'npu.vector' op stores 'f32' as 'i32'
npu.vector <neural_engine 0> [] [64] ins(%x) [#npu.access<f32, 0, [1]>] outs(%x) [#npu.access<i32, 0, [1]>] {
^bb0(%a: f32):
  npu.yield %a : f32
}
// ----- refused: 'npu.vector' op stores 'f32' as 'f16'
npu.vector <neural_engine 0> [] [64] ins(%x) [#npu.access<f32, 0, [1]>] outs(%x, %x) [#npu.access<f32, 0, [1]>, #npu.access<f16, 0, [1]>] {
^bb0(%a: f32):
  npu.yield %a, %a : f32, f32
}
// ----- refused: 'npu.vector' op expects a non-empty block [RBLN-I006]
npu.vector <neural_engine 0> [] [64] ins() [] outs() [] {
}
// ----- refused: use of undeclared SSA value name [RBLN-I005]
npu.dma <neural_dma 0> [64] %nowhere <f32, 0, [1]> to %x <f32, 0, [1]>
// ----- refused: op expects parent op to be one of 'npu.vector, npu.reduce'
npu.yield
// ----- accepted
npu.vector <neural_engine 0> [] [64] ins(%x) [#npu.access<f32, 0, [1]>] outs(%x) [#npu.access<f32, 0, [1]>] {
^bb0(%a: f32):
  %i = npu.index 2147483647 : i32
  npu.yield %a : f32
}
// ----- refused: attribute 'dimension' failed to satisfy constraint
npu.vector <neural_engine 0> [] [64] ins(%x) [#npu.access<f32, 0, [1]>] outs(%x) [#npu.access<f32, 0, [1]>] {
^bb0(%a: f32):
  %i = npu.index -1 : i32
  npu.yield %a : f32
}
// ----- refused: expected builtin.integer, but found 'f32' [RBLN-I005]
npu.vector <neural_engine 0> [] [64] ins(%x) [#npu.access<f32, 0, [1]>] outs(%x) [#npu.access<f32, 0, [1]>] {
^bb0(%a: f32):
  %i = npu.index 0 : f32
  npu.yield %a : f32
}
// ----- accepted
npu.load_scalar <command_processor 0> 2147483647 %x <i32, 0, []>
// ----- refused: attribute 'reg' failed to satisfy constraint
npu.load_scalar <command_processor 0> -1 %x <i32, 0, []>
// ----- refused: attribute 'reg' failed to satisfy constraint
npu.load_scalar <command_processor 0> 2147483648 %x <i32, 0, []>
// ----- accepted
npu.skip <neural_dma 0> 2147483647 count 2147483647
// ----- refused: attribute 'reg' failed to satisfy constraint
npu.skip <neural_dma 0> -1 count 0
// ----- refused: attribute 'reg' failed to satisfy constraint
npu.skip <neural_dma 0> 2147483648 count 0
// ----- refused: attribute 'count' failed to satisfy constraint
npu.skip <neural_dma 0> 0 count -1
// ----- refused: attribute 'count' failed to satisfy constraint
npu.skip <neural_dma 0> 0 count 2147483648
// ----- refused: attribute 'reg' failed to satisfy constraint
npu.branch -1
// ----- refused: attribute 'reg' failed to satisfy constraint
npu.branch 2147483648
// ----- accepted
npu.signal <neural_dma 2147483647> 2147483647
// ----- refused: attribute 'semaphore' failed to satisfy constraint
npu.signal <neural_dma 0> -1
// ----- refused: attribute 'semaphore' failed to satisfy constraint
npu.signal <neural_dma 0> 2147483648
// ----- refused: there is no queue -1
npu.signal <neural_dma -1> 0
// ----- refused: there is no queue 2147483648
npu.signal <neural_dma 2147483648> 0
// ----- accepted
npu.wait <neural_dma 0> 2147483647 reaches 2147483647
// ----- refused: attribute 'semaphore' failed to satisfy constraint
npu.wait <neural_dma 0> -1 reaches 0
// ----- refused: attribute 'semaphore' failed to satisfy constraint
npu.wait <neural_dma 0> 2147483648 reaches 0
// ----- refused: attribute 'value' failed to satisfy constraint
npu.wait <neural_dma 0> 0 reaches -1
// ----- refused: attribute 'value' failed to satisfy constraint
npu.wait <neural_dma 0> 0 reaches 2147483648
// ----- refused: expected ::rblnc::npu::Unit to be one of
npu.signal <host 0> 0
