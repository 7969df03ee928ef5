// Every rule of loads, stores and reductions, broken once, and what just keeps it.
// RUN: %python %S/../../modules.py %rblnc %s
// ----- around
func.func @k(%a: !rbln.array<4x8xf32>, %i: !rbln.index<0, 1>, %j: !rbln.index<0, 1>) {
  %v = rbln.load %a at 0 BODY
  return
}
// ----- accepted
plus (%i, %j : !rbln.index<0, 1>, !rbln.index<0, 1>) times [8, 1] strides [8, 1] clips [#rbln.clip<axis = 1, lo = 0, hi = 2, term = 1>] clip_terms (%i, %j : !rbln.index<0, 1>, !rbln.index<0, 1>) padding 1.0 : f32 : <4x8xf32> -> tensor<2x2xf32>
// ----- refused: 'rbln.load' op moves 'f16' but the array holds 'f32'
strides [8, 1] : <4x8xf32> -> tensor<2x2xf16>
// ----- refused: 'rbln.load' op moves 'i32' but the array holds 'f32'
strides [8, 1] : <4x8xf32> -> tensor<2x2xi32>
// ----- refused: 'rbln.load' op has 1 strides for a block of rank 2
strides [1] : <4x8xf32> -> tensor<2x2xf32>
// ----- refused: 'rbln.load' op has 3 strides for a block of rank 2
strides [8, 8, 1] : <4x8xf32> -> tensor<2x2xf32>
// ----- refused: 'rbln.load' op has 1 strides for a block of rank 0
strides [1] : <4x8xf32> -> tensor<f32>
// ----- refused: 'rbln.load' op has 0 scales for 1 terms
plus (%i : !rbln.index<0, 1>) times [] strides [8, 1] : <4x8xf32> -> tensor<2x2xf32>
// ----- refused: 'rbln.load' op has 2 scales for 1 terms
plus (%i : !rbln.index<0, 1>) times [1, 1] strides [8, 1] : <4x8xf32> -> tensor<2x2xf32>
// ----- refused: 'rbln.load' op clips axis 2 of a block of rank 2
strides [8, 1] clips [#rbln.clip<axis = 0, lo = 0, hi = 2>, #rbln.clip<axis = 2, lo = 0, hi = 2>] : <4x8xf32> -> tensor<2x2xf32>
// ----- refused: 'rbln.load' op clips axis -1 of a block of rank 2
strides [8, 1] clips [#rbln.clip<axis = -1, lo = 0, hi = 2>] : <4x8xf32> -> tensor<2x2xf32>
// ----- refused: 'rbln.load' op clip uses term 0 of 0
strides [8, 1] clips [#rbln.clip<axis = 0, lo = 0, hi = 2, term = 0>] : <4x8xf32> -> tensor<2x2xf32>
// ----- refused: 'rbln.load' op clip uses term 1 of 1
strides [8, 1] clips [#rbln.clip<axis = 0, lo = 0, hi = 2, term = 1>] clip_terms (%i : !rbln.index<0, 1>) : <4x8xf32> -> tensor<2x2xf32>
// ----- refused: 'rbln.load' op clip uses term -2 of 0
strides [8, 1] clips [#rbln.clip<axis = 0, lo = 0, hi = 2, term = -2>] : <4x8xf32> -> tensor<2x2xf32>
// ----- refused: 'rbln.load' op pads with 'i32' but loads 'f32'
strides [8, 1] padding 1 : i32 : <4x8xf32> -> tensor<2x2xf32>
// ----- refused: 'rbln.load' op pads with 'f16' but loads 'f32'
strides [8, 1] padding 1.0 : f16 : <4x8xf32> -> tensor<2x2xf32>
// ----- refused: 'rbln.load' op pads with something else than a number
strides [8, 1] padding "one" : f32 : <4x8xf32> -> tensor<2x2xf32>
// ----- refused: result #0 must be statically shaped tensor
strides [8, 1] : <4x8xf32> -> tensor<2x?xf32>
// ----- around
func.func @k(%a: !rbln.array<4x8xf32>, %x: tensor<2x2xf32>, %h: tensor<2x2xbf16>, %s: tensor<f32>, %d: tensor<?x2xf32>, %i: !rbln.index<0, 1>) {
  rbln.store BODY
  return
}
// ----- accepted
%x, %a at 0 plus (%i : !rbln.index<0, 1>) times [8] strides [8, 1] clips [#rbln.clip<axis = 1, lo = 0, hi = 2, term = 0>] clip_terms (%i : !rbln.index<0, 1>) : tensor<2x2xf32> -> <4x8xf32>
// ----- refused: 'rbln.store' op moves 'bf16' but the array holds 'f32'
%h, %a at 0 strides [8, 1] : tensor<2x2xbf16> -> <4x8xf32>
// ----- refused: 'rbln.store' op has 1 strides for a block of rank 2
%x, %a at 0 strides [8] : tensor<2x2xf32> -> <4x8xf32>
// ----- refused: 'rbln.store' op has 1 strides for a block of rank 0
%s, %a at 0 strides [8] : tensor<f32> -> <4x8xf32>
// ----- refused: 'rbln.store' op has 2 scales for 1 terms
%x, %a at 0 plus (%i : !rbln.index<0, 1>) times [1, 1] strides [8, 1] : tensor<2x2xf32> -> <4x8xf32>
// ----- refused: 'rbln.store' op clips axis 2 of a block of rank 2
%x, %a at 0 strides [8, 1] clips [#rbln.clip<axis = 2, lo = 0, hi = 2>] : tensor<2x2xf32> -> <4x8xf32>
// ----- refused: 'rbln.store' op clips axis -1 of a block of rank 2
%x, %a at 0 strides [8, 1] clips [#rbln.clip<axis = -1, lo = 0, hi = 2>] : tensor<2x2xf32> -> <4x8xf32>
// ----- refused: 'rbln.store' op clip uses term 1 of 1
%x, %a at 0 strides [8, 1] clips [#rbln.clip<axis = 0, lo = 0, hi = 2, term = 1>] clip_terms (%i : !rbln.index<0, 1>) : tensor<2x2xf32> -> <4x8xf32>
// ----- refused: 'rbln.store' op clip uses term -2 of 0
%x, %a at 0 strides [8, 1] clips [#rbln.clip<axis = 0, lo = 0, hi = 2, term = -2>] : tensor<2x2xf32> -> <4x8xf32>
// ----- refused: operand #0 must be statically shaped tensor
%d, %a at 0 strides [8, 1] : tensor<?x2xf32> -> <4x8xf32>
// ----- around
func.func @k(%x: tensor<4x2xf32>, %y: tensor<4x2xi32>, %z: tensor<2x4xi32>) {
  BODY
  return
}
// ----- accepted
%r:2 = rbln.reduce %x, %y axis 0 : (tensor<4x2xf32>, tensor<4x2xi32>) -> (tensor<1x2xf32>, tensor<1x2xi32>) {
^bb0(%a: f32, %b: i32, %c: f32, %d: i32):
  rbln.yield %c, %b : f32, i32
}
// ----- refused: 'rbln.reduce' op needs as many results as inputs, and at least one
rbln.reduce axis 0 : () -> () {
  rbln.yield
}
// ----- refused: 'rbln.reduce' op needs as many results as inputs, and at least one
%r:2 = rbln.reduce %x axis 0 : (tensor<4x2xf32>) -> (tensor<1x2xf32>, tensor<1x2xf32>) {
^bb0(%a: f32, %b: f32):
  rbln.yield %a : f32
}
// ----- refused: 'rbln.reduce' op reduces axis 2 of rank 2
%r = rbln.reduce %x axis 2 : (tensor<4x2xf32>) -> tensor<4x1xf32> {
^bb0(%a: f32, %b: f32):
  rbln.yield %a : f32
}
// ----- refused: 'rbln.reduce' op reduces axis -1 of rank 2
%r = rbln.reduce %x axis -1 : (tensor<4x2xf32>) -> tensor<4x1xf32> {
^bb0(%a: f32, %b: f32):
  rbln.yield %a : f32
}
// ----- refused: 'rbln.reduce' op combiner needs 2 arguments
%r = rbln.reduce %x axis 0 : (tensor<4x2xf32>) -> tensor<1x2xf32> {
^bb0(%a: f32):
  rbln.yield %a : f32
}
// ----- refused: 'rbln.reduce' op combiner needs 2 arguments
%r = rbln.reduce %x axis 0 : (tensor<4x2xf32>) -> tensor<1x2xf32> {
^bb0(%a: f32, %b: f32, %c: f32):
  rbln.yield %a : f32
}
// ----- refused: 'rbln.reduce' op combiner needs 4 arguments
%r:2 = rbln.reduce %x, %y axis 0 : (tensor<4x2xf32>, tensor<4x2xi32>) -> (tensor<1x2xf32>, tensor<1x2xi32>) {
^bb0(%a: f32, %b: i32):
  rbln.yield %a, %b : f32, i32
}
// ----- refused: 'rbln.reduce' op combiner must yield 1 values
%r = rbln.reduce %x axis 0 : (tensor<4x2xf32>) -> tensor<1x2xf32> {
^bb0(%a: f32, %b: f32):
  rbln.yield
}
// ----- refused: 'rbln.reduce' op combiner must yield 1 values
%r = rbln.reduce %x axis 0 : (tensor<4x2xf32>) -> tensor<1x2xf32> {
^bb0(%a: f32, %b: f32):
  rbln.yield %a, %b : f32, f32
}
// ----- refused: 'rbln.reduce' op result 0 must be the input's type with extent 1 at axis 0
%r = rbln.reduce %x axis 0 : (tensor<4x2xf32>) -> tensor<4x2xf32> {
^bb0(%a: f32, %b: f32):
  rbln.yield %a : f32
}
// ----- refused: 'rbln.reduce' op result 0 must be the input's type with extent 1 at axis 0
%r = rbln.reduce %x axis 0 : (tensor<4x2xf32>) -> tensor<2xf32> {
^bb0(%a: f32, %b: f32):
  rbln.yield %a : f32
}
// ----- refused: 'rbln.reduce' op result 0 must be the input's type with extent 1 at axis 0
%r = rbln.reduce %x axis 0 : (tensor<4x2xf32>) -> tensor<1x2xi32> {
^bb0(%a: f32, %b: f32):
  rbln.yield %a : f32
}
// ----- refused: 'rbln.reduce' op result 1 must be the input's type with extent 1 at axis 1
%r:2 = rbln.reduce %x, %z axis 1 : (tensor<4x2xf32>, tensor<2x4xi32>) -> (tensor<4x1xf32>, tensor<4x1xi32>) {
^bb0(%a: f32, %b: i32, %c: f32, %d: i32):
  rbln.yield %c, %b : f32, i32
}
// ----- refused: 'rbln.reduce' op result 1 must be the input's type with extent 1 at axis 1
%r:2 = rbln.reduce %x, %y axis 1 : (tensor<4x2xf32>, tensor<4x2xi32>) -> (tensor<4x1xf32>, tensor<4x1xf32>) {
^bb0(%a: f32, %b: i32, %c: f32, %d: i32):
  rbln.yield %c, %b : f32, i32
}
// ----- refused: 'rbln.reduce' op combiner must work on 'f32' for operand 0
%r:2 = rbln.reduce %x, %y axis 0 : (tensor<4x2xf32>, tensor<4x2xi32>) -> (tensor<1x2xf32>, tensor<1x2xi32>) {
^bb0(%a: i32, %b: i32, %c: f32, %d: i32):
  rbln.yield %c, %b : f32, i32
}
// ----- refused: 'rbln.reduce' op combiner must work on 'f32' for operand 0
%r:2 = rbln.reduce %x, %y axis 0 : (tensor<4x2xf32>, tensor<4x2xi32>) -> (tensor<1x2xf32>, tensor<1x2xi32>) {
^bb0(%a: f32, %b: i32, %c: i32, %d: i32):
  rbln.yield %a, %b : f32, i32
}
// ----- refused: 'rbln.reduce' op combiner must work on 'f32' for operand 0
%r:2 = rbln.reduce %x, %y axis 0 : (tensor<4x2xf32>, tensor<4x2xi32>) -> (tensor<1x2xf32>, tensor<1x2xi32>) {
^bb0(%a: f32, %b: i32, %c: f32, %d: i32):
  rbln.yield %d, %b : i32, i32
}
// ----- refused: 'rbln.reduce' op combiner must work on 'i32' for operand 1
%r:2 = rbln.reduce %x, %y axis 0 : (tensor<4x2xf32>, tensor<4x2xi32>) -> (tensor<1x2xf32>, tensor<1x2xi32>) {
^bb0(%a: f32, %b: i32, %c: f32, %d: f32):
  rbln.yield %c, %b : f32, i32
}
// ----- refused: 'rbln.reduce' op expects a non-empty block
%r = rbln.reduce %x axis 0 : (tensor<4x2xf32>) -> tensor<1x2xf32> {
^bb0(%a: f32, %b: f32):
}
// ----- refused: 'rbln.reduce' op combiner must yield 1 values
%r = rbln.reduce %x axis 0 : (tensor<4x2xf32>) -> tensor<1x2xf32> {
^bb0(%a: f32, %b: f32):
  %c = arith.addf %a, %b : f32
}
// ----- refused: 'rbln.yield' op expects parent op 'rbln.reduce'
rbln.yield
