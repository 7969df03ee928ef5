// Every rule of the specialised operations, broken once, and what just keeps it.
// RUN: %python %S/../../modules.py %rblnc %s
// ----- around
func.func @k(%x: tensor<2x8x4xf32>, %h: tensor<2x8x4xf16>, %c: tensor<2x8x1xf32>, %u: tensor<2x3x4xf32>, %one: tensor<1x1x4xf32>, %wide: tensor<2x1x5xf32>,
             %flat: tensor<8xf32>, %four: tensor<4xf32>, %scalar: tensor<f32>, %n: tensor<i16>, %i: !rbln.index<0, 8>, %past: !rbln.index<0, 9>, %below: !rbln.index<-1, 8>) {
  BODY
  return
}
// ----- accepted
%r = rbln.partition_skip %i after %n size 1 : !rbln.index<0, 8>, tensor<i16> -> tensor<i1>
// ----- refused: 'rbln.partition_skip' op partition of 0 rows; it must have at least one
%r = rbln.partition_skip %i size 0 : !rbln.index<0, 8> -> tensor<i1>
// ----- refused: 'rbln.partition_skip' op partition of -1 rows; it must have at least one
%r = rbln.partition_skip %i size -1 : !rbln.index<0, 8> -> tensor<i1>
// ----- refused: 'rbln.partition_skip' op needs one integer as the index before, but got 'tensor<2x8x4xf32>'
%r = rbln.partition_skip %i after %x size 8 : !rbln.index<0, 8>, tensor<2x8x4xf32> -> tensor<i1>
// ----- refused: 'rbln.partition_skip' op needs one integer as the index before, but got 'tensor<f32>'
%r = rbln.partition_skip %i after %scalar size 8 : !rbln.index<0, 8>, tensor<f32> -> tensor<i1>
// ----- refused: 'rbln.partition_skip' op result is 'tensor<1xi1>' and must be 'tensor<i1>'
%r = rbln.partition_skip %i size 8 : !rbln.index<0, 8> -> tensor<1xi1>
// ----- accepted
%r = rbln.insert %x into %x at %i axis 1 : tensor<2x8x4xf32> into tensor<2x8x4xf32>, !rbln.index<0, 8>
// ----- refused: 'rbln.insert' op axis 3 is not one of a tensor of rank 3
%r = rbln.insert %x into %x at %i axis 3 : tensor<2x8x4xf32> into tensor<2x8x4xf32>, !rbln.index<0, 8>
// ----- refused: 'rbln.insert' op axis -1 is not one of a tensor of rank 3
%r = rbln.insert %x into %x at %i axis -1 : tensor<2x8x4xf32> into tensor<2x8x4xf32>, !rbln.index<0, 8>
// ----- refused: 'rbln.insert' op axis 0 is not one of a tensor of rank 0
%r = rbln.insert %scalar into %scalar at %i axis 0 : tensor<f32> into tensor<f32>, !rbln.index<0, 8>
// ----- refused: 'rbln.insert' op updates is 'tensor<8xf32>' and must have the rank of data 'tensor<2x8x4xf32>'
%r = rbln.insert %flat into %x at %i axis 0 : tensor<8xf32> into tensor<2x8x4xf32>, !rbln.index<0, 8>
// ----- refused: 'rbln.insert' op updates has 8 rows along axis 1, but data has 3
%r = rbln.insert %x into %u at %i axis 1 : tensor<2x8x4xf32> into tensor<2x3x4xf32>, !rbln.index<0, 8>
// ----- refused: 'rbln.insert' op updates has 5 rows along axis 2, but data has 4
%r = rbln.insert %wide into %x at %i axis 2 : tensor<2x1x5xf32> into tensor<2x8x4xf32>, !rbln.index<0, 8>
// ----- accepted
%r = rbln.insert %x into %u at %i axis 1 first 1 : tensor<2x8x4xf32> into tensor<2x3x4xf32>, !rbln.index<0, 8>
// ----- refused: attribute 'first' failed to satisfy constraint
%r = rbln.insert %x into %x at %i axis 1 first -1 : tensor<2x8x4xf32> into tensor<2x8x4xf32>, !rbln.index<0, 8>
// ----- refused: 'rbln.insert' op updates is 'tensor<2x3x4xf32>' and must be 'tensor<2x8x4xf32>'
%r = rbln.insert %u into %x at %i axis 2 : tensor<2x3x4xf32> into tensor<2x8x4xf32>, !rbln.index<0, 8>
// ----- refused: 'rbln.insert' op updates is 'tensor<2x8x4xf16>' and must be 'tensor<2x8x4xf32>'
%r = rbln.insert %h into %x at %i axis 1 : tensor<2x8x4xf16> into tensor<2x8x4xf32>, !rbln.index<0, 8>
// ----- accepted
%r = rbln.window_insert %u into %x at %i axis 1 : tensor<2x3x4xf32> into tensor<2x8x4xf32>, !rbln.index<0, 8> -> tensor<2x11x4xf32>
// ----- refused: 'rbln.window_insert' op axis 3 is not one of a tensor of rank 3
%r = rbln.window_insert %u into %x at %i axis 3 : tensor<2x3x4xf32> into tensor<2x8x4xf32>, !rbln.index<0, 8> -> tensor<2x11x4xf32>
// ----- refused: 'rbln.window_insert' op axis -1 is not one of a tensor of rank 3
%r = rbln.window_insert %u into %x at %i axis -1 : tensor<2x3x4xf32> into tensor<2x8x4xf32>, !rbln.index<0, 8> -> tensor<2x11x4xf32>
// ----- refused: 'rbln.window_insert' op new is 'tensor<8xf32>' and must have the rank of base 'tensor<2x8x4xf32>'
%r = rbln.window_insert %flat into %x at %i axis 0 : tensor<8xf32> into tensor<2x8x4xf32>, !rbln.index<0, 8> -> tensor<2x11x4xf32>
// ----- refused: 'rbln.window_insert' op new is 'tensor<2x1x5xf32>' and must be 'tensor<2x1x4xf32>'
%r = rbln.window_insert %wide into %x at %i axis 1 : tensor<2x1x5xf32> into tensor<2x8x4xf32>, !rbln.index<0, 8> -> tensor<2x9x4xf32>
// ----- refused: 'rbln.window_insert' op new is 'tensor<2x8x4xf16>' and must be 'tensor<2x8x4xf32>'
%r = rbln.window_insert %h into %x at %i axis 1 : tensor<2x8x4xf16> into tensor<2x8x4xf32>, !rbln.index<0, 8> -> tensor<2x16x4xf32>
// ----- refused: 'rbln.window_insert' op index in '!rbln.index<0, 9>' and must lie in 0..8
%r = rbln.window_insert %u into %x at %past axis 1 : tensor<2x3x4xf32> into tensor<2x8x4xf32>, !rbln.index<0, 9> -> tensor<2x11x4xf32>
// ----- refused: 'rbln.window_insert' op index in '!rbln.index<-1, 8>' and must lie in 0..8
%r = rbln.window_insert %u into %x at %below axis 1 : tensor<2x3x4xf32> into tensor<2x8x4xf32>, !rbln.index<-1, 8> -> tensor<2x11x4xf32>
// ----- refused: 'rbln.window_insert' op result is 'tensor<2x10x4xf32>' and must be 'tensor<2x11x4xf32>'
%r = rbln.window_insert %u into %x at %i axis 1 : tensor<2x3x4xf32> into tensor<2x8x4xf32>, !rbln.index<0, 8> -> tensor<2x10x4xf32>
// ----- refused: 'rbln.window_insert' op result is 'tensor<2x8x4xf32>' and must be 'tensor<2x11x4xf32>'
%r = rbln.window_insert %u into %x at %i axis 1 : tensor<2x3x4xf32> into tensor<2x8x4xf32>, !rbln.index<0, 8> -> tensor<2x8x4xf32>
// ----- accepted
%r = rbln.window_slice %x to %i axis 1 : tensor<2x8x4xf32>, !rbln.index<0, 8> -> tensor<2x8x4xf32>
// ----- refused: 'rbln.window_slice' op axis 3 is not one of a tensor of rank 3
%r = rbln.window_slice %x to %i axis 3 : tensor<2x8x4xf32>, !rbln.index<0, 8> -> tensor<2x8x4xf32>
// ----- refused: 'rbln.window_slice' op axis -1 is not one of a tensor of rank 3
%r = rbln.window_slice %x to %i axis -1 : tensor<2x8x4xf32>, !rbln.index<0, 8> -> tensor<2x8x4xf32>
// ----- refused: 'rbln.window_slice' op result is 'tensor<8xf32>' and must have the rank of buf 'tensor<2x8x4xf32>'
%r = rbln.window_slice %x to %i axis 0 : tensor<2x8x4xf32>, !rbln.index<0, 8> -> tensor<8xf32>
// ----- refused: 'rbln.window_slice' op size 9 along axis 1 of buf, which has 8
%r = rbln.window_slice %x to %i axis 1 : tensor<2x8x4xf32>, !rbln.index<0, 8> -> tensor<2x9x4xf32>
// ----- refused: 'rbln.window_slice' op end in '!rbln.index<0, 9>' and must lie in 0..8
%r = rbln.window_slice %x to %past axis 1 : tensor<2x8x4xf32>, !rbln.index<0, 9> -> tensor<2x8x4xf32>
// ----- refused: 'rbln.window_slice' op end in '!rbln.index<-1, 8>' and must lie in 0..8
%r = rbln.window_slice %x to %below axis 1 : tensor<2x8x4xf32>, !rbln.index<-1, 8> -> tensor<2x8x4xf32>
// ----- refused: 'rbln.window_slice' op result is 'tensor<2x3x5xf32>' and must be 'tensor<2x3x4xf32>'
%r = rbln.window_slice %x to %i axis 1 : tensor<2x8x4xf32>, !rbln.index<0, 8> -> tensor<2x3x5xf32>
// ----- refused: 'rbln.window_slice' op result is 'tensor<2x3x4xf16>' and must be 'tensor<2x3x4xf32>'
%r = rbln.window_slice %x to %i axis 1 : tensor<2x8x4xf32>, !rbln.index<0, 8> -> tensor<2x3x4xf16>
// ----- accepted
%r = rbln.pad %u low 5 axis 1 value 0.0 : f32 : tensor<2x3x4xf32> -> tensor<2x8x4xf32>
// ----- accepted
%r = rbln.pad %u low 0 axis 1 value 0.0 : f32 : tensor<2x3x4xf32> -> tensor<2x3x4xf32>
// ----- refused: 'rbln.pad' op axis 3 is not one of a tensor of rank 3
%r = rbln.pad %u low 0 axis 3 value 0.0 : f32 : tensor<2x3x4xf32> -> tensor<2x8x4xf32>
// ----- refused: 'rbln.pad' op axis -1 is not one of a tensor of rank 3
%r = rbln.pad %u low 0 axis -1 value 0.0 : f32 : tensor<2x3x4xf32> -> tensor<2x8x4xf32>
// ----- refused: 'rbln.pad' op pads 'f32' with 'f16'
%r = rbln.pad %u low 1 axis 1 value 0.0 : f16 : tensor<2x3x4xf32> -> tensor<2x8x4xf32>
// ----- refused: 'rbln.pad' op pads with something else than a number
%r = rbln.pad %u low 1 axis 1 value "zero" : f32 : tensor<2x3x4xf32> -> tensor<2x8x4xf32>
// ----- refused: 'rbln.pad' op pads 'tensor<2x3x4xf32>' with 6 rows in front, which does not give 'tensor<2x8x4xf32>'
%r = rbln.pad %u low 6 axis 1 value 0.0 : f32 : tensor<2x3x4xf32> -> tensor<2x8x4xf32>
// ----- refused: 'rbln.pad' op pads 'tensor<2x3x4xf32>' with -1 rows in front, which does not give 'tensor<2x8x4xf32>'
%r = rbln.pad %u low -1 axis 1 value 0.0 : f32 : tensor<2x3x4xf32> -> tensor<2x8x4xf32>
// ----- refused: 'rbln.pad' op pads 'tensor<2x3x4xf32>' with 0 rows in front, which does not give 'tensor<8x4xf32>'
%r = rbln.pad %u low 0 axis 1 value 0.0 : f32 : tensor<2x3x4xf32> -> tensor<8x4xf32>
// ----- refused: 'rbln.pad' op result is 'tensor<2x8x5xf32>' and must be 'tensor<2x8x4xf32>'
%r = rbln.pad %u low 0 axis 1 value 0.0 : f32 : tensor<2x3x4xf32> -> tensor<2x8x5xf32>
// ----- refused: 'rbln.pad' op result is 'tensor<2x8x4xf16>' and must be 'tensor<2x8x4xf32>'
%r = rbln.pad %u low 0 axis 1 value 0.0 : f32 : tensor<2x3x4xf32> -> tensor<2x8x4xf16>
// ----- accepted
%r = rbln.softmax %x axis 2 : tensor<2x8x4xf32>
// ----- refused: 'rbln.softmax' op axis -1 is not one of a tensor of rank 3
%r = rbln.softmax %x axis -1 : tensor<2x8x4xf32>
// ----- refused: 'rbln.softmax' op axis 3 is not one of a tensor of rank 3
%r = rbln.softmax %x axis 3 : tensor<2x8x4xf32>
// ----- refused: 'rbln.softmax' op operand #0 must be statically shaped tensor
%r = rbln.softmax %n axis 0 : tensor<i16>
// ----- accepted
%r = rbln.masked_softmax %x, %one : tensor<2x8x4xf32>, tensor<1x1x4xf32>
// ----- refused: 'rbln.masked_softmax' op mask is 'tensor<2x8x1xf32>' for x 'tensor<2x8x4xf32>': it must have x's rank and columns, and x's extents or 1 elsewhere
%r = rbln.masked_softmax %x, %c : tensor<2x8x4xf32>, tensor<2x8x1xf32>
// ----- refused: 'rbln.masked_softmax' op mask is 'tensor<4xf32>' for x
%r = rbln.masked_softmax %x, %four : tensor<2x8x4xf32>, tensor<4xf32>
// ----- refused: 'rbln.masked_softmax' op mask is 'tensor<2x3x4xf32>' for x
%r = rbln.masked_softmax %x, %u : tensor<2x8x4xf32>, tensor<2x3x4xf32>
// ----- refused: 'rbln.masked_softmax' op mask is 'tensor<2x1x5xf32>' for x
%r = rbln.masked_softmax %x, %wide : tensor<2x8x4xf32>, tensor<2x1x5xf32>
// ----- refused: 'rbln.masked_softmax' op mask is 'tensor<2x8x4xf32>' for x
%r = rbln.masked_softmax %one, %x : tensor<1x1x4xf32>, tensor<2x8x4xf32>
// ----- refused: 'rbln.masked_softmax' op x is 'tensor<8xf32>' and must have rows and columns (rank 2 or more)
%r = rbln.masked_softmax %flat, %flat : tensor<8xf32>, tensor<8xf32>
// ----- refused: 'rbln.masked_softmax' op x is 'tensor<f32>' and must have rows and columns (rank 2 or more)
%r = rbln.masked_softmax %scalar, %scalar : tensor<f32>, tensor<f32>
// ----- accepted
%r = rbln.dynamic_masked_softmax %x at %below : tensor<2x8x4xf32>, !rbln.index<-1, 8>
// ----- refused: 'rbln.dynamic_masked_softmax' op x is 'tensor<8xf32>' and must have rows and columns (rank 2 or more)
%r = rbln.dynamic_masked_softmax %flat at %i : tensor<8xf32>, !rbln.index<0, 8>
// ----- accepted
%r = rbln.window_softmax %x at %i window 1 : tensor<2x8x4xf32>, !rbln.index<0, 8>
// ----- refused: 'rbln.window_softmax' op window of 0 columns; it must have at least one
%r = rbln.window_softmax %x at %i window 0 : tensor<2x8x4xf32>, !rbln.index<0, 8>
// ----- refused: 'rbln.window_softmax' op window of -1 columns; it must have at least one
%r = rbln.window_softmax %x at %i window -1 : tensor<2x8x4xf32>, !rbln.index<0, 8>
// ----- refused: 'rbln.window_softmax' op x is 'tensor<8xf32>' and must have rows and columns (rank 2 or more)
%r = rbln.window_softmax %flat at %i window 1 : tensor<8xf32>, !rbln.index<0, 8>
// ----- accepted
%m, %p, %s = rbln.flash_attn_tile %x, %one after %c : tensor<2x8x4xf32>, tensor<1x1x4xf32>, tensor<2x8x1xf32> -> tensor<2x8x1xf32>, tensor<2x8x4xf32>, tensor<2x8x1xf32>
// ----- refused: 'rbln.flash_attn_tile' op x is 'tensor<8xf32>' and must have rows and columns (rank 2 or more)
%m, %p, %s = rbln.flash_attn_tile %flat, %flat : tensor<8xf32>, tensor<8xf32> -> tensor<1xf32>, tensor<8xf32>, tensor<1xf32>
// ----- refused: 'rbln.flash_attn_tile' op mask is 'tensor<2x8x1xf32>' for x
%m, %p, %s = rbln.flash_attn_tile %x, %c : tensor<2x8x4xf32>, tensor<2x8x1xf32> -> tensor<2x8x1xf32>, tensor<2x8x4xf32>, tensor<2x8x1xf32>
// ----- refused: 'rbln.flash_attn_tile' op m_prev is 'tensor<2x8x4xf32>' and must be 'tensor<2x8x1xf32>'
%m, %p, %s = rbln.flash_attn_tile %x, %x after %x : tensor<2x8x4xf32>, tensor<2x8x4xf32>, tensor<2x8x4xf32> -> tensor<2x8x1xf32>, tensor<2x8x4xf32>, tensor<2x8x1xf32>
// ----- refused: 'rbln.flash_attn_tile' op m is 'tensor<2x8x4xf32>' and must be 'tensor<2x8x1xf32>'
%m, %p, %s = rbln.flash_attn_tile %x, %x : tensor<2x8x4xf32>, tensor<2x8x4xf32> -> tensor<2x8x4xf32>, tensor<2x8x4xf32>, tensor<2x8x1xf32>
// ----- refused: 'rbln.flash_attn_tile' op p is 'tensor<2x8x1xf32>' and must be 'tensor<2x8x4xf32>'
%m, %p, %s = rbln.flash_attn_tile %x, %x : tensor<2x8x4xf32>, tensor<2x8x4xf32> -> tensor<2x8x1xf32>, tensor<2x8x1xf32>, tensor<2x8x1xf32>
// ----- refused: 'rbln.flash_attn_tile' op p is 'tensor<2x8x4xf16>' and must be 'tensor<2x8x4xf32>'
%m, %p, %s = rbln.flash_attn_tile %x, %x : tensor<2x8x4xf32>, tensor<2x8x4xf32> -> tensor<2x8x1xf32>, tensor<2x8x4xf16>, tensor<2x8x1xf32>
// ----- refused: 'rbln.flash_attn_tile' op s is 'tensor<2x8x1xf16>' and must be 'tensor<2x8x1xf32>'
%m, %p, %s = rbln.flash_attn_tile %x, %x : tensor<2x8x4xf32>, tensor<2x8x4xf32> -> tensor<2x8x1xf32>, tensor<2x8x4xf32>, tensor<2x8x1xf16>
// ----- accepted
%m, %p, %s = rbln.dynamic_flash_attn_tile %x at %i after %c : tensor<2x8x4xf32>, !rbln.index<0, 8>, tensor<2x8x1xf32> -> tensor<2x8x1xf32>, tensor<2x8x4xf32>, tensor<2x8x1xf32>
// ----- refused: 'rbln.dynamic_flash_attn_tile' op x is 'tensor<8xf32>' and must have rows and columns (rank 2 or more)
%m, %p, %s = rbln.dynamic_flash_attn_tile %flat at %i : tensor<8xf32>, !rbln.index<0, 8> -> tensor<1xf32>, tensor<8xf32>, tensor<1xf32>
// ----- refused: 'rbln.dynamic_flash_attn_tile' op m_prev is 'tensor<2x8x4xf32>' and must be 'tensor<2x8x1xf32>'
%m, %p, %s = rbln.dynamic_flash_attn_tile %x at %i after %x : tensor<2x8x4xf32>, !rbln.index<0, 8>, tensor<2x8x4xf32> -> tensor<2x8x1xf32>, tensor<2x8x4xf32>, tensor<2x8x1xf32>
// ----- refused: 'rbln.dynamic_flash_attn_tile' op m is 'tensor<2x8x4xf32>' and must be 'tensor<2x8x1xf32>'
%m, %p, %s = rbln.dynamic_flash_attn_tile %x at %i : tensor<2x8x4xf32>, !rbln.index<0, 8> -> tensor<2x8x4xf32>, tensor<2x8x4xf32>, tensor<2x8x1xf32>
// ----- refused: 'rbln.dynamic_flash_attn_tile' op p is 'tensor<2x8x1xf32>' and must be 'tensor<2x8x4xf32>'
%m, %p, %s = rbln.dynamic_flash_attn_tile %x at %i : tensor<2x8x4xf32>, !rbln.index<0, 8> -> tensor<2x8x1xf32>, tensor<2x8x1xf32>, tensor<2x8x1xf32>
// ----- refused: 'rbln.dynamic_flash_attn_tile' op s is 'tensor<2x8x4xf32>' and must be 'tensor<2x8x1xf32>'
%m, %p, %s = rbln.dynamic_flash_attn_tile %x at %i : tensor<2x8x4xf32>, !rbln.index<0, 8> -> tensor<2x8x1xf32>, tensor<2x8x4xf32>, tensor<2x8x4xf32>
// ----- accepted
%s, %o = rbln.flash_attn_recompute %c, %c, %c, %c, %x, %x : tensor<2x8x1xf32>, tensor<2x8x4xf32>
// ----- refused: 'rbln.flash_attn_recompute' op row statistics are 'tensor<2x8x4xf32>' for outputs 'tensor<2x8x4xf32>': they must have the outputs' shape with one column
%s, %o = rbln.flash_attn_recompute %x, %x, %x, %x, %x, %x : tensor<2x8x4xf32>, tensor<2x8x4xf32>
// ----- refused: 'rbln.flash_attn_recompute' op row statistics are 'tensor<2x8x1xf32>' for outputs 'tensor<2x3x4xf32>'
%s, %o = rbln.flash_attn_recompute %c, %c, %c, %c, %u, %u : tensor<2x8x1xf32>, tensor<2x3x4xf32>
// ----- refused: 'rbln.flash_attn_recompute' op row statistics are 'tensor<2x8x1xf32>' for outputs 'tensor<8xf32>'
%s, %o = rbln.flash_attn_recompute %c, %c, %c, %c, %flat, %flat : tensor<2x8x1xf32>, tensor<8xf32>
// ----- refused: 'rbln.flash_attn_recompute' op row statistics are 'tensor<2x8x1xf32>' for outputs 'tensor<2x8x4xf16>'
%s, %o = rbln.flash_attn_recompute %c, %c, %c, %c, %h, %h : tensor<2x8x1xf32>, tensor<2x8x4xf16>
// ----- refused: 'rbln.flash_attn_recompute' op row statistics are 'tensor<f32>' for outputs 'tensor<f32>'
%s, %o = rbln.flash_attn_recompute %scalar, %scalar, %scalar, %scalar, %scalar, %scalar : tensor<f32>, tensor<f32>
