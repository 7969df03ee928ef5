// Every rule of the types and attributes, broken once, and what just keeps it.
// RUN: %python %S/../../modules.py %rblnc %s
// ----- around
func.func @k(BODY) { return }
// ----- accepted
%0: !rbln.array<i1>, %1: !rbln.array<1xi8>, %2: !rbln.array<1x2xi16>, %3: !rbln.array<i32>, %4: !rbln.array<4xi64>, %5: !rbln.array<2xf16>, %6: !rbln.array<2xbf16>, %7: !rbln.array<9223372036854775807xf32>
// ----- refused: array extents must be positive and their product must fit in 63 bits
%a: !rbln.array<0xf32>
// ----- refused: array extents must be positive and their product must fit in 63 bits
%a: !rbln.array<4x0x2xf32>
// ----- refused: array extents must be positive and their product must fit in 63 bits
%a: !rbln.array<4294967296x4294967296xf32>
// ----- refused: array extents must be positive and their product must fit in 63 bits
%a: !rbln.array<4611686018427387904x2xi8>
// ----- accepted
%a: !rbln.array<4611686018427387903x2xi8>
// ----- refused: array element type must be i1, i8, i16, i32, i64, f16, bf16 or f32, but is 'f64'
%a: !rbln.array<4xf64>
// ----- refused: array element type must be i1, i8, i16, i32, i64, f16, bf16 or f32, but is 'i4'
%a: !rbln.array<4xi4>
// ----- refused: array element type must be i1, i8, i16, i32, i64, f16, bf16 or f32, but is 'i128'
%a: !rbln.array<4xi128>
// ----- refused: array element type must be i1, i8, i16, i32, i64, f16, bf16 or f32, but is 'ui8'
%a: !rbln.array<4xui8>
// ----- refused: array element type must be i1, i8, i16, i32, i64, f16, bf16 or f32, but is 'si32'
%a: !rbln.array<4xsi32>
// ----- refused: array element type must be i1, i8, i16, i32, i64, f16, bf16 or f32, but is 'index'
%a: !rbln.array<4xindex>
// ----- refused: array element type must be i1, i8, i16, i32, i64, f16, bf16 or f32, but is 'f8E5M2'
%a: !rbln.array<4xf8E5M2>
// ----- accepted
%i: !rbln.index<2, 2>, %j: !rbln.index<-9223372036854775808, 9223372036854775807>
// ----- refused: index bounds are empty: 3 > 2
%i: !rbln.index<3, 2>
// ----- refused: index bounds are empty: 0 > -1
%i: !rbln.index<0, -1>
// ----- around
func.func @k(%x: tensor<i32>, %j: !rbln.index<0, 8>) {
  %i = rbln.to_index %x with (%j : !rbln.index<0, 8>) checks [#rbln.overflow<BODY, loc(unknown)>] : tensor<i32> -> !rbln.index<0, 8>
  return
}
// ----- accepted
"+", 1, [1, 2, 3], [4, 5, 6] unless [0, 1]
// ----- accepted
"", 64, [1, 2, 3], [0, 0, 0]
// ----- accepted
"-", 32, [1, 2, 3], [0, 0, 0]
// ----- accepted
"*", 32, [1, 2, 3], [0, 0, 0]
// ----- accepted
"<<", 32, [1, 2, 3], [0, 0, 0]
// ----- accepted
"append", 32, [1, 2, 3], [0, 0, 0] partition 1
// ----- accepted
"append last", 32, [1, 2, 3], [0, 0, 0] partition 9
// ----- refused: '/' is no operation that overflows
"/", 32, [1, 2, 3], [4, 5, 6]
// ----- refused: 'append first' is no operation that overflows
"append first", 32, [1, 2, 3], [4, 5, 6] partition 1
// ----- refused: an integer of 0 bits has no overflow check
"+", 0, [1, 2, 3], [4, 5, 6]
// ----- refused: an integer of 65 bits has no overflow check
"+", 65, [1, 2, 3], [4, 5, 6]
// ----- refused: 'append' has no partition of 0 rows
"append", 32, [1, 2, 3], [4, 5, 6]
// ----- refused: 'append last' has no partition of -1 rows
"append last", 32, [1, 2, 3], [4, 5, 6] partition -1
// ----- refused: '+' has no partition of 1 rows
"+", 32, [1, 2, 3], [4, 5, 6] partition 1
// ----- refused: '' has no partition of -1 rows
"", 32, [1, 2, 3], [4, 5, 6] partition -1
// ----- refused: 'rbln.to_index' op has a check with a number of factors other than that of its integers
"+", 32, [1, 2], [4, 5, 6]
// ----- refused: 'rbln.to_index' op has a check with a number of factors other than that of its integers
"+", 32, [1, 2, 3], [4, 5]
// ----- refused: 'rbln.to_index' op has a check with a number of factors other than that of its integers
"+", 32, [1, 2, 3, 4], [4, 5, 6]
// ----- refused: 'rbln.to_index' op has a check with a number of factors other than that of its integers
"+", 32, [1, 2, 3], [4, 5, 6, 7]
// ----- refused: 'rbln.to_index' op has a check that depends on an integer that is not there
"+", 32, [1, 2, 3], [4, 5, 6] unless [2]
// ----- refused: 'rbln.to_index' op has a check that depends on an integer that is not there
"+", 32, [1, 2, 3], [4, 5, 6] unless [0, -1]
// ----- around
func.func @k(%x: tensor<BODY>) {
  %i = rbln.to_index %x : tensor<BODY> -> !rbln.index<0, 8>
  return
}
// ----- accepted
i8
// ----- accepted
1x1xi64
// ----- refused: 'rbln.to_index' op needs one integer, but got 'tensor<2xi32>'
2xi32
// ----- refused: 'rbln.to_index' op needs one integer, but got 'tensor<0xi32>'
0xi32
// ----- refused: 'rbln.to_index' op needs one integer, but got 'tensor<f32>'
f32
// ----- refused: operand #0 must be statically shaped tensor
?xi32
