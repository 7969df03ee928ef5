// What regions compute and the device cannot is the fault of who wrote the RBLN IR, not of the compiler.
// RUN: split-file %s %t
// RUN: not %rblnc compile %t/operation.mlir -o %t/out 2>&1 | FileCheck %s --check-prefix=OPERATION
// RUN: not %rblnc compile %t/type.mlir -o %t/out 2>&1 | FileCheck %s --check-prefix=TYPE
// RUN: not %rblnc compile %t/product.mlir -o %t/out 2>&1 | FileCheck %s --check-prefix=PRODUCT
// RUN: not ls %t/out

// OPERATION: operation.mlir:8:10: error: 'math.clampf' has no encoding [RBLN-P002]
// TYPE: type.mlir:8:10: error: 'arith.extf' has no encoding [RBLN-P002]
// PRODUCT: product.mlir:7:8: error: the program breaks a rule of the device: {{.*}}it multiplies i1 [RBLN-B028] [RBLN-P002]

//--- operation.mlir
#id = affine_map<(i) -> (i)>
func.func @k(%x: !rbln.array<64xf32>, %y: !rbln.array<64xf32>) {
  %0 = rbln.load %x at 0 strides [1] : <64xf32> -> tensor<64xf32>
  %1 = tensor.empty() : tensor<64xf32>
  %2 = linalg.generic {indexing_maps = [#id, #id], iterator_types = ["parallel"]}
    ins(%0 : tensor<64xf32>) outs(%1 : tensor<64xf32>) {
  ^bb0(%a: f32, %b: f32):
    %r = math.clampf %a to [%a, %a] : f32
    linalg.yield %r : f32
  } -> tensor<64xf32>
  rbln.store %2, %y at 0 strides [1] : tensor<64xf32> -> <64xf32>
  return
}
//--- type.mlir
#id = affine_map<(i) -> (i)>
func.func @k(%x: !rbln.array<64xf32>, %y: !rbln.array<64xf32>) {
  %0 = rbln.load %x at 0 strides [1] : <64xf32> -> tensor<64xf32>
  %1 = tensor.empty() : tensor<64xf32>
  %2 = linalg.generic {indexing_maps = [#id, #id], iterator_types = ["parallel"]}
    ins(%0 : tensor<64xf32>) outs(%1 : tensor<64xf32>) {
  ^bb0(%a: f32, %b: f32):
    %c = arith.extf %a : f32 to f64
    %r = arith.truncf %c : f64 to f32
    linalg.yield %r : f32
  } -> tensor<64xf32>
  rbln.store %2, %y at 0 strides [1] : tensor<64xf32> -> <64xf32>
  return
}
//--- product.mlir
#a = affine_map<(m, n, k) -> (m, k)>
#b = affine_map<(m, n, k) -> (k, n)>
#c = affine_map<(m, n, k) -> (m, n)>
func.func @k(%x: !rbln.array<8x8xi1>, %y: !rbln.array<8x8xi1>) {
  %0 = rbln.load %x at 0 strides [8, 1] : <8x8xi1> -> tensor<8x8xi1>
  %1 = arith.constant dense<false> : tensor<8x8xi1>
  %2 = linalg.generic {indexing_maps = [#a, #b, #c], iterator_types = ["parallel", "parallel", "reduction"]}
    ins(%0, %0 : tensor<8x8xi1>, tensor<8x8xi1>) outs(%1 : tensor<8x8xi1>) {
  ^bb0(%p: i1, %q: i1, %s: i1):
    %t = arith.muli %p, %q : i1
    %r = arith.addi %s, %t : i1
    linalg.yield %r : i1
  } -> tensor<8x8xi1>
  rbln.store %2, %y at 0 strides [8, 1] : tensor<8x8xi1> -> <8x8xi1>
  return
}
