// What an operation's own definition forbids, one module each.
// RUN: split-file %s %t
// RUN: not %rblnc opt %t/strides.mlir 2>&1 | FileCheck %s --check-prefix=STRIDES
// RUN: not %rblnc opt %t/element.mlir 2>&1 | FileCheck %s --check-prefix=ELEMENT
// RUN: not %rblnc opt %t/offset.mlir 2>&1 | FileCheck %s --check-prefix=OFFSET
// RUN: not %rblnc opt %t/register.mlir 2>&1 | FileCheck %s --check-prefix=REGISTER
// RUN: not %rblnc opt %t/unit.mlir 2>&1 | FileCheck %s --check-prefix=UNIT
// RUN: not %rblnc opt %t/queue.mlir 2>&1 | FileCheck %s --check-prefix=QUEUE
// RUN: not %rblnc opt %t/clip.mlir 2>&1 | FileCheck %s --check-prefix=CLIP
// RUN: not %rblnc opt %t/argument.mlir 2>&1 | FileCheck %s --check-prefix=ARGUMENT
// RUN: not %rblnc opt %t/direction.mlir 2>&1 | FileCheck %s --check-prefix=DIRECTION
// RUN: not %rblnc opt %t/scalar.mlir 2>&1 | FileCheck %s --check-prefix=SCALAR
// RUN: not %rblnc opt %t/extent.mlir 2>&1 | FileCheck %s --check-prefix=EXTENT
// RUN: not %rblnc opt %t/constant.mlir 2>&1 | FileCheck %s --check-prefix=CONSTANT
// RUN: not %rblnc opt %t/splat.mlir 2>&1 | FileCheck %s --check-prefix=SPLAT
// RUN: not %rblnc opt %t/inside.mlir 2>&1 | FileCheck %s --check-prefix=INSIDE
// RUN: not %rblnc opt %t/values.mlir 2>&1 | FileCheck %s --check-prefix=VALUES
// RUN: not %rblnc opt %t/combiner.mlir 2>&1 | FileCheck %s --check-prefix=COMBINER
// RUN: not %rblnc opt %t/yield.mlir 2>&1 | FileCheck %s --check-prefix=YIELD
// RUN: not %rblnc opt %t/unknown.mlir 2>&1 | FileCheck %s --check-prefix=UNKNOWN
// STRIDES: 'npu.dma' op has an access of 2 strides over 1 dimensions [RBLN-I006]
// ELEMENT: no memory holds elements of 'f64'
// OFFSET: access has an offset, stride or scale of more than 2^58 elements
// REGISTER: access has a register below 0 or above 2147483647
// UNIT: attribute 'unit' failed to satisfy constraint
// QUEUE: there is no queue -1
// CLIP: there is no register -2
// ARGUMENT: 'npu.argument' op has elements of 'i7', which no memory holds [RBLN-I006]
// DIRECTION: has the direction 'up', but there are in, out and inout [RBLN-I006]
// SCALAR: is a scalar of rank 1 [RBLN-I006]
// EXTENT: has a negative extent, or more than 2^58 elements [RBLN-I006]
// CONSTANT: is not dense data of a type that memories hold [RBLN-I006]
// SPLAT: has more than 2^58 elements [RBLN-I006]
// INSIDE: 'arith.constant' op is no memory and no command [RBLN-I006]
// VALUES: region takes 1 values, but what a program works on is declared in it [RBLN-I006]
// COMBINER: combiner needs 2 arguments, not 1 [RBLN-I006]
// YIELD: combiner must yield its results [RBLN-I006]
// UNKNOWN: use of undeclared SSA value name [RBLN-I005]

//--- strides.mlir
npu.program @a target "rbln-ca22" registers [] semaphores 0 {
  %x = npu.argument "x" f32 [64] "inout"
  npu.dma <neural_dma 0> [64] %x <f32, 0, [1, 1]> to %x <f32, 0, [1]>
}

//--- element.mlir
npu.program @a target "rbln-ca22" registers [] semaphores 0 {
  %x = npu.argument "x" f32 [64] "inout"
  npu.dma <neural_dma 0> [64] %x <f64, 0, [1]> to %x <f64, 0, [1]>
}

