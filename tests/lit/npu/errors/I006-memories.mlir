// Every rule of programs, memories and attributes, broken once, and what just keeps it.
// RUN: %python %S/../../modules.py %rblnc %s
// ----- accepted
npu.program @a target "rbln-ca22" registers [] semaphores 2147483647 {
}
// ----- refused: attribute 'semaphores' failed to satisfy constraint
npu.program @a target "rbln-ca22" registers [] semaphores 2147483648 {
}
// ----- refused: attribute 'semaphores' failed to satisfy constraint
npu.program @a target "rbln-ca22" registers [] semaphores -1 {
}
// ----- refused: attribute 'registers' failed to satisfy constraint: array of registers
npu.program @a target "rbln-ca22" registers [1 : i64] semaphores 0 {
}
// ----- refused: 'func.func' op symbol's parent must have the SymbolTable trait
npu.program @a target "rbln-ca22" registers [] semaphores 0 {
  func.func @f() {
    return
  }
}
// ----- refused: 'npu.program' op symbol's parent must have the SymbolTable trait
npu.program @a target "rbln-ca22" registers [] semaphores 0 {
  npu.program @b target "rbln-ca22" registers [] semaphores 0 {
  }
}
// ----- refused: region takes 1 values, but what a program works on is declared in it [RBLN-I006]
"npu.program"() <{registers = [], semaphores = 0 : i64, sym_name = "a", target = "rbln-ca22"}> ({
^bb0(%x: !npu.memory):
}) : () -> ()
// ----- around
npu.program @a target "rbln-ca22" registers [] semaphores 0 {
  BODY
}
// ----- refused: 'arith.constant' op is no memory and no command [RBLN-I006]
%c = arith.constant 1 : i32
// ----- accepted
npu.branch 0
npu.join
// ----- refused: 'npu.index' op is no memory and no command
%i = npu.index 0 : i32
// ----- accepted
%0 = npu.argument "a" i1 [1] "in"
%1 = npu.argument "b" i8 [0] "out"
%2 = npu.argument "c" i16 [] "inout"
%3 = npu.argument "d" i32 [] "in" scalar
%4 = npu.argument "e" i64 [288230376151711744] "in"
%5 = npu.argument "f" f16 [1] "in"
%6 = npu.argument "g" bf16 [1] "in"
%7 = npu.argument "h" f32 [1] "in" extent_only
// ----- refused: 'npu.argument' op has elements of 'f64', which no memory holds
%x = npu.argument "x" f64 [1] "in"
// ----- refused: 'npu.argument' op has elements of 'si32', which no memory holds
%x = npu.argument "x" si32 [1] "in"
// ----- refused: 'npu.argument' op has elements of 'ui8', which no memory holds
%x = npu.argument "x" ui8 [1] "in"
// ----- refused: 'npu.argument' op has elements of 'i4', which no memory holds
%x = npu.argument "x" i4 [1] "in"
// ----- refused: 'npu.argument' op has elements of 'i128', which no memory holds
%x = npu.argument "x" i128 [1] "in"
// ----- refused: 'npu.argument' op has elements of 'index', which no memory holds
%x = npu.argument "x" index [1] "in"
// ----- refused: 'npu.argument' op has elements of 'f8E4M3FN', which no memory holds
%x = npu.argument "x" f8E4M3FN [1] "in"
// ----- refused: has the direction '', but there are in, out and inout
%x = npu.argument "x" f32 [1] ""
// ----- refused: has the direction 'In', but there are in, out and inout
%x = npu.argument "x" f32 [1] "In"
// ----- refused: has the direction 'inou', but there are in, out and inout
%x = npu.argument "x" f32 [1] "inou"
// ----- refused: has the direction 'out ', but there are in, out and inout
%x = npu.argument "x" f32 [1] "out "
// ----- refused: has a negative extent, or more than 2^58 elements
%x = npu.argument "x" f32 [-1] "in"
// ----- refused: has a negative extent, or more than 2^58 elements
%x = npu.argument "x" f32 [0, -1] "in"
// ----- refused: has a negative extent, or more than 2^58 elements
%x = npu.argument "x" i8 [288230376151711745] "in"
// ----- refused: has a negative extent, or more than 2^58 elements
%x = npu.argument "x" i8 [-2, -2] "in"
// ----- refused: has a negative extent, or more than 2^58 elements [RBLN-I006]
%x = npu.argument "x" f32 [4611686018427387904, 4611686018427387904] "in"
// ----- refused: is a scalar of rank 1 [RBLN-I006]
%x = npu.argument "x" i32 [0] "in" scalar
// ----- refused: is a scalar of rank 2
%x = npu.argument "x" i32 [1, 1] "in" scalar
// ----- accepted
%0 = npu.constant dense<true> : tensor<1xi1>
%1 = npu.constant dense<1> : tensor<2xi8>
%2 = npu.constant dense<[1, 2]> : tensor<2xi16>
%3 = npu.constant dense<1> : tensor<i32>
%4 = npu.constant dense<1> : tensor<0xi64>
%5 = npu.constant dense<1.0> : tensor<1xf16>
%6 = npu.constant dense<1.0> : tensor<1xbf16>
%7 = npu.constant dense<1.0> : tensor<288230376151711744xf32>
// ----- refused: is not dense data of a type that memories hold
%c = npu.constant dense<1.0> : tensor<1xf64>
// ----- refused: is not dense data of a type that memories hold
%c = npu.constant dense<1> : tensor<1xi4>
// ----- refused: is not dense data of a type that memories hold
%c = npu.constant dense<1> : tensor<1xui32>
// ----- refused: is not dense data of a type that memories hold
%c = npu.constant dense<1> : tensor<1xindex>
// ----- refused: is not dense data of a type that memories hold
%c = npu.constant sparse<0, 1.0> : tensor<4xf32>
// ----- refused: has more than 2^58 elements [RBLN-I006]
%c = npu.constant dense<0> : tensor<4611686018427387904x4x16xi8>
// ----- refused: has more than 2^58 elements
%c = npu.constant dense<1> : tensor<288230376151711745xi8>
// ----- accepted
%t = npu.buffer "t" shared 2147483647 bytes 288230376151711744 at 288230376151711744
// ----- accepted
%t = npu.buffer "t" dram 0 bytes 0 at 0
// ----- refused: attribute 'unit' failed to satisfy constraint
%t = npu.buffer "t" scratchpad -1 bytes 256 at 0
// ----- refused: attribute 'unit' failed to satisfy constraint
%t = npu.buffer "t" scratchpad 2147483648 bytes 256 at 0
// ----- refused: attribute 'bytes' failed to satisfy constraint
%t = npu.buffer "t" scratchpad 0 bytes -1 at 0
// ----- refused: attribute 'bytes' failed to satisfy constraint
%t = npu.buffer "t" scratchpad 0 bytes 288230376151711745 at 0
// ----- refused: attribute 'offset' failed to satisfy constraint
%t = npu.buffer "t" scratchpad 0 bytes 256 at -1
// ----- refused: attribute 'offset' failed to satisfy constraint
%t = npu.buffer "t" scratchpad 0 bytes 256 at 288230376151711745
// ----- refused: for attribute 'space' [dram, shared, scratchpad] [RBLN-I005]
%t = npu.buffer "t" cache 0 bytes 256 at 0
// ----- around
npu.program @a target "rbln-ca22" registers [] semaphores 0 {
  %x = npu.argument "x" i32 [64] "inout"
  npu.load_scalar <command_processor 0> 0 %x BODY
}
// ----- accepted
<i32, 288230376151711744, [-288230376151711744], registers [0, 2147483647], scales [288230376151711744, -288230376151711744]>
// ----- refused: no memory holds elements of 'i4'
<i4, 0, []>
// ----- refused: no memory holds elements of 'si32'
<si32, 0, []>
// ----- refused: no memory holds elements of 'index'
<index, 0, []>
// ----- refused: access has 2 registers but 1 scales
<i32, 0, [], registers [0, 1], scales [1]>
// ----- refused: access has 1 registers but 2 scales
<i32, 0, [], registers [0], scales [1, 1]>
// ----- refused: access has a register below 0 or above 2147483647
<i32, 0, [], registers [0, -1], scales [1, 1]>
// ----- refused: access has a register below 0 or above 2147483647
<i32, 0, [], registers [2147483648, 0], scales [1, 1]>
// ----- refused: access has an offset, stride or scale of more than 2^58 elements
<i32, 288230376151711745, []>
// ----- refused: access has an offset, stride or scale of more than 2^58 elements
<i32, -288230376151711745, []>
// ----- refused: access has an offset, stride or scale of more than 2^58 elements
<i32, 0, [1, 288230376151711745]>
// ----- refused: access has an offset, stride or scale of more than 2^58 elements
<i32, 0, [-288230376151711745, 1]>
// ----- refused: access has an offset, stride or scale of more than 2^58 elements
<i32, 0, [], registers [0, 1], scales [1, 288230376151711745]>
// ----- refused: access has an offset, stride or scale of more than 2^58 elements
<i32, 0, [], registers [0, 1], scales [-288230376151711745, 1]>
// ----- accepted
<i32, 0, []> checks [#npu.overflow<"+", 1, registers [0, 2147483647], [1, 2, 3, 4], [1, 2, 3, 4] unless [0, 2147483647], loc(unknown)>, #npu.overflow<"append", 64, [1, 1], [1, 1] partition 1, loc(unknown)>]
// ----- refused: '/' is no operation that overflows
<i32, 0, []> checks [#npu.overflow<"/", 32, [1, 1], [1, 1], loc(unknown)>]
// ----- refused: an integer of 0 bits has no overflow check
<i32, 0, []> checks [#npu.overflow<"+", 0, [1, 1], [1, 1], loc(unknown)>]
// ----- refused: an integer of 65 bits has no overflow check
<i32, 0, []> checks [#npu.overflow<"+", 65, [1, 1], [1, 1], loc(unknown)>]
// ----- refused: an integer of -32 bits has no overflow check
<i32, 0, []> checks [#npu.overflow<"+", -32, [1, 1], [1, 1], loc(unknown)>]
// ----- refused: 'append' has no partition of 0 rows
<i32, 0, []> checks [#npu.overflow<"append", 32, [1, 1], [1, 1], loc(unknown)>]
// ----- refused: 'append last' has no partition of -1 rows
<i32, 0, []> checks [#npu.overflow<"append last", 32, [1, 1], [1, 1] partition -1, loc(unknown)>]
// ----- refused: '*' has no partition of 1 rows
<i32, 0, []> checks [#npu.overflow<"*", 32, [1, 1], [1, 1] partition 1, loc(unknown)>]
// ----- refused: a check on 0 more registers needs 2 numbers on each side
<i32, 0, []> checks [#npu.overflow<"+", 32, [1], [1], loc(unknown)>]
// ----- refused: a check on 0 more registers needs 2 numbers on each side
<i32, 0, []> checks [#npu.overflow<"+", 32, [1, 1, 1], [1, 1, 1], loc(unknown)>]
// ----- refused: a check on 1 more registers needs 3 numbers on each side
<i32, 0, []> checks [#npu.overflow<"+", 32, registers [0], [1, 1, 1], [1, 1], loc(unknown)>]
// ----- refused: a check on 1 more registers needs 3 numbers on each side
<i32, 0, []> checks [#npu.overflow<"+", 32, registers [0], [1, 1], [1, 1, 1], loc(unknown)>]
// ----- refused: an overflow check has a register below 0 or above 2147483647
<i32, 0, []> checks [#npu.overflow<"+", 32, registers [-1], [1, 1, 1], [1, 1, 1], loc(unknown)>]
// ----- refused: an overflow check has a register below 0 or above 2147483647
<i32, 0, []> checks [#npu.overflow<"+", 32, registers [2147483648], [1, 1, 1], [1, 1, 1], loc(unknown)>]
// ----- refused: an overflow check has a register below 0 or above 2147483647
<i32, 0, []> checks [#npu.overflow<"+", 32, [1, 1], [1, 1] unless [-1], loc(unknown)>]
// ----- refused: an overflow check has a register below 0 or above 2147483647
<i32, 0, []> checks [#npu.overflow<"+", 32, [1, 1], [1, 1] unless [2147483648], loc(unknown)>]
// ----- around
npu.program @a target "rbln-ca22" registers [] semaphores 0 {
  %x = npu.argument "x" f32 [64] "inout"
  npu.dma <neural_dma 0> [64] %x <f32, 0, [1]> to %x <f32, 0, [1]> clips [#npu.clip<BODY>]
}
// ----- accepted
axis = 0, lo = -5, hi = 3, reg = 2147483647, lo_scale = -1, hi_scale = 1
// ----- refused: there is no axis -1
axis = -1, lo = 0, hi = 3
// ----- refused: there is no axis 2147483648
axis = 2147483648, lo = 0, hi = 3
// ----- refused: there is no register -2
axis = 0, lo = 0, hi = 3, reg = -2
// ----- refused: there is no register 2147483648
axis = 0, lo = 0, hi = 3, reg = 2147483648
// ----- around
npu.program @a target "rbln-ca22" registers [] semaphores 0 {
  %t = npu.buffer "t" scratchpad 0 bytes 512 at 0
  npu.vector <neural_engine 0> [] [64] ins(%t, %t) [#npu.access<f32, 0, [1]>, #npu.access<i32, 0, [1]>] outs() [] {
  ^bb0(%x: f32, %y: i32):
    BODY
    npu.yield
  }
}
// ----- accepted
%s:2 = npu.reduce %x, %y : (f32, i32) -> (f32, i32) {
^bb0(%a: f32, %b: i32, %c: f32, %d: i32):
  npu.yield %c, %b : f32, i32
}
// ----- refused: 'npu.reduce' op reduces nothing
npu.reduce : () -> () {
  npu.yield
}
// ----- refused: 'npu.reduce' op has results of other types than its inputs
%s = npu.reduce %x : (f32) -> i32 {
^bb0(%a: f32, %b: f32):
  npu.yield %a : f32
}
// ----- refused: 'npu.reduce' op has results of other types than its inputs
%s:2 = npu.reduce %x, %y : (f32, i32) -> (i32, f32) {
^bb0(%a: f32, %b: i32, %c: f32, %d: i32):
  npu.yield %b, %a : i32, f32
}
// ----- refused: 'npu.reduce' op combiner needs 4 arguments, not 2
%s:2 = npu.reduce %x, %y : (f32, i32) -> (f32, i32) {
^bb0(%a: f32, %b: i32):
  npu.yield %a, %b : f32, i32
}
// ----- refused: 'npu.reduce' op combiner needs 2 arguments, not 3
%s = npu.reduce %x : (f32) -> f32 {
^bb0(%a: f32, %b: f32, %c: f32):
  npu.yield %a : f32
}
// ----- refused: 'npu.reduce' op combines 'i32' as 'f32'
%s:2 = npu.reduce %x, %y : (f32, i32) -> (f32, i32) {
^bb0(%a: f32, %b: f32, %c: i32, %d: i32):
  npu.yield %a, %c : f32, i32
}
// ----- refused: 'npu.reduce' op combines 'f32' as 'i32'
%s:2 = npu.reduce %x, %y : (f32, i32) -> (f32, i32) {
^bb0(%a: f32, %b: i32, %c: i32, %d: i32):
  npu.yield %a, %b : f32, i32
}
// ----- refused: 'npu.reduce' op combines 'i32' as 'f32'
%s:2 = npu.reduce %x, %y : (f32, i32) -> (f32, i32) {
^bb0(%a: f32, %b: i32, %c: f32, %d: f32):
  npu.yield %a, %b : f32, i32
}
// ----- refused: 'npu.reduce' op combiner must yield its results
%s = npu.reduce %x : (f32) -> f32 {
^bb0(%a: f32, %b: f32):
  npu.yield %a, %b : f32, f32
}
// ----- refused: 'npu.reduce' op combiner must yield its results
%s:2 = npu.reduce %x, %y : (f32, i32) -> (f32, i32) {
^bb0(%a: f32, %b: i32, %c: f32, %d: i32):
  npu.yield %b, %a : i32, f32
}
// ----- refused: 'npu.reduce' op expects a non-empty block
%s = npu.reduce %x : (f32) -> f32 {
^bb0(%a: f32, %b: f32):
}
// ----- refused: block with no terminator
%s = npu.reduce %x : (f32) -> f32 {
^bb0(%a: f32, %b: f32):
  %c = arith.addf %a, %b : f32
}
// ----- around
BODY
// ----- refused: is not dense data of a type that memories hold
npu.program @a target "rbln-ca22" registers [] semaphores 0 {
  %c = npu.constant dense_resource<blob> : tensor<1xf32>
}
{-# dialect_resources: { builtin: { blob: "0x0400000000000000" } } #-}
