// Every rule of transfers of chosen rows, broken once, and what just keeps it.
// RUN: %python %S/../../modules.py %rblnc %s
// ----- around
npu.program @a target "rbln-ca22" registers [] semaphores 0 {
  %x = npu.argument "x" f32 [16, 8] "inout"
  %j = npu.argument "j" i32 [4] "in"
  %i = npu.buffer "i" scratchpad 0 bytes 64 at 0
  %t = npu.buffer "t" scratchpad 0 bytes 128 at 64
  BODY
}
// ----- accepted
npu.indexed_dma <neural_dma 0> gather [4, 8] axis 0 of 16 %x <f32, 0, [8, 1]> by %i <i32, 0, [1, 0]> to %t <f32, 0, [8, 1]>
// ----- accepted
npu.indexed_dma <neural_dma 0> scatter [4, 8] axis 0 of 16 %t <f32, 0, [8, 1]> by %i <i64, 0, [1, 0]> to %x <f32, 0, [8, 1]>
// ----- accepted
npu.indexed_dma <neural_dma 0> gather [4, 8] axis 0 of 16 %x <f32, 0, [8, 1]> by %i <i32, 0, [1, 0]> mask %i <i1, 16, [1, 0]> to %t <f32, 0, [8, 1]> clips [#npu.clip<axis = 1, lo = 0, hi = 3>] fill 0.0 : f32
// ----- accepted
npu.indexed_dma <neural_dma 0> gather [4, 8] axis 0 of 16 %x <f32, 0, [8, 1]> by %i <i32, 0, [8, 1]> mask %i <i1, 16, [8, 1]> to %t <f32, 0, [8, 1]>
// ----- accepted
npu.indexed_dma <neural_dma 0> gather [4, 8] axis 1 of 8 %x <f32, 0, [8, 1]> by %i <i32, 0, [0, 1]> to %t <f32, 0, [8, 1]> clips [#npu.clip<axis = 0, lo = 0, hi = 3>]
// ----- accepted
npu.indexed_dma <neural_dma 0> gather [4, 8] axis 0 of 0 %x <f32, 0, [8, 1]> by %i <i32, 0, [1, 0]> to %t <f32, 0, [8, 1]>
// ----- refused: 'npu.indexed_dma' op has an access of 1 strides over 2 dimensions
npu.indexed_dma <neural_dma 0> gather [4, 8] axis 0 of 16 %x <f32, 0, [8, 1]> by %i <i32, 0, [1]> to %t <f32, 0, [8, 1]>
// ----- refused: 'npu.indexed_dma' op has an access of 1 strides over 2 dimensions
npu.indexed_dma <neural_dma 0> gather [4, 8] axis 0 of 16 %x <f32, 0, [8, 1]> by %i <i32, 0, [1, 0]> mask %i <i1, 0, [1]> to %t <f32, 0, [8, 1]>
// ----- refused: 'npu.indexed_dma' op copies 'f32' to 'i32'
npu.indexed_dma <neural_dma 0> gather [4, 8] axis 0 of 16 %x <f32, 0, [8, 1]> by %i <i32, 0, [1, 0]> to %t <i32, 0, [8, 1]>
// ----- refused: 'npu.indexed_dma' op has indices of 'i16', and they are i32 or i64
npu.indexed_dma <neural_dma 0> gather [4, 8] axis 0 of 16 %x <f32, 0, [8, 1]> by %i <i16, 0, [1, 0]> to %t <f32, 0, [8, 1]>
// ----- refused: 'npu.indexed_dma' op has a mask of 'i8', and it is of i1
npu.indexed_dma <neural_dma 0> gather [4, 8] axis 0 of 16 %x <f32, 0, [8, 1]> by %i <i32, 0, [1, 0]> mask %i <i8, 0, [1, 0]> to %t <f32, 0, [8, 1]>
// ----- refused: 'npu.indexed_dma' op has indices or a mask in an array: load them into a buffer first
npu.indexed_dma <neural_dma 0> gather [4, 8] axis 0 of 16 %x <f32, 0, [8, 1]> by %j <i32, 0, [1, 0]> to %t <f32, 0, [8, 1]>
// ----- refused: 'npu.indexed_dma' op has indices or a mask in an array: load them into a buffer first
npu.indexed_dma <neural_dma 0> gather [4, 8] axis 0 of 16 %x <f32, 0, [8, 1]> by %i <i32, 0, [1, 0]> mask %j <i1, 0, [1, 0]> to %t <f32, 0, [8, 1]>
// ----- refused: 'npu.indexed_dma' op has a fill, and rows that are not scattered have no place to fill
npu.indexed_dma <neural_dma 0> scatter [4, 8] axis 0 of 16 %t <f32, 0, [8, 1]> by %i <i32, 0, [1, 0]> to %x <f32, 0, [8, 1]> fill 0.0 : f32
// ----- refused: 'npu.indexed_dma' op fills with 'i32' but copies 'f32'
npu.indexed_dma <neural_dma 0> gather [4, 8] axis 0 of 16 %x <f32, 0, [8, 1]> by %i <i32, 0, [1, 0]> to %t <f32, 0, [8, 1]> fill 0 : i32
// ----- refused: 'npu.indexed_dma' op has rows along axis 2 of rank 2
npu.indexed_dma <neural_dma 0> gather [4, 8] axis 2 of 16 %x <f32, 0, [8, 1]> by %i <i32, 0, [1, 0]> to %t <f32, 0, [8, 1]>
// ----- refused: 'npu.indexed_dma' op clips axis 2 of rank 2
npu.indexed_dma <neural_dma 0> gather [4, 8] axis 0 of 16 %x <f32, 0, [8, 1]> by %i <i32, 0, [1, 0]> to %t <f32, 0, [8, 1]> clips [#npu.clip<axis = 2, lo = 0, hi = 3>]
// ----- refused: 'npu.indexed_dma' op clips axis 0, where its indices move: mask them
npu.indexed_dma <neural_dma 0> gather [4, 8] axis 0 of 16 %x <f32, 0, [8, 1]> by %i <i32, 0, [1, 0]> to %t <f32, 0, [8, 1]> clips [#npu.clip<axis = 0, lo = 0, hi = 3>]
// ----- refused: 'npu.indexed_dma' op has a mask that moves along dimension 1, where its indices do not
npu.indexed_dma <neural_dma 0> gather [4, 8] axis 0 of 16 %x <f32, 0, [8, 1]> by %i <i32, 0, [1, 0]> mask %i <i1, 0, [8, 1]> to %t <f32, 0, [8, 1]>
// ----- refused: attribute 'rows' failed to satisfy constraint
npu.indexed_dma <neural_dma 0> gather [4, 8] axis 0 of -1 %x <f32, 0, [8, 1]> by %i <i32, 0, [1, 0]> to %t <f32, 0, [8, 1]>