//--- offset.mlir
npu.program @a target "rbln-ca22" registers [] semaphores 0 {
  %x = npu.argument "x" f32 [64] "inout"
  npu.dma <neural_dma 0> [64] %x <f32, 9223372036854775807, [1]> to %x <f32, 0, [1]>
}

//--- register.mlir
npu.program @a target "rbln-ca22" registers [] semaphores 0 {
  %x = npu.argument "x" f32 [64] "inout"
  npu.dma <neural_dma 0> [64] %x <f32, 0, [1], registers [4294967296], scales [1]> to %x <f32, 0, [1]>
}

//--- unit.mlir
npu.program @a target "rbln-ca22" registers [] semaphores 0 {
  %t = npu.buffer "t" scratchpad 4294967296 bytes 256 at 0
}

//--- queue.mlir
npu.program @a target "rbln-ca22" registers [] semaphores 1 {
  npu.signal <neural_dma -1> 0
}

//--- clip.mlir
npu.program @a target "rbln-ca22" registers [] semaphores 0 {
  %x = npu.argument "x" f32 [64] "inout"
  npu.dma <neural_dma 0> [64] %x <f32, 0, [1]> to %x <f32, 0, [1]> clips [#npu.clip<axis = 0, lo = 0, hi = 3, reg = -2>]
}

//--- argument.mlir
npu.program @a target "rbln-ca22" registers [] semaphores 0 {
  %x = npu.argument "x" i7 [64] "in"
}

//--- direction.mlir
npu.program @a target "rbln-ca22" registers [] semaphores 0 {
  %x = npu.argument "x" f32 [64] "up"
}

//--- scalar.mlir
npu.program @a target "rbln-ca22" registers [] semaphores 0 {
  %x = npu.argument "x" f32 [1] "in" scalar
}

//--- extent.mlir
npu.program @a target "rbln-ca22" registers [] semaphores 0 {
  %x = npu.argument "x" f32 [4611686018427387904, 4611686018427387904] "in"
}

//--- constant.mlir
npu.program @a target "rbln-ca22" registers [] semaphores 0 {
  %c = npu.constant dense_resource<blob> : tensor<1xf32>
}
{-# dialect_resources: { builtin: { blob: "0x0400000000000000" } } #-}

//--- splat.mlir
npu.program @a target "rbln-ca22" registers [] semaphores 0 {
  %c = npu.constant dense<0> : tensor<4611686018427387904x4x16xi8>
}

//--- inside.mlir
npu.program @a target "rbln-ca22" registers [] semaphores 0 {
  %c = arith.constant 1 : i32
}

//--- values.mlir
"npu.program"() <{registers = [], semaphores = 0 : i64, sym_name = "a", target = "rbln-ca22"}> ({
^bb0(%x: !npu.memory):
}) : () -> ()

//--- combiner.mlir
npu.program @a target "rbln-ca22" registers [] semaphores 0 {
  %t = npu.buffer "t" scratchpad 0 bytes 256 at 0
  npu.vector <neural_engine 0> [] [64] ins(%t) [#npu.access<f32, 0, [1]>] outs(%t) [#npu.access<f32, 0, [1]>] {
  ^bb0(%x: f32):
    %s = npu.reduce %x : (f32) -> f32 {
    ^bb0(%a: f32):
      npu.yield %a : f32
    }
    npu.yield %s : f32
  }
}

//--- yield.mlir
npu.program @a target "rbln-ca22" registers [] semaphores 0 {
  %t = npu.buffer "t" scratchpad 0 bytes 256 at 0
  npu.vector <neural_engine 0> [] [64] ins(%t) [#npu.access<f32, 0, [1]>] outs(%t) [#npu.access<f32, 0, [1]>] {
  ^bb0(%x: f32):
    %s = npu.reduce %x : (f32) -> f32 {
    ^bb0(%a: f32, %b: f32):
      npu.yield
    }
    npu.yield %s : f32
  }
}

//--- unknown.mlir
npu.program @a target "rbln-ca22" registers [] semaphores 0 {
  npu.dma <neural_dma 0> [64] %nowhere <f32, 0, [1]> to %nowhere <f32, 0, [1]>
}
